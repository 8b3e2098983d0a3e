package model

import (
	"fmt"
	"time"
)

// Bounds of what one request may carry besides the settings (G3).
const (
	MaxRequestFiles = 10  // files in one public request
	MaxFormFiles    = 50  // files that wait for one form
	PublicRequestMB = 25  // a public request, unless one file alone may be larger
	DeskFileMB      = 100 // a file, and a request, of the team
)

// UploadLife is how long a file waits for its form to be sent (G2).
const UploadLife = time.Hour

// How much one client may upload to creation forms (H1). Threads have limits of their own.
const (
	UploadsPer10Minutes = 100
	UploadMBPerClient   = 500 // a day
)

// MB is a megabyte as the settings count it, in bytes.
const MB = 1 << 20

// UploadRules are a workspace's settings of attachments (G3 to G6).
type UploadRules struct {
	MaxFileMB   int // of a file from outside
	MaxTicketMB int // of all files of a ticket together
	StorageMB   int // of all files of the workspace together; 0: no bound
	Types       AllowedTypes
	Retention   Retention
}

// MaxFile is the size of one file in bytes, for the team or from outside.
func (r UploadRules) MaxFile(team bool) int64 {
	if team {
		return DeskFileMB * MB
	}
	return int64(r.MaxFileMB) * MB
}

// MaxRequest is the size of a request with files in bytes. One file of the greatest size always fits,
// with what a form sends around it.
func (r UploadRules) MaxRequest(team bool) int64 {
	if file := r.MaxFile(team); file >= PublicRequestMB*MB {
		return file + MB
	}
	return PublicRequestMB * MB
}

// MaxFiles is how many files one request may carry.
func (r UploadRules) MaxFiles(team bool) int {
	if team {
		return MaxFormFiles
	}
	return MaxRequestFiles
}

// Used is what is stored already, in bytes, with what waits for a form.
type Used struct {
	Ticket  int64
	Storage int64 // of the workspace
}

// CheckRoom says whether a file of so many bytes still fits: a Full error where it does not (G4).
func (r UploadRules) CheckRoom(used Used, bytes int64) error {
	if limit := int64(r.MaxTicketMB) * MB; used.Ticket+bytes > limit {
		return Fail(Full, "All files of a ticket together may have {0}, and {1} are taken. Remove a file first, or send a smaller one.",
			Size(limit), Size(used.Ticket))
	}
	if limit := int64(r.StorageMB) * MB; limit > 0 && used.Storage+bytes > limit {
		return Fail(Full, "There is no room for more files here at the moment. Send your text without the file; the team can make room.")
	}
	return nil
}

// CheckUpload says whether a file may come in by its size and what it contains: an Invalid error
// whose one message begins with its name.
func (r UploadRules) CheckUpload(field, name string, bytes int64, t FileType, team bool) error {
	switch {
	case bytes == 0:
		return FieldFail(field, "“{0}” is empty. Choose the file again, or another one.", name)
	case bytes > r.MaxFile(team):
		return TooLargeFile(field, name, r.MaxFile(team))
	case !team && !r.Types.Allows(t):
		return FieldFail(field, "“{0}” is of a type that is not taken here ({1}). Possible: {2}.", name, t.Label(), r.Types.Says())
	}
	return nil
}

// TooLargeFile is the error for a file of more bytes than one may have.
func TooLargeFile(field, name string, limit int64) error {
	return FieldFail(field, "“{0}” is larger than {1}. Choose a smaller file.", name, Size(limit))
}

// TooManyFiles is the error for more files than one request may carry.
func TooManyFiles(field string, most int) error {
	return FieldFail(field, "At most {0} files can be sent at once. Send these first, and the others with another message.", most)
}

// RetentionUnit is what a retention counts in.
type RetentionUnit string

// The units of a retention.
const (
	RetentionOff    RetentionUnit = "off"
	RetentionDays   RetentionUnit = "days"
	RetentionMonths RetentionUnit = "months"
)

// MaxRetention is the greatest number of days or months.
const MaxRetention = 3650

// Retention says for how long after its closing a ticket keeps its files (G6).
type Retention struct {
	Value int
	Unit  RetentionUnit
}

// ClosedBefore returns the time before which a ticket must have been closed to lose its files now,
// and false where files are kept for good: without a number of days or months, too, because what goes
// cannot come back.
func (r Retention) ClosedBefore(now time.Time) (time.Time, bool) {
	if r.Value < 1 {
		return time.Time{}, false
	}
	switch r.Unit {
	case RetentionDays:
		return now.AddDate(0, 0, -r.Value), true
	case RetentionMonths:
		before := now.AddDate(0, -r.Value, 0)
		// The 31st less a month is a day that some months lack: their last one then.
		if before.Day() != now.Day() {
			before = before.AddDate(0, 0, -before.Day())
		}
		return before, true
	}
	return time.Time{}, false
}

// Says is the retention in words, for people.
func (r Retention) Says() string {
	switch {
	case r.Unit == RetentionOff:
		return "Files are kept for good."
	case r.Value == 1:
		return fmt.Sprintf("Files go 1 %s after their ticket was closed.", string(r.Unit[:len(r.Unit)-1]))
	}
	return fmt.Sprintf("Files go %d %s after their ticket was closed.", r.Value, r.Unit)
}

// MayUpload says whether outsiders may send files (I6).
func MayUpload(ws Workspace) error {
	if !ws.PublicUploads {
		return Fail(Off, "Files are not taken here at the moment. Send your text without them.")
	}
	return nil
}

// Check returns an Invalid error with a message for each setting that cannot be kept.
func (r UploadRules) Check() error {
	var errs FieldErrors
	switch r.Types.Kind {
	case AllowAll, AllowImages, AllowImagesAndPDF:
	case AllowCustom:
		if len(r.Types.Custom) == 0 {
			errs.Add("custom_types", "Enter at least one type, like pdf or image/*.")
		}
	default:
		errs.Add("allowed_types", "Choose one from the list.")
	}
	switch r.Retention.Unit {
	case RetentionOff, RetentionDays, RetentionMonths:
	default:
		errs.Add("retention_unit", "Choose one from the list.")
	}
	return errs.Err()
}
