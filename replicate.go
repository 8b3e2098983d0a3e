package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"deskbell/db/model"
	"deskbell/replica"
)

//go:embed litestream.yml
var litestreamConfig []byte

// start serves: plainly, or as Litestream's child where a replica is set (O7). Litestream is started by
// this process becoming it, so that whoever started Deskbell signals and waits for the right one.
func start(ctx context.Context, c Config, args []string, out, logs io.Writer) error {
	if c.Replica == "" {
		return serve(ctx, c, out, logs)
	}
	if c.SecretKey == "" {
		return usageError{errors.New("DESKBELL_REPLICA_URL needs DESKBELL_SECRET_KEY: a replica has no signing key, and a restore without the key would orphan every mailed link. " +
			"Set it to what stands in secret.key in the data folder, or for a new installation to 32 random characters or more, and keep a copy apart")}
	}
	r, err := replicaOf(c)
	if err != nil {
		return err
	}
	if replica.IsChild() {
		return serveReplicated(ctx, c, r, out, logs)
	}
	if replica.Orphaned() {
		return errors.New("stopping, because Litestream ended before Deskbell began, and nothing would copy the database")
	}
	restored, err := restoreReplica(ctx, c, r)
	if err != nil {
		return fmt.Errorf("DESKBELL_REPLICA_URL: %w. Deskbell does not start without it: a new database would take its place. Mend it, or name another address", err)
	}
	if restored {
		newLog(c, logs).Info("restored the database from the replica", "replica", replica.Where(c.Replica))
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	return r.Become(append([]string{program, "serve"}, args...)...)
}

// serveReplicated serves as Litestream's child, and ends only when the replica has everything, or cannot get
// it: Litestream by itself copies nothing at its end of a database that it has not looked at yet.
func serveReplicated(ctx context.Context, c Config, r replica.Replica, out, logs io.Writer) error {
	log := newLog(c, logs)
	log.Info("Litestream keeps a replica", "replica", replica.Where(c.Replica))
	gone := func() { log.Error("Litestream ended: stopping, because nothing copies the database any more") }
	err := serve(replica.WhileParent(ctx, gone), c, out, logs)
	if !replica.IsChild() {
		return err
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCopy)
	defer cancel()
	if missed := r.Sync(last); missed != nil {
		log.Error("the replica may lack what was written last: it is on this disk, and the next start copies it", "error", missed)
	}
	return err
}

// lastCopy is how long a stop waits for the replica; Litestream itself goes on after it.
const lastCopy = 10 * time.Second

// restoreReplica holds the data folder, so that no other process fills it at the same time.
func restoreReplica(ctx context.Context, c Config, r replica.Replica) (bool, error) {
	release, err := lock(c.Data)
	if err != nil {
		return false, err
	}
	defer release()
	return r.Restore(ctx)
}

func replicaOf(c Config) (replica.Replica, error) {
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return replica.Replica{}, fmt.Errorf("DESKBELL_DATA: %w", err)
	}
	return replica.Replica{URL: c.Replica, Data: data, Program: c.Litestream, Config: litestreamConfig}, nil
}

// replicaState says how the replica is, as a page or a check shows it.
func replicaState(ctx context.Context, c Config) model.Replica {
	state := model.Replica{Set: c.Replica != "", Where: replica.Where(c.Replica), FilesFolder: filesFolder(c)}
	if !state.Set {
		return state
	}
	r, err := replicaOf(c)
	if err == nil {
		state.SyncedAt, err = r.SyncedAt(ctx)
	}
	if err != nil {
		state.Problem = err.Error()
	}
	return state
}
