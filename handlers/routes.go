package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/reach"
	"deskbell/handlers/web"
	"deskbell/static"
)

// routes lists every path, by who may go there: anyone anywhere, anyone on a known host, anyone on a
// page domain, a recipient by token, a signed-in customer, anyone on the base host, a member,
// an admin.
func (s *server) routes(e *echo.Echo) {
	p, d, a, o := s.portal, s.desk, s.admin, s.oauth

	e.GET("/up", s.up)
	e.GET("/readyz", s.readyz)
	known := area{e, "", []echo.MiddlewareFunc{s.OnKnownHost}, s.Once}
	known.GET(static.Prefix+"*", echo.WrapHandler(s.Kit.Assets))
	known.GET(reach.Path+":token", s.pointsHere, web.NoStore)
	known.GET(securityTxt, s.securityText)
	known.GET("/logo/:workspace/:hash", s.Logo)
	known.GET("/theme/:color", s.Theme)

	public := area{e, "", []echo.MiddlewareFunc{s.OnPageDomain}, s.Once}
	public.GET("/", p.Home)
	public.GET("/ticket/:project", p.Intake, web.NoStore)
	public.FILES("/ticket/:project", p.CreateTicket, web.NoStore)
	public.FILES("/ticket/:project/uploads", p.UploadToIntake, web.NoStore)
	public.POST("/ticket/:project/uploads/remove", p.RemoveFromIntake, web.NoStore)
	public.GET("/ticket/:project/uploads/:file", p.UploadPreview)
	public.GET("/ticket/:project/sent", p.Sent, web.NoStore)
	public.GET("/ticket/:project/fields", p.Fields, web.NoStore)
	public.POST("/ticket/:project/fields", p.Fields, web.NoStore)
	public.GET("/ticket/:project/suggestions", p.Suggestions, web.NoStore)
	public.POST("/ticket/:project/suggestions/opened", p.SuggestionOpened, web.NoStore)

	public.POST("/ticket/:project/identity", p.IdentityPart, web.NoStore)
	public.GET("/ticket/:project/identity/handover", p.HandOver, web.NoStore)
	public.GET("/ticket/:project/identity/done", p.SignedIn, web.NoStore)
	public.GET("/ticket/:project/identity/avatar", p.Avatar, web.NoStore)

	public.POST("/language", p.SwitchLanguage, web.NoStore)

	public.GET("/doc/:project", p.Documents)
	public.GET("/doc/:project/:slug", p.Document)

	public.GET("/ticket/thread/:token", p.Thread(p.ByLink))
	public.GET("/ticket/thread/:token/messages", p.Messages(p.ByLink), web.NoStore)
	public.FILES("/ticket/thread/:token/reply", p.Reply(p.ByLink), web.NoStore)
	public.FILES("/ticket/thread/:token/uploads", p.UploadToThread(p.ByLink), web.NoStore)
	public.POST("/ticket/thread/:token/uploads/remove", p.RemoveFromThread(p.ByLink), web.NoStore)
	public.GET("/ticket/thread/:token/uploads/:file", p.ThreadUploadPreview(p.ByLink))
	public.GET("/ticket/thread/:token/attachments/:file", p.Attachment(p.ByLink))
	public.GET("/ticket/thread/:token/attachments/:file/preview", p.AttachmentPreview(p.ByLink))
	public.FILES("/ticket/thread/:token/language", p.SwitchThread(p.ByLink), web.NoStore)
	public.POST("/ticket/thread/:token/subscribe", p.Subscribe(p.ByLink), web.NoStore)
	public.GET("/ticket/thread/:token/replace", p.ConfirmReplace(p.ByLink), web.NoStore)
	public.POST("/ticket/thread/:token/replace", p.Replace(p.ByLink), web.NoStore)
	public.GET("/ticket/thread/lost", p.LostLinkPage, web.NoStore)
	public.POST("/ticket/thread/lost", p.AskLinks, web.NoStore)
	public.GET("/ticket/thread/lost/sent", p.LinksSent, web.NoStore)
	public.GET("/ticket/unsubscribe/:token", p.UnsubscribePage, web.NoStore)
	public.POST("/ticket/unsubscribe/:token", p.Unsubscribe, web.NoStore)
	public.POST("/ticket/unsubscribe/:token/undo", p.UndoUnsubscribe, web.NoStore)

	public.GET("/tickets/login", p.LoginPage, web.NoStore)
	public.POST("/tickets/login", p.AskLogin, web.NoStore)
	public.GET("/tickets/login/sent", p.LoginSent, web.NoStore)
	public.POST("/tickets/login/code", p.LoginByCode, web.NoStore)
	public.GET("/tickets/login/:token", p.LoginLink, web.NoStore)
	public.POST("/tickets/login/:token", p.LoginByLink, web.NoStore)
	public.POST("/tickets/logout", p.Logout, web.NoStore)

	public.GET("/tickets", p.Overview, web.NoStore)
	public.GET("/tickets/sessions", p.Sessions, web.NoStore)
	public.POST("/tickets/sessions", p.EndSessions, web.NoStore)
	public.GET("/tickets/privacy", p.YourData, web.NoStore)
	public.POST("/tickets/privacy/download", p.Download, web.NoStore)
	public.GET("/tickets/privacy/erasure", p.ConfirmErasure, web.NoStore)
	public.POST("/tickets/privacy/erasure", p.AskErasure, web.NoStore)
	public.POST("/tickets/privacy/erasure/withdraw", p.WithdrawErasure, web.NoStore)
	public.GET("/tickets/:ref", p.Thread(p.BySession))
	public.GET("/tickets/:ref/messages", p.Messages(p.BySession), web.NoStore)
	public.FILES("/tickets/:ref/reply", p.Reply(p.BySession), web.NoStore)
	public.FILES("/tickets/:ref/uploads", p.UploadToThread(p.BySession), web.NoStore)
	public.POST("/tickets/:ref/uploads/remove", p.RemoveFromThread(p.BySession), web.NoStore)
	public.GET("/tickets/:ref/uploads/:file", p.ThreadUploadPreview(p.BySession))
	public.GET("/tickets/:ref/attachments/:file", p.Attachment(p.BySession))
	public.GET("/tickets/:ref/attachments/:file/preview", p.AttachmentPreview(p.BySession))
	public.GET("/tickets/:ref/replace", p.ConfirmReplace(p.BySession), web.NoStore)
	public.POST("/tickets/:ref/replace", p.Replace(p.BySession), web.NoStore)
	public.FILES("/tickets/:ref/language", p.SwitchThread(p.BySession), web.NoStore)
	public.POST("/tickets/:ref/subscribe", p.Subscribe(p.BySession), web.NoStore)

	auth := area{e, "/auth", []echo.MiddlewareFunc{s.OnBaseHost, web.NoStore}, s.Once}
	auth.GET("/:provider/start", o.Start)
	auth.GET("/:provider/callback", o.Callback)

	base := area{e, "/desk", []echo.MiddlewareFunc{s.OnBaseHost, web.NoStore}, s.Once}
	base.GET("/login", d.LoginPage)
	base.POST("/login", d.Login)
	base.GET("/login/code", d.CodePage)
	base.POST("/login/code", d.LoginByCode)
	base.POST("/logout", d.Logout)
	base.GET("/setup/:token", d.SetupPage)
	base.POST("/setup/:token", d.Setup)
	base.GET("/password", d.ForgotPage)
	base.POST("/password", d.AskPassword)
	base.GET("/password/sent", d.PasswordSent)
	base.GET("/join/:token", d.JoinPage)
	base.POST("/join/:token", d.Join)
	if s.Dev {
		base.GET("/components", s.components)
	}

	team := area{e, "/desk", append(base.checks, s.RequireMember), s.Once}
	team.GET("", d.Inbox)
	team.GET("/news", d.News)
	team.GET("/export.csv", d.ExportCSV)
	team.GET("/export.json", d.ExportJSON)
	team.GET("/numbers", d.Numbers)
	team.GET("/numbers.csv", d.ExportNumbers)
	team.POST("/bulk", d.ChangeTickets)
	team.POST("/views", d.SaveView)
	team.GET("/views/:id", d.SavedView)
	team.POST("/views/:id", d.ChangeView)
	team.POST("/views/:id/delete", d.DeleteView)
	team.GET("/tickets/:number", d.Ticket)
	team.FILES("/tickets/:number/messages", d.AddMessage)
	team.POST("/tickets/:number/related", d.Link)
	team.POST("/tickets/:number/related/:other/remove", d.Unlink)
	team.GET("/tickets/:number/preview", d.Preview)
	team.GET("/tickets/:number/fields", d.FieldsPage)
	team.POST("/tickets/:number/fields", d.SaveFields)
	team.GET("/tickets/:number/merge", d.MergePage)
	team.POST("/tickets/:number/merge", d.Merge)
	team.POST("/tickets/:number/draft", d.KeepDraft)
	team.POST("/tickets/:number/news", d.TicketNews)
	team.FILES("/tickets/:number/uploads", d.Upload)
	team.POST("/tickets/:number/uploads/remove", d.RemoveUpload)
	team.GET("/tickets/:number/uploads/:file", d.UploadPreview)
	team.GET("/tickets/:number/attachments/:file", d.Attachment)
	team.GET("/tickets/:number/attachments/:file/preview", d.AttachmentPreview)
	team.GET("/tickets/:number/attachments/:file/remove", d.ConfirmRemove)
	team.POST("/tickets/:number/attachments/:file/remove", d.RemoveAttachment)
	team.POST("/tickets/:number/status", d.SetStatus)
	team.POST("/tickets/:number/assignee", d.Assign)
	team.POST("/tickets/:number/priority", d.SetPriority)
	team.POST("/tickets/:number/labels", d.SetLabels)
	team.GET("/account", d.Account)
	team.POST("/account", d.SaveAccount)
	team.POST("/account/password", d.ChangePassword)
	team.POST("/account/sessions", d.EndSessions)
	team.GET("/account/codes", d.Codes)
	team.POST("/account/codes", d.ConfirmCodes)
	team.POST("/account/codes/begin", d.BeginCodes)
	team.GET("/account/codes/picture", d.CodePicture)
	team.POST("/account/codes/recovery", d.NewRecoveryCodes)
	team.POST("/account/codes/download", d.DownloadRecoveryCodes)
	team.POST("/account/codes/off", d.EndCodes)
	team.POST("/tickets/:number/recipients", d.AddRecipient)
	team.GET("/tickets/:number/recipients/:recipient/remove", d.ConfirmRemoveRecipient)
	team.POST("/tickets/:number/recipients/:recipient/remove", d.RemoveRecipient)
	team.GET("/outbox", d.Outbox)
	team.GET("/outbox/:id", d.MailPage)
	team.POST("/outbox/:id/retry", d.RetryMail)

	settings := area{e, "/desk/settings", slices.Concat(team.checks, []echo.MiddlewareFunc{s.RequireAdmin}), s.Once}
	settings.GET("", a.Settings)
	settings.GET("/start", a.FirstSteps)
	settings.GET("/workspace", a.Workspace)
	settings.POST("/workspace", a.SaveWorkspace)
	settings.FILES("/workspace/logo", a.SetLogo)
	settings.POST("/workspace/logo/remove", a.RemoveLogo)
	settings.GET("/domains", a.Domains)
	settings.POST("/domains", a.AddDomain)
	settings.POST("/domains/:host/primary", a.MakePrimary)
	settings.POST("/domains/:host/check", a.CheckDomain)
	settings.GET("/domains/:host/remove", a.ConfirmRemoveDomain)
	settings.POST("/domains/:host/remove", a.RemoveDomain)
	settings.GET("/portal", a.Portal)
	settings.POST("/portal", a.SavePortal)
	settings.GET("/limits", a.Limits)
	settings.POST("/limits", a.SaveLimits)
	settings.GET("/attachments", a.Attachments)
	settings.POST("/attachments", a.SaveAttachments)
	settings.POST("/attachments/run", a.RunRetention)
	settings.GET("/tickets", a.TicketRules)
	settings.POST("/tickets", a.SaveTicketRules)
	settings.GET("/mail", a.MailRules)
	settings.POST("/mail", a.SaveMailRules)
	settings.GET("/mail/test", a.MailTest)
	settings.POST("/mail/test", a.TestMail)
	settings.GET("/sign-in", a.SignIn)
	settings.POST("/sign-in", a.SaveSignIn)
	settings.GET("/sign-in/try", o.Try)
	settings.GET("/labels", a.Labels)
	settings.POST("/labels", a.SaveLabel)
	settings.GET("/labels/:id", a.Label)
	settings.POST("/labels/:id", a.SaveLabel)
	settings.GET("/labels/:id/delete", a.ConfirmDeleteLabel)
	settings.POST("/labels/:id/delete", a.DeleteLabel)
	settings.GET("/export", a.Export)
	settings.POST("/export", a.ExportWorkspace)
	settings.GET("/projects", a.Projects)
	settings.GET("/projects/new", a.NewProject)
	settings.POST("/projects/new", a.AddProject)
	settings.GET("/projects/:id", a.Project)
	settings.POST("/projects/:id", a.SaveProject)
	for _, kind := range []model.PartKind{model.TypePart, model.StatusPart} {
		list := "/projects/:id/" + string(kind)
		settings.GET(list, a.Parts(kind))
		settings.POST(list, a.AddPart(kind))
		settings.GET(list+"/:part", a.Part(kind))
		settings.POST(list+"/:part", a.SavePart(kind))
		settings.POST(list+"/:part/move", a.MovePart(kind))
		settings.GET(list+"/:part/delete", a.ConfirmDeletePart(kind))
		settings.POST(list+"/:part/delete", a.DeletePart(kind))
	}
	settings.GET("/status", a.Status)
	settings.GET("/members", a.Members)
	settings.POST("/members", a.Invite)
	settings.POST("/members/codes", a.RequireCodes)
	settings.POST("/members/links/:link/withdraw", a.WithdrawMemberLink)
	settings.GET("/members/:id", a.Member)
	settings.POST("/members/:id", a.SaveMember)
	settings.POST("/members/:id/password", a.ResetPassword)
	settings.POST("/members/:id/codes", a.ResetCodes)
	settings.GET("/members/:id/remove", a.ConfirmRemoveMember)
	settings.POST("/members/:id/remove", a.RemoveMember)
	settings.GET("/customers", a.Customers)
	settings.GET("/customers/:id", a.Customer)
	settings.POST("/customers/:id", a.NameCustomer)
	settings.GET("/customers/:id/erase", a.ConfirmErase)
	settings.POST("/customers/:id/erase", a.Erase)
	settings.GET("/privacy", a.Privacy)
	settings.GET("/audit", a.Audit)
	settings.POST("/audit/export", a.ExportAudit)
	settings.GET("/intake-links", a.IntakeLinks)
	settings.POST("/intake-links", a.CreateIntakeLink)
	settings.POST("/intake-links/:link/revoke", a.RevokeIntakeLink)
	settings.GET("/documents", a.Documents)
	settings.GET("/documents/new", a.Document)
	settings.POST("/documents/new", a.SaveDocument)
	settings.GET("/documents/:id", a.Document)
	settings.POST("/documents/:id", a.SaveDocument)
	settings.GET("/documents/:id/delete", a.ConfirmDelete)
	settings.POST("/documents/:id/delete", a.DeleteDocument)
	settings.GET("/saved-replies", a.SavedReplies)
	settings.GET("/saved-replies/new", a.SavedReply)
	settings.POST("/saved-replies/new", a.SaveSavedReply)
	settings.GET("/saved-replies/:id", a.SavedReply)
	settings.POST("/saved-replies/:id", a.SaveSavedReply)
	settings.GET("/saved-replies/:id/delete", a.ConfirmDeleteSavedReply)
	settings.POST("/saved-replies/:id/delete", a.DeleteSavedReply)
	settings.GET("/templates", a.Templates)
	settings.POST("/templates", a.CreateTemplate)
	settings.POST("/templates/bindings/:project", a.SetBindings)
	settings.GET("/templates/browser/:project/:type", a.Inspect)
	settings.GET("/templates/:id", a.Template)
	settings.POST("/templates/:id", a.RenameTemplate)
	settings.GET("/templates/:id/delete", a.ConfirmDeleteTemplate)
	settings.POST("/templates/:id/delete", a.DeleteTemplate)
	settings.POST("/templates/:id/order", a.OrderFields)
	settings.GET("/templates/:id/new", a.Field)
	settings.POST("/templates/:id/new", a.SaveField)
	settings.GET("/templates/:id/fields/:key", a.Field)
	settings.POST("/templates/:id/fields/:key", a.SaveField)
	settings.POST("/templates/:id/fields/:key/move", a.MoveField)
	settings.GET("/templates/:id/fields/:key/delete", a.ConfirmRemoveField)
	settings.POST("/templates/:id/fields/:key/delete", a.RemoveField)
}

