package model

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestC3_EachKindTakesWhatFitsIt(t *testing.T) {
	t.Parallel()
	choices := Bounds{Choices: []string{"red", "green", "blue"}}
	for _, c := range []struct {
		kind   FieldKind
		bounds Bounds
		typed  []string
		want   string // stored; "" with wrong false: no answer
		wrong  bool
	}{
		{FieldText, Bounds{}, []string{"  a \n b "}, "a b", false},
		{FieldText, Bounds{}, []string{" \u00a0 "}, "", false},
		{FieldText, Bounds{}, nil, "", false},
		{FieldText, Bounds{}, []string{strings.Repeat("ü", 1000)}, strings.Repeat("ü", 1000), false},
		{FieldText, Bounds{}, []string{strings.Repeat("ü", 1001)}, "", true},
		{FieldText, Bounds{MinLength: 3}, []string{"ab"}, "", true},
		{FieldText, Bounds{MinLength: 3, MaxLength: 3}, []string{"äöü"}, "äöü", false},
		{FieldText, Bounds{MaxLength: 3}, []string{"abcd"}, "", true},
		{FieldText, Bounds{Pattern: "[A-Z]{2}-[0-9]{4}"}, []string{"AB-1234"}, "AB-1234", false},
		{FieldText, Bounds{Pattern: "[A-Z]{2}-[0-9]{4}"}, []string{"AB-12345"}, "", true},
		{FieldText, Bounds{Pattern: "[A-Z]{2}-[0-9]{4}"}, []string{"xAB-1234"}, "", true},
		{FieldText, Bounds{Pattern: "a|b"}, []string{"ab"}, "", true},
		{FieldText, Bounds{Pattern: "("}, []string{"("}, "", true},
		{FieldLongText, Bounds{}, []string{"a\r\n  b"}, "a\n  b", false},
		{FieldLongText, Bounds{}, []string{strings.Repeat("x", 20_001)}, "", true},
		{FieldLongText, Bounds{Pattern: "(?s).*end"}, []string{"a\nend\n"}, "a\nend", false},
		{FieldNumber, Bounds{}, []string{"-3.5"}, "-3.5", false},
		{FieldNumber, Bounds{}, []string{"1e9"}, "", true},
		{FieldNumber, Bounds{}, []string{"0x10"}, "", true},
		{FieldNumber, Bounds{}, []string{"NaN"}, "", true},
		{FieldNumber, Bounds{}, []string{"3,5"}, "", true},
		{FieldNumber, Bounds{}, []string{"٣"}, "", true},
		{FieldNumber, Bounds{}, []string{strings.Repeat("9", 13)}, "", true},
		{FieldNumber, Bounds{Min: "0.1", Max: "10"}, []string{"0.1"}, "0.1", false},
		{FieldNumber, Bounds{Min: "0.1", Max: "10"}, []string{"10.0"}, "10.0", false},
		{FieldNumber, Bounds{Min: "0.1"}, []string{"0.099"}, "", true},
		{FieldNumber, Bounds{Max: "10"}, []string{"10.001"}, "", true},
		{FieldDate, Bounds{}, []string{"2024-02-29"}, "2024-02-29", false},
		{FieldDate, Bounds{}, []string{"2026-02-29"}, "", true},
		{FieldDate, Bounds{}, []string{"20.11.2026"}, "", true},
		{FieldDate, Bounds{Min: "2026-01-01", Max: "2026-12-31"}, []string{"2026-12-31"}, "2026-12-31", false},
		{FieldDate, Bounds{Min: "2026-01-01"}, []string{"2025-12-31"}, "", true},
		{FieldDate, Bounds{Max: "2026-12-31"}, []string{"2027-01-01"}, "", true},
		{FieldChoice, choices, []string{"green"}, "green", false},
		{FieldChoice, choices, []string{"Green"}, "", true},
		{FieldChoice, choices, []string{""}, "", false},
		{FieldChoices, choices, []string{"blue", "red", "red"}, "red\nblue", false},
		{FieldChoices, choices, []string{"red", "pink"}, "", true},
		{FieldChoices, choices, []string{"red\nblue"}, "", true},
		{FieldChoices, choices, []string{""}, "", false},
		{FieldYesNo, Bounds{}, []string{"yes"}, "yes", false},
		{FieldYesNo, Bounds{}, []string{"no"}, "no", false},
		{FieldYesNo, Bounds{}, []string{"maybe"}, "", true},
		{FieldEmail, Bounds{}, []string{"Ada@Example.ORG"}, "ada@example.org", false},
		{FieldEmail, Bounds{}, []string{"ada"}, "", true},
		{FieldURL, Bounds{}, []string{"https://example.com/a?b=c#d"}, "https://example.com/a?b=c#d", false},
		{FieldURL, Bounds{}, []string{"example.com"}, "https://example.com", false},
		{FieldURL, Bounds{}, []string{"javascript:alert(1)"}, "", true},
		{FieldURL, Bounds{}, []string{"https://"}, "", true},
		{FieldURL, Bounds{}, []string{"https://user:pw@example.com"}, "", true},
		{FieldURL, Bounds{}, []string{"ftp://example.com"}, "", true},
		{FieldURL, Bounds{}, []string{"not an address"}, "", true},
		{FieldURL, Bounds{}, []string{"https://example.com/" + strings.Repeat("x", 2000)}, "", true},
	} {
		f := PublicField{Key: "k", Label: "L", Kind: c.kind, Bounds: c.bounds}
		value := f.Clean(c.typed)
		message := f.Check(value).String()
		switch {
		case c.wrong && message == "":
			t.Errorf("%s takes %.40q", c.kind, c.typed)
		case !c.wrong && (message != "" || value != c.want):
			t.Errorf("%s makes %.40q of %.40q and says %q", c.kind, value, c.typed, message)
		case c.wrong && (!strings.Contains(message, "“L”") || !strings.HasSuffix(message, ".")):
			t.Errorf("%s: %q is no sentence that names the field", c.kind, message)
		}
		f.Required = true
		if c.want == "" && !c.wrong && f.Check(value).Empty() {
			t.Errorf("%s takes no answer where one is required", c.kind)
		}
	}
}

