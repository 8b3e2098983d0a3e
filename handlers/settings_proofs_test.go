package handlers_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const (
	anAgent  = "agent@example.com"
	anAdmin  = "admin@example.com"
	bugForm  = "/ticket/support/fields?type=bug"
	versions = "/templates/2/fields/version" // a text of the demo's bug reports
	steps    = "/templates/2/fields/steps"   // one that nobody has to answer
	newField = "/templates/2/new"
)

// settingProofs has each field of each form of the settings, by the route that takes it.
var settingProofs = map[string]proof{
	"/attachments allowed_types":   {by: "TestG5_ContentDecidesWhatIsTaken"},
	"/attachments custom_types":    {by: "TestG5_ContentDecidesWhatIsTaken"},
	"/attachments max_file_mb":     {by: "TestG3_SizesToTheByte"},
	"/attachments max_ticket_mb":   {by: "TestG4_FiftyUploadsAtOnceNeverPassTheTicketsRoom"},
	"/attachments storage_mb":      {by: "TestG4_TheWorkspacesAllowanceHolds"},
	"/attachments retention_value": {by: "TestG6_RetentionRemovesWhatHasBeenClosedForLong"},
	"/attachments retention_unit":  {by: "TestG6_RetentionRemovesWhatHasBeenClosedForLong"},

	"/audit/export about":  {test: exportedAudit("about", "limits", "portal")},
	"/audit/export member": {test: exportedAudit("member", "2", "1")},
	"/audit/export from":   {test: exportedAudit("from", "2026-11-21", "2026-11-20")},
	"/audit/export to":     {test: exportedAudit("to", "2026-11-19", "2026-11-20")},

	"/customers/:id name":          {by: "TestN_ACustomersNameIsCorrected"},
	"/customers/:id/erase address": {by: "TestJ4_ErasureIsAskedForWithdrawnAndConfirmed"},

	"/documents/new title":   {set: zebra(nil), look: "/doc/support", shows: "Zebra care"},
	"/documents/new body":    {set: zebra(nil), look: "/doc/support/zebra", shows: "Striped text"},
	"/documents/new slug":    {set: zebra(nil), look: "/doc/support", shows: "/doc/support/zebra"},
	"/documents/new project": {test: documentElsewhere("/documents/new")},
	"/documents/new action":  {by: "TestN_ADocumentIsWrittenPublishedUnpublishedAndDeleted"},
	"/documents/new version": {not: "it says which version the form shows"},
	"/documents/:id title":   {set: zebra(nil), look: "/doc/support", shows: "Zebra care"},
	"/documents/:id body":    {set: zebra(nil), look: "/doc/support/zebra", shows: "Striped text"},
	"/documents/:id slug":    {set: zebra(nil), look: "/doc/support", shows: "/doc/support/zebra"},
	"/documents/:id project": {test: documentElsewhere("/documents/1")},
	"/documents/:id action":  {by: "TestN_ADocumentIsWrittenPublishedUnpublishedAndDeleted"},
	"/documents/:id version": {not: "it says which version the form shows"},

	"/domains host": {by: "TestN_PagesAnswerAtANewPageDomainAndGoOnAtTheBaseHost"},

	"/intake-links email":   {by: "TestD1_AnIntakeLinkFillsInTheCustomer"},
	"/intake-links name":    {by: "TestD1_AnIntakeLinkFillsInTheCustomer"},
	"/intake-links project": {by: "TestD2_ALinkWorksInItsOwnProjectAndTime"},
	"/intake-links days":    {by: "TestD2_ALinkWorksInItsOwnProjectAndTime"},

	"/mail/test to": {by: "TestK2_ATestMessageShowsWhatTheServerSaid"},

	"/projects/new name":      {by: "TestN_AProjectIsAddedAndTakesTickets"},
	"/projects/new public_id": {by: "TestN_AProjectIsAddedAndTakesTickets"},

	"/projects/:id/types name":                        {by: "TestN_TypesAreAddedRenamedMovedAndDeletedWithTheirTickets"},
	"/projects/:id/types/:part name":                  {by: "TestN_TypesAreAddedRenamedMovedAndDeletedWithTheirTickets"},
	"/projects/:id/types/:part/move to":               {by: "TestN_TypesAreAddedRenamedMovedAndDeletedWithTheirTickets"},
	"/projects/:id/types/:part/delete replacement":    {by: "TestN_TypesAreAddedRenamedMovedAndDeletedWithTheirTickets"},
	"/projects/:id/statuses name":                     {by: "TestN_StatusesAreChangedAndEachMeaningKeepsOne"},
	"/projects/:id/statuses category":                 {by: "TestN_StatusesAreChangedAndEachMeaningKeepsOne"},
	"/projects/:id/statuses/:part name":               {by: "TestN_StatusesAreChangedAndEachMeaningKeepsOne"},
	"/projects/:id/statuses/:part/move to":            {by: "TestN_StatusesAreChangedAndEachMeaningKeepsOne"},
	"/projects/:id/statuses/:part/delete replacement": {by: "TestN_StatusesAreChangedAndEachMeaningKeepsOne"},

	"/labels name":      {set: url.Values{"name": {"Zebra"}}, as: anAgent, look: "/desk/tickets/1", shows: "<bdi>Zebra</bdi>"},
	"/labels color":     {set: url.Values{"name": {"Zebra"}, "color": {"purple"}}, as: anAgent, look: "/desk/tickets/1", shows: `tag--purple"><bdi>Zebra`},
	"/labels/:id name":  {set: url.Values{"name": {"Zebra"}}, as: anAgent, look: "/desk/tickets/1", shows: "<bdi>Zebra</bdi>"},
	"/labels/:id color": {set: url.Values{"name": {"Zebra"}, "color": {"purple"}}, as: anAgent, look: "/desk/tickets/1", shows: `tag--purple"><bdi>Zebra`},

	"/limits create_per_10_minutes":  {by: "TestH1_TheLimitsAreSettings"},
	"/limits create_per_day":         {test: ticketsADay},
	"/limits replies_per_10_minutes": {test: repliesInTenMinutes},
	"/limits upload_mb_per_day":      {by: "TestH1_AThreadLinkUploadsItsShareADay"},

	"/mail first_mails_per_hour":   {by: "TestB10_TheMailRulesAreSettings"},
	"/mail unconfirmed_drop_after": {test: droppedAfter},

	"/members email":               {test: invitedByMail},
	"/members name":                {test: invitedByMail},
	"/members mail":                {test: invitedByMail},
	"/members role":                {test: invitedByMail},
	"/members/:id name":            {set: url.Values{"name": {"Zebra"}}, as: anAgent, look: "/desk", shows: "Zebra"},
	"/members/:id role":            {set: url.Values{"role": {"admin"}}, as: anAgent, look: "/desk", shows: "/desk/settings"},
	"/members/:id new_ticket_mail": {test: newTicketMail},
	"/members/codes require_codes": {by: "TestM1_ATeamThatRequiresCodesLeadsEverybodyToThem"},

	"/portal anonymous_creation": {set: url.Values{"anonymous_creation": nil}, look: "/ticket/support", shows: "Sign in with your email address"},
	"/portal customer_login":     {set: url.Values{"customer_login": nil}, look: "/ticket/support", hides: "/tickets/login"},
	"/portal public_replies":     {by: "TestI6_WithoutPublicRepliesTheThreadIsForReading"},
	"/portal public_uploads":     {by: "TestI6_SwitchedOffUploadsAreRefusedAndSaidSo"},
	"/portal suggestions":        {set: url.Values{"suggestions": nil}, look: "/ticket/support", hides: suggestions},

	"/projects/:id name":         {test: project(url.Values{"name": {"Zebra desk"}}, "/", "Zebra desk")},
	"/projects/:id intro":        {test: project(url.Values{"intro": {"Striped words"}}, "/ticket/support", "Striped words")},
	"/projects/:id intake":       {test: project(url.Values{"intake": {"closed"}}, "/", "Not taking tickets")},
	"/projects/:id default_type": {test: project(url.Values{"default_type": {"bug"}}, "/ticket/support", "field_version")},

	"/saved-replies/new name": {set: url.Values{"name": {"Zebra"}, "body": {"Striped"}}, as: anAgent, look: "/desk/tickets/1", shows: ">Zebra</option>"},
	"/saved-replies/new body": {by: "TestM5_ASavedReplyIsWrittenUsedAndDeleted"},
	"/saved-replies/:id name": {set: url.Values{"name": {"Zebra"}}, as: anAgent, look: "/desk/tickets/1", shows: ">Zebra</option>"},
	"/saved-replies/:id body": {by: "TestM5_ASavedReplyIsWrittenUsedAndDeleted"},

	"/sign-in kind":          {by: "TestN_TheKindDecidesWhatIsOffered"},
	"/sign-in slack_team":    {by: "TestN_TheKindDecidesWhatIsOffered"},
	"/sign-in client_id":     {by: "TestN_AWorkspaceHasAnAppOfItsOwn"},
	"/sign-in client_secret": {by: "TestN_AWorkspaceHasAnAppOfItsOwn"},

	"/templates name":                               {set: url.Values{"name": {"Zebra"}}, as: anAdmin, look: "/desk/settings/templates", shows: "Zebra</option>"},
	"/templates/:id name":                           {set: url.Values{"name": {"Zebra"}}, as: anAdmin, look: "/desk/settings/templates", shows: "Zebra</option>"},
	"/templates/:id/order moved":                    {by: "TestN_FieldsArePutInOrderAtOnce"},
	"/templates/:id/fields/:key/move direction":     {by: "TestN_FieldsAreMovedChangedAndRemoved"},
	"/templates/bindings/:project binding_":         bound("binding_", "2", "question", "field_version"),
	"/templates/bindings/:project binding_bug":      bound("binding_bug", "1", "bug", "field_order_number"),
	"/templates/bindings/:project binding_billing":  bound("binding_billing", "2", "billing", "field_version"),
	"/templates/bindings/:project binding_question": bound("binding_question", "2", "question", "field_version"),

	"/templates/:id/fields/:key label":       {page: versions, set: url.Values{"label": {"Zebra"}}, look: bugForm, shows: "Zebra"},
	"/templates/:id/fields/:key key":         {page: versions, set: url.Values{"key": {"zebra"}}, look: bugForm, shows: `name="field_zebra"`},
	"/templates/:id/fields/:key kind":        {page: versions, set: url.Values{"kind": {"date"}}, look: bugForm, shows: `type="date"`},
	"/templates/:id/fields/:key visibility":  {page: steps, set: url.Values{"visibility": {"hidden"}}, look: bugForm, hides: "field_steps"},
	"/templates/:id/fields/:key required":    {page: steps, set: url.Values{"required": {"1"}}, look: bugForm, hides: "field__optional"},
	"/templates/:id/fields/:key help":        {page: versions, set: url.Values{"help": {"Striped"}}, look: bugForm, shows: "Striped"},
	"/templates/:id/fields/:key placeholder": {page: versions, set: url.Values{"placeholder": {"Striped"}}, look: bugForm, shows: `placeholder="Striped"`},
	"/templates/:id/fields/:key choices":     {set: url.Values{"choices": {"small\nstriped"}}, look: bugForm, shows: "striped"},
	"/templates/:id/fields/:key min_length":  {test: refuses(versions, url.Values{"min_length": {"9"}})},
	"/templates/:id/fields/:key max_length":  {test: refuses(versions, url.Values{"max_length": {"2"}})},
	"/templates/:id/fields/:key pattern":     {test: refuses(versions, url.Values{"pattern": {"[A-Z]+"}})},
	"/templates/:id/fields/:key min":         {test: refuses(versions, url.Values{"kind": {"number"}, "min": {"5"}})},
	"/templates/:id/fields/:key max":         {test: refuses(versions, url.Values{"kind": {"number"}, "max": {"4"}})},
	"/templates/:id/fields/:key default":     {test: teamSees("/templates/2/fields/triage_queue", url.Values{"default": {"Striped queue"}})},
	"/templates/:id/fields/:key description": {page: versions, set: url.Values{"description": {"Striped"}}, as: anAdmin, look: "/desk/settings" + versions, shows: "Striped"},
	"/templates/:id/fields/:key action":      {by: "TestN_ThePreviewIsThePublicFormsOwnBlock"},

	"/templates/:id/new label":       {set: asked(nil), look: bugForm, shows: "Zebra"},
	"/templates/:id/new key":         {set: asked(nil), look: bugForm, shows: `name="field_zebra"`},
	"/templates/:id/new kind":        {set: asked(url.Values{"kind": {"date"}}), look: bugForm, shows: `type="date"`},
	"/templates/:id/new visibility":  {test: teamSees(newField, asked(url.Values{"visibility": {"hidden"}, "default": {"Striped queue"}}))},
	"/templates/:id/new required":    {test: refuses(newField, asked(url.Values{"required": {"1"}}))},
	"/templates/:id/new help":        {set: asked(url.Values{"help": {"Striped"}}), look: bugForm, shows: "Striped"},
	"/templates/:id/new placeholder": {set: asked(url.Values{"placeholder": {"Striped"}}), look: bugForm, shows: `placeholder="Striped"`},
	"/templates/:id/new choices":     {set: asked(url.Values{"kind": {"choice"}, "choices": {"small\nstriped"}}), look: bugForm, shows: "striped"},
	"/templates/:id/new min_length":  {test: refuses(newField, asked(url.Values{"min_length": {"9"}}))},
	"/templates/:id/new max_length":  {test: refuses(newField, asked(url.Values{"max_length": {"2"}}))},
	"/templates/:id/new pattern":     {test: refuses(newField, asked(url.Values{"pattern": {"[A-Z]+"}}))},
	"/templates/:id/new min":         {test: refuses(newField, asked(url.Values{"kind": {"number"}, "min": {"5"}}))},
	"/templates/:id/new max":         {test: refuses(newField, asked(url.Values{"kind": {"number"}, "max": {"4"}}))},
	"/templates/:id/new default":     {test: teamSees(newField, asked(url.Values{"visibility": {"hidden"}, "default": {"Striped queue"}}))},
	"/templates/:id/new description": {set: asked(url.Values{"description": {"Striped"}}), as: anAdmin, look: "/desk/settings/templates/2/fields/zebra", shows: "Striped"},
	"/templates/:id/new action":      {by: "TestN_ThePreviewIsThePublicFormsOwnBlock"},

	"/tickets auto_close_after": {by: "TestK1_TheDaysUntilATicketClosesAreASetting"},

	"/workspace name":      {set: url.Values{"name": {"Zebra & Co"}}, look: "/ticket/support", shows: "Zebra &amp; Co"},
	"/workspace language":  {set: url.Values{"language": {"de"}}, look: "/ticket/support", shows: `<html lang="de"`},
	"/workspace color":     {by: "TestN_ANewColourDressesPublicPagesAndMailAndNothingElse"},
	"/workspace version":   {not: "it says which settings the form shows"},
	"/workspace/logo logo": {by: "TestN_ALogoStandsOnPublicPagesAndInMail"},
}

