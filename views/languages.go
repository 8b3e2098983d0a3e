package views

import "deskbell/views/language"

// Languages is where a customer chooses another language. Where the page has a form that something may
// be typed into, the choice goes with it, so that nothing is lost.
type Languages struct {
	To     []LanguageChoice
	Action string // where the choice is posted
	Form   string // id of the page's form that goes with it; empty: none
	Back   string // the page that is shown then, where no form goes with it; empty: where the choice came from
}

// LanguageChoice is one language to choose.
type LanguageChoice struct {
	Tag  string // BCP 47
	Name string // in itself
	URL  string // to which it is posted; empty: it is that of the page
}

// NewLanguages makes the choice of a page without a form.
func NewLanguages(now *language.Language, action, back string) *Languages {
	part := &Languages{Action: action, Back: back, To: make([]LanguageChoice, 0, len(language.All()))}
	for _, l := range language.All() {
		choice := LanguageChoice{Tag: l.Tag, Name: l.Name}
		if l != now {
			choice.URL = action + "?language=" + l.Tag
		}
		part.To = append(part.To, choice)
	}
	return part
}

// Keeping is the frame of a page with a form, by its id: what was typed is posted to an action, which
// shows the page again.
func (f Frame) Keeping(form, action string) Frame {
	if f.Languages == nil {
		return f
	}
	kept := &Languages{Form: form, Action: action}
	for _, choice := range f.Languages.To {
		if choice.URL != "" {
			choice.URL = action + "?language=" + choice.Tag
		}
		kept.To = append(kept.To, choice)
	}
	f.Languages = kept
	return f
}

// BackTo is the frame of a page that is shown again at an address.
func (f Frame) BackTo(url string) Frame {
	if f.Languages != nil {
		kept := *f.Languages
		kept.Back = url
		f.Languages = &kept
	}
	return f
}
