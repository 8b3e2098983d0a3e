package views

// FirstSteps is the page that leads a new team on (O4).
type FirstSteps struct {
	Settings
	Form  string // URL of the public form
	Steps []FirstStep
	Done  int // how many of the steps
}

// FirstStep is something to do, and whether it is done.
type FirstStep struct {
	Done  bool
	Title string
	Says  string
	URL   string
}

func (FirstSteps) template() string { return "admin/first_steps.html" }
