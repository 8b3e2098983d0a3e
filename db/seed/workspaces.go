package seed

import (
	"time"

	"deskbell/db"
	"deskbell/db/model"
)

type workspace struct {
	New       db.NewWorkspace
	Logo      []byte
	Projects  []db.NewProject
	Documents string // the project that has the help texts; empty for none
	Members   []model.Member
	Bindings  []binding
	Replies   []model.SavedReply
	Tickets   []ticket
	Related   [][2]int64         // numbers of tickets that belong together
	Links     []db.NewIntakeLink // made by the first of Members
	Labels    []model.Label
	Views     []model.SavedView // each of the member that By names
	Erasure   string            // address of a customer who asked to be erased; empty for nobody
}

type ticket struct {
	Project  string
	Language string        // of the form; empty: the workspace's
	After    time.Duration // since the demo's beginning
	Intake   model.Intake
	Files    []string // in attached
	Entries  []entry
}

// entry is a public message or a note, and what its writer did besides. Without a member it is the
// reporter's.
type entry struct {
	After    time.Duration // since what happened before
	Member   string
	Note     bool
	Text     string
	Status   string
	Assign   string
	Labels   []string // that the ticket has from then on
	Priority model.Priority
	Files    []string // in attached
	Add      []model.NewRecipient
}

var savedReplies = []model.SavedReply{
	{Name: "Ask for a log", Body: "Hello {customer},\n\nthank you for writing about “{title}”. Could you send us the log of one run? It is under **Help → Save log**.\n\nBest wishes\n{agent}"},
	{Name: "Thanks and closing", Body: "Hello {customer},\n\nglad that it works. We close the ticket now: a reply opens it again, and you find it at {link}.\n\nBest wishes\n{agent}"},
}

var supportTypes = []model.TicketType{
	{Key: "question", Name: "Question"}, {Key: "bug", Name: "Bug"}, {Key: "billing", Name: "Billing"},
}

var plainTypes = []model.TicketType{{Key: "question", Name: "Question"}, {Key: "bug", Name: "Bug"}}

