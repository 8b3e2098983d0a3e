package desk

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// inboxState is the inbox as a URL says it: what is picked, and out of what.
type inboxState struct {
	status, project, kind, assignee, label, priority, search string

	projects []model.Project
	statuses []model.Status
	types    []model.TicketType
	members  []model.Member
	labels   []model.Label

	filter  db.InboxFilter
	unknown []string // words of the search that mean nothing, with what is possible
}

// inboxKeys are the parameters of a filter, in the order of a URL.
var inboxKeys = []string{"status", "project", "type", "assignee", "label", "priority", "q"}

// readInbox reads a filter. Whatever is not on a list picks nothing, which the page says.
func (d *Desk) readInbox(c echo.Context) (*inboxState, error) {
	s := &inboxState{
		status: c.QueryParam("status"), project: c.QueryParam("project"), kind: c.QueryParam("type"), assignee: c.QueryParam("assignee"),
		label: c.QueryParam("label"), priority: c.QueryParam("priority"), search: model.CleanLine(c.QueryParam("q")),
	}
	if s.status == "mine" { // as bookmarks of the first version have it
		s.status, s.assignee = "all", "me"
	}
	if s.status == "" {
		s.status = "open"
		if s.search != "" {
			s.status = "all"
		}
	}
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	for _, read := range []func() error{
		func() (err error) { s.projects, err = d.DB.Projects(ctx, ws); return },
		func() (err error) { s.statuses, err = d.DB.AllStatuses(ctx, ws); return },
		func() (err error) { s.types, err = d.DB.AllTypes(ctx, ws); return },
		func() (err error) { s.members, err = d.DB.Members(ctx, ws); return },
		func() (err error) { s.labels, err = d.DB.Labels(ctx, ws); return },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	me := web.Member(c).ID
	s.pickStatus(s.status)
	s.pickProject(s.project)
	s.pickType(s.kind)
	s.pickAssignee(s.assignee, me)
	s.pickLabel(s.label)
	s.pickPriority(s.priority)
	return s, d.searchInbox(c, s, me)
}

// searchInbox reads what was typed.
func (d *Desk) searchInbox(c echo.Context, s *inboxState, me model.MemberID) error {
	q := model.ParseInboxQuery(s.search)
	s.filter.Words, s.unknown = q.Words, q.Unknown
	for operator, values := range q.Picks {
		for _, value := range values {
			switch operator {
			case "from":
				found, err := d.DB.CustomersFrom(c.Request().Context(), web.Workspace(c).ID, value)
				if err != nil {
					return err
				}
				s.filter.Reporters = append(s.filter.Reporters, found...)
				s.filter.Nothing = s.filter.Nothing || len(found) == 0
			case "status":
				s.pickStatus(value)
			case "type":
				s.pickType(value)
			case "project":
				s.pickProject(value)
			case "label":
				s.pickLabel(value)
			case "priority":
				s.pickPriority(strings.ToLower(value))
			case "assignee":
				s.pickAssignee(value, me)
			default:
				s.pickOther(operator, strings.ToLower(value), me)
			}
		}
	}
	return nil
}

// pickOther reads has: and is:.
func (s *inboxState) pickOther(operator, value string, me model.MemberID) {
	switch {
	case operator == "has" && (value == "attachment" || value == "file"):
		s.filter.HasAttachment = true
	case operator == "is" && value == "unassigned":
		s.filter.Unassigned = true
	case operator == "is" && value == "mine":
		s.filter.Assignee = me
	case operator == "is" && (value == "open" || value == "waiting" || value == "closed"):
		s.pickStatus(value)
	default:
		s.unknown = append(s.unknown, operator+":"+value)
	}
}

// same says whether a name is the one that was asked for.
func same(name, asked string) bool { return model.Fold(name) == model.Fold(asked) }

// pickStatus takes a category, or a status by its name: the same name in each project.
func (s *inboxState) pickStatus(asked string) {
	switch category := model.Category(strings.ToLower(asked)); category {
	case "", "all":
		s.filter.Category, s.filter.Statuses = "", nil
		return
	case model.Open, model.Waiting, model.Closed:
		s.filter.Category, s.filter.Statuses = category, nil
		return
	}
	s.filter.Category, s.filter.Statuses = "", nil
	for _, status := range s.statuses {
		if same(status.Name, asked) {
			s.filter.Statuses = append(s.filter.Statuses, status.ID)
		}
	}
	s.filter.Nothing = s.filter.Nothing || len(s.filter.Statuses) == 0
}

func (s *inboxState) pickProject(asked string) {
	if asked == "" {
		return
	}
	i := slices.IndexFunc(s.projects, func(p model.Project) bool { return p.PublicID == asked || same(p.Name, asked) })
	if i < 0 {
		s.filter.Nothing = true
		return
	}
	s.filter.Project = s.projects[i].ID
}

func (s *inboxState) pickType(asked string) {
	if asked == "" {
		return
	}
	i := slices.IndexFunc(s.types, func(t model.TicketType) bool { return t.Key == asked || same(t.Name, asked) })
	if i < 0 {
		s.filter.Nothing = true
		return
	}
	s.filter.Type = s.types[i].Key
}

// pickAssignee takes "me", "none", a member's number, name or address.
func (s *inboxState) pickAssignee(asked string, me model.MemberID) {
	switch strings.ToLower(asked) {
	case "":
		return
	case "me":
		s.filter.Assignee = me
		return
	case "none", "nobody":
		s.filter.Unassigned = true
		return
	}
	i := slices.IndexFunc(s.members, func(m model.Member) bool {
		return strconv.FormatInt(int64(m.ID), 10) == asked || same(m.Name, asked) || same(m.Email, asked)
	})
	if i < 0 {
		s.filter.Nothing = true
		return
	}
	s.filter.Assignee = s.members[i].ID
}

func (s *inboxState) pickLabel(asked string) {
	if asked == "" {
		return
	}
	i := slices.IndexFunc(s.labels, func(l model.Label) bool { return same(l.Name, asked) })
	if i < 0 {
		s.filter.Nothing = true
		return
	}
	s.filter.Labels = append(s.filter.Labels, s.labels[i].ID)
}

func (s *inboxState) pickPriority(asked string) {
	if asked == "" {
		return
	}
	priority, err := model.ParsePriority(asked)
	s.filter.Priority, s.filter.Nothing = priority, s.filter.Nothing || err != nil
}

// values are the parameters of this state, those that are set.
func (s *inboxState) values() url.Values {
	values := url.Values{}
	for i, value := range []string{s.status, s.project, s.kind, s.assignee, s.label, s.priority, s.search} {
		if value != "" {
			values.Set(inboxKeys[i], value)
		}
	}
	return values
}

// narrowed says whether more is picked than a view.
func (s *inboxState) narrowed() bool {
	return s.project+s.kind+s.label+s.priority+s.search != "" || !slices.Contains([]string{"", "me", "none"}, s.assignee) ||
		!slices.Contains([]string{"open", "waiting", "closed", "all"}, s.status)
}

// form is the form of the filter.
func (s *inboxState) form() views.InboxForm {
	form := views.InboxForm{
		Search: s.search, Status: s.status, Project: s.project, Type: s.kind, Assignee: s.assignee, Label: s.label, Priority: s.priority,
		Statuses:   []views.Choice{{Value: "open", Label: "Open: all"}, {Value: "waiting", Label: "Waiting on reporter: all"}, {Value: "closed", Label: "Closed: all"}, {Value: "all", Label: "Any"}},
		Projects:   []views.Choice{{Label: "Any"}},
		Types:      []views.Choice{{Label: "Any"}},
		Assignees:  []views.Choice{{Label: "Anybody"}, {Value: "me", Label: "Me"}, {Value: "none", Label: "Nobody"}},
		Labels:     []views.Choice{{Label: "Any"}},
		Priorities: []views.Choice{{Label: "Any"}}, Narrowed: s.narrowed(),
	}
	seen := map[string]bool{}
	for _, status := range s.statuses {
		if key := model.Fold(status.Name); !seen[key] && !slices.Contains([]string{"open", "waiting", "closed", "all"}, key) {
			seen[key] = true
			form.Statuses = append(form.Statuses, views.Choice{Value: status.Name, Label: status.Name})
		}
	}
	for _, p := range s.projects {
		form.Projects = append(form.Projects, views.Choice{Value: p.PublicID, Label: p.Name})
	}
	for _, t := range s.types {
		form.Types = append(form.Types, views.Choice{Value: t.Key, Label: t.Name})
	}
	for _, m := range s.members {
		form.Assignees = append(form.Assignees, views.Choice{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name})
	}
	for _, l := range s.labels {
		form.Labels = append(form.Labels, views.Choice{Value: l.Name, Label: l.Name})
	}
	for _, p := range model.Priorities {
		form.Priorities = append(form.Priorities, views.Choice{Value: string(p), Label: p.Label()})
	}
	return form
}
