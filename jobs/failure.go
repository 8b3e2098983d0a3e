package jobs

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"deskbell/db/model"
)

// failure is why an attempt failed.
type failure struct {
	reason    string // for the desk, in the server's words
	logged    string // for the log: it names no person, and quotes no server that might
	permanent bool   // another attempt would fail as this one did
	broken    bool   // the server gave no answer: other mail would fare no better
}

const maxReason = 500 // characters

// unreachable is a failure to open a line. It says nothing about a mail, so that it may pass.
func unreachable(err error) failure {
	return failure{reason: shorten("The mail server could not be used: " + err.Error()), logged: err.Error(), broken: true}
}

// failureOf tells a refusal of the mail (RFC 5321: 5yz) from what may pass. Why not each 5yz: an
// answer to the sender's address, or one that asks for a sign-in, is about the settings, and mail
// must outlive a mistake in them.
func failureOf(err error) failure {
	refused, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return failure{reason: shorten("The mail could not be written: " + err.Error()), logged: "the mail could not be written"}
	}
	code := refused.ErrorCode()
	f := failure{logged: refused.Reason.String(), broken: code == 0}
	if f.broken {
		f.reason = shorten("The connection to the mail server broke: " + words(refused))
		return f
	}
	f.reason = shorten("The mail server refused it: " + words(refused))
	f.permanent = code >= 500 && refused.Reason != gomail.ErrSMTPMailFrom && !slices.Contains(signInCodes, code)
	return f
}

// signInCodes are the answers about signing in (RFC 4954).
var signInCodes = []int{530, 534, 535, 538}

// words takes the server's answer out of what the library says around it.
func words(refused *gomail.SendError) string {
	text := refused.Error()
	for _, tail := range []string{", affected recipient(s): ", ", affected message ID: "} {
		text, _, _ = strings.Cut(text, tail)
	}
	text = strings.TrimPrefix(text, refused.Reason.String()+": ")
	if code, quoted, _ := strings.Cut(text, " "); quoted != "" { // net/textproto quotes what a server says
		if plain, err := strconv.Unquote(quoted); err == nil {
			return code + " " + plain
		}
	}
	return text
}

func shorten(s string) string {
	if runes := []rune(model.CleanLine(s)); len(runes) > maxReason {
		return string(runes[:maxReason]) + "…"
	} else {
		return string(runes)
	}
}
