package oauth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"deskbell/db/files/preview"
)

// Bounds of what a provider may answer, in bytes.
const (
	maxAnswer = 1 << 20
	maxAvatar = 1 << 20
)

// newClient returns a client that waits so long for an answer, reads so much of it, and follows no
// redirect: the endpoints that are asked have none.
func newClient(outside http.RoundTripper, patience time.Duration) *http.Client {
	if outside == nil {
		outside = http.DefaultTransport
	}
	return &http.Client{
		Transport: bounded{outside}, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded cuts answers off.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

// avatarPatience is how long somebody waits for their picture.
const avatarPatience = 5 * time.Second

// avatarHosts are where the providers keep pictures: a server that fetched any address could be sent
// to its own network. A name with a dot in front stands for all hosts below it.
var avatarHosts = []string{"media.discordapp.net", "cdn.discordapp.com", ".slack-edge.com", "secure.gravatar.com"}

// avatar fetches a picture and makes one of our own of it, without whatever else the file holds. A person
// without one, or whose picture cannot be had, has initials: no sign-in fails for that.
func (o *OAuth) avatar(ctx context.Context, address string) []byte {
	ctx, cancel := context.WithTimeout(ctx, avatarPatience)
	defer cancel()
	picture, err := o.fetch(ctx, address)
	if err != nil {
		return nil
	}
	made, err := preview.Make(ctx, bytes.NewReader(picture), int64(len(picture)))
	if err != nil {
		return nil
	}
	return made.Data
}

func (o *OAuth) fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Port() != "" || u.User != nil || !keepsAvatars(u.Hostname()) {
		return nil, errors.New("no picture is kept there")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	answer, err := o.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New("there is no picture")
	}
	return io.ReadAll(io.LimitReader(answer.Body, maxAvatar))
}

func keepsAvatars(host string) bool {
	for _, known := range avatarHosts {
		if host == known || strings.HasPrefix(known, ".") && strings.HasSuffix(host, known) {
			return true
		}
	}
	return false
}
