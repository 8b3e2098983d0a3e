package model

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxArchiveName bounds one part of a path in an archive, in bytes: file systems end at 255, and some tools
// put the path of a folder before it.
const maxArchiveName = 80

// ArchiveName makes a name for one part of a path in an archive, which every system can unpack: without the
// characters and the names that Windows keeps for itself, without a dot or a space at its ends, and not too long.
func ArchiveName(raw string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, CleanFileName(strings.NewReplacer("/", "_", `\`, "_").Replace(raw)))
	stem, ext := name, ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= maxNameTail {
		stem, ext = name[:dot], name[dot:]
	}
	for len(stem)+len(ext) > maxArchiveName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	if reserved(stem) {
		stem = "_" + stem
	}
	return strings.TrimRight(stem, " .") + ext
}

// reserved says whether Windows takes a name, whatever its extension, for a device.
func reserved(stem string) bool {
	first, _, _ := strings.Cut(strings.ToUpper(stem), ".")
	switch first = strings.TrimRight(first, " "); first {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(first) == 4 && (strings.HasPrefix(first, "COM") || strings.HasPrefix(first, "LPT")) && first[3] >= '0' && first[3] <= '9'
}

// ArchiveNames makes the paths of an archive unique, also where a file system takes two cases of a letter for
// one.
type ArchiveNames map[string]bool

// Add returns the path of a file in a folder, with a number where the plain one is taken. The folder's name is
// clean.
func (a ArchiveNames) Add(folder, file string) string {
	file = ArchiveName(file)
	dot := strings.LastIndexByte(file, '.')
	if dot <= 0 {
		dot = len(file)
	}
	path := folder + "/" + file
	for n := 2; a[strings.ToLower(path)]; n++ {
		path = fmt.Sprintf("%s/%s (%d)%s", folder, file[:dot], n, file[dot:])
	}
	a[strings.ToLower(path)] = true
	return path
}
