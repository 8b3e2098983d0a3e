package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// numbersPeriods are the days that the page of numbers can be about, and how many of them a step of its charts
// has: what is drawn stays wide enough to be seen.
var numbersPeriods = []struct{ days, step int }{{7, 1}, {30, 1}, {90, 1}, {365, 7}}

// usualDays is the period of a page that nobody chose one for.
const usualDays = 30

// numbersState is the page of numbers as a URL says it, with what was counted.
type numbersState struct {
	days     int
	project  string // public id; empty: all
	from, to time.Time
	projects []model.Project
	numbers  model.Numbers
	slots    []model.Slot
}

// Numbers shows what came in, how quickly it was answered, and by whom (M2). The URL is its state.
func (d *Desk) Numbers(c echo.Context) error {
	s, err := d.readNumbers(c)
	if err != nil {
		return err
	}
	frame, err := d.DeskFrame(c, "numbers")
	if err != nil {
		return err
	}
	page := views.Numbers{
		Desk: frame, Days: strconv.Itoa(s.days), Project: s.project, Projects: s.choices(), From: s.from, To: s.to,
		Export: "/desk/numbers.csv?" + s.query(s.days), Tables: s.tables(), Flow: views.NewFlowChart(s.slots),
		Answers: views.NewTimesChart("answers", "First answer", "From the opening to the team's first public answer, on the day of the answer.", s.slots,
			func(s model.Slot) model.Histogram { return s.Answers }),
		Resolutions: views.NewTimesChart("resolutions", "Until closed", "From the opening to the last closing, on the day of the closing.", s.slots,
			func(s model.Slot) model.Histogram { return s.Resolutions }),
	}
	for _, p := range numbersPeriods {
		page.Periods = append(page.Periods, views.Filter{
			Label: fmt.Sprintf("Last %d days", p.days), URL: "/desk/numbers?" + s.query(p.days), Current: p.days == s.days,
		})
	}
	return d.Page(c, http.StatusOK, page)
}

// readNumbers reads which numbers are asked for, and counts. Days that are none of the periods are the usual
// ones; a project that is not the workspace's fails with NotFound.
func (d *Desk) readNumbers(c echo.Context) (*numbersState, error) {
	s, step := &numbersState{days: usualDays, project: c.QueryParam("project")}, 1
	for _, p := range numbersPeriods {
		if c.QueryParam("days") == strconv.Itoa(p.days) {
			s.days, step = p.days, p.step
		}
	}
	s.to = d.Now().UTC().Truncate(24 * time.Hour)
	s.from = s.to.AddDate(0, 0, 1-s.days)
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	var err error
	if s.projects, err = d.DB.Projects(ctx, ws); err != nil {
		return nil, err
	}
	which := db.NumbersQuery{From: s.from, To: s.to}
	if s.project != "" {
		i := slices.IndexFunc(s.projects, func(p model.Project) bool { return p.PublicID == s.project })
		if i < 0 {
			return nil, model.Fail(model.NotFound, "There is no project with this name. Choose one from the list.")
		}
		which.Project = s.projects[i].ID
	}
	if s.numbers, err = d.DB.Numbers(ctx, ws, which); err != nil {
		return nil, err
	}
	s.slots = s.numbers.Slots(s.from, s.to, step)
	return s, nil
}

func (s *numbersState) query(days int) string {
	values := url.Values{"days": {strconv.Itoa(days)}}
	if s.project != "" {
		values.Set("project", s.project)
	}
	return values.Encode()
}

// choices are the projects to choose from, none where there is no choice.
func (s *numbersState) choices() []views.Choice {
	if len(s.projects) < 2 {
		return nil
	}
	list := []views.Choice{{Value: "", Label: "All projects"}}
	for _, p := range s.projects {
		list = append(list, views.Choice{Value: p.PublicID, Label: p.Name})
	}
	return list
}

// tables are the figures that no day has to itself.
func (s *numbersState) tables() []views.BarTable {
	var list []views.BarTable
	if len(s.numbers.Types)+len(s.numbers.Members) > 0 {
		list = append(list, s.typeTable(), s.memberTable())
	}
	return append(list, s.suggestionTable(), views.StorageTable(views.BarTable{
		ID: "storage", Title: "Storage", Says: "What attachments take now, whatever the days.", Of: "Project", Heads: []string{"Size", "Files"},
	}, s.numbers.Storage))
}

func (s *numbersState) typeTable() views.BarTable {
	var names []string
	var figures [][]int
	for _, t := range s.numbers.Types {
		names, figures = append(names, t.Name), append(figures, []int{t.Opened, t.Closed})
	}
	return views.NewBarTable(views.BarTable{
		ID: "types", Title: "By ticket type", Of: "Type", Heads: []string{"Opened", "Closed"}, None: "No ticket was opened or closed in these days.",
	}, names, figures)
}

func (s *numbersState) memberTable() views.BarTable {
	var names []string
	var figures [][]int
	left := 0 // closed by nobody of the team
	for _, slot := range s.slots {
		left += slot.Closed
	}
	for _, m := range s.numbers.Members {
		names, figures, left = append(names, m.Name), append(figures, []int{m.Answers, m.Closed}), left-m.Closed
	}
	if left > 0 {
		names, figures = append(names, "No member: closed by itself"), append(figures, []int{0, left})
	}
	return views.NewBarTable(views.BarTable{
		ID: "members", Title: "By member", Says: "Public answers that a member wrote, and tickets that they closed.",
		Of: "Member", Heads: []string{"Answers", "Closed"}, None: "Nobody answered or closed a ticket in these days.",
	}, names, figures)
}

func (s *numbersState) suggestionTable() views.BarTable {
	t := views.BarTable{
		ID: "suggestions", Title: "Suggestions", Of: "What happened", Heads: []string{"Forms"},
		Says: "Forms on which documents were suggested. A ticket counts as spared when a suggestion was opened and no ticket came of the form within a day.",
		None: "No document was suggested in these days.",
	}
	n := s.numbers.Suggestions
	if n.Shown == 0 {
		return t
	}
	return views.NewBarTable(t, []string{"Suggestions were shown", "One was opened", "A ticket was spared"}, [][]int{{n.Shown}, {n.Opened}, {n.Spared}})
}
