package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// healthTimeout is shorter than what a container's health check allows.
const healthTimeout = 3 * time.Second

// runHealth asks the server of the same settings whether it answers: a container's health check, which needs
// no other program in the image. Why not /readyz: starting anew mends no disk and no bucket.
func runHealth(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	c, err := readConfig(args, getenv, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return usageError{err}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	scheme, client := "http", http.DefaultClient
	if c.TLS.Domain != "" {
		scheme, client = "https", ownClient(c.TLS.Domain)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+"/up", nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("deskbell does not answer: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("deskbell answers %s", answer.Status)
	}
	fmt.Fprintln(out, "up")
	return nil
}

// ownClient asks the server of this machine under a name. Why the certificate is not looked at: nobody stands
// between, and whether an authority is known here says nothing of the server.
func ownClient(name string) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{ServerName: name, InsecureSkipVerify: true}}}
}
