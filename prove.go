package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"deskbell/backup"
	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/jobs/doctor"
	"deskbell/replica"
)

// proveRestore restores the replica, or a backup, into a folder of its own, looks whether it is whole, and
// notes that it was (O7). The installation goes on meanwhile; the folder is thrown away.
func proveRestore(ctx context.Context, c Config, file string, in backupStreams) error {
	folder, err := os.MkdirTemp(c.Data, ".proof-")
	if err != nil {
		return fmt.Errorf("make room for the restore: %w", err)
	}
	defer os.RemoveAll(folder)
	began, copied := time.Now(), c
	copied.Data = folder
	proof := model.Proof{Source: "a backup"}
	if file == "" {
		proof.Source = replica.Where(c.Replica)
		copied.Files = folderURL(filesFolder(c), c.Files) // files are not in a replica: those of the installation count
		err = proveReplica(ctx, c, folder, in.logs)
	} else {
		if filesFolder(c) != "" {
			copied.Files = "" // beside the copy of the database, and not where the installation's are
		}
		_, err = restoreFile(ctx, file, backup.Target{Data: folder, FilesFolder: filesFolder(copied)}, in.in)
	}
	if err != nil {
		return err
	}
	proof.Took = time.Since(began)
	if proof.Tickets, err = examineCopy(ctx, copied, in.out); err != nil {
		return err
	}
	fmt.Fprintf(in.out, "Restored %s tickets from %s in %s, and found them whole.\n", model.Thousands(proof.Tickets), proof.Source, proof.Took.Round(time.Millisecond))
	return noteProof(ctx, c, proof)
}

func folderURL(folder, address string) string {
	if folder == "" {
		return address
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return address
	}
	return "file://" + absolute
}

// proveReplica restores the replica; what is in the database now comes along where Litestream runs.
func proveReplica(ctx context.Context, c Config, folder string, logs io.Writer) error {
	live, err := replicaOf(c)
	if err != nil {
		return err
	}
	if err := live.Sync(ctx); err != nil {
		fmt.Fprintln(logs, "The replica as it is:", err)
	}
	there, err := live.RestoreTo(ctx, filepath.Join(folder, "deskbell.db"))
	if err == nil && !there {
		err = fmt.Errorf("there is no replica at %s yet", replica.Where(c.Replica))
	}
	return err
}

// examineCopy looks at a restored database and its files, and counts its tickets.
func examineCopy(ctx context.Context, c Config, out io.Writer) (int, error) {
	in := doctor.Installation{Data: c.Data, FilesFolder: filesFolder(c), OpenFiles: func() (files.Store, error) { return openFiles(c) }}
	problems := doctor.ExamineCopy(ctx, in, func(f doctor.Finding) { fmt.Fprintf(out, "%-8s %s: %s\n", f.State, f.Check, f.Says) })
	if problems > 0 {
		return 0, errors.New("the restore is not whole; the lines above say what it lacks")
	}
	data, err := db.OpenReadOnly(ctx, filepath.Join(c.Data, "deskbell.db"), nil)
	if err != nil {
		return 0, err
	}
	defer data.Close() // nothing was written
	return data.CountTickets(ctx)
}

// noteProof notes a proof in the installation's database, where there is one of this program's version.
func noteProof(ctx context.Context, c Config, proof model.Proof) error {
	path := filepath.Join(c.Data, "deskbell.db")
	if _, err := os.Stat(path); err != nil {
		return nil // a machine that has the replica alone
	}
	if same, err := sameVersion(ctx, path); err != nil || !same {
		return err // opening it would migrate it, under an older server's feet
	}
	data, err := db.Open(ctx, path, nil)
	if err != nil {
		return err
	}
	return errors.Join(data.NoteProof(ctx, proof), data.Close())
}

func sameVersion(ctx context.Context, path string) (bool, error) {
	data, err := db.OpenReadOnly(ctx, path, nil)
	if err != nil {
		return false, err
	}
	defer data.Close() // nothing was written
	has, knows, err := data.Versions(ctx)
	return has == knows, err
}