var workspaces = []workspace{
	{
		New:  db.NewWorkspace{Name: "Acme", Kind: model.Standard, Color: "#b8430f"},
		Logo: acmeLogo,
		Labels: []model.Label{
			{Name: "app", Color: "blue"}, {Name: "help page", Color: "green"}, {Name: "import", Color: "purple"}, {Name: "needs info", Color: "yellow"},
		},
		Views: []model.SavedView{
			{By: "Grace Alder", Name: "Urgent and nobody's", Query: "assignee=none&priority=urgent&status=open"},
			{By: "Tomás Reyes", Name: "Imports", Query: "label=import&status=all", Shared: true},
		},
		Projects: []db.NewProject{
			{PublicID: "support", Name: "Acme Support", Intake: model.IntakeOpen, Types: supportTypes, DefaultType: "question",
				Intro: "Questions about Acme Shelf, something that broke, an invoice: tell us, and we answer within a working day."},
			{PublicID: "internal", Name: "Acme Internal", Intake: model.IntakeHidden, Types: plainTypes, DefaultType: "question"},
		},
		Documents: "support",
		Members: []model.Member{
			{Email: "admin@example.com", Name: "Grace Alder", Role: model.Admin, NewTicketMail: true},
			{Email: "agent@example.com", Name: "Tomás Reyes", Role: model.Agent},
		},
		Bindings: []binding{
			{Project: "support", Name: "Every ticket", Fields: everyTicket},
			{Project: "support", Type: "bug", Name: "Bug report", Fields: bugReport},
		},
		Replies: savedReplies,
		Tickets: acmeTickets,
		Related: [][2]int64{{2, 5}},
		Links:   []db.NewIntakeLink{{ProjectID: "support", Email: "joan@example.org", Name: "Joan Clarke", Life: 90 * 24 * time.Hour}},
		Erasure: "omar@example.org",
	},
	{
		New: db.NewWorkspace{Name: "Globex", Kind: model.Discord, Color: "#4b4fc4", Hosts: []string{"globex.localhost"}},
		Projects: []db.NewProject{{PublicID: "help", Name: "Globex Help", Intake: model.IntakeOpen, Types: plainTypes, DefaultType: "question",
			Intro: "Ask the people behind the Globex game servers."}},
		Members: []model.Member{{Email: "admin@globex.example", Name: "Hank Moreno", Role: model.Admin, NewTicketMail: true}},
		Tickets: []ticket{{Project: "help", After: 20 * time.Hour, Intake: model.Intake{
			Email: "wei@example.org", Name: "Wei", Title: "Server eu-3 drops everybody at midnight", Type: "bug",
			Description: "Every night at 00:00 the server **eu-3** throws all players out. It comes back after a minute.",
		}, Entries: []entry{{After: time.Hour, Member: "Hank Moreno", Text: "That is the nightly backup. We are moving it to 05:00."}}},
			{Project: "help", After: 22 * time.Hour, Intake: model.Intake{
				Email: "wei@example.org", Name: "Wei", Title: "May I bring a friend to the beta?",
				Description: "A friend plays with me every evening. May she join the beta too?",
			}, Entries: []entry{{After: 2 * time.Hour, Member: "Hank Moreno", Text: "Gladly! What is her name in the game?", Status: "Waiting on reporter"}}},
			{Project: "help", After: 26 * time.Hour, Intake: model.Intake{
				Email: "wei@example.org", Name: "Wei", Title: "My old name stands in the ranking",
				Description: "I have a new name since Monday, and the ranking shows the old one.",
			}, Entries: []entry{{After: time.Hour, Member: "Hank Moreno", Text: "The ranking is made anew each night. Look again tomorrow, please."},
				{After: 20 * time.Hour, Text: "It is right now. Thank you!"}, {After: time.Hour, Member: "Hank Moreno", Note: true, Text: "Done.", Status: "Resolved"}}},
		},
	},
	{
		New: db.NewWorkspace{Name: "Initech", Kind: model.Slack, SlackTeam: "T0INITECH", Color: "#8a3b12", Hosts: []string{"initech.localhost"}},
		Projects: []db.NewProject{{PublicID: "desk", Name: "Initech IT desk", Intake: model.IntakeOpen, Types: plainTypes, DefaultType: "question",
			Intro: "Laptops, accounts, printers. Even the red stapler."}},
		Members: []model.Member{{Email: "admin@initech.example", Name: "Nina Patel", Role: model.Admin, NewTicketMail: true}},
		Tickets: []ticket{{Project: "desk", After: 30 * time.Hour, Intake: model.Intake{
			Email: "peter@example.org", Name: "Peter", Title: "The printer says PC LOAD LETTER", Type: "bug",
			Description: "The printer on the second floor stops with `PC LOAD LETTER` since this morning.",
		}}},
	},
}

// full is the address of a mailbox that took its first mail, and no more.
const full = "lin@example.org"

