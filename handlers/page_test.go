package handlers_test

import (
	"net/url"
	"strconv"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestI1_APageSaysHowLongItIs(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := s.Visitor("")
	whole := ada.Get(s.Ticket("", "support", "ada@example.net", "The lamp")).Status(200)
	refused := ada.Post("/ticket/support", url.Values{}).Status(422)
	for _, page := range []handlerstest.Page{whole, refused} {
		if got := page.Header.Get("Content-Length"); got != strconv.Itoa(len(page.Body)) {
			t.Errorf("Content-Length is %q for %d bytes", got, len(page.Body))
		}
	}
}
