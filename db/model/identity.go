package model

import (
	"regexp"
	"strings"
	"time"
)

// Provider is where reporters can sign in (E1); empty stands for email.
type Provider string

// The providers.
const (
	ByDiscord Provider = "discord"
	BySlack   Provider = "slack"
)

// Lives of a sign-in: how long a person may take at the provider, how long the page's host has to trade
// the code (E3), and how long the identity lasts (E4).
const (
	SignInLife   = 10 * time.Minute
	HandOverLife = time.Minute
	IdentityLife = 15 * time.Minute
)

// Provider returns the one provider that a workspace of this kind adds to email, "" for none.
func (k WorkspaceKind) Provider() Provider {
	switch k {
	case Discord:
		return ByDiscord
	case Slack:
		return BySlack
	}
	return ""
}

// Label is the provider's name as people know it.
func (p Provider) Label() string {
	switch p {
	case ByDiscord:
		return "Discord"
	case BySlack:
		return "Slack"
	}
	return ""
}

// App is what a provider knows this installation, or one workspace, by.
type App struct {
	ClientID string
	Secret   string
}

// Profile is what a provider says of a person who signed in, as it came.
type Profile struct {
	Provider      Provider
	Subject       string // the person's id at the provider
	Team          string // of Slack; empty at Discord
	Name          string
	Email         string
	EmailVerified bool // by the provider: another one proves nothing
}

// Identity is who somebody is by a provider's word, on one page host, until it ends (E4).
type Identity struct {
	Provider  Provider
	Subject   string // unique at the provider; of Slack with the team
	Name      string
	Email     string // where mail goes: known, or verified by the provider; empty: there is none
	HasAvatar bool
	ExpiresAt time.Time
}

// subjects are the ids that Discord and Slack give: none of them could be mistaken in an address.
var subjects = regexp.MustCompile(`^[A-Za-z0-9]{1,40}$`)

// Identify returns who a profile is in a workspace. It fails with Forbidden for a Slack team that is
// not the workspace's own (E2), and with Unavailable for a profile that no provider would send.
func Identify(ws Workspace, p Profile) (Identity, error) {
	broken := Fail(Unavailable, "{0} did not say who you are. Try again, or use your email address.", p.Provider.Label())
	if p.Provider == "" || p.Provider != ws.Kind.Provider() || !subjects.MatchString(p.Subject) {
		return Identity{}, broken
	}
	id := Identity{Provider: p.Provider, Subject: p.Subject, Name: firstChars(CleanLine(p.Name), MaxName)}
	if p.Provider == BySlack {
		if p.Team == "" || p.Team != ws.SlackTeam {
			return Identity{}, FailWith(Forbidden, otherTeam(ws.Name))
		}
		id.Subject = p.Team + "/" + p.Subject
	}
	if id.Name == "" {
		id.Name = p.Provider.Label() + " " + p.Subject
	}
	if email, ok := CleanAddress(p.Email); ok && p.EmailVerified {
		id.Email = email
	}
	return id, nil
}

func firstChars(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return strings.TrimSpace(string(runes[:n]))
	}
	return s
}

// noAddress ends every synthetic address: a domain that exists nowhere and never will (RFC 2606).
const noAddress = ".invalid"

// SyntheticAddress stands in for the address of somebody whose provider gave none. It is never shown
// and never mailed (E5).
func (id Identity) SyntheticAddress() string {
	return strings.ToLower(strings.ReplaceAll(id.Subject, "/", ".")) + "@" + string(id.Provider) + noAddress
}

// Synthetic says whether an address only stands in for one.
func Synthetic(email string) bool { return strings.HasSuffix(email, noAddress) }

// SignInOutcome is why a sign-in came to nothing, as the page's own host is told of it.
type SignInOutcome string

// The outcomes of a sign-in that came to nothing.
const (
	SignInCancelled SignInOutcome = "cancelled"
	SignInSlow      SignInOutcome = "slow"
	SignInOtherTeam SignInOutcome = "team"
	SignInFailed    SignInOutcome = "provider"
)

// Explain says to a visitor what happened and what to do. Any other outcome is SignInFailed.
func (o SignInOutcome) Explain(p Provider, workspace string) Text {
	switch o {
	case SignInCancelled:
		return Say("You cancelled at {0}, so nobody is signed in.", p.Label())
	case SignInSlow:
		return Say("{0} takes too long to answer at the moment. Try again in a minute, or use your email address.", p.Label())
	case SignInOtherTeam:
		return otherTeam(workspace)
	}
	return Say("{0} could not sign you in. Try again, or use your email address.", p.Label())
}

func otherTeam(workspace string) Text {
	return Say("You are signed in to another Slack team than that of {0}. Sign in with that one, or use your email address.", workspace)
}

// MaxClientID bounds a client id and a client secret, in bytes.
const MaxClientID = 200
