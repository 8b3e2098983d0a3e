package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// sftpServer is an SFTP server that lets one key in, with a folder of its own.
type sftpServer struct {
	address string
	hostKey string // as a line of known_hosts names it
	keyPath string // of who is let in
	folder  string
}

// startSFTP starts one that ends with the test.
func startSFTP(t *testing.T) sftpServer {
	t.Helper()
	host, _ := sshKey(t)
	user, private := sshKey(t)
	s := sftpServer{keyPath: filepath.Join(t.TempDir(), "id"), folder: t.TempDir(), hostKey: strings.TrimSpace(string(ssh.MarshalAuthorizedKey(host.PublicKey())))}
	if err := os.WriteFile(s.keyPath, private, 0o600); err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(user.PublicKey().Marshal()) {
			return nil, os.ErrPermission
		}
		return nil, nil
	}}
	config.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	s.address = listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveSFTP(conn, config, s.folder)
		}
	}()
	return s
}

func sshKey(t *testing.T) (ssh.Signer, []byte) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, pem.EncodeToMemory(block)
}

// serveSFTP serves one connection until it ends.
func serveSFTP(conn net.Conn, config *ssh.ServerConfig, folder string) {
	defer conn.Close()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for offered := range channels {
		channel, asked, err := offered.Accept()
		if err != nil {
			return
		}
		go func() {
			for request := range asked {
				request.Reply(request.Type == "subsystem", nil)
			}
		}()
		server, err := sftp.NewServer(channel, sftp.WithServerWorkingDirectory(folder))
		if err != nil {
			return
		}
		go func() { server.Serve(); channel.Close() }() // until the client goes
	}
}

func TestO7_AnSFTPServerKeepsAReplica(t *testing.T) {
	t.Parallel()
	server := startSFTP(t)
	dir := dataFolder(t)
	env := append(replicated(t, "sftp://keeper@"+server.address+server.folder+"/deskbell"),
		"DESKBELL_REPLICA_SSH_KEY_PATH="+server.keyPath, "DESKBELL_REPLICA_SSH_HOST_KEY="+server.hostKey)
	p := launch(t, dir, append(env, "DESKBELL_DEMO=1")...)
	p.browser("").OpenTicket("support", "ann@example.org", "Kept by SSH")
	if code, _ := p.stop(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, p.logs)
	}
	loseVolume(t, dir)

	p = launch(t, dir, env...)
	p.waitFor(p.logs, "restored the database from the replica")
	p.signIn("admin@example.com", "deskbell-demo").Get("/desk").Status(200).Has("Kept by SSH")
	p.stop()
	checkIntegrity(t, dir)
}
