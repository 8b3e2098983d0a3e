package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id (RFC 9106), as OWASP's cheat sheet has them for 19 MiB.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024 // KiB
	argonThreads = 1
	argonLength  = 32
)

// hashing bounds how much memory passwords take at one time.
var hashing = make(chan struct{}, 2)

// HashPassword returns a password's hash in the PHC string format, with a salt of its own.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(derive(password, salt, argonTime, argonMemory, argonThreads)))
}

// PasswordMatches compares a password with a hash. For an empty hash, that is, an unknown account,
// it takes the same time and says no.
func PasswordMatches(password, hash string) bool {
	known := hash != ""
	if !known {
		hash = nobody()
	}
	parts := strings.Split(hash, "$")
	var version, memory, time, threads int
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &threads); err != nil || version != argon2.Version {
		return false
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, wantErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || wantErr != nil || len(want) != argonLength {
		return false
	}
	got := derive(password, salt, uint32(time), uint32(memory), uint8(threads))
	return subtle.ConstantTimeCompare(got, want) == 1 && known
}

var nobody = sync.OnceValue(func() string { return HashPassword("nobody has this account") })

func derive(password string, salt []byte, time, memory uint32, threads uint8) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, argonLength)
}
