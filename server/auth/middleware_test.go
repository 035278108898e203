package auth_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// accounts answers for the one account there is, and counts how often it is asked.
type accounts struct {
	grant auth.Grant
	err   error
	asked int
}

func (a *accounts) CheckAccount(_ context.Context, claims *auth.Claims) (*viewer.Viewer, error) {
	a.asked++
	if a.err != nil {
		return nil, a.err
	}
	if claims.Subject != account.String() {
		return nil, auth.ErrAccountRefused
	}
	return a.grant.Viewer()
}

// visit is what came of one request.
type visit struct {
	served bool
	who    *viewer.Viewer
	denied error
	log    string
}

func send(v *auth.Verifier, a auth.AccountChecker, headers ...string) visit {
	var out visit
	var log bytes.Buffer
	handler := auth.Authenticate(v, a, slog.New(slog.NewTextHandler(&log, nil)),
		func(_ http.ResponseWriter, _ *http.Request, err error) { out.denied = err },
	)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		out.served, out.who = true, viewer.FromContext(r.Context())
	}))
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header["Authorization"] = headers
	handler.ServeHTTP(httptest.NewRecorder(), r)
	out.log = log.String()
	return out
}

func TestAuthenticate(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	v, issuer := newVerifier(t, keys, noon), newIssuer(t, keys, noon)
	token := issue(t, issuer, keeper())
	for name, headers := range map[string][]string{
		"plain":                {"Bearer " + token},
		"scheme in lower case": {"bearer " + token},
		"more spaces":          {"Bearer   " + token + " "},
	} {
		a := &accounts{grant: keeper()}
		got := send(v, a, headers...)
		if !got.served || got.denied != nil || got.who == nil || got.who.Subject != account.String() || a.asked != 1 {
			t.Errorf("%s: %+v, account asked %d times", name, got, a.asked)
		}
	}

	got := send(v, &accounts{})
	if !got.served || got.who != nil || got.denied != nil || got.log != "" {
		t.Errorf("without a header: %+v", got)
	}
}

func TestAuthenticateDenies(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	v, issuer := newVerifier(t, keys, noon), newIssuer(t, keys, noon)
	good := issue(t, issuer, keeper())
	stranger := keeper()
	stranger.Subject = uuid.MustParse("019a0000-0000-7000-8000-000000000009").String()
	for name, test := range map[string]struct {
		headers []string
		want    error
	}{
		"empty":              {[]string{""}, auth.ErrTokenMissing},
		"scheme only":        {[]string{"Bearer"}, auth.ErrTokenMissing},
		"scheme and space":   {[]string{"Bearer "}, auth.ErrTokenMissing},
		"another scheme":     {[]string{"Basic " + good}, auth.ErrTokenMissing},
		"no scheme":          {[]string{good}, auth.ErrTokenMissing},
		"a tab":              {[]string{"Bearer\t" + good}, auth.ErrTokenMissing},
		"two tokens":         {[]string{"Bearer " + good + " " + good}, auth.ErrTokenMalformed},
		"two in a list":      {[]string{"Bearer " + good + ", Bearer " + good}, auth.ErrTokenMalformed},
		"two headers":        {[]string{"Bearer " + good, "Bearer " + good}, auth.ErrTokenMalformed},
		"rubbish":            {[]string{"Bearer rubbish"}, auth.ErrTokenMalformed},
		"tampered":           {[]string{"Bearer " + strings.Replace(good, ".", ".e", 1)}, auth.ErrUnauthenticated},
		"expired":            {[]string{"Bearer " + issue(t, newIssuer(t, keys, noon.Add(-auth.DefaultLifetime)), keeper())}, auth.ErrTokenExpired},
		"account of another": {[]string{"Bearer " + issue(t, issuer, stranger)}, auth.ErrAccountRefused},
	} {
		got := send(v, &accounts{grant: keeper()}, test.headers...)
		if got.served || !errors.Is(got.denied, test.want) || !errors.Is(got.denied, auth.ErrUnauthenticated) {
			t.Errorf("%s: %+v, want %v", name, got, test.want)
		}
		if !strings.Contains(got.log, "level=INFO") || strings.Contains(got.log, strings.Split(good, ".")[2]) {
			t.Errorf("%s: log %q", name, got.log)
		}
	}
}

// TestAccountWins: the account as it is now decides, not the token.
func TestAccountWins(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	v, issuer := newVerifier(t, keys, noon), newIssuer(t, keys, noon)
	other := uuid.MustParse("019a0000-0000-7000-8000-00000000000a")
	for name, test := range map[string]struct {
		now     func(g *auth.Grant) // what became of the account
		refused bool
	}{
		"unchanged":           {func(*auth.Grant) {}, false},
		"given a person":      {func(g *auth.Grant) { g.Person = other }, false},
		"given an organ":      {func(g *auth.Grant) { g.Organ = other }, false},
		"moved":               {func(g *auth.Grant) { g.Division = place.MustParse("430121102") }, true},
		"another role":        {func(g *auth.Grant) { g.Role = viewer.TownshipAdmin }, true},
		"another station":     {func(g *auth.Grant) { g.Station = other }, true},
		"no station any more": {func(g *auth.Grant) { g.Station = uuid.Nil }, true},
		"another account":     {func(g *auth.Grant) { g.Subject = other.String() }, true},
	} {
		a := &accounts{grant: keeper()}
		test.now(&a.grant)
		got := send(v, a, "Bearer "+issue(t, issuer, keeper()))
		if got.served == test.refused || errors.Is(got.denied, auth.ErrAccountRefused) != test.refused {
			t.Errorf("%s: %+v", name, got)
		}
		if test.refused {
			continue
		}
		want, err := a.grant.Viewer()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.who); diff != "" {
			t.Errorf("%s: not the account's viewer: %s", name, diff)
		}
	}

	// A checker that finds nothing and says nothing lets nobody in.
	if got := send(v, silent{}, "Bearer "+issue(t, issuer, keeper())); got.served || !errors.Is(got.denied, auth.ErrAccountRefused) {
		t.Errorf("silent checker: %+v", got)
	}
}

type silent struct{}

func (silent) CheckAccount(context.Context, *auth.Claims) (*viewer.Viewer, error) {
	return nil, nil //nolint:nilnil // what a careless implementation might do
}

func TestAccountsOutOfReach(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	v := newVerifier(t, keys, noon)
	header := "Bearer " + issue(t, newIssuer(t, keys, noon), keeper())
	for cause, level := range map[error]string{errors.New("no database"): "ERROR", context.Canceled: "INFO"} {
		got := send(v, &accounts{err: fmt.Errorf("query: %w", cause)}, header)
		if got.served || !errors.Is(got.denied, cause) || errors.Is(got.denied, auth.ErrUnauthenticated) {
			t.Errorf("%v: %+v", cause, got)
		}
		if !strings.Contains(got.log, "level="+level) {
			t.Errorf("%v: log %q", cause, got.log)
		}
	}
}

// TestOperatorNeedsNoAccount: accounts are not asked about an operator's token.
func TestOperatorNeedsNoAccount(t *testing.T) {
	keys := loadKeys(t, t.TempDir())
	g := auth.Grant{Subject: "operator:console", Role: viewer.CountyAdmin, Division: place.MustParse("430121")}
	a := &accounts{err: errors.New("asked")}
	got := send(newVerifier(t, keys, noon), a, "Bearer "+issue(t, newIssuer(t, keys, noon), g))
	want, err := g.Viewer()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.who); diff != "" || a.asked != 0 {
		t.Errorf("account asked %d times; %s; %v", a.asked, diff, got.denied)
	}
}
