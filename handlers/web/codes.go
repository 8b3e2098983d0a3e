package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"deskbell/db/model"
)

const (
	codePeriod   = 30 // seconds that a code is shown for
	codeSkew     = 1  // codes before and after that count as well: clocks differ
	recoveryMany = 10
	codeMargin   = 20 // pixels of white around the QR code, which cameras need on a dark page
)

// pictureSize is the width and height of the QR code's picture, in pixels.
const pictureSize = 304

// NewCodeSecret makes the random secret of a member's one-time codes, in base32.
func NewCodeSecret() string {
	b := make([]byte, 20)
	rand.Read(b)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// SealCodeSecret makes of a secret what the database keeps, for this member alone.
func SealCodeSecret(keys model.Keys, m model.Member, secret string) string {
	return keys.Seal(codeScope(m), secret)
}

// OpenCodeSecret returns the secret of SealCodeSecret, and false under another key or for another member.
func OpenCodeSecret(keys model.Keys, m model.Member, sealed string) (string, bool) {
	return keys.Unseal(codeScope(m), sealed)
}

func codeScope(m model.Member) string { return fmt.Sprintf("codes of member %d", m.ID) }

// CodeStep returns the step of a typed code that holds at a time (RFC 6238), and false for any other.
func CodeStep(secret, typed string, now time.Time) (int64, bool) {
	typed = strings.ReplaceAll(typed, " ", "")
	at := now.Unix() / codePeriod
	for step := at - codeSkew; step <= at+codeSkew; step++ {
		if ok, err := hotp.ValidateCustom(typed, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}); ok && err == nil {
			return step, true
		}
	}
	return 0, false
}

// CodePicture is the QR code by which a device takes over a secret, as a PNG.
func CodePicture(team, email, secret string) ([]byte, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return nil, fmt.Errorf("read the secret: %w", err)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: team, AccountName: email, Secret: raw, Period: codePeriod})
	if err != nil {
		return nil, fmt.Errorf("describe the secret: %w", err)
	}
	code, err := key.Image(pictureSize-2*codeMargin, pictureSize-2*codeMargin)
	if err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	picture := image.NewGray(image.Rect(0, 0, pictureSize, pictureSize))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(picture, code.Bounds().Add(image.Pt(codeMargin, codeMargin)), code, code.Bounds().Min, draw.Src)
	var b bytes.Buffer
	err = png.Encode(&b, picture)
	return b.Bytes(), err
}

// NewRecoveryCodes makes the codes for who has lost the device, each of 80 random bits.
func NewRecoveryCodes() []string {
	var list []string
	for range recoveryMany {
		b := make([]byte, 10)
		rand.Read(b)
		s := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		list = append(list, s[:4]+"-"+s[4:8]+"-"+s[8:12]+"-"+s[12:])
	}
	return list
}

// RecoveryHashes are what the database keeps of a member's recovery codes.
func RecoveryHashes(keys model.Keys, m model.Member, codes []string) []string {
	var list []string
	for _, c := range codes {
		list = append(list, RecoveryHash(keys, m, c))
	}
	return list
}

// RecoveryHash is what the database keeps of a recovery code, however it is typed.
func RecoveryHash(keys model.Keys, m model.Member, code string) string {
	return keys.RecoveryHash(int64(m.ID), strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code)))
}
