package handlers_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestA10_ARequestThatNamesNoHostGetsNobodysPages(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").Get("/").Status(200).Has("Acme")
	conn, err := net.Dial("tcp", "127.0.0.1:"+s.Base.Port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusNotFound || strings.Contains(string(body), "Acme") {
		t.Fatalf("status %d, want 404 that names no workspace\n%s", response.StatusCode, body)
	}
}
