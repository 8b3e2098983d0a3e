package handlerstest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"net/http"
	"time"
)

// slack speaks "Sign in with Slack": OpenID Connect, with refusals that come with status 200.
type slack struct {
	provider
	*http.ServeMux
	key *rsa.PrivateKey
}

func newSlack() (*slack, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	s := &slack{provider: newProvider("Slack"), ServeMux: http.NewServeMux(), key: key}
	s.HandleFunc("slack.com/openid/connect/authorize", func(rw http.ResponseWriter, r *http.Request) {
		s.authorize(rw, r, "email", "openid", "profile")
	})
	s.HandleFunc("POST slack.com/api/openid.connect.token", s.token)
	s.HandleFunc("slack.com/api/openid.connect.userInfo", s.userInfo)
	s.HandleFunc("GET slack.com/openid/connect/keys", s.keys)
	s.HandleFunc("GET avatars.slack-edge.com/", s.picture)
	return s, nil
}

func (s *slack) token(rw http.ResponseWriter, r *http.Request) {
	token, given, failure := s.trade(r)
	switch {
	case failure != "":
		answerJSON(rw, http.StatusOK, map[string]any{"ok": false, "error": failure})
	case given.app.Silent:
		<-r.Context().Done()
	case given.app.TokenAnswer != "":
		rw.Header().Set("Content-Type", "application/json")
		io.WriteString(rw, given.app.TokenAnswer)
	default:
		answerJSON(rw, http.StatusOK, map[string]any{
			"ok": true, "access_token": token, "token_type": "Bearer", "id_token": s.idToken(given),
		})
	}
}

// idToken is a signed token (RFC 7519) with what Slack says in it.
func (s *slack) idToken(given grant) string {
	claims := map[string]any{
		"iss": "https://slack.com", "aud": given.app.ClientID, "nonce": given.query.Get("nonce"),
		"iat": time.Now().Unix(), "auth_time": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
	}
	maps.Copy(claims, s.profile(given.app))
	if given.app.Token != nil {
		given.app.Token(claims)
	}
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // maps of plain values
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(map[string]any{"typ": "JWT", "alg": "RS256", "kid": "test"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key is large enough
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (s *slack) profile(app *App) map[string]any {
	person := app.Person
	profile := map[string]any{
		"sub": person.ID, "https://slack.com/user_id": person.ID, "https://slack.com/team_id": person.Team,
		"email": person.Email, "email_verified": person.Email != "" && !person.Unverified, "name": person.Name,
		"given_name": person.Name, "family_name": "", "locale": "en-US", "https://slack.com/team_name": "Initech",
	}
	if len(person.Avatar) > 0 {
		profile["picture"] = "https://avatars.slack-edge.com/" + app.ClientID + "_512.png"
		profile["https://slack.com/user_image_192"] = "https://avatars.slack-edge.com/" + app.ClientID + "_192.png"
	}
	return profile
}

func (s *slack) userInfo(rw http.ResponseWriter, r *http.Request) {
	given, ok := s.bearer(r)
	if !ok {
		answerJSON(rw, http.StatusOK, map[string]any{"ok": false, "error": "invalid_auth"})
		return
	}
	answer := s.profile(given.app)
	answer["ok"] = true
	if given.app.Profile != nil {
		given.app.Profile(answer)
	}
	answerJSON(rw, http.StatusOK, answer)
}

// keys are those with which the tokens are signed (RFC 7517).
func (s *slack) keys(rw http.ResponseWriter, _ *http.Request) {
	answerJSON(rw, http.StatusOK, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "test",
		"n": base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(s.key.E)).Bytes()),
	}}})
}
