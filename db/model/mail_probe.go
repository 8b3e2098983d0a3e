package model

import "time"

// MailTest is a test message: an admin's way to see whether mail goes out, and why not.
type MailTest struct {
	ID         string
	Workspace  WorkspaceID
	To         string
	State      MailTestState
	AskedAt    time.Time
	FinishedAt time.Time // zero: not yet
	Problem    string    // what went wrong and what to do; empty: nothing
	Dialogue   string    // what client and server said, a line each, without secrets
}

// MailTestState is how far a test message has come.
type MailTestState string

// The states of a test message. One that is sending when the program stops stays so: another try says more.
const (
	MailTestWaiting MailTestState = "waiting"
	MailTestSending MailTestState = "sending"
	MailTestSent    MailTestState = "sent"
	MailTestFailed  MailTestState = "failed"
)

// Open says whether something of the test is still to come, at a time: one that was cut off is not waited for.
func (t MailTest) Open(now time.Time) bool {
	const patience = 3 * time.Minute // more than a server may take
	return (t.State == MailTestWaiting || t.State == MailTestSending) && now.Sub(t.AskedAt) < patience
}