// area is a part of the site with its access checks. Why not Echo's groups: a group with middleware
// answers 404 for its whole prefix, where a wrong method should be told 405.
type area struct {
	e      *echo.Echo
	prefix string
	checks []echo.MiddlewareFunc
	once   echo.MiddlewareFunc
}

// GET adds a page, for HEAD too: what a GET does not use up, a HEAD does not either.
func (a area) GET(path string, h echo.HandlerFunc, more ...echo.MiddlewareFunc) {
	a.add(http.MethodGet, path, h, more)
	a.add(http.MethodHead, path, h, more)
}

// POST adds a change. Its form carries no files, and is answered once where it comes twice.
func (a area) POST(path string, h echo.HandlerFunc, more ...echo.MiddlewareFunc) {
	a.add(http.MethodPost, path, web.LimitBody(web.MaxForm)(a.once(h)), more)
}

// FILES adds a change whose form may carry files: its handler bounds what it reads.
func (a area) FILES(path string, h echo.HandlerFunc, more ...echo.MiddlewareFunc) {
	a.add(http.MethodPost, path, h, more)
}

func (a area) add(method, path string, h echo.HandlerFunc, more []echo.MiddlewareFunc) {
	a.e.Add(method, a.prefix+path, h, slices.Concat(a.checks, more)...)
}

// pointsHere proves that a host leads to this installation. Whatever token is asked with, the answer opens
// nothing.
func (s *server) pointsHere(c echo.Context) error {
	token := c.Param("token")
	if len(token) > 64 {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	return c.String(http.StatusOK, reach.Proof(s.Kit.Keys, web.Host(c), token))
}

// up says that the process answers (A9).
func (s *server) up(c echo.Context) error { return c.String(http.StatusOK, "up\n") }
