package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"deskbell/db/model"
)

// readKeys takes the signing key from the settings, else from the data folder, where the first
// start makes it.
func readKeys(c Config) (model.Keys, error) {
	if c.SecretKey != "" {
		return model.NewKeys([]byte(c.SecretKey))
	}
	text, err := storedKey(c.Data)
	if errors.Is(err, os.ErrNotExist) {
		path := keyPath(c.Data)
		// A new key beside an old database would end every link that was ever mailed, without a word.
		if _, err := os.Stat(filepath.Join(c.Data, "deskbell.db")); err == nil {
			return model.Keys{}, fmt.Errorf("the signing key %s is missing, and the database has links that need it: restore it from a backup, or set DESKBELL_SECRET_KEY to a new one and have every mailed link end", path)
		}
		text, err = makeKey(path)
	}
	if err != nil {
		return model.Keys{}, err
	}
	return model.NewKeys([]byte(text))
}

func keyPath(data string) string { return filepath.Join(data, "secret.key") }

// storedKey returns the key in the data folder, and fails with os.ErrNotExist where there is none.
func storedKey(data string) (string, error) {
	secret, err := os.ReadFile(keyPath(data))
	if err != nil {
		return "", fmt.Errorf("read the signing key: %w", err)
	}
	text := strings.TrimSpace(string(secret))
	if raw, err := hex.DecodeString(text); err != nil || len(raw) != keyBytes {
		return "", fmt.Errorf("the signing key in %s is damaged: restore it from a backup, because mailed links need it", keyPath(data))
	}
	return text, nil
}

// keyBytes is how long a key of our own making is.
const keyBytes = 32

// makeKey writes a new key durably and returns it: a key that a crash took back would orphan every
// mailed link.
func makeKey(path string) (string, error) {
	raw := make([]byte, keyBytes)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	secret := hex.EncodeToString(raw)
	if err := writeKey(path, secret); err != nil {
		return "", fmt.Errorf("make the signing key: %w", err)
	}
	return secret, nil
}

func writeKey(path, secret string) error {
	// Under another name first: a crash must not leave half a key under this one.
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(secret + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
