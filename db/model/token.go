package model

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// LinkID is the random half of a mailed link, as the database keeps it: 128 bits, base64url. It
// opens nothing: a Token does, and only the secret key makes one of it (P3).
type LinkID string

// Token is what a link carries: a LinkID and its MAC under the secret key.
type Token string

// Purpose separates tokens, so that one kind never passes for another (I5).
type Purpose string

// The purposes of a token that is handed out again and again.
const (
	ThreadLink      Purpose = "thread"
	UnsubscribeLink Purpose = "unsubscribe"
	LoginLink       Purpose = "login"
	IntakeLinkToken Purpose = "intake"
	MemberLinkToken Purpose = "member"
)

const (
	idBytes  = 16
	macBytes = 16
)

// FormKeyLife is how long a form can stay open in a tab and still be sent.
const FormKeyLife = 7 * 24 * time.Hour

var encoding = base64.RawURLEncoding

// RandomID returns 128 random bits as base64url.
func RandomID() string {
	b := make([]byte, idBytes)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return encoding.EncodeToString(b)
}

// Hash returns the form in which the database keeps a random secret: its SHA-256, base64url.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return encoding.EncodeToString(sum[:])
}

// Keys are the keys derived from the installation's secret, one for each use (HKDF, RFC 5869).
type Keys struct {
	link, form, seal, code, signIn []byte
}

// NewKeys derives the keys from a secret. One of fewer than 16 bytes could be guessed and is refused.
func NewKeys(secret []byte) (Keys, error) {
	var k Keys
	if len(secret) < 16 {
		return k, errors.New("a secret key needs at least 16 bytes")
	}
	for use, key := range map[string]*[]byte{"link": &k.link, "form": &k.form, "seal": &k.seal, "code": &k.code, "sign-in": &k.signIn} {
		derived, err := hkdf.Key(sha256.New, secret, nil, "deskbell/"+use, 32)
		if err != nil {
			return Keys{}, err
		}
		*key = derived
	}
	return k, nil
}

// Token makes the token of a link.
func (k Keys) Token(p Purpose, id LinkID) Token {
	raw, err := encoding.DecodeString(string(id))
	if err != nil || len(raw) != idBytes {
		return ""
	}
	return Token(encoding.EncodeToString(append(raw, mac(k.link, string(p), raw)...)))
}

// Link returns the id in a token of this purpose, and false for anything that this installation
// did not make. It compares in constant time and asks no database.
func (k Keys) Link(p Purpose, t Token) (LinkID, bool) {
	raw, err := encoding.Strict().DecodeString(string(t))
	if err != nil || len(raw) != idBytes+macBytes {
		return "", false
	}
	id, sum := raw[:idBytes], raw[idBytes:]
	if !hmac.Equal(sum, mac(k.link, string(p), id)) {
		return "", false
	}
	return LinkID(encoding.EncodeToString(id)), true
}

// FormKey makes the key of a form that is shown now. Scope names the form and what it is about, so
// that a key counts nowhere else.
func (k Keys) FormKey(scope string, now time.Time) string {
	raw := make([]byte, idBytes+8)
	rand.Read(raw[:idBytes])
	binary.BigEndian.PutUint64(raw[idBytes:], uint64(now.Unix()))
	return encoding.EncodeToString(append(raw, mac(k.form, scope, raw)...))
}

// StableFormKey makes a form key that is the same for the same scope and version, for pages that
// are kept. A form that uses it is told from its repetition by what it carries besides.
func (k Keys) StableFormKey(scope string, version int64) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(version))
	return encoding.EncodeToString(append(raw, mac(k.form, "stable "+scope, raw)...))
}

// StableFormKeyValid says whether a key was made for this scope, in whatever version.
func (k Keys) StableFormKeyValid(scope, key string) bool {
	raw, err := encoding.Strict().DecodeString(key)
	return err == nil && len(raw) == 8+macBytes && hmac.Equal(raw[8:], mac(k.form, "stable "+scope, raw[:8]))
}

// FormKeyValid says whether a key was made for this scope within FormKeyLife.
func (k Keys) FormKeyValid(scope, key string, now time.Time) bool {
	raw, err := encoding.Strict().DecodeString(key)
	if err != nil || len(raw) != idBytes+8+macBytes {
		return false
	}
	body, sum := raw[:idBytes+8], raw[idBytes+8:]
	made := time.Unix(int64(binary.BigEndian.Uint64(body[idBytes:])), 0)
	return hmac.Equal(sum, mac(k.form, scope, body)) && now.Sub(made) < FormKeyLife
}

// Seal encrypts a text for a URL that only this installation reads again. The same text and scope
// give the same result (AES-256-GCM with the nonce taken from a MAC of the text).
func (k Keys) Seal(scope, text string) string {
	nonce := mac(k.form, "nonce "+scope, []byte(text))[:12]
	return encoding.EncodeToString(k.aead().Seal(nonce, nonce, []byte(text), []byte(scope)))
}

// Unseal returns the text of Seal, and false for anything else.
func (k Keys) Unseal(scope, sealed string) (string, bool) {
	raw, err := encoding.Strict().DecodeString(sealed)
	if err != nil || len(raw) < 12 {
		return "", false
	}
	text, err := k.aead().Open(nil, raw[:12], raw[12:], []byte(scope))
	return string(text), err == nil
}

func (k Keys) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.seal)
	if err != nil {
		panic(err) // the key's length is a constant of this file
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// Code makes the six-digit code of a login: mailed, never stored.
func (k Keys) Code(id LinkID) string {
	n := binary.BigEndian.Uint64(mac(k.code, "login", []byte(id))) % 1_000_000
	return fmt.Sprintf("%06d", n)
}

// CodeMatches compares a typed code in constant time.
func (k Keys) CodeMatches(id LinkID, typed string) bool {
	return hmac.Equal([]byte(k.Code(id)), []byte(typed))
}

// Proof derives from a sign-in's state what proves to the provider, or by it, that both ends of the
// sign-in are ours: a PKCE verifier (RFC 7636) or an OpenID nonce, by its use. Nothing has to be kept.
func (k Keys) Proof(use, state string) string {
	h := hmac.New(sha256.New, k.signIn)
	h.Write([]byte(use + "\x00" + state))
	return encoding.EncodeToString(h.Sum(nil))
}

func mac(key []byte, scope string, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(scope))
	h.Write([]byte{0})
	h.Write(data)
	return h.Sum(nil)[:macBytes]
}