// field makes a field of a template.
func field(key string, kind FieldKind, v Visibility, required bool, byDefault string) Field {
	return Field{PublicField: PublicField{Key: key, Label: "Label of " + key, Kind: kind, Required: required}, Visibility: v, Default: byDefault}
}

func TestC5_DefaultsAreTheServersAlone(t *testing.T) {
	t.Parallel()
	template := Template{Fields: []Field{
		field("asked", FieldText, Shown, true, ""),
		field("left_empty", FieldText, Shown, false, "assumed"),
		field("hidden", FieldText, Hidden, true, "queue-7"),
		field("fixed", FieldText, ReadOnly, false, "tier-9"),
		field("empty", FieldText, Hidden, false, ""),
		field("upload", FieldFile, Shown, true, ""),
	}}
	typed := Typed{"asked": {"mine"}, "upload": {"a.png", "b.log"}, "hidden": {"forged"}, "fixed": {"forged"}, "empty": {"forged"}, "unknown": {"forged"}}
	answers, errs, broken := template.Answers(typed)
	if len(errs) > 0 || broken {
		t.Fatalf("errors %v, broken %v", errs, broken)
	}
	var got []string
	for _, a := range answers {
		got = append(got, fmt.Sprintf("%s=%s internal %v", a.Key, a.Value, a.Internal))
	}
	want := []string{"asked=mine internal false", "left_empty=assumed internal true", "hidden=queue-7 internal true",
		"fixed=tier-9 internal true", "upload=a.png\nb.log internal false"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("answers are %q, want %q", got, want)
	}
	if _, errs, _ := template.Answers(nil); len(errs) != 2 || errs[0].Field != "field_asked" || errs[1].Field != "field_upload" {
		t.Errorf("without answers the errors are %v, want one for field_asked and one for field_upload", errs)
	}
	for _, bad := range []Field{field("h", FieldText, Hidden, true, ""), field("h", FieldNumber, ReadOnly, false, "many")} {
		_, errs, broken := Template{Fields: []Field{bad}}.Answers(Typed{"h": {"1"}})
		if !broken || len(errs) > 0 {
			t.Errorf("%+v: broken %v, errors %v; nobody outside can mend it", bad, broken, errs)
		}
	}
}

