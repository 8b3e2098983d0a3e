package web

import (
	"sync"
	"time"

	"deskbell/db/model"
)

// maxInFlight is how many forms with files one client may send at the same time: each may fill the disk
// with a request's worth of bytes before anything about it can be checked.
const maxInFlight = 64

// inFlight counts the forms that are being received, for each client.
type inFlight struct {
	mu    sync.Mutex
	forms map[string]int
}

// begin counts one more form of a client until done is called. Too many at once fail with Limited.
func (f *inFlight) begin(client string) (done func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.forms == nil {
		f.forms = map[string]int{}
	}
	if f.forms[client] >= maxInFlight {
		return nil, &model.Error{Kind: model.Limited, Message: "You are sending many files at the same time.", RetryAfter: time.Minute}
	}
	f.forms[client]++
	return func() { f.end(client) }, nil
}

func (f *inFlight) end(client string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.forms[client]--; f.forms[client] == 0 {
		delete(f.forms, client)
	}
}