var acmeTickets = []ticket{
	{Project: "support", After: 2 * time.Hour, Intake: model.Intake{
		Email: "ada@example.org", Name: "Ada Byron", Title: "How do I move a shelf to another room?",
		Description: "We are moving offices and want to keep our labels.\n\nIs there a way to move a whole shelf, with everything on it, to another room?",
	}, Entries: []entry{
		{After: 90 * time.Minute, Member: "Tomás Reyes", Note: true, Text: "Third question about this in a week. We should write a help page.", Assign: "Tomás Reyes", Labels: []string{"help page"}},
		{After: 10 * time.Minute, Member: "Tomás Reyes", Text: "Yes, there is:\n\n1. Open the shelf and choose **Edit**.\n2. Pick the new room under *Place*.\n3. Save. Labels and history move along.\n\nDid that work?", Status: "Waiting on reporter"},
		{After: 5 * time.Hour, Text: "It did, thank you! The labels even print with the new room."},
		{After: 40 * time.Minute, Member: "Tomás Reyes", Text: "Great to hear. Enjoy the new office!", Status: "Resolved"},
	}},
	{Project: "support", After: 20 * time.Hour, Intake: model.Intake{
		Email: "max.mustermann@example.org", Name: "Max Mustermann", Title: "Import stops at row 1,001", Type: "bug",
		Fields: model.Typed{"version": {"4.3.1"}, "severity": {"major"},
			"steps": {"1. Open Inventory and choose Import.\n2. Take a file with more than a thousand rows.\n3. Wait until it stops."}},
		Description: "Importing our inventory stops with this message:\n\n```\nerror: line 1001: unexpected end of record\n```\n\nThe file has 4,300 rows. The first thousand arrive.",
		Message:     "The log of one run and the first rows of the file are attached.",
	}, Files: []string{"import-2026-11-14.log", "inventory-first-rows.csv"}, Entries: []entry{
		{After: 2 * time.Hour, Member: "Grace Alder", Text: "Thank you for the exact message. We can see the same with a quoted line break in a cell. We are on it.", Status: "In progress", Assign: "Grace Alder", Priority: model.PriorityHigh, Labels: []string{"import"},
			Add: []model.NewRecipient{{Email: "joan@example.org", Name: "Joan Clarke"}}},
		{After: 3 * time.Hour, Member: "Grace Alder", Note: true, Text: "The parser counts a quoted line break as a row. Fix is in review; ships on Thursday.", Files: []string{"parser-trace.txt"}},
	}},
	{Project: "support", After: 44 * time.Hour, Intake: model.Intake{
		Email: "lin@example.org", Title: "Invoice 2026-118 has the old address", Type: "billing",
		Fields:      model.Typed{"order_number": {"SH-2118"}},
		Description: "Our company has moved. Could you send invoice 2026-118 again with the new address?\n\nSandhill Ltd., 12 Quay Street, Galway",
	}, Entries: []entry{
		{After: 4 * time.Hour, Member: "Grace Alder", Text: "Of course. To change it on the invoice we need your VAT number too: could you tell us?", Status: "Waiting on reporter", Assign: "Grace Alder", Labels: []string{"needs info"}},
	}},
	{Project: "support", After: 70 * time.Hour, Intake: model.Intake{
		Email: "omar@example.org", Name: "Omar Haddad", Title: "مرحبا: can labels be printed right to left?",
		Description: "Our labels are in Arabic (مثال على نص من اليمين إلى اليسار). Can they be printed right to left?",
	}},
	{Project: "support", After: 100 * time.Hour, Intake: model.Intake{
		Email: "joan@example.org", Name: "Joan Clarke", Title: "The scanner app asks for the camera again and again", Type: "bug",
		Fields:      model.Typed{"version": {"4.2"}, "severity": {"minor"}},
		Description: "On my phone the app asks for the camera at *every* scan.\n\n- Phone: a two-year-old Android\n- App: 4.2\n\nAllowing it does not help.",
	}, Files: []string{"camera-question.png"}, Entries: []entry{
		{After: 3 * time.Hour, Member: "Tomás Reyes", Text: "Could you open Settings → Apps → Acme Shelf → Permissions and tell us what stands beside *Camera*?", Status: "Waiting on reporter", Assign: "Tomás Reyes", Labels: []string{"app", "needs info"}},
		{After: 2 * time.Hour, Text: "It says **Ask every time**. I have changed it to *Allow while in use*, and now it works. Thanks!"},
	}},
	{Project: "support", Language: "de", After: 128 * time.Hour, Intake: model.Intake{
		Email: "kim@example.org", Title: "Gibt es einen Rabatt für Schulen?",
		Description: "Wir sind eine kleine Schule mit zwei Laboren. Gibt es für uns einen Rabatt?",
	}},
}
