package model

import (
	"strings"
	"testing"
	"time"
)

func TestATextSaysItsArgumentsInEnglish(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]Text{
		"":                                {},
		"Send ticket":                     Say("Send ticket"),
		"12,000 bytes":                    Say("{0} bytes", 12_000),
		"b then a":                        Say("{1} then {0}", "a", "b"),
		"A file of 1.5 MB":                Say("A file of {0}", Size(3<<19)),
		"PDF":                             List{AsTyped("PDF")}.Named(),
		"PDF and images":                  List{AsTyped("PDF"), Say("images")}.Named(),
		"PDF, images, sound and text":     List{AsTyped("PDF"), Say("images"), Say("sound"), Say("text")}.Named(),
		"Not before 20 Nov 2026.":         Say("Not before {0}.", Day(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))),
		"One. Two.":                       Both(Say("One."), Say("Two.")),
		"Two.":                            Both(Text{}, Say("Two.")),
		"One.":                            Both(Say("One."), AsTyped("")),
		"{0} is for the script":           Say("{0} is for the script"),
		"What was typed {1} stays as is":  Say("What was typed {0} stays as is", "{1}"),
		"a {2} {x} { stay where they are": Say("{0} {2} {x} { stay where they are", "a"),
	} {
		if got := text.String(); got != want {
			t.Errorf("%q says %q, want %q", text.Key, got, want)
		}
	}
}

func TestAFailureIsPutIntoAnotherLanguageWithItsFieldsAndItsWait(t *testing.T) {
	t.Parallel()
	say := func(text Text) string { return strings.ToUpper(text.Key) }
	e := Fail(Limited, "Wait for {0}.", "Ada")
	e.RetryAfter = time.Minute
	if got := e.Advice(); got != "Wait for Ada. Try again in a minute." {
		t.Errorf("in English: %q", got)
	}
	if got := e.In(say).Advice(); got != "WAIT FOR {0}. TRY AGAIN IN A MINUTE." {
		t.Errorf("said: %q", got)
	}
	fields, _ := AsError(FieldErrors{{Field: "email", Message: "Enter it."}}.Err())
	if got := fields.In(say); got.Fields.Of("email") != "ENTER IT." || got.Message != "SOME ANSWERS NEED ANOTHER LOOK." {
		t.Errorf("said: %v", got)
	}
	long, _ := AsError(CheckMessage(strings.Repeat("x", MaxText+1)))
	if got := long.In(say).Fields.Of("message"); got != "SHORTEN THE MESSAGE BY {0} CHARACTERS: IT HAS {1}, AND {2} ARE POSSIBLE." {
		t.Errorf("said: %q", got)
	}
}

func TestACountNamesWhatItCounts(t *testing.T) {
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files", 1234567: "1,234,567 files"} {
		if got := Count(n, "file", "files"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
