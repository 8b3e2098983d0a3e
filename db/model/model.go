// Package model is Deskbell's domain: its types, its rules and its errors. It holds no handle and
// no clock; a rule takes values and the time and returns a decision.
package model

import "time"

// Row ids. They stay inside: what a visitor sees is a random text (a ref, a token) or a public id.
type (
	WorkspaceID int64
	ProjectID   int64
	TicketID    int64
	MessageID   int64
	CustomerID  int64
	RecipientID int64
	MemberID    int64
	StatusID    int64
	MailID      int64
)

// WorkspaceKind says which sign-ins a workspace's form may offer besides email (E1).
type WorkspaceKind string

// The kinds of a workspace.
const (
	Standard WorkspaceKind = "standard"
	Discord  WorkspaceKind = "discord"
	Slack    WorkspaceKind = "slack"
)

// Workspace is one team as every page needs it: its name, its looks, its switches.
type Workspace struct {
	ID          WorkspaceID
	Name        string
	Kind        WorkspaceKind
	SlackTeam   string // whose members may sign in (E2); empty but for the kind Slack
	PrimaryHost string // host name without port; empty where only the base host serves it (A12)
	Color       string // "#rrggbb"; empty: the product's own
	Language    string // of customers who have said none themselves (BCP 47)
	Logo        Logo
	SignIn      App   // the workspace's own app at its provider, with the secret sealed; empty: the installation's
	Version     int64 // moves with every change of settings, so that kept pages can tell

	AnonymousCreation    bool // B5
	CustomerLogin        bool // B6
	PublicReplies        bool // I6
	PublicUploads        bool // I6
	Suggestions          bool // F3
	FirstMailsPerHour    int  // B10: mails to unconfirmed addresses from the whole workspace
	UnconfirmedDropAfter int  // B10: days after which an unconfirmed ticket is dropped; 0 keeps it
	AutoCloseAfter       int  // K1: days after which a ticket that waits on its reporter closes; 0: never
	Limits               Limits
	Uploads              UploadRules
}

// Project is one intake inside a workspace.
type Project struct {
	ID          ProjectID
	WorkspaceID WorkspaceID
	PublicID    string
	Name        string
	Intro       string
	Intake      IntakeState
	DefaultType string
	Types       []TicketType
}

// IntakeState is a project's switch for public intake (B8).
type IntakeState string

// The states of a project's public intake: open, closed with a page that says so, hidden (404).
const (
	IntakeOpen   IntakeState = "open"
	IntakeClosed IntakeState = "closed"
	IntakeHidden IntakeState = "hidden"
)

// TicketType is one entry of a project's list of types. Key is what forms and URLs carry.
type TicketType struct {
	Key  string
	Name string
}

// TypeName returns the name of the type with this key, and the key itself where it is gone.
func (p Project) TypeName(key string) string {
	for _, t := range p.Types {
		if t.Key == key {
			return t.Name
		}
	}
	return key
}

// RichText is what somebody wrote and the sanitised HTML made of it, once, when it was written.
type RichText struct {
	Source string
	HTML   string
}

// Role is what a member may do (M1).
type Role string

// The roles of a member.
const (
	Admin Role = "admin"
	Agent Role = "agent"
)

// Member is a person of the team.
type Member struct {
	ID            MemberID
	WorkspaceID   WorkspaceID
	Email         string
	Name          string
	Role          Role
	NewTicketMail bool      // wants mail about each new ticket (K1)
	LeftAt        time.Time // zero while they belong to the team
}

// Actor is who does something, as a timeline keeps it.
type Actor struct {
	Kind     ActorKind
	Member   MemberID   // for ByMember
	Customer CustomerID // for ByCustomer
	Name     string
}

// ActorKind tells the team, the outside and the program apart.
type ActorKind string

// The kinds of an actor.
const (
	ByMember   ActorKind = "member"
	ByCustomer ActorKind = "customer"
	BySystem   ActorKind = "system"
)

// Session is a signed-in browser: of a member on the base host, or of a customer on a page domain.
type Session struct {
	Hash       string // SHA-256 of the cookie's random id, base64url
	Workspace  WorkspaceID
	Member     MemberID   // zero for a customer's session
	Customer   CustomerID // zero for a member's session
	Flash      string     // one notice for the next page
	Browser    string     // in plain words, as it was at the sign-in; may be empty
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
}
