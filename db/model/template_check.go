package model

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Bounds of templates.
const (
	MaxFields      = 50  // of a template
	MaxChoices     = 100 // of a field
	maxChoice      = 200 // characters of a choice
	MaxLabel       = 120
	MaxHelp        = 300
	MaxPlaceholder = 120
	MaxDescription = 500
)

var keyLike = regexp.MustCompile(`\A[a-z][a-z0-9_]{0,39}\z`)

// lines returns the lines of a text that are not empty, each cleaned.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = CleanLine(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// ParseChoices reads choices that stand one a line.
func ParseChoices(text string) []string { return lines(text) }

// Cleaned returns the definition as it is stored: cleaned texts, without bounds of other kinds.
func (f Field) Cleaned() Field {
	f.Key, f.Label = CleanLine(f.Key), CleanLine(f.Label)
	f.Help, f.Placeholder = CleanLine(f.Help), CleanLine(f.Placeholder)
	f.Description, f.Default = CleanText(f.Description), CleanText(f.Default)
	f.Min, f.Max = CleanLine(f.Min), CleanLine(f.Max)
	f.Choices = lines(strings.Join(f.Choices, "\n"))
	if !f.Kind.Text() {
		f.MinLength, f.MaxLength, f.Pattern = 0, 0, ""
	}
	if !f.Kind.Ranged() {
		f.Min, f.Max = "", ""
	}
	if !f.Kind.Chosen() {
		f.Choices = nil
	}
	return f
}

// CheckDefinition returns an Invalid error with a message for each part of a cleaned field that
// cannot work, by the names of the field's form.
func (f Field) CheckDefinition() error {
	var errs FieldErrors
	if f.Label == "" {
		errs.Add("label", "Enter the question or word that stands beside the field.")
	}
	boundLength(&errs, "label", "Shorten the label by {0} characters: it has {1}, and {2} are possible.", f.Label, MaxLabel)
	if !keyLike.MatchString(f.Key) {
		errs.Add("key", "Enter a key of up to 40 small letters, digits and underscores that begins with a letter, like order_number.")
	}
	if !slices.Contains(AskedKinds, f.Kind) {
		errs.Add("kind", "Choose a kind from the list.")
	}
	switch {
	case f.Visibility != Shown && f.Visibility != Hidden && f.Visibility != ReadOnly:
		errs.Add("visibility", "Choose who sees the field.")
	case f.Kind == FieldFile && f.Visibility != Shown:
		errs.Add("visibility", "Show the field to reporters: nobody else can add its file.")
	}
	boundLength(&errs, "help", "Shorten the help by {0} characters: it has {1}, and {2} are possible.", f.Help, MaxHelp)
	boundLength(&errs, "placeholder", "Shorten the placeholder by {0} characters: it has {1}, and {2} are possible.", f.Placeholder, MaxPlaceholder)
	boundLength(&errs, "description", "Shorten the description by {0} characters: it has {1}, and {2} are possible.", f.Description, MaxDescription)
	f.checkBounds(&errs)
	if len(errs) == 0 {
		f.checkDefault(&errs)
	}
	return errs.Err()
}

func (f Field) checkBounds(errs *FieldErrors) {
	longest := f.Kind.maxLength()
	if f.MinLength < 0 || f.MinLength > longest {
		errs.Add("min_length", fmt.Sprintf("Enter a least length from 0 to %s.", Thousands(longest)))
	}
	if f.MaxLength < 0 || f.MaxLength > longest {
		errs.Add("max_length", fmt.Sprintf("Enter a greatest length from 0, for none of its own, to %s.", Thousands(longest)))
	} else if f.MaxLength > 0 && f.MaxLength < f.MinLength {
		errs.Add("max_length", "Enter a greatest length that is not below the least one.")
	}
	switch f.Kind {
	case FieldNumber:
		checkRange(errs, f, parseNumber, "Enter a number like 12 or 3.5, or leave it empty.")
	case FieldDate:
		checkRange(errs, f, parseDate, "Enter a date like 2026-11-20, or leave it empty.")
	}
	f.checkPattern(errs)
	f.checkChoices(errs)
}

func checkRange[T int64 | float64](errs *FieldErrors, f Field, parse func(string) (T, bool), wanted string) {
	least, hasLeast := parse(f.Min)
	greatest, hasGreatest := parse(f.Max)
	if f.Min != "" && !hasLeast {
		errs.Add("min", wanted)
	}
	if f.Max != "" && !hasGreatest {
		errs.Add("max", wanted)
	} else if hasLeast && hasGreatest && greatest < least {
		errs.Add("max", "Enter a greatest value that is not below the least one.")
	}
}

func (f Field) checkPattern(errs *FieldErrors) {
	if n := Chars(f.Pattern); n > MaxPattern {
		errs.Add("pattern", fmt.Sprintf("Shorten the pattern by %d characters.", n-MaxPattern))
		return
	}
	if _, err := CompilePattern(f.Pattern); err != nil {
		if errors.Is(err, errPattern) {
			errs.Add("pattern", "Make the pattern simpler: repetitions as long as these are too slow to check. Use the greatest length instead.")
			return
		}
		errs.Add("pattern", "Mend the pattern: it is no regular expression (RE2). A working one is [A-Z]{2}-[0-9]{4}.")
	}
}

func (f Field) checkChoices(errs *FieldErrors) {
	if !f.Kind.Chosen() {
		return
	}
	switch {
	case len(f.Choices) == 0:
		errs.Add("choices", "Enter at least one choice, one a line.")
	case len(f.Choices) > MaxChoices:
		errs.Add("choices", fmt.Sprintf("Remove choices until there are no more than %d.", MaxChoices))
	}
	seen := map[string]bool{}
	for _, choice := range f.Choices {
		folded := strings.ToLower(choice)
		if seen[folded] {
			errs.Add("choices", fmt.Sprintf("Remove or rename one of the two choices “%s”.", choice))
			return
		}
		if seen[folded] = true; Chars(choice) > maxChoice {
			errs.Add("choices", fmt.Sprintf("Shorten the choice that begins with “%.40s…”: %d characters are possible.", choice, maxChoice))
			return
		}
	}
}

// checkDefault refuses what could never become an answer. A field that nobody is asked needs a
// default as soon as it is required (C5).
func (f Field) checkDefault(errs *FieldErrors) {
	value := f.defaultValue()
	switch {
	case f.Kind == FieldFile && f.Default != "":
		errs.Add("default", "Leave the default empty: a file cannot have one.")
	case value == "" && f.Required && f.Visibility != Shown:
		errs.Add("default", "Enter a default: nobody is asked this required field, so every ticket would be refused.")
	case value != "" && !f.Check(value).Empty():
		errs.AddText("default", Both(Say("Change the default, which breaks a rule of this field."), f.Check(value)))
	}
}
