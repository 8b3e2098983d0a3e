package doctor

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"time"
)

// renewed is how long before its end a certificate has been renewed for some time, where all is well.
const renewed = 14 * 24 * time.Hour

// certificate looks at that of the base host, where Deskbell gets its own.
func (e *exam) certificate() {
	const check = "certificate"
	if e.Certificate == "" {
		return
	}
	ends, err := certificateEnds(e.Certificate)
	left := time.Until(ends) // by the wall clock, as browsers
	switch {
	case errors.Is(err, os.ErrNotExist):
		e.report(Warning, check, "There is none yet. It comes at the start, once %s leads to this machine and port 443 or 80 is reached from outside.", e.Base.Host)
	case err != nil:
		e.report(Problem, check, "%s cannot be read (%v). Remove it: the next start gets another.", e.Certificate, err)
	case left <= 0:
		e.report(Problem, check, "It ended on %s. The log says why it was not renewed: look for “certificate”.", ends.Format(time.DateOnly))
	case left < renewed:
		e.report(Warning, check, "It ends on %s and should have been renewed. The log says why it was not: look for “certificate”.", ends.Format(time.DateOnly))
	default:
		e.report(OK, check, "It is good until %s, and is renewed before.", ends.Format(time.DateOnly))
	}
}

// certificateEnds reads the first certificate of a file that has a key before it.
func certificateEnds(path string) (time.Time, error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, err
	}
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return time.Time{}, errors.New("it has no certificate")
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return time.Time{}, errors.New("it is damaged")
		}
		return c.NotAfter, nil
	}
}
