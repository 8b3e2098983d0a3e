package model

import "strings"

// TableCell is a text that no spreadsheet takes for a formula: one that begins as a formula does gets an
// apostrophe before it (OWASP, CSV injection).
func TableCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