// zebra is a document that is published, with some other values.
func zebra(other url.Values) url.Values {
	return merged(url.Values{"title": {"Zebra care"}, "body": {"Striped text"}, "slug": {"zebra"}, "project": {"support"}, "action": {"publish"}}, other)
}

// asked is a text that the bug reports shall ask for, with some other values.
func asked(other url.Values) url.Values {
	return merged(url.Values{"label": {"Zebra"}, "key": {"zebra"}, "kind": {"text"}, "visibility": {"shown"}, "action": {"save"}}, other)
}

func merged(values, other url.Values) url.Values {
	for name, value := range other {
		values[name] = value
	}
	return values
}

func bound(field, template, kind, shows string) proof {
	return proof{
		page: "/templates", action: "/templates/bindings/support", set: url.Values{field: {template}, "binding_question": {template}, "binding_billing": {template}},
		look: "/ticket/support/fields?type=" + kind, shows: shows,
	}
}

// project changes the demo's public project.
func project(set url.Values, look, shows string) func(*testing.T, *handlerstest.Server) {
	return func(t *testing.T, s *handlerstest.Server) {
		p, err := s.DB.Project(t.Context(), 1, "support")
		if err != nil {
			t.Fatal(err)
		}
		proof{page: "/projects/" + strconv.Itoa(int(p.ID)), set: set, look: look, shows: shows}.see(t, s)
	}
}

