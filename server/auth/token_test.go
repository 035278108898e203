package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

func TestIssueAndVerify(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	now := noon.Add(700 * time.Millisecond) // claims count whole seconds
	token, expires, err := newIssuer(t, keys, now).Issue(keeper())
	if err != nil {
		t.Fatal(err)
	}
	claims, err := newVerifier(t, keys, now).Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := uuid.Parse(claims.ID); err != nil {
		t.Errorf("jti %q: %v", claims.ID, err)
	}
	want := &auth.Claims{Grant: keeper(), ID: claims.ID, IssuedAt: noon, ExpiresAt: noon.Add(15 * time.Minute)}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
	if !expires.Equal(claims.ExpiresAt) {
		t.Errorf("Issue says it expires at %v, the token at %v", expires, claims.ExpiresAt)
	}
	who, err := claims.Viewer()
	if err != nil {
		t.Fatal(err)
	}
	wantWho := &viewer.Viewer{
		Subject: account.String(), Role: viewer.StationKeeper, Kind: viewer.Area, Station: station,
		Division: 430121101000, Lo: 430121101000, Hi: 430121101001,
	}
	if diff := cmp.Diff(wantWho, who); diff != "" {
		t.Error(diff)
	}
	if id, ok := claims.Account(); !ok || id != account {
		t.Errorf("Account() = %v, %v", id, ok)
	}
}

