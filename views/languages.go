package views

// Languages is where a customer chooses another language. Where the page has a form that something may be
// typed into, the choice goes with it, so that nothing is lost.
type Languages struct {
	To     []LanguageChoice
	Action string // where the choice is posted
	Form   string // id of the page's form that goes with it; empty: none
	Back   string // the page that is shown then, where no form goes with it; empty: where the choice came from
}

// LanguageChoice is one language to choose.
type LanguageChoice struct {
	Tag     string // BCP 47
	Name    string // in itself
	Current bool
}

// Keeping is the switch of a page with a form, by its id: what was typed is posted to an action, which
// shows the page again.
func (f Frame) Keeping(form, action string) Frame {
	if f.Languages != nil {
		kept := *f.Languages
		kept.Form, kept.Action, kept.Back = form, action, ""
		f.Languages = &kept
	}
	return f
}

// BackTo is the switch of a page that is shown again at an address.
func (f Frame) BackTo(url string) Frame {
	if f.Languages != nil {
		kept := *f.Languages
		kept.Back = url
		f.Languages = &kept
	}
	return f
}
