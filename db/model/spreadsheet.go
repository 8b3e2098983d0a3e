package model

import "strings"

// Cell returns a text as a cell of a CSV file that is safe to open in a spreadsheet (M5): what a
// spreadsheet would run as a formula stands behind an apostrophe, which spreadsheets show as text.
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