// TestTokenOnTheWire pins what other verifiers see.
func TestTokenOnTheWire(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	issuer, err := auth.NewIssuer(keys, auth.IssuerConfig{
		Issuer: "lianluo", Audience: "lianluo-api", Lifetime: time.Minute, Clock: at(noon), Random: rand.NewChaCha8([32]byte{1}),
	})
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(issue(t, issuer, keeper()), ".")
	for i, want := range []map[string]any{
		{"alg": "EdDSA", "typ": "at+jwt", "kid": keyIDs(keys)[0]},
		{
			"iss": "lianluo", "aud": []any{"lianluo-api"}, "sub": account.String(), "role": "STATION_KEEPER",
			"division": "430121101000", "station": station.String(),
			"iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 60),
		},
	} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		delete(got, "jti") // random
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTokenIDsDiffer(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	issuer, v := newIssuer(t, keys, noon), newVerifier(t, keys, noon)
	seen := map[string]bool{}
	for range 3 {
		claims, err := v.Verify(issue(t, issuer, keeper()))
		if err != nil {
			t.Fatal(err)
		}
		seen[claims.ID] = true
	}
	if len(seen) != 3 {
		t.Errorf("ids %v", seen)
	}
}

func TestTokenTimes(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	token := issue(t, newIssuer(t, keys, noon), keeper())
	for _, test := range []struct {
		name string
		now  time.Time
		want error
	}{
		{"at once", noon, nil},
		{"last moment", noon.Add(15*time.Minute - 1), nil},
		{"over, leeway notwithstanding", noon.Add(15 * time.Minute), auth.ErrTokenExpired},
		{"long over", noon.AddDate(1, 0, 0), auth.ErrTokenExpired},
		{"issuer's clock within the leeway", noon.Add(-auth.DefaultLeeway), nil},
		{"issuer's clock too far ahead", noon.Add(-auth.DefaultLeeway - 1), auth.ErrTokenInvalid},
	} {
		_, err := newVerifier(t, keys, test.now).Verify(token)
		if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

func TestIssueRefuses(t *testing.T) {
	issuer := newIssuer(t, loadKeys(t, t.TempDir()), noon)
	for name, test := range map[string]struct {
		change func(*auth.Grant)
		want   error // nil: any
	}{
		"no subject":            {change: func(g *auth.Grant) { g.Subject = "" }},
		"nil account":           {change: func(g *auth.Grant) { g.Subject = uuid.Nil.String() }},
		"account in braces":     {change: func(g *auth.Grant) { g.Subject = "{" + account.String() + "}" }},
		"a job":                 {change: func(g *auth.Grant) { g.Subject = "job:seed" }},
		"nameless operator":     {change: func(g *auth.Grant) { g.Subject = "operator:" }},
		"operator with a space": {change: func(g *auth.Grant) { g.Subject = "operator:a b" }},
		"unknown role":          {change: func(g *auth.Grant) { g.Role = "EMPEROR" }},
		"no role":               {change: func(g *auth.Grant) { g.Role = "" }},
		"role above its level":  {change: func(g *auth.Grant) { g.Role = viewer.CityAdmin }, want: viewer.ErrRoleDivision},
		"keeper of the nation":  {change: func(g *auth.Grant) { g.Division = place.Nation }, want: viewer.ErrRoleDivision},
	} {
		g := keeper()
		test.change(&g)
		if token, _, err := issuer.Issue(g); err == nil || token != "" || (test.want != nil && !errors.Is(err, test.want)) {
			t.Errorf("%s: %q, %v", name, token, err)
		}
	}
}

func TestIssueWithoutRandomness(t *testing.T) {
	issuer, err := auth.NewIssuer(loadKeys(t, t.TempDir()), auth.IssuerConfig{
		Issuer: "i", Audience: "a", Lifetime: time.Minute, Random: strings.NewReader(""),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := issuer.Issue(keeper()); err == nil {
		t.Error("a token was issued without an id")
	}
}

func TestOperatorSubject(t *testing.T) {
	if got, err := auth.OperatorSubject("li.ming@county-7_x"); err != nil || got != "operator:li.ming@county-7_x" {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"", "a b", "李明", "a\n", "a:b", strings.Repeat("a", 65)} {
		if got, err := auth.OperatorSubject(name); err == nil || got != "" {
			t.Errorf("%q gave %q", name, got)
		}
	}
	if _, ok := (auth.Grant{Subject: "operator:" + account.String()}).Account(); ok {
		t.Error("an operator has an account")
	}
}

func TestConfigRefused(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	for _, c := range []auth.IssuerConfig{
		{Audience: "a", Lifetime: time.Hour},
		{Issuer: "i", Lifetime: time.Hour},
		{Issuer: "i", Audience: "a"},
		{Issuer: "i", Audience: "a", Lifetime: time.Second - 1},
		{Issuer: "i", Audience: "a", Lifetime: auth.MaxLifetime + 1},
	} {
		if _, err := auth.NewIssuer(keys, c); err == nil {
			t.Errorf("issuer %+v accepted", c)
		}
	}
	for _, c := range []auth.VerifierConfig{
		{Audience: "a"},
		{Issuer: "i"},
		{Issuer: "i", Audience: "a", Leeway: -1},
		{Issuer: "i", Audience: "a", Leeway: auth.MaxLeeway + 1},
	} {
		if _, err := auth.NewVerifier(keys, c); err == nil {
			t.Errorf("verifier %+v accepted", c)
		}
	}
	if _, err := auth.NewIssuer(keys, auth.IssuerConfig{Issuer: "i", Audience: "a", Lifetime: auth.MaxLifetime}); err != nil {
		t.Error(err)
	}
	if _, err := auth.NewVerifier(keys, auth.VerifierConfig{Issuer: "i", Audience: "a", Leeway: auth.MaxLeeway}); err != nil {
		t.Error(err)
	}
}

// TestLongestTokenIsAccepted: what an Issuer may make a Verifier must take.
func TestLongestTokenIsAccepted(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	issuer, err := auth.NewIssuer(keys, auth.IssuerConfig{
		Issuer: auth.DefaultIssuer, Audience: auth.DefaultAudience, Lifetime: auth.MaxLifetime, Clock: at(noon),
	})
	if err != nil {
		t.Fatal(err)
	}
	g := keeper()
	g.Subject, g.Person, g.Organ = "operator:"+strings.Repeat("n", 64), account, account
	claims, err := newVerifier(t, keys, noon.Add(auth.MaxLifetime-1)).Verify(issue(t, issuer, g))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(g, claims.Grant); diff != "" {
		t.Error(diff)
	}
}
