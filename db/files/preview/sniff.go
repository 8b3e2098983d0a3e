// Package preview looks into files that somebody sent: what type they are, and how they look as a
// small picture. It trusts nothing that they say about themselves.
package preview

import (
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"deskbell/db/model"
)

// Sniff returns the type of a file by what it contains. It reads a few kilobytes of its beginning.
func Sniff(r io.Reader) (model.FileType, error) {
	found, err := mimetype.DetectReader(r)
	if err != nil {
		return model.FileType{}, err
	}
	media, _, _ := strings.Cut(found.String(), ";")
	return model.FileType{Media: strings.TrimSpace(media), Ext: strings.TrimPrefix(found.Extension(), ".")}, nil
}
