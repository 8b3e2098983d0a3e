package model

import (
	"strings"
	"testing"
)

func TestE2_WhoAProfileIsInAWorkspace(t *testing.T) {
	t.Parallel()
	discord, slack := Workspace{Name: "Globex", Kind: Discord}, Workspace{Name: "Initech", Kind: Slack, SlackTeam: "T1"}
	for name, try := range map[string]struct {
		ws   Workspace
		in   Profile
		want Identity
		kind Kind
	}{
		"verified":       {discord, Profile{Provider: ByDiscord, Subject: "1", Name: "Wei", Email: "Wei@Example.org", EmailVerified: true}, Identity{Provider: ByDiscord, Subject: "1", Name: "Wei", Email: "wei@example.org"}, ""},
		"unverified":     {discord, Profile{Provider: ByDiscord, Subject: "1", Name: "Wei", Email: "wei@example.org"}, Identity{Provider: ByDiscord, Subject: "1", Name: "Wei"}, ""},
		"no address":     {discord, Profile{Provider: ByDiscord, Subject: "1", Name: "Wei", EmailVerified: true}, Identity{Provider: ByDiscord, Subject: "1", Name: "Wei"}, ""},
		"synthetic":      {discord, Profile{Provider: ByDiscord, Subject: "1", Name: "Wei", Email: "2@discord.invalid", EmailVerified: true}, Identity{Provider: ByDiscord, Subject: "1", Name: "Wei"}, ""},
		"no name":        {discord, Profile{Provider: ByDiscord, Subject: "1", Name: " \u202e\n"}, Identity{Provider: ByDiscord, Subject: "1", Name: "Discord 1"}, ""},
		"long name":      {discord, Profile{Provider: ByDiscord, Subject: "1", Name: strings.Repeat("ä", 101)}, Identity{Provider: ByDiscord, Subject: "1", Name: strings.Repeat("ä", 100)}, ""},
		"no id":          {discord, Profile{Provider: ByDiscord, Name: "Wei"}, Identity{}, Unavailable},
		"a strange id":   {discord, Profile{Provider: ByDiscord, Subject: "1@x", Name: "Wei"}, Identity{}, Unavailable},
		"other provider": {discord, Profile{Provider: BySlack, Subject: "U1", Team: "T1", Name: "Wei"}, Identity{}, Unavailable},
		"email alone":    {Workspace{Kind: Standard}, Profile{Provider: ByDiscord, Subject: "1"}, Identity{}, Unavailable},
		"own team":       {slack, Profile{Provider: BySlack, Subject: "U1", Team: "T1", Name: "Wei"}, Identity{Provider: BySlack, Subject: "T1/U1", Name: "Wei"}, ""},
		"other team":     {slack, Profile{Provider: BySlack, Subject: "U1", Team: "T2", Name: "Wei"}, Identity{}, Forbidden},
		"no team":        {Workspace{Kind: Slack}, Profile{Provider: BySlack, Subject: "U1", Name: "Wei"}, Identity{}, Forbidden},
	} {
		got, err := Identify(try.ws, try.in)
		if got != try.want || KindOf(err) != try.kind || (err != nil) != (try.kind != "") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestE5_ASyntheticAddressIsNobodysAddress(t *testing.T) {
	t.Parallel()
	for _, id := range []Identity{{Provider: ByDiscord, Subject: "80351110224678912"}, {Provider: BySlack, Subject: "T1/U1"}} {
		email := id.SyntheticAddress()
		if !Synthetic(email) || email != strings.ToLower(email) || strings.ContainsAny(email, "/ ") {
			t.Errorf("%q does not stand for an address as it should", email)
		}
		for _, typed := range []string{email, strings.ToUpper(email), " " + email + " "} {
			if _, ok := CleanAddress(typed); ok {
				t.Errorf("%q can be typed into a form, and would be that person", typed)
			}
		}
	}
	if Synthetic("ada@invalid.example") || Synthetic("") {
		t.Error("a real address passes for a synthetic one")
	}
}

func TestP3_AProofFollowsFromItsStateAndUseAlone(t *testing.T) {
	t.Parallel()
	keys, err := NewKeys([]byte("a secret key for tests"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewKeys([]byte("another key for tests"))
	if err != nil {
		t.Fatal(err)
	}
	proof := keys.Proof("pkce", "state")
	if len(proof) != 43 { // RFC 7636, 4.1 wants 43 characters at least
		t.Errorf("a verifier has %d characters", len(proof))
	}
	for _, elsewhere := range []string{keys.Proof("nonce", "state"), keys.Proof("pkce", "state2"), keys.Proof("pkc", "estate"), other.Proof("pkce", "state")} {
		if elsewhere == proof {
			t.Error("two proofs are the same")
		}
	}
	if keys.Proof("pkce", "state") != proof {
		t.Error("a proof does not come out again")
	}
}