func TestC4_ThePublicFormHasTheShownFieldsAlone(t *testing.T) {
	t.Parallel()
	template := Template{Fields: []Field{
		field("shown", FieldText, Shown, false, "secret-default"), field("hidden", FieldText, Hidden, false, "x"),
		field("fixed", FieldText, ReadOnly, false, "x"), field("upload", FieldFile, Shown, false, ""),
	}}
	template.Fields[0].Description = "secret-description"
	form := template.Form()
	if len(form) != 2 || form[0].Key != "shown" || form[1].Key != "upload" {
		t.Fatalf("the form has %+v", form)
	}
	if text := fmt.Sprintf("%+v", form); strings.Contains(text, "secret") {
		t.Errorf("the form carries %s", text)
	}
}

func TestC1_ATypesOwnBindingOverrides(t *testing.T) {
	t.Parallel()
	whole, bug := Binding{Template: 1}, Binding{Template: 2, Type: "bug"}
	for _, c := range []struct {
		bindings []Binding
		typeKey  string
		want     TemplateID
	}{
		{nil, "bug", 0}, {[]Binding{whole}, "bug", 1}, {[]Binding{whole, bug}, "bug", 2}, {[]Binding{bug, whole}, "bug", 2},
		{[]Binding{whole, bug}, "question", 1}, {[]Binding{bug}, "question", 0}, {[]Binding{whole, bug}, "", 1},
	} {
		if got := Resolve(c.bindings, c.typeKey); got != c.want {
			t.Errorf("%v for %q gives %d, want %d", c.bindings, c.typeKey, got, c.want)
		}
	}
}

func TestC6_TheMarkMovesWithTheQuestionsAlone(t *testing.T) {
	t.Parallel()
	f := PublicField{Key: "k", Label: "Label", Kind: FieldText}
	mark := Mark("bug", []PublicField{f})
	words := f
	words.Label, words.Help, words.Placeholder = "Other", "Other", "Other"
	if Mark("bug", []PublicField{words}) != mark {
		t.Error("other words move the mark")
	}
	needed, bounded := f, f
	needed.Required, bounded.MaxLength = true, 3
	for _, other := range [][]PublicField{nil, {needed}, {bounded}, {f, needed}} {
		if Mark("bug", other) == mark {
			t.Errorf("%+v has the same mark", other)
		}
	}
}

func TestB3_ErrorsComeInTheOrderOfTheForm(t *testing.T) {
	t.Parallel()
	template := Template{Fields: []Field{field("second", FieldText, Shown, true, ""), field("first", FieldNumber, Shown, true, "")}}
	_, err := Intake{Name: strings.Repeat("x", 101), Message: strings.Repeat("x", 20_001)}.Check(Project{}, template)
	failure, _ := AsError(err)
	var got []string
	for _, e := range failure.Fields {
		got = append(got, e.Field)
	}
	if want := "email name title type field_second field_first description message"; strings.Join(got, " ") != want {
		t.Errorf("errors come as %v, want %s", got, want)
	}
}

