package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// receiveBuffer is how much one Receive holds in memory, in bytes.
const receiveBuffer = 256 << 10

var buffers = sync.Pool{New: func() any { return new([receiveBuffer]byte) }}

// Received is a file in the temporary folder, complete and synced to disk. One goroutine at a time
// may use it.
type Received struct {
	Size   int64  // bytes
	SHA256 string // of the bytes, 64 lower-case hexadecimal digits
	file   *os.File
	done   bool
}

// Reader reads the received bytes from their start, as often as wanted, to look into them: for
// their type, or to make a preview. It ends with Put or Close.
func (r *Received) Reader() *io.SectionReader { return io.NewSectionReader(r.file, 0, r.Size) }

// Close removes the file, unless Put took it. It may be called at any time, and again.
func (r *Received) Close() error {
	if r.done {
		return nil
	}
	r.done = true
	// Removed before it is closed: closing gives up the lock that says it is in use.
	return errors.Join(os.Remove(r.file.Name()), r.file.Close())
}

// taken says that the file stands under another name now and is no longer Close's to remove.
func (r *Received) taken() {
	r.done = true
	_ = r.file.Close() // Synced already: closing has nothing left to say.
}

// usable refuses what was put or closed before.
func (r *Received) usable() error {
	if r.done {
		return errors.New("this received file was put or closed before")
	}
	return nil
}

// Receive is Store.Receive for every store.
func (in *incoming) Receive(ctx context.Context, r io.Reader, limit int64) (*Received, error) {
	file, err := in.create()
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	received := &Received{file: file}
	if err := received.fill(ctx, r, limit); err != nil {
		return nil, errors.Join(err, received.Close())
	}
	return received, nil
}

// fill writes what r gives, in whole buffers however small r's pieces are, and syncs it.
func (r *Received) fill(ctx context.Context, from io.Reader, limit int64) error {
	buf := buffers.Get().(*[receiveBuffer]byte)
	defer buffers.Put(buf)
	limit = max(limit, 0)
	sum := sha256.New()
	for ended := false; !ended; {
		// One byte past the limit is enough to know. Why not add one to the limit: it may overflow.
		room := 1 + min(receiveBuffer-1, limit-r.Size)
		n, err := readFull(ctx, from, buf[:room])
		if err != nil && err != io.EOF {
			return fmt.Errorf("receive a file: %w", err)
		}
		ended = err == io.EOF
		r.Size += int64(n)
		if r.Size > limit {
			return ErrTooLarge
		}
		sum.Write(buf[:n])
		if _, err := r.file.Write(buf[:n]); err != nil {
			return fmt.Errorf("write a temporary file: %w", err)
		}
	}
	r.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err := r.file.Sync(); err != nil {
		return fmt.Errorf("sync a temporary file: %w", err)
	}
	return nil
}

// readFull reads until buf is full or the reader ends. Why not io.ReadFull: it turns an early end
// into io.ErrUnexpectedEOF, which a request's body returns when its sender went away.
func readFull(ctx context.Context, r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		m, err := r.Read(buf[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