// refuses says that an answer of the bug reports is taken without a bound, and not with it.
func refuses(page string, set url.Values) func(*testing.T, *handlerstest.Server) {
	return func(t *testing.T, s *handlerstest.Server) {
		v := s.Visitor("")
		report := func() url.Values {
			form := bugReport(v, "ada@example.org")
			if _, required := set["required"]; !required {
				form.Set("field_zebra", "4.2")
			}
			return form
		}
		v.Post("/ticket/support", report()).Status(303)
		saveForm(t, s, page, "", set)
		v.Post("/ticket/support", report()).Status(422)
	}
}

// teamSees says that the team finds a default in a new bug report, and the reporter does not.
func teamSees(page string, set url.Values) func(*testing.T, *handlerstest.Server) {
	return func(t *testing.T, s *handlerstest.Server) {
		saveForm(t, s, page, "", set)
		v := s.Visitor("")
		v.Post("/ticket/support", bugReport(v, "new@example.org")).Status(303)
		s.Jobs.Step(t.Context())
		s.Member(anAgent).Get("/desk/tickets/7").Status(200).Has("Striped queue")
		v.Get(s.Mailbox.Last(t, "new@example.org").Link(t, "/ticket/thread/")).Status(200).HasNot("Striped queue")
		v.Get(bugForm).Status(200).HasNot("Striped queue", "field_triage_queue", "field_zebra")
	}
}

