// Command bench measures Deskbell beside what the machine can do at best, in one run (`make
// bench`). Server and clients are one process and share its processors; requests go over loopback
// on connections that stay open.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbell/db/model"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := run
	if len(os.Args) == 3 && os.Args[1] == serveCommand {
		run = func(ctx context.Context, args []string, out io.Writer) error {
			return serveAlone(ctx, args[1], os.Stdin, out)
		}
	}
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// config is what a run measures.
type config struct {
	tickets   []int         // sizes of the database, one after the other
	documents int           // that are searched
	clients   []int         // how many ask at once
	each      time.Duration // of one measurement
	rounds    int
	only      string // measures what has this in its name alone; "": everything
	profile   string // file for a CPU profile of the measurements; "": none
	dir       string // for the databases: on a disk that counts
	keep      bool   // databases of tickets are kept, and those that an earlier run kept are measured again
	logins    int    // customers who ask for a login, about
	uploads   int    // clients that upload at once
	uploadMB  int    // megabytes of each file of theirs
}

func readConfig(args []string, out io.Writer) (config, error) {
	c := config{tickets: []int{1_000, 100_000}, clients: []int{1, 8, 64}}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Func("tickets", "sizes of the database, with commas (default 1000,100000)", numbers(&c.tickets))
	flags.IntVar(&c.documents, "documents", 100_000, "documents among which suggestions are looked for")
	flags.Func("clients", "clients at once, with commas (default 1,8,64)", numbers(&c.clients))
	flags.DurationVar(&c.each, "for", 800*time.Millisecond, "length of one measurement")
	flags.IntVar(&c.rounds, "rounds", 3, "rounds; the table has their median")
	flags.StringVar(&c.only, "only", "", "measure only what has this in its name, like thread, poll or create")
	flags.StringVar(&c.profile, "profile", "", "write a CPU profile of the measurements to this file")
	flags.StringVar(&c.dir, "dir", "test-output", "folder for the databases, which are removed at the end")
	flags.BoolVar(&c.keep, "keep", false, "keep the databases of tickets in the folder, and measure in those that are there")
	flags.IntVar(&c.logins, "logins", 3_000, "customers who ask for a login link, about, and twice as many others")
	flags.IntVar(&c.uploads, "uploads", 32, "clients that upload a file each at once")
	flags.IntVar(&c.uploadMB, "upload-mb", 10, "size of each of these files, up to 10 MB")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if c.each <= 0 || c.rounds < 1 || c.documents < 1 || c.logins < 1 || c.uploads < 1 || c.uploadMB < 1 || c.uploadMB > 10 || flags.NArg() > 0 {
		return c, errors.New("see bench -help for what can be set")
	}
	return c, nil
}

// numbers reads a list of positive numbers.
func numbers(to *[]int) func(string) error {
	return func(s string) error {
		*to = nil
		for part := range strings.SplitSeq(s, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil || n < 1 {
				return errors.New("write numbers like 1000,100000")
			}
			*to = append(*to, n)
		}
		return nil
	}
}

// run measures what is asked for.
func run(ctx context.Context, args []string, out io.Writer) error {
	c, err := readConfig(args, out)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(parts, func(p part) bool { return wanted(c.only, p.tasks) }) {
		return fmt.Errorf("nothing is called %q", c.only)
	}
	printMachine(out, c)
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	for _, part := range parts {
		if wanted(c.only, part.tasks) {
			if err := part.measure(ctx, c, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// part is something that can be measured alone.
type part struct {
	tasks   []string // by their names
	measure func(context.Context, config, io.Writer) error
}

// parts are measured one after the other, where a run asks for one of their tasks.
var parts = []part{
	{[]string{footprintTask}, measureFootprint}, {[]string{uploadTask}, measureUploads}, {[]string{loginTask}, measureLogins}, {ticketTasks, measureTickets}, {suggestionTasks, measureSuggestions},
}

// uploadTask is what uploads are called where only they are wanted.
const uploadTask = "upload"

// measureTickets measures every size of the database.
func measureTickets(ctx context.Context, c config, out io.Writer) error {
	var first table
	for _, size := range c.tickets {
		t, err := measureSize(ctx, c, size, out)
		if err != nil {
			return fmt.Errorf("with %s tickets: %w", model.Thousands(size), err)
		}
		t.print(out, first)
		if first.cells == nil {
			first = t
		}
	}
	return nil
}

// measureSize fills a database, starts Deskbell and the references, and takes all the rounds.
func measureSize(ctx context.Context, c config, size int, out io.Writer) (_ table, err error) {
	dir, remove, err := c.folder(size)
	if err != nil {
		return table{}, err
	}
	defer remove()
	subject, err := startSubject(ctx, dir, size)
	if err != nil {
		return table{}, err
	}
	defer func() { err = errors.Join(err, subject.close()) }()
	rows, err := os.MkdirTemp(c.dir, "bench-")
	if err != nil {
		return table{}, err
	}
	defer os.RemoveAll(rows)
	references, err := startReferences(ctx, rows, subject)
	if err != nil {
		return table{}, err
	}
	defer func() { err = errors.Join(err, references.close()) }()
	fmt.Fprintf(out, "\n%s tickets with %s messages, filled in %.1f s\n\n", model.Thousands(size),
		model.Thousands(subject.Crowd.Messages), subject.Took.Seconds())
	tasks, err := choose(append(references.tasks(), subject.tasks()...), c.only)
	if err != nil {
		return table{}, err
	}
	if c.profile != "" {
		stop, err := profile(fmt.Sprintf("%s.%d", c.profile, size))
		if err != nil {
			return table{}, err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	return takeRounds(ctx, c, tasks)
}

// profile writes a CPU profile until it is stopped.
func profile(path string) (stop func() error, err error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() error { pprof.StopCPUProfile(); return file.Close() }, nil
}
