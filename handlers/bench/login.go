package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"deskbell/db"
	"deskbell/db/model"
)

// loginTask is what asking for logins is called where only that is wanted.
const loginTask = "login"

// handledEvery is after how many answers the logins are handled, as the job does beside the server.
const handledEvery = 50

// asked is one group of addresses, and how long their answers took. Two groups are of nobody: the
// difference between them is the noise.
type asked struct {
	of        string
	addresses []string
	took      []time.Duration
}

// measureLogins asks for login links for addresses that are known and unknown, in a random order,
// and compares how long the answers take (J1).
func measureLogins(ctx context.Context, c config, out io.Writer) (err error) {
	dir, err := os.MkdirTemp(c.dir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := startSubject(ctx, dir, 3*c.logins)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	known, err := s.customers(ctx)
	if err != nil {
		return err
	}
	groups := []*asked{{of: "a customer", addresses: known}, {of: "nobody"}, {of: "nobody, again"}}
	for _, email := range known {
		groups[1].addresses = append(groups[1].addresses, strings.Replace(email, "person", "nobody", 1))
		groups[2].addresses = append(groups[2].addresses, strings.Replace(email, "person", "no-one", 1))
	}
	if err := s.askLogins(ctx, groups); err != nil {
		return err
	}
	printLogins(out, groups)
	return nil
}

// customers returns the address of every customer.
func (s *subject) customers(ctx context.Context) (list []string, err error) {
	for from := (db.CustomerPlace{}); ; {
		page, err := s.kit.DB.Customers(ctx, s.Crowd.Workspace.ID, "", from)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Customers {
			list = append(list, c.Email)
		}
		if from = page.Next; from == (db.CustomerPlace{}) {
			return list, nil
		}
	}
}

// askLogins asks once for each address.
func (s *subject) askLogins(ctx context.Context, groups []*asked) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 32<<10)
	for n := range groups[0].addresses {
		for _, g := range rand.Perm(len(groups)) {
			request := s.loginRequest(groups[g].addresses[n], n*len(groups)+g)
			begin := time.Now()
			response, err := send(conn, answers, request)
			if err == nil {
				_, err = io.Copy(io.Discard, response.Body)
			}
			groups[g].took = append(groups[g].took, time.Since(begin))
			if err != nil || response.StatusCode != http.StatusSeeOther {
				return errors.Join(err, fmt.Errorf("asking for a login: status %d", response.StatusCode))
			}
		}
		if n%handledEvery == 0 {
			if err := s.kit.DB.HandleLogins(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// loginRequest comes from an address of its own, so that no limit meets it.
func (s *subject) loginRequest(email string, n int) []byte {
	client := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	return s.request("POST", "/tickets/login", formHead+"X-Forwarded-For: "+client.String()+"\r\n", url.Values{"email": {email}}.Encode())
}

func printLogins(out io.Writer, groups []*asked) {
	fmt.Fprintf(out, "\nlogin links asked for one after the other, in a random order, %s times for each; milliseconds until the answer is read\n\n",
		model.Thousands(len(groups[0].took)))
	rows := [][]string{{"the address is of", "p10", "median", "p90", "p99"}}
	for _, g := range groups {
		slices.Sort(g.took)
		row := []string{g.of}
		for _, part := range []float64{0.1, 0.5, 0.9, 0.99} {
			row = append(row, fmt.Sprintf("%.3f", ms(g.took[int(part*float64(len(g.took)-1))])))
		}
		rows = append(rows, row)
	}
	printRows(out, rows)
}
