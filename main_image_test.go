//go:build image

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// inImage starts a command inside the unpacked image as its own user, with the root mounted read-only.
const inImage = `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && mount --bind "$2" "$1/storage" &&
mount -t tmpfs none "$1/tmp" && mount -t proc none "$1/proc" || exit 1
root=$1; shift 2; exec chroot --userspec=1000:1000 "$root" "$@"`

func imageCommand(t *testing.T, storage string, args ...string) *exec.Cmd {
	t.Helper()
	root := os.Getenv("DESKBELL_IMAGE")
	if root == "" {
		t.Fatal("DESKBELL_IMAGE names the root of the unpacked image: run image/try")
	}
	return exec.Command("unshare", append([]string{"-m", "sh", "-c", inImage, "sh", root, storage}, args...)...)
}

// imageEnv is what the image and whoever starts it set.
func imageEnv(env []string) []string {
	return append(env, "DESKBELL_DATA=/storage", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
}

func launchImage(t *testing.T, storage string, env ...string) *process {
	t.Helper()
	return launchBy(t, func(p *process) {
		cmd := imageCommand(t, storage, "deskbell", "serve")
		p.cmd.Path, p.cmd.Args, p.cmd.Dir = cmd.Path, cmd.Args, "/"
		p.cmd.Env = imageEnv(p.cmd.Env)
	}, storage, env...)
}

// runInImage runs a command inside the image, beside a server.
func runInImage(t *testing.T, storage string, env []string, args ...string) string {
	t.Helper()
	cmd := imageCommand(t, storage, args...)
	cmd.Env, cmd.Dir = imageEnv(env), "/"
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestO7_InTheImageTheFirstTicketIsAnswered(t *testing.T) {
	storage := t.TempDir()
	if err := os.Chown(storage, 1000, 1000); err != nil {
		t.Fatal(err)
	}
	env := []string{"DESKBELL_SECRET_KEY=" + replicatedKey, "DESKBELL_REPLICA_URL=file:///storage/copies"}
	p := launchImage(t, storage, env...)
	p.waitFor(p.out, "/desk/setup/")
	path := setupLink.FindStringSubmatch(p.out.String())[1]
	admin := p.browser("")
	form := admin.Get(path).Status(200).Form(path)
	for field, value := range map[string]string{"workspace": "Umbrella", "project": "Umbrella Help", "name": "Ada",
		"email": "ada@example.org", "password": "correct horse"} {
		form.Set(field, value)
	}
	admin.Follow(admin.Post(path, form)).Status(200)

	visitor := p.browser("")
	visitor.OpenTicket("support", "ann@example.org", "The first one")
	answer := admin.Get("/desk/tickets/1").Status(200).Form("/desk/tickets/1/messages")
	answer.Set("message", "The first answer")
	admin.Post("/desk/tickets/1/messages", answer).Status(303)
	mail := regexp.MustCompile(`href="(/desk/outbox/\d+)"`).FindStringSubmatch(admin.Get("/desk/outbox").Status(200).Body)
	if mail == nil {
		t.Fatal("no mail waits in the outbox")
	}
	link := regexp.MustCompile(`/ticket/thread/[A-Za-z0-9_-]+`).FindString(admin.Get(mail[1]).Status(200).Body)
	visitor.Get(link).Status(200).Has("The first one", "The first answer")

	if out := runInImage(t, storage, []string{"DESKBELL_ADDR=" + p.address}, "deskbell", "health"); out != "up\n" {
		t.Errorf("health says %q", out)
	}
	runInImage(t, storage, nil, "/hooks/pre-backup")
	if code, _ := p.stop(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, p.logs)
	}
	after(t, storage, env, link)
}

// after restores what a copied volume has, and then an empty one from the replica.
func after(t *testing.T, storage string, env []string, link string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(storage, "deskbell.db"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	runInImage(t, storage, nil, "/hooks/post-restore")
	p := launchImage(t, storage, env...)
	p.browser("").Get(link).Status(200).Has("The first answer")
	p.stop()
	left, err := filepath.Glob(filepath.Join(storage, "*deskbell.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(left, filepath.Join(storage, ".deskbell.db-litestream")) {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	p = launchImage(t, storage, env...)
	p.waitFor(p.logs, "restored the database from the replica")
	p.browser("").Get(link).Status(200).Has("The first answer")
	if !strings.Contains(p.browser("").Get("/readyz").Status(200).Body, "ready") {
		t.Error("it is not ready")
	}
}
