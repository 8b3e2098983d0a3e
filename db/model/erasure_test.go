package model

import "testing"

func TestCheckErasure_TakesTheAddressAndNoOther(t *testing.T) {
	t.Parallel()
	for typed, ok := range map[string]bool{
		"ada@example.org": true, " ADA@example.org ": true, "": false, "ada": false, "ada@example.com": false, "bob@example.org": false,
	} {
		if err := CheckErasure(typed, "ada@example.org", "Ada"); (err == nil) != ok {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if CheckErasure("", "", "") == nil {
		t.Error("nothing was typed for nobody, and taken")
	}
}

func TestRedactAddress_TakesTheWholeAddressAndNoOther(t *testing.T) {
	t.Parallel()
	const address = "ada@example.org"
	for text, want := range map[string]string{
		"":                                     "",
		address:                                ErasedPerson,
		"550 <ADA@Example.org>: no":            "550 <Erased person>: no",
		"ada@example.org,ada@example.org":      "Erased person,Erased person",
		"to ada@example.org.":                  "to Erased person.",
		"mailto:ada@example.org?x":             "mailto:Erased person?x",
		"'ada@example.org'":                    "'Erased person'",
		"nada@example.org":                     "nada@example.org",
		"n.ada@example.org, b+ada@example.org": "n.ada@example.org, b+ada@example.org",
		"ada@example.organic":                  "ada@example.organic",
		"ada@example.org.uk ada@example.org-x": "ada@example.org.uk ada@example.org-x",
		"élada@example.org":                    "élada@example.org",
		"ada@exampleXorg":                      "ada@exampleXorg",
	} {
		if got := RedactAddress(text, address); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
