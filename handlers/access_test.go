package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/handlerstest"
)

// access says for every route who gets which status: a visitor on the base host, on another
// workspace's page domain and on an unknown host, and an agent of the first workspace on the base
// host. Tokens and ids in paths are those of the first workspace.
var access = map[string]struct{ base, other, unknown, agent int }{
	"GET /up":                          {200, 200, 200, 200},
	"GET /readyz":                      {200, 200, 200, 200},
	"GET /static/*":                    {404, 404, 404, 404}, // the star names no asset
	"GET /logo/:workspace/:hash":       {200, 404, 404, 200},
	"GET /.well-known/deskbell/:token": {200, 200, 404, 200}, // proves the host, and tells nothing
	"GET /.well-known/security.txt":    {200, 200, 404, 200},
	"GET /theme/:color":                {200, 200, 404, 200}, // made of its URL alone

	"GET /":                                {200, 200, 404, 200},
	"GET /ticket/:project":                 {200, 404, 404, 200},
	"POST /ticket/:project":                {422, 404, 404, 422},
	"GET /ticket/:project/sent":            {303, 404, 404, 303},
	"GET /ticket/:project/fields":          {200, 404, 404, 200},
	"POST /ticket/:project/fields":         {200, 404, 404, 200},
	"GET /ticket/thread/:token":            {200, 404, 404, 200},
	"GET /ticket/thread/:token/messages":   {303, 404, 404, 303},
	"POST /ticket/thread/:token/reply":     {422, 404, 404, 422},
	"POST /ticket/thread/:token/language":  {303, 404, 404, 303},
	"POST /ticket/thread/:token/subscribe": {303, 404, 404, 303},
	"GET /ticket/thread/:token/replace":    {200, 404, 404, 200},
	"POST /ticket/thread/:token/replace":   {303, 404, 404, 303}, // without the form's key
	"GET /ticket/thread/lost":              {303, 303, 404, 303}, // to the login, where that is on
	"POST /ticket/thread/lost":             {422, 422, 404, 422},
	"GET /ticket/thread/lost/sent":         {200, 200, 404, 200},
	"GET /tickets/:ref/replace":            {303, 303, 404, 303},
	"POST /tickets/:ref/replace":           {401, 401, 404, 401},
	"GET /ticket/unsubscribe/:token":       {200, 404, 404, 200},
	"POST /ticket/unsubscribe/:token":      {200, 404, 404, 200},
	"POST /ticket/unsubscribe/:token/undo": {303, 404, 404, 303},
	"GET /tickets/login":                   {200, 200, 404, 200},
	"POST /tickets/login":                  {422, 422, 404, 422},
	"GET /tickets/login/sent":              {200, 200, 404, 200},
	"POST /tickets/login/code":             {410, 410, 404, 410},
	"GET /tickets/login/:token":            {200, 410, 404, 200},
	"POST /tickets/login/:token":           {303, 410, 404, 410}, // the first one uses it up
	"POST /tickets/logout":                 {303, 303, 404, 303},
	"GET /tickets":                         {303, 303, 404, 303},
	"GET /tickets/sessions":                {303, 303, 404, 303},
	"POST /tickets/sessions":               {401, 401, 404, 401},
	"GET /tickets/:ref":                    {303, 303, 404, 303},
	"GET /tickets/:ref/messages":           {303, 303, 404, 303},
	"POST /tickets/:ref/reply":             {401, 401, 404, 401},
	"POST /tickets/:ref/language":          {401, 401, 404, 401},
	"POST /tickets/:ref/subscribe":         {401, 401, 404, 401},
	"POST /language":                       {303, 303, 404, 303},

	"GET /tickets/privacy":                   {303, 303, 404, 303},
	"POST /tickets/privacy/download":         {401, 401, 404, 401},
	"GET /tickets/privacy/erasure":           {303, 303, 404, 303},
	"POST /tickets/privacy/erasure":          {401, 401, 404, 401},
	"POST /tickets/privacy/erasure/withdraw": {401, 401, 404, 401},

	// A file opens for whoever may read its ticket; the ref of one that exists is tried in G8's test.
	"POST /ticket/:project/uploads":                       {400, 404, 404, 400},
	"POST /ticket/:project/uploads/remove":                {303, 404, 404, 303},
	"GET /ticket/:project/uploads/:file":                  {404, 404, 404, 404},
	"POST /ticket/thread/:token/uploads":                  {400, 404, 404, 400},
	"POST /ticket/thread/:token/uploads/remove":           {303, 404, 404, 303},
	"GET /ticket/thread/:token/uploads/:file":             {404, 404, 404, 404},
	"GET /ticket/thread/:token/attachments/:file":         {404, 404, 404, 404},
	"GET /ticket/thread/:token/attachments/:file/preview": {404, 404, 404, 404},
	"POST /tickets/:ref/uploads":                          {401, 401, 404, 401},
	"POST /tickets/:ref/uploads/remove":                   {401, 401, 404, 401},
	"GET /tickets/:ref/uploads/:file":                     {303, 303, 404, 303},
	"GET /tickets/:ref/attachments/:file":                 {303, 303, 404, 303},
	"GET /tickets/:ref/attachments/:file/preview":         {303, 303, 404, 303},
	"POST /desk/tickets/:number/uploads":                  {401, 404, 404, 400},
	"POST /desk/tickets/:number/uploads/remove":           {401, 404, 404, 400},
	"GET /desk/tickets/:number/uploads/:file":             {303, 404, 404, 404},
	"GET /desk/tickets/:number/attachments/:file":         {303, 404, 404, 404},
	"GET /desk/tickets/:number/attachments/:file/preview": {303, 404, 404, 404},
	"GET /desk/tickets/:number/attachments/:file/remove":  {303, 404, 404, 404},
	"POST /desk/tickets/:number/attachments/:file/remove": {401, 404, 404, 404},
	"GET /desk/settings/attachments":                      {303, 404, 404, 403},
	"POST /desk/settings/attachments":                     {401, 404, 404, 403},
	"POST /desk/settings/attachments/run":                 {401, 404, 404, 403},

	// A sign-in begins for a form's own address alone, and ends with a state and a code alone.
	"GET /auth/:provider/start":              {404, 404, 404, 404},
	"GET /auth/:provider/callback":           {410, 404, 404, 410},
	"POST /ticket/:project/identity":         {303, 404, 404, 303},
	"GET /ticket/:project/identity/handover": {410, 404, 404, 410},
	"GET /ticket/:project/identity/done":     {303, 404, 404, 303},
	"GET /ticket/:project/identity/avatar":   {404, 404, 404, 404},
	"GET /desk/settings/sign-in":             {303, 404, 404, 403},
	"POST /desk/settings/sign-in":            {401, 404, 404, 403},
	"GET /desk/settings/sign-in/try":         {303, 404, 404, 403},

	"GET /desk/login":         {200, 404, 404, 303},
	"POST /desk/login":        {422, 404, 404, 422},
	"POST /desk/logout":       {303, 404, 404, 303},
	"GET /desk/setup/:token":  {404, 404, 404, 404},
	"POST /desk/setup/:token": {404, 404, 404, 404},
	"GET /desk/login/code":    {410, 404, 404, 410},
	"POST /desk/login/code":   {410, 404, 404, 410},
	"GET /desk/password":      {200, 404, 404, 200},
	"POST /desk/password":     {422, 404, 404, 422},
	"GET /desk/password/sent": {200, 404, 404, 200},
	"GET /desk/join/:token":   {404, 404, 404, 404}, // a token for something else; its own is tried in M1's test
	"POST /desk/join/:token":  {404, 404, 404, 404},
	"GET /desk/components":    {200, 404, 404, 200}, // in development alone

	"GET /desk":                                        {303, 404, 404, 200},
	"GET /desk/news":                                   {303, 404, 404, 303},
	"GET /desk/export.csv":                             {303, 404, 404, 200},
	"GET /desk/export.json":                            {303, 404, 404, 200},
	"POST /desk/bulk":                                  {401, 404, 404, 422},
	"POST /desk/views":                                 {401, 404, 404, 422},
	"GET /desk/views/:id":                              {303, 404, 404, 404}, // somebody else's
	"POST /desk/views/:id":                             {401, 404, 404, 404},
	"POST /desk/views/:id/delete":                      {401, 404, 404, 404},
	"GET /desk/tickets/:number":                        {303, 404, 404, 200},
	"POST /desk/tickets/:number/messages":              {401, 404, 404, 422},
	"GET /desk/tickets/:number/fields":                 {303, 404, 404, 200},
	"POST /desk/tickets/:number/fields":                {401, 404, 404, 200}, // asks again
	"GET /desk/tickets/:number/preview":                {303, 404, 404, 200},
	"GET /desk/tickets/:number/merge":                  {303, 404, 404, 200},
	"POST /desk/tickets/:number/merge":                 {401, 404, 404, 422},
	"POST /desk/tickets/:number/related":               {401, 404, 404, 422},
	"POST /desk/tickets/:number/related/:other/remove": {401, 404, 404, 303},
	"POST /desk/tickets/:number/draft":                 {401, 404, 404, 400}, // without the form's key
	"POST /desk/tickets/:number/news":                  {401, 404, 404, 200},
	"POST /desk/tickets/:number/status":                {401, 404, 404, 422},
	"POST /desk/tickets/:number/assignee":              {401, 404, 404, 422},
	"POST /desk/tickets/:number/priority":              {401, 404, 404, 422},
	"POST /desk/tickets/:number/labels":                {401, 404, 404, 303},
	"GET /desk/account":                                {303, 404, 404, 200},
	"POST /desk/account":                               {401, 404, 404, 422},
	"POST /desk/account/password":                      {401, 404, 404, 422},
	"GET /desk/account/codes":                          {303, 404, 404, 200},
	"POST /desk/account/codes":                         {401, 404, 404, 422},
	"POST /desk/account/codes/begin":                   {401, 404, 404, 303},
	"GET /desk/account/codes/picture":                  {303, 404, 404, 200},
	"POST /desk/account/codes/recovery":                {401, 404, 404, 303},
	"POST /desk/account/codes/download":                {401, 404, 404, 200},
	"POST /desk/account/codes/off":                     {401, 404, 404, 303},
	"POST /desk/account/sessions":                      {401, 404, 404, 303},
	"GET /desk/outbox":                                 {303, 404, 404, 200},
	"GET /desk/numbers":                                {303, 404, 404, 200},
	"GET /desk/numbers.csv":                            {303, 404, 404, 200},

	// The first recipient is the reporter, who stays.
	"POST /desk/tickets/:number/recipients":                   {401, 404, 404, 422},
	"GET /desk/tickets/:number/recipients/:recipient/remove":  {303, 404, 404, 409},
	"POST /desk/tickets/:number/recipients/:recipient/remove": {401, 404, 404, 409},

	"GET /desk/outbox/:id":        {303, 404, 404, 200},
	"POST /desk/outbox/:id/retry": {401, 404, 404, 404}, // the mail was sent

	"GET /doc/:project":                        {200, 404, 404, 200},
	"GET /doc/:project/:slug":                  {200, 404, 404, 200},
	"GET /ticket/:project/suggestions":         {200, 404, 404, 200},
	"POST /ticket/:project/suggestions/opened": {204, 404, 404, 204},

	// The settings are for admins: an agent is refused (M1).
	"GET /desk/settings":                                     {303, 404, 404, 403},
	"GET /desk/settings/members":                             {303, 404, 404, 403},
	"POST /desk/settings/members":                            {401, 404, 404, 403},
	"POST /desk/settings/members/codes":                      {401, 404, 404, 403},
	"POST /desk/settings/members/:id/codes":                  {401, 404, 404, 403},
	"POST /desk/settings/members/links/:link/withdraw":       {401, 404, 404, 403},
	"GET /desk/settings/members/:id":                         {303, 404, 404, 403},
	"POST /desk/settings/members/:id":                        {401, 404, 404, 403},
	"POST /desk/settings/members/:id/password":               {401, 404, 404, 403},
	"GET /desk/settings/members/:id/remove":                  {303, 404, 404, 403},
	"POST /desk/settings/members/:id/remove":                 {401, 404, 404, 403},
	"GET /desk/settings/customers":                           {303, 404, 404, 403},
	"GET /desk/settings/customers/:id":                       {303, 404, 404, 403},
	"POST /desk/settings/customers/:id":                      {401, 404, 404, 403},
	"GET /desk/settings/customers/:id/erase":                 {303, 404, 404, 403},
	"POST /desk/settings/customers/:id/erase":                {401, 404, 404, 403},
	"GET /desk/settings/status":                              {303, 404, 404, 403},
	"GET /desk/settings/privacy":                             {303, 404, 404, 403},
	"GET /desk/settings/audit":                               {303, 404, 404, 403},
	"POST /desk/settings/audit/export":                       {401, 404, 404, 403},
	"GET /desk/settings/intake-links":                        {303, 404, 404, 403},
	"POST /desk/settings/intake-links":                       {401, 404, 404, 403},
	"POST /desk/settings/intake-links/:link/revoke":          {401, 404, 404, 403},
	"GET /desk/settings/start":                               {303, 404, 404, 403},
	"GET /desk/settings/workspace":                           {303, 404, 404, 403},
	"POST /desk/settings/workspace":                          {401, 404, 404, 403},
	"POST /desk/settings/workspace/logo":                     {401, 404, 404, 403},
	"POST /desk/settings/workspace/logo/remove":              {401, 404, 404, 403},
	"GET /desk/settings/domains":                             {303, 404, 404, 403},
	"POST /desk/settings/domains":                            {401, 404, 404, 403},
	"POST /desk/settings/domains/:host/primary":              {401, 404, 404, 403},
	"POST /desk/settings/domains/:host/check":                {401, 404, 404, 403},
	"GET /desk/settings/domains/:host/remove":                {303, 404, 404, 403},
	"POST /desk/settings/domains/:host/remove":               {401, 404, 404, 403},
	"GET /desk/settings/portal":                              {303, 404, 404, 403},
	"POST /desk/settings/portal":                             {401, 404, 404, 403},
	"GET /desk/settings/limits":                              {303, 404, 404, 403},
	"POST /desk/settings/limits":                             {401, 404, 404, 403},
	"GET /desk/settings/tickets":                             {303, 404, 404, 403},
	"POST /desk/settings/tickets":                            {401, 404, 404, 403},
	"GET /desk/settings/mail":                                {303, 404, 404, 403},
	"POST /desk/settings/mail":                               {401, 404, 404, 403},
	"GET /desk/settings/mail/test":                           {303, 404, 404, 403},
	"POST /desk/settings/mail/test":                          {401, 404, 404, 403},
	"GET /desk/settings/projects":                            {303, 404, 404, 403},
	"GET /desk/settings/export":                              {303, 404, 404, 403},
	"POST /desk/settings/export":                             {401, 404, 404, 403},
	"GET /desk/settings/labels":                              {303, 404, 404, 403},
	"POST /desk/settings/labels":                             {401, 404, 404, 403},
	"GET /desk/settings/labels/:id":                          {303, 404, 404, 403},
	"POST /desk/settings/labels/:id":                         {401, 404, 404, 403},
	"GET /desk/settings/labels/:id/delete":                   {303, 404, 404, 403},
	"POST /desk/settings/labels/:id/delete":                  {401, 404, 404, 403},
	"GET /desk/settings/projects/:id/types":                  {303, 404, 404, 403},
	"POST /desk/settings/projects/:id/types":                 {401, 404, 404, 403},
	"GET /desk/settings/projects/:id/types/:part":            {303, 404, 404, 403},
	"POST /desk/settings/projects/:id/types/:part":           {401, 404, 404, 403},
	"POST /desk/settings/projects/:id/types/:part/move":      {401, 404, 404, 403},
	"GET /desk/settings/projects/:id/types/:part/delete":     {303, 404, 404, 403},
	"POST /desk/settings/projects/:id/types/:part/delete":    {401, 404, 404, 403},
	"GET /desk/settings/projects/:id/statuses":               {303, 404, 404, 403},
	"POST /desk/settings/projects/:id/statuses":              {401, 404, 404, 403},
	"GET /desk/settings/projects/:id/statuses/:part":         {303, 404, 404, 403},
	"POST /desk/settings/projects/:id/statuses/:part":        {401, 404, 404, 403},
	"POST /desk/settings/projects/:id/statuses/:part/move":   {401, 404, 404, 403},
	"GET /desk/settings/projects/:id/statuses/:part/delete":  {303, 404, 404, 403},
	"POST /desk/settings/projects/:id/statuses/:part/delete": {401, 404, 404, 403},
	"GET /desk/settings/projects/new":                        {303, 404, 404, 403},
	"POST /desk/settings/projects/new":                       {401, 404, 404, 403},
	"GET /desk/settings/projects/:id":                        {303, 404, 404, 403},
	"POST /desk/settings/projects/:id":                       {401, 404, 404, 403},
	"GET /desk/settings/saved-replies":                       {303, 404, 404, 403},
	"GET /desk/settings/saved-replies/new":                   {303, 404, 404, 403},
	"POST /desk/settings/saved-replies/new":                  {401, 404, 404, 403},
	"GET /desk/settings/saved-replies/:id":                   {303, 404, 404, 403},
	"POST /desk/settings/saved-replies/:id":                  {401, 404, 404, 403},
	"GET /desk/settings/saved-replies/:id/delete":            {303, 404, 404, 403},
	"POST /desk/settings/saved-replies/:id/delete":           {401, 404, 404, 403},
	"GET /desk/settings/documents":                           {303, 404, 404, 403},
	"GET /desk/settings/documents/new":                       {303, 404, 404, 403},
	"POST /desk/settings/documents/new":                      {401, 404, 404, 403},
	"GET /desk/settings/documents/:id":                       {303, 404, 404, 403},
	"POST /desk/settings/documents/:id":                      {401, 404, 404, 403},
	"GET /desk/settings/documents/:id/delete":                {303, 404, 404, 403},
	"POST /desk/settings/documents/:id/delete":               {401, 404, 404, 403},
	"GET /desk/settings/templates":                           {303, 404, 404, 403},
	"POST /desk/settings/templates":                          {401, 404, 404, 403},
	"POST /desk/settings/templates/bindings/:project":        {401, 404, 404, 403},
	"GET /desk/settings/templates/browser/:project/:type":    {303, 404, 404, 403},
	"GET /desk/settings/templates/:id":                       {303, 404, 404, 403},
	"POST /desk/settings/templates/:id":                      {401, 404, 404, 403},
	"GET /desk/settings/templates/:id/delete":                {303, 404, 404, 403},
	"POST /desk/settings/templates/:id/delete":               {401, 404, 404, 403},
	"POST /desk/settings/templates/:id/order":                {401, 404, 404, 403},
	"GET /desk/settings/templates/:id/new":                   {303, 404, 404, 403},
	"POST /desk/settings/templates/:id/new":                  {401, 404, 404, 403},
	"GET /desk/settings/templates/:id/fields/:key":           {303, 404, 404, 403},
	"POST /desk/settings/templates/:id/fields/:key":          {401, 404, 404, 403},
	"POST /desk/settings/templates/:id/fields/:key/move":     {401, 404, 404, 403},
	"GET /desk/settings/templates/:id/fields/:key/delete":    {303, 404, 404, 403},
	"POST /desk/settings/templates/:id/fields/:key/delete":   {401, 404, 404, 403},
}

