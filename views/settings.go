package views

import "deskbell/db/model"

// Switch is one of the portal's switches in the settings.
type Switch struct {
	Name  string
	Label string
	Hint  string
	On    bool
}

// WorkspaceForm sets how the workspace presents itself (N). Values are as they were typed.
type WorkspaceForm struct {
	Settings
	Name      string
	Color     string
	Language  string // a tag
	Languages []Choice
	Version   int64  // of the settings that the form was filled with
	Picked    string // the colour that the preview shows, "#rrggbb"
	Own       bool   // the workspace has a colour of its own
	Logo      Logo
	ThemeURL  string // colours of the preview; empty: the product's
	Errors    model.FieldErrors
	Problem   string
}

// PortalForm switches parts of the portal on and off (B5, B6, F3, I6).
type PortalForm struct {
	Settings
	Switches []Switch
}

// LimitsForm sets the limits of the public side (H1). Values are as they were typed.
type LimitsForm struct {
	Settings
	CreatePer10Minutes  string
	CreatePerDay        string
	RepliesPer10Minutes string
	UploadMBPerDay      string
	Errors              model.FieldErrors
	Problem             string
}

// AttachmentsForm sets the rules for files (G3 to G6), and shows what they take. Values are as they
// were typed.
type AttachmentsForm struct {
	Settings
	MaxFileMB      string
	MaxTicketMB    string
	StorageMB      string
	AllowedTypes   string
	CustomTypes    string
	RetentionValue string
	RetentionUnit  string
	Allowed        []Choice
	Units          []Choice
	Use            []StorageLine // of each project
	Total          StorageLine
	Allowance      int64  // bytes; 0: no bound
	Rule           string // the retention as it holds now, in words
	Run            model.RetentionRun
	RunBytes       string
	Errors         model.FieldErrors
	Problem        string
}

// StorageLine is what the files of a project take.
type StorageLine struct {
	Project string
	Files   string
	Bytes   int64
	Size    string
}

// TicketRulesForm says when tickets close by themselves (K1). Values are as they were typed.
type TicketRulesForm struct {
	Settings
	AutoCloseAfter string
	Errors         model.FieldErrors
	Problem        string
}

// MailRulesForm says how addresses are treated that nobody has confirmed (B10).
type MailRulesForm struct {
	Settings
	FirstMailsPerHour    string
	UnconfirmedDropAfter string
	Errors               model.FieldErrors
	Problem              string
	NoServer             bool // no mail server is set
	Test                 MailTest
}

// MailTest is the form for a test message, and how the last one fared.
type MailTest struct {
	To     string
	Last   model.MailTest // zero: there was none
	Waits  bool           // something of it is still to come
	Errors model.FieldErrors
}

// ProjectList lists the workspace's projects.
type ProjectList struct {
	Settings
	Projects []ProjectLine
}

// ProjectLine is a project in the settings' list.
type ProjectLine struct {
	Name     string
	PublicID string
	Intake   model.IntakeState
	URL      string
}

// NewProject makes a project.
type NewProject struct {
	Settings
	Name     string
	PublicID string
	Base     string // what stands before the public id in its form's address
	Errors   model.FieldErrors
	Problem  string
}

// Parts lists a project's ticket types or statuses, and takes a new one.
type Parts struct {
	Settings
	Project    string
	Back       string // URL of the project
	Kind       model.PartKind
	List       []PartLine
	Name       string // of the new one, as typed
	Category   string
	Categories []Choice
	Action     string
	Errors     model.FieldErrors
	Problem    string
}

// PartLine is a type or a status in its list.
type PartLine struct {
	model.Part
	URL         string
	First, Last bool
}

// Part is the page of one type or status.
type Part struct {
	Settings
	Project string
	Part    model.Part
	Name    string // as typed
	List    string // URL of all of them
	Action  string
	Errors  model.FieldErrors
	Problem string
}

// PartDelete asks before a type or a status goes, and what its tickets get instead.
type PartDelete struct {
	Settings
	Project string
	Part    model.Part
	Used    bool   // tickets have it
	Kept    string // why it cannot go; empty where it can
	Others  []Choice
	Chosen  string
	Action  string
	Back    string
	Errors  model.FieldErrors
	Problem string
}

// ProjectForm changes a project (B8).
type ProjectForm struct {
	Settings
	Action   string
	Project  model.Project
	Public   string // URL of its form
	Intake   string
	Types    []Choice
	Statuses []model.Part
	Intakes  []Choice
	Errors   model.FieldErrors
	Problem  string
}

func (WorkspaceForm) template() string   { return "admin/workspace.html" }
func (PortalForm) template() string      { return "admin/portal.html" }
func (LimitsForm) template() string      { return "admin/limits.html" }
func (AttachmentsForm) template() string { return "admin/attachments.html" }
func (TicketRulesForm) template() string { return "admin/tickets.html" }
func (MailRulesForm) template() string   { return "admin/mail.html" }
func (ProjectList) template() string     { return "admin/projects.html" }
func (NewProject) template() string      { return "admin/new_project.html" }
func (Parts) template() string           { return "admin/parts.html" }
func (Part) template() string            { return "admin/part.html" }
func (PartDelete) template() string      { return "admin/part_delete.html" }
func (ProjectForm) template() string     { return "admin/project.html" }
