package model

import (
	"strings"
	"testing"
	"time"
)

func TestG4_RoomIsCountedToTheByte(t *testing.T) {
	t.Parallel()
	rules := UploadRules{MaxTicketMB: 50, StorageMB: 1000}
	unbounded := UploadRules{MaxTicketMB: 50}
	const ticket, storage = 50 * MB, 1000 * MB
	for _, c := range []struct {
		name  string
		rules UploadRules
		used  Used
		bytes int64
		says  string // empty: there is room
	}{
		{"an empty ticket", rules, Used{}, ticket, ""},
		{"a byte more than a ticket may have", rules, Used{}, ticket + 1, "50 MB"},
		{"the last byte of a ticket", rules, Used{ticket - 1, 0}, 1, ""},
		{"the byte behind it", rules, Used{ticket, 0}, 1, "50 MB are taken"},
		{"a ticket that holds more than is allowed by now", rules, Used{ticket + 9, 0}, 1, "Remove a file first"},
		{"the last byte of the storage", rules, Used{0, storage - 1}, 1, ""},
		{"the byte behind that", rules, Used{0, storage}, 1, "no room for more files here"},
		{"a storage without bound", unbounded, Used{0, 1 << 50}, ticket, ""},
		{"a ticket's bound all the same", unbounded, Used{1, 1 << 50}, ticket, "50 MB"},
		{"both are full: the ticket's message is the one to act on", rules, Used{ticket, storage}, 1, "50 MB"},
	} {
		err := c.rules.CheckRoom(c.used, c.bytes)
		if (err == nil) != (c.says == "") || err != nil && (KindOf(err) != Full || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestG3_AFileIsCheckedBySizeAndType(t *testing.T) {
	t.Parallel()
	rules := UploadRules{MaxFileMB: 10, Types: AllowedTypes{Kind: AllowImages}}
	png, exe := FileType{"image/png", "png"}, FileType{"application/x-elf", ""}
	for _, c := range []struct {
		name  string
		bytes int64
		kind  FileType
		team  bool
		says  string // empty: it may come in
	}{
		{"a picture", 1, png, false, ""},
		{"as large as may be", 10 * MB, png, false, ""},
		{"a byte larger", 10*MB + 1, png, false, "“x y.png” is larger than 10 MB"},
		{"empty", 0, png, false, "“x y.png” is empty"},
		{"of another type", 1, exe, false, "not taken here (FILE). Possible: PNG, JPEG, GIF and WebP images."},
		{"large and of another type", 10*MB + 1, exe, false, "is larger"},
		{"the team's, of another type", 10*MB + 1, exe, true, ""},
		{"the team's, as large as may be", DeskFileMB * MB, exe, true, ""},
		{"the team's, a byte larger", DeskFileMB*MB + 1, png, true, "is larger than 100 MB"},
		{"the team's, empty", 0, png, true, "is empty"},
	} {
		err := rules.CheckUpload("screenshot", "x y.png", c.bytes, c.kind, c.team)
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		e, ok := AsError(err)
		if !ok || e.Kind != Invalid || len(e.Fields) != 1 || !strings.Contains(e.Fields.Of("screenshot"), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestG3_OneFileOfTheGreatestSizeAlwaysFitsARequest(t *testing.T) {
	t.Parallel()
	for maxFile, want := range map[int]int64{1: 25, 10: 25, 24: 25, 25: 26, 26: 27, 100: 101} {
		rules := UploadRules{MaxFileMB: maxFile}
		if got := rules.MaxRequest(false); got != want*MB {
			t.Errorf("with files of %d MB a request may have %s", maxFile, HumanSize(got))
		}
		if got := rules.MaxRequest(false) - rules.MaxFile(false); got < MB {
			t.Errorf("with files of %d MB only %d bytes are left for the form", maxFile, got)
		}
		if rules.MaxFile(true) != 100*MB || rules.MaxRequest(true) != 101*MB || rules.MaxFiles(true) != 50 || rules.MaxFiles(false) != 10 {
			t.Errorf("the team has limits of its own, whatever the setting of %d MB says", maxFile)
		}
	}
}

func TestG6_ClosedBefore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		now   string
		value int
		unit  RetentionUnit
		want  string
	}{
		{"2026-07-15", 1, RetentionMonths, "2026-06-15"},
		{"2026-01-15", 1, RetentionMonths, "2025-12-15"},
		{"2026-03-31", 1, RetentionMonths, "2026-02-28"},
		{"2026-03-29", 1, RetentionMonths, "2026-02-28"},
		{"2024-03-31", 1, RetentionMonths, "2024-02-29"},
		{"2024-03-29", 1, RetentionMonths, "2024-02-29"},
		{"2026-05-31", 3, RetentionMonths, "2026-02-28"},
		{"2026-12-31", 1, RetentionMonths, "2026-11-30"},
		{"2026-07-31", 1, RetentionMonths, "2026-06-30"},
		{"2026-08-31", 1, RetentionMonths, "2026-07-31"},
		{"2024-02-29", 12, RetentionMonths, "2023-02-28"},
		{"2024-02-29", 48, RetentionMonths, "2020-02-29"},
		{"2100-03-30", 1, RetentionMonths, "2100-02-28"}, // no leap year
		{"2026-02-28", 1, RetentionMonths, "2026-01-28"},
		{"2026-07-15", MaxRetention, RetentionMonths, "1722-05-15"},
		{"2026-03-01", 1, RetentionDays, "2026-02-28"},
		{"2024-03-01", 1, RetentionDays, "2024-02-29"},
		{"2026-01-01", 365, RetentionDays, "2025-01-01"},
		{"2026-07-15", MaxRetention, RetentionDays, "2016-07-17"},
	} {
		now, err := time.Parse(time.DateTime, c.now+" 13:14:15")
		if err != nil {
			t.Fatal(err)
		}
		got, on := Retention{c.value, c.unit}.ClosedBefore(now)
		if !on || got.Format(time.DateTime) != c.want+" 13:14:15" {
			t.Errorf("%d %s before %s is %v, %v", c.value, c.unit, c.now, got, on)
		}
	}
	for _, r := range []Retention{{}, {30, RetentionOff}, {30, "years"}, {0, RetentionDays}, {-1, RetentionMonths}} {
		if got, on := r.ClosedBefore(time.Unix(1_800_000_000, 0)); on || !got.IsZero() {
			t.Errorf("%+v removes what was closed before %v", r, got)
		}
	}
}

// A file that went must not come back the next day: the border never moves backwards.
func TestG6_TheBorderOfARetentionNeverMovesBack(t *testing.T) {
	t.Parallel()
	for _, r := range []Retention{{1, RetentionMonths}, {3, RetentionMonths}, {12, RetentionMonths}, {30, RetentionDays}} {
		last := time.Time{}
		for day := range 4 * 366 {
			now := time.Date(2023, 1, 1+day, 12, 0, 0, 0, time.UTC)
			border, _ := r.ClosedBefore(now)
			if border.Before(last) || !border.Before(now) {
				t.Fatalf("on %v the border of %+v is %v, and was %v", now, r, border, last)
			}
			last = border
		}
	}
}

func TestG6_RetentionSays(t *testing.T) {
	t.Parallel()
	for r, want := range map[Retention]string{
		{0, RetentionOff}: "Files are kept for good.", {1, RetentionOff}: "Files are kept for good.",
		{1, RetentionDays}: "Files go 1 day after their ticket was closed.", {30, RetentionDays}: "Files go 30 days after their ticket was closed.",
		{1, RetentionMonths}: "Files go 1 month after their ticket was closed.", {6, RetentionMonths}: "Files go 6 months after their ticket was closed.",
	} {
		if got := r.Says(); got != want {
			t.Errorf("%+v says %q", r, got)
		}
	}
}

func TestG6_SettingsThatCannotBeKept(t *testing.T) {
	t.Parallel()
	good := UploadRules{Types: AllowedTypes{Kind: AllowAll}, Retention: Retention{Unit: RetentionOff}}
	if err := good.Check(); err != nil {
		t.Errorf("got %v", err)
	}
	for field, change := range map[string]func(r *UploadRules){
		"custom_types":   func(r *UploadRules) { r.Types = AllowedTypes{Kind: AllowCustom} },
		"allowed_types":  func(r *UploadRules) { r.Types.Kind = "none" },
		"retention_unit": func(r *UploadRules) { r.Retention = Retention{1, "years"} },
	} {
		rules := good
		change(&rules)
		if e, ok := AsError(rules.Check()); !ok || len(e.Fields) != 1 || e.Fields.Of(field) == "" {
			t.Errorf("%s: %v", field, rules.Check())
		}
	}
}