// exportedAudit says that an export has a line with one value of the filter, and not with another.
func exportedAudit(field, without, with string) func(*testing.T, *handlerstest.Server) {
	return func(t *testing.T, s *handlerstest.Server) {
		set(t, s, "/desk/settings/portal", map[string]string{"suggestions": ""})
		admin := s.Member(anAdmin)
		admin.Post(auditPage+"/export", url.Values{field: {with}}).Status(200).Has("Portal changed")
		admin.Post(auditPage+"/export", url.Values{field: {without}}).Status(200).HasNot("Portal changed")
	}
}

// documentElsewhere says that a document stands in the project that its form names, and in no other.
func documentElsewhere(page string) func(*testing.T, *handlerstest.Server) {
	return func(t *testing.T, s *handlerstest.Server) {
		set(t, s, "/desk/settings/projects/2", map[string]string{"intake": "open"})
		saveForm(t, s, page, "", zebra(url.Values{"project": {"internal"}}))
		s.Visitor("").Get("/doc/support/zebra").Status(404)
		s.Visitor("").Get("/doc/internal/zebra").Status(200).Has("Striped text")
	}
}

func ticketsADay(t *testing.T, s *handlerstest.Server) {
	saveForm(t, s, "/limits", "", url.Values{"create_per_day": {"2"}})
	v := s.Visitor("")
	for range 2 {
		v.Post("/ticket/support", newForm(v, "One of two")).Status(303)
		s.Clock.Move(time.Hour)
	}
	v.Post("/ticket/support", newForm(v, "One too many")).Status(429)
}

