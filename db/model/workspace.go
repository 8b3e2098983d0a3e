package model

// MaxWorkspaceName bounds the name of a workspace, in characters.
const MaxWorkspaceName = 80

// Check looks at what the workspace's own page of the settings sets (N). It fails with Invalid.
func (w Workspace) Check() error {
	var errs FieldErrors
	if w.Name == "" {
		errs.Add("name", "Enter a name for the workspace.")
	}
	boundLength(&errs, "name", "Shorten the name by {0} characters: it has {1}, and {2} are possible.", w.Name, MaxWorkspaceName)
	return errs.Err()
}
