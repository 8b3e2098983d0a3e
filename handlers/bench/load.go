package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// task is something that is measured.
type task struct {
	name string
	// against names the tasks of which the rate is a ratio.
	against []string
	// client begins a client: a function that does the task once, and one that ends the client.
	client func(ctx context.Context) (do func() error, end func() error, err error)
}

// sample is what one measurement gave.
type sample struct {
	rate     float64 // a second
	p50, p99 time.Duration
	cpu      time.Duration // of the whole process for each, which other work on the machine hardly changes
}

// wanted says whether a run asks for any of these tasks.
func wanted(only string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, only) })
}

// choose keeps the tasks that a run asks for, and what they are compared with.
func choose(tasks []task, only string) ([]task, error) {
	wanted := map[string]bool{}
	for _, t := range tasks {
		if strings.Contains(t.name, only) {
			wanted[t.name] = true
		}
	}
	kept := slices.DeleteFunc(tasks, func(t task) bool { return !wanted[t.name] })
	if len(kept) == 0 {
		return nil, fmt.Errorf("nothing is called %q", only)
	}
	return kept, nil
}

// takeRounds takes every task in turn, again and again, so that what disturbs the machine disturbs
// a task and its reference alike.
func takeRounds(ctx context.Context, c config, tasks []task) (table, error) {
	result := newTable(c, tasks)
	for range c.rounds {
		for _, clients := range c.clients {
			for _, t := range tasks {
				s, err := measure(ctx, t, clients, c.each)
				if err != nil {
					return table{}, fmt.Errorf("%s with %d clients: %w", t.name, clients, err)
				}
				result.add(t.name, clients, s)
			}
		}
	}
	return result, nil
}

// measure lets clients do a task over and over for a time. Each client does it once before the
// clock starts, so that connections are open and statements prepared.
func measure(ctx context.Context, t task, clients int, each time.Duration) (sample, error) {
	runtime.GC() // what came before shall not be paid for here
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var ready, done sync.WaitGroup
	start := make(chan time.Time)
	took := make([][]time.Duration, clients)
	ready.Add(clients)
	for i := range clients {
		done.Go(func() {
			if err := clientLoop(ctx, t, &ready, start, each, &took[i]); err != nil {
				cancel(err)
			}
		})
	}
	ready.Wait()
	begin, used := time.Now(), cpuTime()
	for range clients {
		start <- begin
	}
	done.Wait()
	elapsed, cpu := time.Since(begin), cpuTime()-used
	if err := context.Cause(ctx); err != nil {
		return sample{}, err
	}
	return summary(slices.Concat(took...), elapsed, cpu), nil
}

// clientLoop is one client. It reports ready exactly once, and then takes its start, whatever
// fails; a client without errors does its task once at the least.
func clientLoop(ctx context.Context, t task, ready *sync.WaitGroup, start <-chan time.Time, each time.Duration, took *[]time.Duration) (err error) {
	do, end, err := t.client(ctx)
	if err == nil {
		defer func() { err = errors.Join(err, end()) }()
		err = do()
	}
	ready.Done()
	last := (<-start).Add(each)
	for now, first := time.Now(), true; err == nil && ctx.Err() == nil && (first || now.Before(last)); first = false {
		err = do()
		after := time.Now()
		*took = append(*took, after.Sub(now))
		now = after
	}
	return err
}

func summary(took []time.Duration, elapsed, cpu time.Duration) sample {
	if len(took) == 0 {
		return sample{}
	}
	slices.Sort(took)
	at := func(part float64) time.Duration { return took[int(part*float64(len(took)-1))] }
	return sample{
		rate: float64(len(took)) / elapsed.Seconds(), p50: at(0.50), p99: at(0.99), cpu: cpu / time.Duration(len(took)),
	}
}

// cpuTime is the processor time that this process has used, in the kernel too.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// overHTTP is a client that sends the bytes of one request after the other on one connection.
//
// Why not http.Client: it takes more of the processors, which the server shares, than a bare
// request costs the server.
func overHTTP(address string, wantStatus int, next func() []byte) func(context.Context) (func() error, func() error, error) {
	return func(ctx context.Context) (func() error, func() error, error) {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil {
			return nil, nil, err
		}
		answers := bufio.NewReaderSize(conn, 32<<10)
		do := func() error {
			response, err := send(conn, answers, next())
			if err != nil {
				return err
			}
			body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
			if err == nil && response.StatusCode != wantStatus {
				err = fmt.Errorf("answered %d, want %d\n%s", response.StatusCode, wantStatus, body)
			}
			return err
		}
		return do, conn.Close, nil
	}
}

// send sends a request and returns the head of the answer. The body is to be read to its end before
// the next request.
func send(conn net.Conn, answers *bufio.Reader, request []byte) (*http.Response, error) {
	if _, err := conn.Write(request); err != nil {
		return nil, err
	}
	return http.ReadResponse(answers, nil)
}
