package replica

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// parentVariable tells Litestream's child who its parent is.
const parentVariable = "DESKBELL_LITESTREAM_PID"

// Become turns this process into Litestream, with a command as its child: a signal to it reaches the child
// first, and what the child wrote last is copied before the end. It returns only when that fails.
func (r Replica) Become(command ...string) error {
	program, err := exec.LookPath(r.Program)
	if err != nil {
		return fmt.Errorf("a replica is set, and Litestream is not there to keep it (%w): install it, or name it by DESKBELL_LITESTREAM", err)
	}
	if err := r.writeConfig(); err != nil {
		return err
	}
	args := []string{"litestream", "replicate", "-config", r.config(), "-exec", quote(command)}
	env := r.environment(parentVariable + "=" + strconv.Itoa(os.Getpid()))
	return fmt.Errorf("start Litestream: %w", syscall.Exec(program, args, env))
}

// quote writes a command for Litestream, which takes it apart as a shell does.
func quote(command []string) string {
	quoted := make([]string, len(command))
	for i, word := range command {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// IsChild says whether Litestream started this process, by Become.
func IsChild() bool { return os.Getenv(parentVariable) == strconv.Itoa(os.Getppid()) }

// Orphaned says whether Litestream started this process and has ended since. Such a process must not become
// Litestream again: it would start itself, for as long as the machine has room.
func Orphaned() bool { return os.Getenv(parentVariable) != "" && !IsChild() }

// WhileParent returns a context that ends when Litestream does, however it ends: nothing would copy what
// is written after it. Why not the kernel's signal at a parent's death: it is bound to one thread of the
// parent, and Litestream's threads come and go.
func WhileParent(ctx context.Context, gone func()) context.Context {
	ctx, stop := context.WithCancel(ctx)
	go func() {
		look := time.NewTicker(200 * time.Millisecond)
		defer look.Stop()
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-look.C:
				if !IsChild() {
					gone()
					stop()
				}
			}
		}
	}()
	return ctx
}