func TestC3_ADefinitionThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	right := field("order_number", FieldText, Shown, false, "")
	for _, c := range []struct {
		name   string
		change func(*Field)
		part   string
	}{
		{"right", func(*Field) {}, ""},
		{"no label", func(f *Field) { f.Label = " " }, "label"},
		{"a long label", func(f *Field) { f.Label = strings.Repeat("x", 121) }, "label"},
		{"no key", func(f *Field) { f.Key = "" }, "key"},
		{"a key with a hyphen", func(f *Field) { f.Key = "order-number" }, "key"},
		{"a key that begins with a digit", func(f *Field) { f.Key = "1st" }, "key"},
		{"a key of 41", func(f *Field) { f.Key = strings.Repeat("x", 41) }, "key"},
		{"an unknown kind", func(f *Field) { f.Kind = "colour" }, "kind"},
		{"an unknown visibility", func(f *Field) { f.Visibility = "maybe" }, "visibility"},
		{"lengths the wrong way round", func(f *Field) { f.MinLength, f.MaxLength = 5, 4 }, "max_length"},
		{"a negative length", func(f *Field) { f.MinLength = -1 }, "min_length"},
		{"a length above the kind's own", func(f *Field) { f.MaxLength = 1001 }, "max_length"},
		{"a pattern that does not compile", func(f *Field) { f.Pattern = "(" }, "pattern"},
		{"a pattern that breaks out", func(f *Field) { f.Pattern = "a)|(b" }, "pattern"},
		{"a pattern that is slow", func(f *Field) { f.Pattern = "x{900}y{900}" }, "pattern"},
		{"a long pattern", func(f *Field) { f.Pattern = strings.Repeat("x", 201) }, "pattern"},
		{"a range the wrong way round", func(f *Field) { f.Kind, f.Min, f.Max = FieldNumber, "2", "1" }, "max"},
		{"a bound that is no date", func(f *Field) { f.Kind, f.Min = FieldDate, "soon" }, "min"},
		{"no choices", func(f *Field) { f.Kind = FieldChoice }, "choices"},
		{"two choices alike", func(f *Field) { f.Kind, f.Choices = FieldChoices, []string{"Red", "red "} }, "choices"},
		{"required, hidden and without default", func(f *Field) { f.Required, f.Visibility = true, Hidden }, "default"},
		{"required, read-only and without default", func(f *Field) { f.Required, f.Visibility = true, ReadOnly }, "default"},
		{"a default that breaks a rule", func(f *Field) { f.MaxLength, f.Default = 3, "four" }, "default"},
	} {
		f := right
		c.change(&f)
		err, ok := AsError(f.Cleaned().CheckDefinition())
		switch {
		case c.part == "" && ok:
			t.Errorf("%s: %v", c.name, err)
		case c.part != "" && (!ok || len(err.Fields) != 1 || err.Fields[0].Field != c.part):
			t.Errorf("%s: %v, want a message for %s", c.name, err, c.part)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("key", "value", "[a-z]+")
	f.Add("pattern", "\xff\x00\n", "(a|b")
	f.Fuzz(func(t *testing.T, key, value, pattern string) {
		var fields []Field
		for i, kind := range AskedKinds {
			field := field(fmt.Sprintf("k%d", i), kind, Shown, i%2 == 0, "")
			field.Pattern, field.Choices = pattern, []string{"a", "b"}
			fields = append(fields, field)
		}
		typed := Typed{key: {value}}
		for _, field := range fields {
			typed[field.Key] = []string{value, key}
		}
		answers, _, _ := Template{Fields: fields}.Answers(typed)
		for _, a := range answers {
			if a.Value != CleanText(a.Value) || Chars(a.Value) > MaxText || a.Internal {
				t.Fatalf("%q becomes %+v", value, a)
			}
		}
	})
}

func TestC1_WhatAFormCarriesIsBounded(t *testing.T) {
	t.Parallel()
	asked := []PublicField{{Key: "asked"}}
	typed := Typed{"asked": {"shown"}, "other": {"a", "", "b\r\nc"}, "empty": {" "}, "No key": {"x"}, strings.Repeat("k", 41): {"x"}}
	if got := fmt.Sprint(typed.Besides(asked)); got != "map[other:[a b\nc]]" {
		t.Errorf("carries %q", got)
	}
	if len(typed) != 5 {
		t.Error("what was typed has changed")
	}
	many, long := Typed{}, Typed{"first": {strings.Repeat("ü", maxCarriedText)}, "second": {"x"}}
	for i := range 2 * maxCarried {
		many[fmt.Sprintf("k%d", i)] = []string{"x"}
	}
	if n := len(many.Besides(asked)); n != maxCarried {
		t.Errorf("carries %d values", n)
	}
	if carried := long.Besides(asked); len(carried["first"]) != 1 || len(carried) != 1 {
		t.Errorf("carries %d long texts", len(carried))
	}
}
