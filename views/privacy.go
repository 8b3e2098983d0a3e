package views

import (
	"time"

	"deskbell/db/model"
)

// YourData shows a customer what is held about them, and what they can do about it.
type YourData struct {
	Frame
	Name     string // empty where nobody has said one
	Email    string
	Held     []model.Text // what is held, a line each
	AskedAt  time.Time    // when they asked for erasure; zero: they have not
	Download string       // where the download is posted to
	Erasure  string       // where erasure is asked for
	Withdraw string
}

// AskErasure asks a customer whether they mean it.
type AskErasure struct {
	Frame
	Email  string
	Action string
	Back   string
}

// ErasureList shows an admin who asked for erasure, and what was done.
type ErasureList struct {
	Settings
	Asked []ErasureLine
	Begun []ErasureLine
	Done  []model.AuditLine
}

// ErasureLine is somebody who asked for erasure, or is being erased.
type ErasureLine struct {
	Name  string
	Email string
	At    time.Time
	Age   string
	URL   string
}

// EraseForm says what an erasure removes, and asks for the address of the person, or the name of who has none.
type EraseForm struct {
	Settings
	Name    string
	Email   string
	AskedAt time.Time // zero: nobody asked
	Age     string
	Goes    []string
	Stays   []string
	Mailed  bool // whether the person hears by mail that it is done
	Action  string
	Back    string
	Typed   string
	Errors  model.FieldErrors
	Problem string
}

// Label is what is typed to confirm.
func (f EraseForm) Label() string {
	if f.Email == "" {
		return "Their name"
	}
	return "Their email address"
}

func (YourData) template() string    { return "portal/privacy.html" }
func (AskErasure) template() string  { return "portal/erasure.html" }
func (ErasureList) template() string { return "admin/privacy.html" }
func (EraseForm) template() string   { return "admin/erase.html" }
