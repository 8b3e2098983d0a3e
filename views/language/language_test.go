package language

import (
	"testing"
	"time"

	"deskbell/db/model"
)

func TestALanguageWritesDatesAndNumbers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 9, 8, 5, 0, 0, time.FixedZone("", 3600))
	for tag, want := range map[string][5]string{
		"en": {"9 Mar 2026, 07:05 UTC", "9 March 2026", "9 Mar 2026", "1.5 MB", "12,000 bytes"},
		"de": {"9. März 2026, 07:05 UTC", "9. März 2026", "9. März 2026", "1,5 MB", "12.000 Byte"},
	} {
		l := Of(tag)
		got := [5]string{l.Moment(at), l.Day(at), l.ShortDay(at), l.Size(3 << 19), l.Text("{0} bytes", 12_000)}
		if got != want {
			t.Errorf("%s writes %q, want %q", tag, got, want)
		}
	}
}

func TestEveryMonthHasItsNames(t *testing.T) {
	t.Parallel()
	for _, l := range All() {
		if l.Name == "" || l.format.Point == "" || l.format.Group == "" {
			t.Errorf("%s lacks its name or how it writes numbers", l.Tag)
		}
		seen := map[string]bool{}
		for month := time.January; month <= time.December; month++ {
			at := time.Date(2026, month, 2, 15, 4, 0, 0, time.UTC)
			for _, written := range []string{l.Moment(at) + " ", l.Day(at), l.ShortDay(at) + "  "} {
				if seen[written] {
					t.Errorf("%s writes two dates as %q", l.Tag, written)
				}
				seen[written] = true
			}
		}
	}
}

func TestANumberChoosesItsForm(t *testing.T) {
	t.Parallel()
	const key = "At most {0} characters."
	for n, want := range map[int]string{1: "At most one character.", 2: "At most 2 characters.", 1_000: "At most 1,000 characters."} {
		if got := English().Text(key, n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestABrowserGetsTheLanguageThatItWishesForMost(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"": "", "fr": "", "*": "", "zz-nonsense": "", ";;;": "",
		"de": "de", "de-AT": "de", "en-GB,de;q=0.9": "en", "fr,de;q=0.5,en;q=0.2": "de", "de;q=0,en": "en",
	} {
		got := ""
		if l := Match(accept); l != nil {
			got = l.Tag
		}
		if got != want {
			t.Errorf("%q gets %q, want %q", accept, got, want)
		}
	}
}

func TestWhatStandsInAPlaceIsEscapedInMarkup(t *testing.T) {
	t.Parallel()
	got := Of("de").Markup("Nothing found for “<bdi>{0}</bdi>”", `<img src=x onerror="alert(1)">{0}`)
	if want := `Nichts gefunden zu „<bdi>&lt;img src=x onerror=&#34;alert(1)&#34;&gt;{0}</bdi>“`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestATextThatNoLanguageHasStaysEnglish(t *testing.T) {
	t.Parallel()
	if got := Of("de").Say(model.Say("Nobody translated {0}.", "this")); got != "Nobody translated this." {
		t.Error(got)
	}
	if Of("tlh", "de").Tag != "de" || Of("tlh").Tag != "en" {
		t.Error("an unknown language is not passed over")
	}
}
