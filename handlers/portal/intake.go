package portal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Intake shows the creation form (A1, B1, B2).
func (p *Portal) Intake(c echo.Context) error {
	form, err := p.newIntake(c, c.QueryParam("customer_token"))
	if err != nil {
		return err
	}
	form.page.Answers.Type = form.project.DefaultType
	p.addSignIn(c, form, false)
	if err := p.reopened(c, form, c.QueryParam("form")); err != nil {
		return err
	}
	if form.customer.ID == 0 && form.identityHash == "" {
		// Nothing personal stands here yet, and a page that may be kept comes back, on "back", with
		// what was typed.
		c.Response().Header().Set(echo.HeaderCacheControl, "private, no-cache")
	}
	return p.intakePage(c, http.StatusOK, form)
}

// CreateTicket takes the creation form. What it cannot take comes back with all that was typed (B3).
func (p *Portal) CreateTicket(c echo.Context) error {
	posted, files, err := p.ReadFiles(c, web.Workspace(c).Uploads, false)
	defer files.Close()
	var form *intake
	if err == nil {
		form, err = p.newIntake(c, posted.Raw("customer_token"))
	}
	if err == nil {
		err = p.spendPost(c)
	}
	if err != nil {
		return web.KeepTyped(err, c.Request().URL.Path, posted)
	}
	form.read(posted)
	if posted.Raw("website") != "" { // H4: a bot sees what a person sees, and nothing is made
		return p.sent(c, form, "")
	}
	fresh := form.useKey(p, posted.Raw("form_key"))
	form.useVisit(p, posted.Raw("visit"))
	if err := p.leaveIdentity(c, form, posted); err != nil {
		return err
	}
	p.addSignIn(c, form, hadIdentity(posted))
	err = p.stage(c, p.intakeUploads(c, form), files)
	switch failure, _ := p.Failure(c, err); {
	case model.KindOf(err) == model.Invalid:
		form.page.Errors, form.page.Problem = failure.Fields, failure.Message
		return p.intakePage(c, http.StatusUnprocessableEntity, form)
	case err != nil:
		return web.KeepTyped(err, form.page.Action, posted)
	case posted.RemoveUpload() != "":
		if err := p.DB.RemoveUpload(c.Request().Context(), form.workspace.ID, form.page.FormKey, posted.RemoveUpload()); err != nil {
			return err
		}
		return p.intakePage(c, http.StatusOK, form)
	case posted.Back() || posted.Raw("show_fields") != "" || posted.Raw("use_email") != "" || web.Switched(c) != "": // nothing is checked, and nothing is lost
		return p.intakePage(c, http.StatusOK, form)
	case !fresh:
		form.page.Problem = p.Language(c).Text("This page was open for too long. Everything is still here: send it once more.")
		return p.intakePage(c, http.StatusUnprocessableEntity, form)
	}
	return p.create(c, form, posted)
}

// create makes the ticket of a form.
func (p *Portal) create(c echo.Context, form *intake, posted web.Form) error {
	again, err := p.checkIdentity(c, form, posted.Raw("identity"))
	if err != nil {
		return web.KeepTyped(err, form.page.Action, posted)
	}
	if again {
		form.page.Problem = p.Language(c).Text("You have signed in meanwhile as {0}. Send it once more, or use your email address instead.", form.identity.Name)
		return p.intakePage(c, http.StatusUnprocessableEntity, form)
	}
	answers, key := form.page.Answers, form.page.FormKey
	err = p.DB.CreateTicket(c.Request().Context(), form.workspace, form.project.PublicID, db.NewTicket{
		FormKey: key, Host: web.Host(c), Intake: answers, Client: web.Client(c), Files: posted.UploadRefs(),
		Customer: form.customer.ID, IntakeLink: form.link, Language: p.Language(c).Tag, Identity: form.identityHash,
		Description: views.Markdown(answers.Description), Message: views.Markdown(answers.Message), Visit: form.page.Visit,
	})
	switch failure, _ := p.Failure(c, err); {
	case err == nil:
		return p.sent(c, form, key)
	case model.KindOf(err) == model.Invalid:
		form.page.Errors, form.page.Problem = failure.Fields, failure.Message
		return p.intakePage(c, http.StatusUnprocessableEntity, form)
	case model.KindOf(err) == model.Conflict:
		form.page.FormKey = p.Keys.FormKey(form.scope(), p.Now())
		form.page.Problem = failure.Message
		return p.intakePage(c, http.StatusConflict, form)
	}
	return web.KeepTyped(err, form.page.Action, posted)
}

// intake is a creation form on its way: the page and what stands behind it.
type intake struct {
	workspace model.Workspace
	project   model.Project
	customer  db.Customer  // zero for a visitor
	link      model.LinkID // by which the customer is known; empty without one
	// identity is who a visitor is by a sign-in, identityHash the hash of their cookie; zero for nobody.
	identity     model.Identity
	identityHash string
	page         views.Intake
}

