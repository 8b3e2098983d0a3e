package views

import "deskbell/db/model"

// SignIn is how a reporter says who they are besides by email (E1).
type SignIn struct {
	URL      string // where this part of the form is asked for anew; empty where email is all
	Provider string // its name
	Start    string // where a sign-in begins; empty for somebody who is signed in
	Person   *Person
	Ended    bool // somebody was signed in when the form was shown, and is no more
}

// News says for the live region what has changed.
func (s SignIn) News() model.Text {
	switch {
	case s.Person != nil:
		return model.Say("You are signed in as {0}.", s.Person.Name)
	case s.Ended:
		return model.Say("Your sign-in has ended.")
	}
	return model.Say("Nobody is signed in.")
}

// Person is who is signed in.
type Person struct {
	Name     string
	Provider string // its name
	Avatar   string // URL of our own; empty: initials stand in
	Mark     string // names the identity in the form, and opens nothing
	Email    string // where mail goes; empty: there is none, and one is asked for
	Seconds  int    // for which the sign-in lasts
	Minutes  model.Text
}

// SignInDone is the last page of a sign-in's window: it went well, or Problem says why not.
type SignInDone struct {
	Frame
	Name     string
	Provider string
	Problem  string
	Again    string // where to try again; empty: nowhere
	Form     string
}

func (SignInDone) template() string { return "portal/signed_in.html" }

// SignInForm says by what people sign in besides email, and by which app. Values are as they were typed; a
// secret is never among them.
type SignInForm struct {
	Settings
	Kind      string
	Kinds     []Choice
	SlackTeam string
	ClientID  string
	HasSecret bool
	Provider  string   // its name; empty: email alone
	Works     bool     // an app is set up, and its secret can be read
	Shared    bool     // the installation has an app for this provider
	Addresses []Choice // to be registered with an app, each with its label
	Tried     string   // what a trial came to; empty: there was none
	Errors    model.FieldErrors
	Problem   string
}

func (SignInForm) template() string { return "admin/sign_in.html" }