func repliesInTenMinutes(t *testing.T, s *handlerstest.Server) {
	saveForm(t, s, "/limits", "", url.Values{"replies_per_10_minutes": {"1"}})
	thread := s.Ticket("", "support", "new@example.org", "Limited")
	v := s.Visitor("")
	for i, want := range []int{303, 429} {
		form := v.Get(thread).Form(thread + "/reply")
		form.Set("message", "Reply "+strconv.Itoa(i))
		v.Post(thread+"/reply", form).Status(want)
	}
}

func droppedAfter(t *testing.T, s *handlerstest.Server) {
	s.Ticket("", "support", "new@example.org", "Never confirmed")
	saveForm(t, s, "/mail", "", url.Values{"unconfirmed_drop_after": {"5"}})
	for _, step := range []struct{ days, status int }{{4, 200}, {2, 404}} {
		s.Clock.Move(time.Duration(step.days) * day)
		s.Jobs.Sweep(t.Context())
		s.Member(anAgent).Get("/desk/tickets/7").Status(step.status)
	}
}

// invitedByMail invites an admin by mail: address, name and role arrive, and without the switch no mail goes.
func invitedByMail(t *testing.T, s *handlerstest.Server) {
	invite := func(email string, mail []string) {
		saveForm(t, s, "/members", "", url.Values{"email": {email}, "name": {"Nell Zebra"}, "role": {"admin"}, "mail": mail})
		s.Jobs.Step(t.Context())
	}
	invite("quiet@example.com", nil)
	if n := len(s.Mailbox.Mails("quiet@example.com")); n != 0 {
		t.Errorf("%d mails went", n)
	}
	invite("nell@example.com", []string{"1"})
	link, nell := s.Mailbox.Last(t, "nell@example.com").Link(t, "/desk/join/"), s.Visitor("")
	form := nell.Get(link).Status(200).Has("Nell Zebra").Form(link)
	form.Set("password", "a password for Nell")
	form.Set("again", "a password for Nell")
	nell.Post(link, form).Status(303)
	nell.Get("/desk/settings/workspace").Status(200).Has("Nell Zebra")
}

func newTicketMail(t *testing.T, s *handlerstest.Server) {
	told := func() int {
		s.Ticket("", "support", "new@example.org", "Who hears of it")
		return len(s.Mailbox.Mails(anAgent))
	}
	saveForm(t, s, "/members/2", "", url.Values{"new_ticket_mail": {"1"}})
	first := told()
	if first == 0 {
		t.Error("with the switch on, no mail went")
	}
	saveForm(t, s, "/members/2", "", url.Values{"new_ticket_mail": nil})
	if now := told(); now != first {
		t.Errorf("with the switch off, %d mails went", now-first)
	}
}
