package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"regexp"
)

// upload is one file on its way into a creation form, as our script sends it.
type upload struct {
	conn    net.Conn
	answers *bufio.Reader
	parts   [][]byte // of the request, one behind the other
}

var keyField = regexp.MustCompile(`name="form_key" value="([^"]+)"`)

const boundary = "deskbell-bench-boundary"

// prepareUpload opens a connection and a form on it, from a client's address of its own (H1).
func prepareUpload(address, project string, content []byte) (*upload, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	u := &upload{conn: conn, answers: bufio.NewReader(conn)}
	n := rand.Uint32()
	from := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	head := fmt.Sprintf("Host: localhost\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-For: %s\r\n", from)
	status, page, err := u.exchange(fmt.Appendf(nil, "GET /ticket/%s HTTP/1.1\r\n%s\r\n", project, head))
	key := keyField.FindSubmatch(page)
	if err != nil || status != http.StatusOK || key == nil {
		return nil, fmt.Errorf("open a form: status %d, %v", status, err)
	}
	before := fmt.Sprintf("--%s\r\nContent-Disposition: form-data; name=\"form_key\"\r\n\r\n%s\r\n--%s\r\n"+
		"Content-Disposition: form-data; name=\"attachments\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n",
		boundary, key[1], boundary)
	after := fmt.Sprintf("\r\n--%s--\r\n", boundary)
	start := fmt.Sprintf("POST /ticket/%s/uploads HTTP/1.1\r\n%sHX-Request: true\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n",
		project, head, boundary, len(before)+len(content)+len(after))
	u.parts = [][]byte{[]byte(start + before), content, []byte(after)}
	return u, nil
}

// send sends the file and waits for the answer, which comes when it is on disk.
func (u *upload) send() error {
	status, body, err := u.exchange(u.parts...)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("answered %d\n%s", status, body)
	}
	return err
}

func (u *upload) exchange(parts ...[]byte) (int, []byte, error) {
	for _, part := range parts {
		if _, err := u.conn.Write(part); err != nil {
			return 0, nil, err
		}
	}
	response, err := http.ReadResponse(u.answers, nil)
	if err != nil {
		return 0, nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, body, err
}
