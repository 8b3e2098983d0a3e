package replica

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// askTimeout is how long Litestream may take to say how it is.
const askTimeout = 3 * time.Second

// errSilent is for people: where Litestream runs, it answers.
var errSilent = errors.New("nothing copies the database at this moment: Litestream does not answer")

// SyncedAt asks Litestream when the replica last had all that is in the database; the zero time is never.
func (r Replica) SyncedAt(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	var answer struct {
		Databases []struct {
			Path       string    `json:"path"`
			LastSyncAt time.Time `json:"last_sync_at"`
		} `json:"databases"`
	}
	if err := r.ask(ctx, http.MethodGet, "/list", nil, &answer); err != nil {
		return time.Time{}, err
	}
	for _, database := range answer.Databases {
		if database.Path == r.database() {
			return database.LastSyncAt, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is not the database that Litestream copies", r.database())
}

// Sync waits until the replica has all that is in the database now.
func (r Replica) Sync(ctx context.Context) error {
	question := map[string]any{"path": r.database(), "wait": true}
	var answer struct{ Status string }
	return r.ask(ctx, http.MethodPost, "/sync", question, &answer)
}

func (r Replica) ask(ctx context.Context, method, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://litestream"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", r.socket())
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return errSilent
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		var failure struct{ Error string }
		_ = json.NewDecoder(response.Body).Decode(&failure) // the status says enough without it
		return fmt.Errorf("ask Litestream: %s: %s", response.Status, failure.Error)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