func TestA10_EveryRouteAnswersWhomItShould(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	fill := pathFiller(t, s)
	slices.SortFunc(s.Routes, func(a, b *echo.Route) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	for _, r := range s.Routes {
		if strings.HasPrefix(r.Method, "echo_") {
			continue // a group's own not-found route
		}
		name := r.Method + " " + r.Path
		want, ok := access[strings.Replace(name, "HEAD", "GET", 1)]
		if !ok {
			t.Errorf("%s has no line in the access table", name)
			continue
		}
		path := fill(r.Path)
		for _, try := range []struct {
			who     string
			browser *handlerstest.Browser
			want    int
		}{
			{"a visitor on an unknown host", s.Visitor("evil.test"), want.unknown},
			{"a visitor on another page domain", s.Visitor("globex.localhost"), want.other},
			{"a visitor on the base host", s.Visitor(""), want.base},
			{"an agent", s.Member("agent@example.com"), want.agent},
		} {
			page := try.browser.Do(r.Method, path, strings.NewReader(""), formType(r.Method))
			if page.Code != try.want {
				t.Errorf("%s gets %d for %s, want %d\n%s", try.who, page.Code, name, try.want, page.Body)
			}
			if strings.Contains(try.who, "unknown") {
				page.HasNot("Acme", "Globex", "Initech")
			}
		}
	}
}

func formType(method string) string {
	if method == http.MethodPost {
		return "application/x-www-form-urlencoded"
	}
	return ""
}

// pathFiller returns paths that exist in the first workspace.
func pathFiller(t *testing.T, s *handlerstest.Server) func(string) string {
	thread := s.Ticket("", "support", "ada@example.org", "Where do I find it?")
	mail := s.Mailbox.Last(t, "ada@example.org")
	token := strings.TrimPrefix(thread, "/ticket/thread/")
	unsubscribe := strings.TrimPrefix(mail.Link(t, "/ticket/unsubscribe/"), "/ticket/unsubscribe/")
	login := askLogin(t, s, s.Visitor(""), "ada@example.org")
	home := s.Visitor("").Get("/")
	logo := strings.Split(home.Body, `src="/logo/1/`)[1]
	slug := regexp.MustCompile(`/doc/support/([\w-]+)`).FindStringSubmatch(s.Visitor("").Get("/doc/support").Body)[1]
	return func(path string) string {
		switch {
		case strings.HasPrefix(path, "/ticket/unsubscribe/"):
			path = strings.ReplaceAll(path, ":token", unsubscribe)
		case strings.HasPrefix(path, "/tickets/login/"):
			path = strings.ReplaceAll(path, ":token", login)
		}
		return strings.NewReplacer(":token", token, ":project", "support", ":provider", "discord", ":slug", slug, ":number", "1", ":id", "1", ":recipient", "1", ":part", "1", ":other", "2", ":ref", "some-ref", ":file", "some-file",
			":workspace", "1", ":hash", logo[:strings.Index(logo, `"`)], ":color", strings.TrimPrefix(themeURL(t, home), "/theme/")).Replace(path)
	}
}

// askLogin asks for a login link and returns its token.
func askLogin(t *testing.T, s *handlerstest.Server, b *handlerstest.Browser, email string) string {
	t.Helper()
	b.Post("/tickets/login", url.Values{"email": {email}}).Status(303)
	s.Jobs.Step(t.Context())
	return strings.TrimPrefix(s.Mailbox.Last(t, email).Link(t, "/tickets/login/"), "/tickets/login/")
}
