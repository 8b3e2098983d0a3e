package static

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"slices"
)

// script is what pages with htmx load, as one file: a request costs more than what it brings here, and what
// one page has loaded the next one has already. The parts stand in the order in which they listen.
const script = "pages.js"

var scriptParts = []string{
	"vendor/htmx.min.js", "problem.js", "upload.js", "offline.js", "reload.js", "language.js", "fields.js", "suggest.js", "sign-in.js", "poll.js",
}

// portalSheet is the stylesheet without the sections that no public page needs.
const portalSheet = "portal.css"

var deskSections = []string{"Desk", "Swatches: the colours on the components page"}

var (
	sectionStart = regexp.MustCompile(`(?m)^/\* (.*) \*/$`)
	cssComment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	lineComment  = regexp.MustCompile(`(?m)^\s*//.*$`) // of a whole line: those beside code would need a parser
	indentation  = regexp.MustCompile(`\s*\n\s*`)
)

// formScript is what pages without htmx load: the parts that keep what is typed into any form.
const formScript = "forms.js"

var formParts = []string{"offline.js", "reload.js"}

// served lists the assets that have a URL.
func served(from fs.FS) ([]string, error) {
	names, err := fs.Glob(from, "*.*")
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.Contains(scriptParts, name) || path.Ext(name) == ".go"
	})
	return append(names, script, formScript, portalSheet), nil
}

// read returns an asset as it is served: without comments and indentation, which are a sixth of ours even
// when they are compressed.
func read(from fs.FS, name string) ([]byte, error) {
	switch name {
	case script:
		return readScript(from, scriptParts)
	case formScript:
		return readScript(from, formParts)
	case portalSheet:
		sheet, err := fs.ReadFile(from, "app.css")
		return tight(withoutSections(sheet, deskSections), cssComment), err
	}
	body, err := fs.ReadFile(from, name)
	switch path.Ext(name) {
	case ".css":
		body = tight(body, cssComment)
	case ".js":
		body = tight(body, lineComment)
	}
	return body, err
}

func readScript(from fs.FS, parts []string) ([]byte, error) {
	var all bytes.Buffer
	for _, name := range parts {
		part, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		if path.Dir(name) == "." {
			part = tight(part, lineComment)
		}
		all.Write(part)
		all.WriteString(";\n")
	}
	return all.Bytes(), nil
}

func tight(text []byte, comment *regexp.Regexp) []byte {
	text = comment.ReplaceAll(text, nil)
	return append(bytes.TrimSpace(indentation.ReplaceAll(text, []byte("\n"))), '\n')
}

// withoutSections leaves out what stands between the headings of some sections and the next heading. A
// heading is a comment that is a line of its own.
func withoutSections(sheet []byte, titles []string) []byte {
	var kept []byte
	starts := sectionStart.FindAllSubmatchIndex(sheet, -1)
	if len(starts) == 0 {
		return sheet
	}
	kept = append(kept, sheet[:starts[0][0]]...)
	for i, start := range starts {
		end := len(sheet)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		if !slices.Contains(titles, string(sheet[start[2]:start[3]])) {
			kept = append(kept, sheet[start[0]:end]...)
		}
	}
	return kept
}
