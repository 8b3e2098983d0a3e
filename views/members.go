package views

import (
	"time"

	"deskbell/db/model"
)

// MemberList shows the team and the links by which people join it, and makes new ones.
type MemberList struct {
	Settings
	Members      []MemberLine
	Links        []MemberLinkLine
	Made         MemberLinkLine // the link that was just made; zero without one
	Mails        bool           // an invitation can go by mail
	RequireCodes bool
	Roles        []Choice
	Answers      MemberAnswers
	Errors       model.FieldErrors
	Problem      string
}

// MemberLine is a member in the list.
type MemberLine struct {
	Name  string
	Email string
	Role  string
	Mail  bool // hears of new tickets
	Self  bool // the member who looks
	Codes bool // signs in with one-time codes
	URL   string
}

// MemberLinkLine is a link that can still be used.
type MemberLinkLine struct {
	Email     string
	Name      string
	Role      string
	By        string // empty: made on the server itself
	Reset     bool   // for somebody who has an account
	URL       string
	Withdraw  string // where to post
	ExpiresAt time.Time
}

// MemberAnswers is what an admin typed of a member.
type MemberAnswers struct {
	Email string
	Name  string
	Role  string
	Mail  bool // about new tickets; for an invitation, that it is mailed
}

// MemberForm changes a member.
type MemberForm struct {
	Settings
	MemberLine
	Sessions int // browsers that are signed in
	Roles    []Choice
	Answers  MemberAnswers
	Errors   model.FieldErrors
	Problem  string
}

// MemberRemoval asks whether a member shall leave the team.
type MemberRemoval struct {
	Settings
	MemberLine
	Problem string
}

// Join lets somebody choose a password by a link.
type Join struct {
	Desk
	Team   string
	Action string
	Email  string
	Name   string
	By     string // who made the link; empty: it was made on the server itself
	Reset  bool   // for somebody who has a password
	Errors model.FieldErrors
}

// ForgotPassword asks for the address of a member who has forgotten their password.
type ForgotPassword struct {
	Desk
	NoServer bool // no mail can go
	Sent     bool // the address was taken
	Email    string
	Errors   model.FieldErrors
	Problem  string
}

// Account is what members change of themselves.
type Account struct {
	Desk
	Email      string
	Name       string
	Mail       MemberMail
	CodesSince time.Time // zero: the password alone signs in
	Sessions   SessionList
	Errors     model.FieldErrors
	Problem    string
}

func (MemberList) template() string     { return "admin/members.html" }
func (MemberForm) template() string     { return "admin/member.html" }
func (MemberRemoval) template() string  { return "admin/member_remove.html" }
func (Join) template() string           { return "desk/join.html" }
func (ForgotPassword) template() string { return "desk/forgot.html" }
func (Account) template() string        { return "desk/account.html" }