// newIntake returns the form of the project in the path, for whoever opens it: the customer of an
// intake link's token, else the signed-in one, else a visitor.
func (p *Portal) newIntake(c echo.Context, token string) (*intake, error) {
	ws := web.Workspace(c)
	frame, customer, err := p.frame(c)
	if err != nil {
		return nil, err
	}
	project, err := p.DB.Project(c.Request().Context(), ws.ID, c.Param("project"))
	if err != nil {
		return nil, err
	}
	form := &intake{workspace: ws, project: project, customer: customer}
	notice, err := p.takeLink(c, form, token)
	if err != nil {
		return nil, err
	}
	if err := model.MayOpen(ws, project, form.customer.ID != 0); err != nil {
		return nil, explainLink(err, project, notice)
	}
	if form.customer.ID == 0 {
		if form.identity, form.identityHash, err = p.identity(c); err != nil {
			return nil, err
		}
	}
	form.page = views.Intake{
		Frame:   frame.Keeping("form", intakeURL(project.PublicID)),
		Project: project.Name, Intro: project.Intro, Action: intakeURL(project.PublicID),
		FormKey: p.Keys.FormKey(form.scope(), p.Now()), Fixed: form.customer.ID != 0, Notice: p.Language(c).Say(notice),
		Answers: model.Intake{Email: form.customer.Email, Name: form.customer.Name},
	}
	if form.link != "" {
		form.page.Token = token
	}
	if model.MaySuggest(ws, project) == nil {
		form.page.Suggest, form.page.Visit = form.page.Action+"/suggestions", p.newVisit(project)
	}
	for _, t := range project.Types {
		form.page.Types = append(form.page.Types, views.Choice{Value: t.Key, Label: t.Name})
	}
	return form, nil
}

// scope binds a form key to this project's form.
func (f *intake) scope() string { return fmt.Sprintf("intake/%d/%d", f.workspace.ID, f.project.ID) }

// read takes the posted answers. Who is signed in is not asked who they are.
func (f *intake) read(posted web.Form) {
	in := model.Intake{
		Email: posted.Raw("email"), Name: posted.Raw("name"), Title: posted.Raw("title"),
		Description: posted.Raw("description"), Type: posted.Raw("type"), Message: posted.Raw("message"),
		Fields: posted.Fields(), Seen: posted.Raw("fields_seen"),
	}
	if f.customer.ID != 0 {
		in.Email, in.Name = f.customer.Email, f.customer.Name
	}
	f.page.TypedEmail = cmp.Or(model.CleanLine(in.Email), model.CleanLine(posted.Raw("typed_email")))
	in.Name = cmp.Or(in.Name, posted.Raw("typed_name"))
	if f.identity.Provider != "" && f.identity.Email != "" {
		in.Email = f.identity.Email
	}
	if in.Type == "" {
		in.Type = f.project.DefaultType
	}
	f.page.Answers = in.Clean()
}

// confirmation is what the page after a submission shows. Ticket is set for whoever proved who they
// are: the form key of what they opened, by which their link is found.
type confirmation struct {
	Email    string
	Ticket   string           `json:",omitempty"`
	Customer model.CustomerID `json:",omitempty"`
}

// sent leads to the confirmation (B9). Its URL carries what the page shows, sealed, so that it is the
// same whether or not a ticket was made. Nothing that a client may choose goes in but the address.
func (p *Portal) sent(c echo.Context, form *intake, made string) error {
	shown := confirmation{Email: firstChars(form.page.Answers.Email, model.MaxAddress)}
	if made != "" && (form.customer.ID != 0 || form.identityHash != "") {
		shown.Ticket, shown.Customer = made, form.customer.ID
	}
	text, err := json.Marshal(shown)
	if err != nil {
		return err
	}
	sealed := p.Keys.Seal("sent/"+form.scope(), string(text))
	return web.SeeOther(c, intakeURL(form.project.PublicID)+"/sent?to="+url.QueryEscape(sealed))
}

func firstChars(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n])
	}
	return s
}

// Sent confirms a submission: what happens next, and to which address the mail goes. The thread
// link stands there for whoever proved who they are, and for nobody else.
func (p *Portal) Sent(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	project, err := p.DB.Project(ctx, ws.ID, c.Param("project"))
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	var shown confirmation
	text, ok := p.Keys.Unseal("sent/"+(&intake{workspace: ws, project: project}).scope(), c.QueryParam("to"))
	if !ok || json.Unmarshal([]byte(text), &shown) != nil {
		return web.SeeOther(c, intakeURL(project.PublicID))
	}
	page := views.Sent{Frame: frame, Project: project.Name, Email: shown.Email, Again: intakeURL(project.PublicID)}
	if shown.Ticket != "" {
		link, err := p.DB.LinkByForm(ctx, ws.ID, shown.Customer, shown.Ticket)
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		if err == nil {
			page.Thread = threadURL(p.Keys.Token(model.ThreadLink, link))
		}
	}
	return p.Page(c, http.StatusOK, page)
}
