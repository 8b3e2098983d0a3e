package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"deskbell/db"
	"deskbell/db/model"
)

// Crowd is a workspace with many tickets, to measure with.
type Crowd struct {
	Workspace model.Workspace
	Project   model.Project
	Member    model.Member    // an admin, whose password is Password
	Threads   []db.PastThread // of the tickets, oldest first
	Messages  int
}

// historyBatch is how many tickets share a transaction: enough to make a commit cheap, few enough
// to keep the write-ahead log small.
const historyBatch = 5000

// Many makes a workspace with so many tickets of the past three years in it. They have 6.5 messages
// and notes on average, of a sentence to a few paragraphs, a customer has opened three of them,
// and one in five is not closed. The same number gives the same texts.
func Many(ctx context.Context, data *db.DB, tickets int, markdown func(string) model.RichText, hash func(string) string) (Crowd, error) {
	c, err := emptyCrowd(ctx, data, hash)
	if err != nil {
		return c, err
	}
	m := &many{
		random: rand.New(rand.NewPCG(1, uint64(tickets))), crowd: c, tickets: tickets, texts: manyTexts(markdown),
		// Every mail of a ticket that ended before this has left the outbox.
		end: data.Now().Add(-db.MailKept - 24*time.Hour),
	}
	for done := 0; done < tickets; done += historyBatch {
		batch := make([]db.PastTicket, min(historyBatch, tickets-done))
		for i := range batch {
			batch[i] = m.ticket(done + i)
			c.Messages += len(batch[i].Entries)
		}
		threads, err := data.AddHistory(ctx, c.Workspace, c.Project.PublicID, batch)
		if err != nil {
			return c, fmt.Errorf("tickets from %d: %w", done, err)
		}
		c.Threads = append(c.Threads, threads...)
	}
	return c, nil
}

func emptyCrowd(ctx context.Context, data *db.DB, hash func(string) string) (c Crowd, err error) {
	if c.Workspace, err = data.CreateWorkspace(ctx, workspaces[0].New); err != nil {
		return c, err
	}
	if c.Project, err = data.CreateProject(ctx, c.Workspace.ID, workspaces[0].Projects[0]); err != nil {
		return c, err
	}
	c.Member = workspaces[0].Members[0]
	c.Member.WorkspaceID = c.Workspace.ID
	c.Member, err = data.CreateMember(ctx, c.Member, hash(Password))
	return c, err
}

type many struct {
	random  *rand.Rand
	crowd   Crowd
	texts   []model.RichText
	tickets int
	end     time.Time
}

// manyYears is the time over which the tickets are spread.
const manyYears = 3 * 365 * 24 * time.Hour

func (m *many) ticket(n int) db.PastTicket {
	at := m.end.Add(-manyYears + time.Duration(float64(manyYears)*float64(n)/float64(m.tickets)))
	who := m.random.IntN(m.tickets/3 + 1)
	project := m.crowd.Project
	t := db.PastTicket{
		Intake: model.Intake{
			Email: fmt.Sprintf("person%d@example.org", who), Name: pick(m, givenNames) + " " + pick(m, familyNames),
			Title: fmt.Sprintf("%s %s %s", pick(m, subjects), pick(m, troubles), pick(m, occasions)),
			Type:  project.Types[m.random.IntN(len(project.Types))].Key,
		},
		Description: pick(m, m.texts), Category: model.Closed, At: at,
	}
	answered := true
	switch m.random.IntN(10) {
	case 0:
		t.Category, answered = model.Open, m.random.IntN(3) > 0 // a third of what is open is nobody's
	case 1:
		t.Category = model.Waiting
	}
	if m.random.IntN(10) == 0 {
		t.Priority = model.PriorityHigh
	}
	for i := range m.entries() {
		at = at.Add(time.Duration(m.random.IntN(60)) * time.Minute)
		e := db.PastEntry{At: at, Text: pick(m, m.texts), Note: answered && i%6 == 3}
		if answered && i%2 == 0 || e.Note {
			e.Member = m.crowd.Member
		}
		t.Entries = append(t.Entries, e)
	}
	return t
}

// entries returns from 1 to 24, and 6.5 on average: most conversations are short, a few are long.
func (m *many) entries() int {
	if m.random.IntN(9) == 0 {
		return 13 + m.random.IntN(12) // 18.5
	}
	return 1 + m.random.IntN(4) + m.random.IntN(5) + m.random.IntN(2) // 5
}

func pick[T any](m *many, list []T) T { return list[m.random.IntN(len(list))] }

// manyTexts renders a few hundred texts once: rendering is not what a filled database is for.
func manyTexts(markdown func(string) model.RichText) []model.RichText {
	random := rand.New(rand.NewPCG(2, 2))
	var texts []model.RichText
	for range 300 {
		var text strings.Builder
		for i := range 1 + random.IntN(8) {
			text.WriteString(sentences[random.IntN(len(sentences))])
			text.WriteString([]string{" ", " ", "\n\n"}[(i+random.IntN(3))%3])
		}
		texts = append(texts, markdown(model.CleanText(text.String())))
	}
	return texts
}

var (
	givenNames  = []string{"Ada", "Max", "Lin", "Omar", "Joan", "Kim", "Wei", "Tomás", "Grace", "Nina", "Amélie", "Yusuf"}
	familyNames = []string{"Byron", "Mustermann", "Haddad", "Clarke", "Reyes", "Alder", "Moreno", "Patel", "Okafor", "Lindqvist"}
	subjects    = []string{"The import", "The label printer", "An invoice", "The scanner app", "The shelf view", "Our subscription", "The export", "A shared room", "The login mail", "The search"}
	troubles    = []string{"stops", "shows the wrong number", "takes very long", "has the old address", "cannot be found", "asks again and again", "comes out empty", "has changed its name"}
	occasions   = []string{"since the update", "on the second floor", "for one colleague", "with large files", "on my phone", "every Monday", "after moving offices", "in the trial", "when it is shared"}
	sentences   = []string{
		"We have tried it on two computers and see the same on both.",
		"It began on Tuesday, shortly after we had moved the shelves to the new room.",
		"The message is `error: line 1001: unexpected end of record`.",
		"Could you tell us what to change, or whether it is better to wait?",
		"Thank you for the quick answer, that helps already.",
		"Please open **Settings → Labels** and choose the printer again.",
		"The file has 4,300 rows, and the first thousand arrive as they should.",
		"There is a page about this: https://example.com/help/labels-and-printers.",
		"I have asked my colleague, and she says that it worked before the holidays.",
		"- It happens at *every* scan\n- It does not happen with the camera of the tablet\n",
		"No hurry, we can work around it by hand for a week or two.",
		"We have found the cause and a fix is on its way: it ships on Thursday.",
	}
)
