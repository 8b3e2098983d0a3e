package files_test

import (
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"deskbell/db/files"
	"deskbell/db/files/filestest"
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Not parallel: it counts what the whole process allocates.
func TestG3_AFileDoesNotPassThroughMemory(t *testing.T) {
	for name, rawURL := range map[string]string{"folder": folderURL(t), "s3": filestest.S3(t)} {
		s := open(t, rawURL, t.TempDir())
		if err := s.Check(t.Context()); err != nil { // connects, and fills the pools
			t.Fatal(err)
		}
		stored := files.NewName()
		used := allocated(t, func() error { return store(t, s, stored, 32<<20) })
		if used > 2<<20 {
			t.Errorf("%s: to store 32 MB took %d KB of memory", name, used>>10)
		}
		used = allocated(t, func() error {
			f, err := s.Open(t.Context(), stored)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{f})
			return err
		})
		if used > 2<<20 {
			t.Errorf("%s: to read 32 MB took %d KB of memory", name, used>>10)
		}
	}
}

func store(t testing.TB, s files.Store, name string, size int64) error {
	received, err := s.Receive(t.Context(), io.LimitReader(zeros{}, size), size)
	if err != nil {
		return err
	}
	defer received.Close()
	return s.Put(t.Context(), name, received)
}

// allocated is how many bytes were allocated meanwhile, freed or not.
func allocated(t *testing.T, do func() error) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := do(); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const benchSize = 10 << 20

// BenchmarkReceive is read beside BenchmarkCopy: what it adds is the checksum and a lock.
func BenchmarkReceive(b *testing.B) {
	s := open(b, folderURL(b), "")
	b.SetBytes(benchSize)
	b.ReportAllocs()
	for b.Loop() {
		received, err := s.Receive(b.Context(), io.LimitReader(zeros{}, benchSize), benchSize)
		if err != nil {
			b.Fatal(err)
		}
		if err := received.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCopy writes and syncs a file, and nothing else.
func BenchmarkCopy(b *testing.B) { benchmarkCopy(b, func(w io.Writer) io.Writer { return w }) }

// BenchmarkCopySum makes the checksum too.
func BenchmarkCopySum(b *testing.B) {
	benchmarkCopy(b, func(w io.Writer) io.Writer { return io.MultiWriter(w, sha256.New()) })
}

func benchmarkCopy(b *testing.B, through func(io.Writer) io.Writer) {
	path := filepath.Join(b.TempDir(), "copy")
	buf := make([]byte, 256<<10)
	b.SetBytes(benchSize)
	for b.Loop() {
		file, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{through(file)}, io.LimitReader(zeros{}, benchSize), buf); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStore is the whole way of an upload, on both stores.
func BenchmarkStore(b *testing.B) {
	for name, rawURL := range map[string]func(testing.TB) string{"folder": folderURL, "s3": filestest.S3} {
		b.Run(name, func(b *testing.B) {
			s := open(b, rawURL(b), b.TempDir())
			b.SetBytes(benchSize)
			for b.Loop() {
				if err := store(b, s, files.NewName(), benchSize); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
