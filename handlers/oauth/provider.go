package oauth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"

	"golang.org/x/oauth2"

	"deskbell/db/model"
)

// way is a dialogue with a provider, by its authorisation code flow.
type way interface {
	// begin returns where the browser is sent.
	begin(state string, p proof) (string, error)
	// finish trades the code that came back for who somebody is, and where their picture is.
	finish(ctx context.Context, answer url.Values, p proof) (model.Profile, string, error)
}

// proof is what proves that the end of a sign-in belongs to its beginning.
type proof struct{ verifier, nonce string }

// way returns the dialogue of a workspace's provider; Off where no app is set up.
func (o *OAuth) way(ws model.Workspace) (way, error) {
	app, ok := o.App(ws)
	if !ok {
		return nil, model.Fail(model.Off, "This sign-in is not set up. Go back to the form and use your email address.")
	}
	provider := ws.Kind.Provider()
	if provider == model.BySlack {
		return newSlack(app, o.CallbackURL(provider), ws.SlackTeam, o.client)
	}
	return newDiscord(app, o.CallbackURL(provider), o.client), nil
}

// failure is why a sign-in came to nothing.
type failure struct {
	why model.SignInOutcome
	err error
}

func (f *failure) Error() string { return string(f.why) + ": " + f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// refusal is the failure behind the error code of RFC 6749, 4.1.2.1.
func refusal(code string) error {
	if code == "access_denied" {
		return &failure{model.SignInCancelled, errors.New("the person cancelled")}
	}
	return &failure{model.SignInFailed, errors.New("the provider sent neither a code nor a refusal that we know")}
}

// broken wraps an error of a provider's answer, or of the way to it.
func broken(err error) error {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return &failure{model.SignInSlow, err}
	}
	return &failure{model.SignInFailed, err}
}

// guard runs a step of goth's, which panics over some answers, and makes an error of that.
func guard(step func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = broken(fmt.Errorf("the provider's answer is not as it should be: %v", p))
		}
	}()
	if err := step(); err != nil {
		return broken(err)
	}
	return nil
}

// withoutSecrets says what went wrong for the log and for admins: of what a provider answered the
// status and the error code alone, of a request neither address nor content.
func withoutSecrets(err error) string {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		status := 0
		if refused.Response != nil {
			status = refused.Response.StatusCode
		}
		return fmt.Sprintf("The token endpoint answered %d %.60q.", status, refused.ErrorCode)
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Sprintf("The request failed: %v.", request.Err)
	}
	if expected, ok := model.AsError(err); ok {
		return expected.Message
	}
	return "The provider's answer was not as it should be."
}
