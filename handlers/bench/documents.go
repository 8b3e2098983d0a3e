package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers/web"
)

// What is measured of suggestions (F2). All of them are compared with the first.
const (
	bareRead     = "S0 bare read, for suggestions' ratio"
	threeLetters = "suggest, three letters of a common word"
	everyWord    = "suggest, a word of every document"
	twelveWords  = "suggest, twelve common words"
	neverMeet    = "suggest, common words that never meet"
	rareWord     = "suggest, a rare word"
)

var suggestionTasks = []string{bareRead, threeLetters, everyWord, twelveWords, neverMeet, rareWord}

// typed is what somebody has typed into title and description.
var typed = map[string][2]string{
	threeLetters: {"com", ""},
	everyWord:    {common(1), ""},
	twelveWords: {strings.Join([]string{common(1), common(2), common(3), common(4), common(5), common(6)}, " "),
		strings.Join([]string{common(7), common(8), common(9), many(1), many(2), many(5)}, " ")},
	neverMeet: {fmt.Sprintf(seed.EitherWord+" "+seed.EitherWord, 0, 1), ""},
	rareWord:  {many(1999), ""},
}

func common(n int) string { return fmt.Sprintf(seed.EveryWord, n) }
func many(n int) string   { return fmt.Sprintf(seed.ManyWord, n) }

// suggestionClients are how many type at once.
var suggestionClients = []int{1, 2}

// measureSuggestions fills a database with documents, and takes all the rounds.
func measureSuggestions(ctx context.Context, c config, out io.Writer) (err error) {
	dir, err := os.MkdirTemp(c.dir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data, err := db.Open(ctx, filepath.Join(dir, "deskbell.db"), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	begin := time.Now()
	crowd, err := seed.ManyDocuments(ctx, data, c.documents, web.HashPassword)
	for n := 1; n > 0 && err == nil; { // as the hourly sweep does
		n, err = data.TidySearch(ctx)
	}
	if err != nil {
		return err
	}
	c.clients, c.each = suggestionClients, c.each/2 // hundreds of searches, all the same
	fmt.Fprintf(out, "\n%s documents of one project, filled in %.1f s; %s each\n\n",
		model.Thousands(c.documents), time.Since(begin).Seconds(), c.each)
	tasks, err := choose(searchTasks(data, crowd, c.documents), c.only)
	if err != nil {
		return err
	}
	t, err := takeRounds(ctx, c, tasks)
	if err == nil {
		t.print(out, table{})
	}
	return err
}

// searchTasks ask the database itself, without HTTP: what a search costs is there.
func searchTasks(data *db.DB, crowd seed.Crowd, documents int) []task {
	var turn atomic.Int64
	tasks := []task{{name: bareRead, client: asking(func(ctx context.Context) error {
		return data.BareRead(ctx, model.DocumentID(1+turn.Add(7919)%int64(documents))) // all over the table
	})}}
	for _, name := range suggestionTasks[1:] {
		text := typed[name]
		tasks = append(tasks, task{name: name, against: []string{bareRead}, client: asking(func(ctx context.Context) error {
			_, err := data.Suggestions(ctx, crowd.Workspace.ID, crowd.Project.ID, text[0], text[1])
			return err
		})})
	}
	return tasks
}

// asking is a client that does one thing over and over.
func asking(do func(context.Context) error) func(context.Context) (func() error, func() error, error) {
	return func(ctx context.Context) (func() error, func() error, error) {
		return func() error { return do(ctx) }, func() error { return nil }, nil
	}
}
