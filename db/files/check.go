package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
)

// check is Check of every store: a small file goes the whole way that an attachment goes.
func check(ctx context.Context, s Store) error {
	want := []byte(rand.Text())
	received, err := s.Receive(ctx, bytes.NewReader(want), int64(len(want)))
	if err != nil {
		return err
	}
	defer received.Close()
	name := NewName()
	if err := s.Put(ctx, name, received); err != nil {
		return err
	}
	err = compare(ctx, s, name, want)
	// Its own context: a check that is cut short leaves nothing behind either.
	return errors.Join(err, s.Remove(context.WithoutCancel(ctx), name))
}

func compare(ctx context.Context, s Store, name string, want []byte) error {
	f, err := s.Open(ctx, name)
	if err != nil {
		return err
	}
	defer f.Close()
	got, err := io.ReadAll(io.LimitReader(f, int64(len(want))+1))
	if err != nil {
		return fmt.Errorf("read a file that was just stored: %w", err)
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("a file that was just stored came back different")
	}
	return nil
}
