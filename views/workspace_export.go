package views

// Export offers the whole workspace as a file.
type Export struct {
	Settings
	Action string
}

func (Export) template() string { return "admin/export.html" }
