package workflow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// plainPasswords takes the password itself for its hash.
type plainPasswords struct {
	nobody atomic.Int32 // how often nobody's was checked
	broken error
}

func (p *plainPasswords) Matches(_ context.Context, hash, password string) (bool, error) {
	if hash == "" {
		p.nobody.Add(1)
		return false, p.broken
	}
	return hash == password, p.broken
}

// plainTokens numbers refresh tokens and writes the viewer into access tokens.
type plainTokens struct {
	n      atomic.Int32
	broken error
}

func (t *plainTokens) Access(v *viewer.Viewer) (string, time.Time, error) {
	return fmt.Sprint(v.Subject, " ", v.Role, " ", v.Division), now.Add(time.Minute), t.broken
}

func (t *plainTokens) Refresh() (string, []byte, error) {
	token := fmt.Sprintf("refresh-%d", t.n.Add(1))
	return token, []byte("hash of " + token), nil
}

func (t *plainTokens) RefreshHash(token string) ([]byte, bool) {
	return []byte("hash of " + token), strings.HasPrefix(token, "refresh-")
}

// gate is a house with the accounts of it.
type gate struct {
	*house
	accounts  *workflow.Accounts
	passwords *plainPasswords
	tokens    *plainTokens
	clock     time.Time
}

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{house: newHouse(t), passwords: new(plainPasswords), tokens: new(plainTokens), clock: now}
	g.accounts = workflow.NewAccounts(g.client, workflow.AccountOptions{
		Passwords: g.passwords, Tokens: g.tokens, Clock: func() time.Time { return g.clock }, RefreshLifetime: time.Hour,
	})
	return g
}

func (g *gate) account(name string, role viewer.Role, at place.Code, columns map[string]any) uuid.UUID {
	g.Helper()
	all := map[string]any{
		"username": name, "password_hash": "secret of " + name, "display_name": name, "role": role,
		"status": kind.AccountActive, "division_id": g.divisionID(at),
	}
	for column, value := range columns {
		all[column] = value
	}
	return g.row("account", at, all)
}

func (g *gate) signIn(name string) *workflow.Session {
	g.Helper()
	s, err := g.accounts.SignIn(g.Context(), name, "secret of "+name)
	if err != nil {
		g.Fatal(err)
	}
	return s
}

// locked does something that must be answered as someone unknown, and tells whether it changed anything.
func (g *gate) locked(do func() error) (changed bool) {
	g.Helper()
	before := g.state()
	refusal{fault.ErrUnauthenticated, nil}.check(g.T, do())
	return g.state() != before
}

func (g *gate) refresh(token string) error {
	_, err := g.accounts.RefreshSession(g.Context(), token)
	return err
}

func TestSignIn(t *testing.T) {
	g := newGate(t)
	id := g.account("changsha", viewer.CountyAdmin, county, nil)
	// A viewer in the context is of no account.
	s, err := g.accounts.SignIn(g.beihu(), " ChangSha ", "secret of changsha")
	if err != nil {
		t.Fatal(err)
	}
	if s.AccessToken != id.String()+" COUNTY_ADMIN 430121000000" || s.RefreshToken != "refresh-1" || !s.ExpiresAt.Equal(now.Add(time.Minute)) {
		t.Error("signed in:", s)
	}
	detail := g.audited(workflow.VerbSignIn, "Account", id, id.String(), county)
	if strings.Contains(detail, "refresh-1") || !strings.Contains(detail, "session") {
		t.Error("audit detail:", detail)
	}
	if g.count(`refresh_token WHERE account_id = $1 AND token_hash = $2 AND expires_at = $3`, id, []byte("hash of refresh-1"), now.Add(time.Hour)) != 1 {
		t.Error("the refresh token's hash is not kept")
	}
}

func TestSignInRefusals(t *testing.T) {
	g := newGate(t)
	g.account("changsha", viewer.CountyAdmin, county, nil)
	g.account("closed", viewer.CountyAdmin, county, map[string]any{"status": kind.AccountClosed})
	nobody := g.passwords.nobody.Load()
	for title, c := range map[string]struct{ name, password string }{
		"wrong password":       {"changsha", "secret"},
		"empty password":       {"changsha", ""},
		"unknown name":         {"nobody", "secret of nobody"},
		"empty name":           {"", ""},
		"closed":               {"closed", "secret of closed"},
		"name with NUL":        {"changsha\x00", "secret of changsha"},
		"name that is no text": {"\xff", "x"},
		"endless name":         {strings.Repeat("a", 1<<20), "x"},
	} {
		t.Run(title, func(t *testing.T) {
			inner := *g
			inner.house = g.sub(t)
			if inner.locked(func() error { _, err := g.accounts.SignIn(t.Context(), c.name, c.password); return err }) {
				t.Error("something was changed")
			}
		})
	}
	// Whoever does not exist takes as long as who does.
	if n := g.passwords.nobody.Load() - nobody; n != 5 {
		t.Errorf("nobody's password was checked %d times, want 5", n)
	}
	g.passwords.broken = errors.New("no memory")
	if _, err := g.accounts.SignIn(t.Context(), "changsha", "secret of changsha"); !errors.Is(err, g.passwords.broken) {
		t.Error("a fault of the platform:", err)
	}
	g.passwords.broken, g.tokens.broken = nil, errors.New("no key")
	before := g.state()
	if _, err := g.accounts.SignIn(t.Context(), "changsha", "secret of changsha"); !errors.Is(err, g.tokens.broken) || g.state() != before {
		t.Error("a fault of the platform:", err)
	}
}

func TestRefreshSession(t *testing.T) {
	g := newGate(t)
	id := g.account("changsha", viewer.CountyAdmin, county, nil)
	first := g.signIn("changsha")
	other := g.signIn("changsha")
	g.clock = now.Add(59 * time.Minute)
	second, err := g.accounts.RefreshSession(t.Context(), first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if second.RefreshToken == first.RefreshToken || second.AccessToken != first.AccessToken {
		t.Error("refreshed:", second)
	}
	g.audited(workflow.VerbRefreshSession, "Account", id, id.String(), county)
	g.clock = now.Add(61 * time.Minute) // the new token lasts from its own making
	third, err := g.accounts.RefreshSession(t.Context(), second.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if g.locked(func() error { return g.refresh(other.RefreshToken) }) {
		t.Error("an expired token changed something")
	}
	// A token that is used twice ends the sign-in, with the newest token; once.
	g.clock = now.Add(30 * time.Minute)
	if !g.locked(func() error { return g.refresh(second.RefreshToken) }) {
		t.Error("a second use ended nothing")
	}
	g.audited(workflow.VerbRefreshSession, "Account", id, id.String(), county)
	for _, token := range []string{third.RefreshToken, second.RefreshToken, first.RefreshToken, "refresh-99", "nonsense", ""} {
		if g.locked(func() error { return g.refresh(token) }) {
			t.Errorf("%q changed something", token)
		}
	}
	// Another sign-in of the same account goes on.
	if err := g.refresh(other.RefreshToken); err != nil {
		t.Error(err)
	}
}

func TestRefreshOfAClosedAccount(t *testing.T) {
	g := newGate(t)
	id := g.account("changsha", viewer.CountyAdmin, county, nil)
	s := g.signIn("changsha")
	if _, err := g.owner.ExecContext(t.Context(), `UPDATE account SET status = 'CLOSED' WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	if g.locked(func() error { return g.refresh(s.RefreshToken) }) {
		t.Error("something was changed")
	}
	if g.locked(func() error { _, err := g.accounts.Viewer(t.Context(), id); return err }) {
		t.Error("something was changed")
	}
}

// Two use one token at once: one is served, the other ends the sign-in, the served one's new token with it.
func TestTwoRefreshAtOnce(t *testing.T) {
	g := newGate(t)
	g.account("changsha", viewer.CountyAdmin, county, nil)
	s := g.signIn("changsha")
	var family uuid.UUID
	if err := g.owner.QueryRowContext(t.Context(), `SELECT family_id FROM refresh_token`).Scan(&family); err != nil {
		t.Fatal(err)
	}
	use := func() error { return g.refresh(s.RefreshToken) }
	errs := g.atOnce("sign-in:"+family.String(), use, use)
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatal("of two uses:", errs)
	}
	if g.count(`refresh_token`) != 2 || g.count(`refresh_token WHERE revoked_at IS NULL`) != 0 {
		t.Error("a token lives on")
	}
}

func TestSignOut(t *testing.T) {
	g := newGate(t)
	id := g.account("changsha", viewer.CountyAdmin, county, nil)
	s, other := g.signIn("changsha"), g.signIn("changsha")
	if err := g.accounts.SignOut(t.Context(), s.RefreshToken); err != nil {
		t.Fatal(err)
	}
	g.audited(workflow.VerbSignOut, "Account", id, id.String(), county)
	before := g.state()
	for _, token := range []string{s.RefreshToken, "refresh-99", "nonsense"} {
		if err := g.accounts.SignOut(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	if g.state() != before {
		t.Error("signing out twice changed something")
	}
	if g.locked(func() error { return g.refresh(s.RefreshToken) }) {
		t.Error("something was changed")
	}
	if err := g.refresh(other.RefreshToken); err != nil {
		t.Error(err)
	}
	if bytes.Contains([]byte(g.state()), []byte("refresh-")) {
		t.Error("a token is stored as it is")
	}
}

func TestViewerOfAnAccount(t *testing.T) {
	g := newGate(t)
	s := g.station(guoyuan, "果园站")
	d := g.deputyOf(g.register(g.county(), "江一帆", g.congress[county], nil))
	for name, c := range map[string]struct {
		role    viewer.Role
		at      place.Code
		columns map[string]any
	}{
		"county":  {viewer.CountyAdmin, county, nil},
		"keeper":  {viewer.StationKeeper, guoyuan, map[string]any{"station_id": s.ID}},
		"deputy":  {viewer.Deputy, county, map[string]any{"deputy_id": d}},
		"handler": {viewer.Department, county, map[string]any{"organ_id": g.organ[county]}},
	} {
		t.Run(name, func(t *testing.T) {
			id := g.account(name, c.role, c.at, c.columns)
			v, err := g.accounts.Viewer(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			want, err := viewer.For(id.String(), c.role, c.at)
			if err != nil {
				t.Fatal(err)
			}
			for column, value := range c.columns {
				*map[string]*uuid.UUID{"station_id": &want.Station, "deputy_id": &want.Person, "organ_id": &want.Organ}[column] = value.(uuid.UUID)
			}
			if *v != *want {
				t.Errorf("viewer %+v, want %+v", v, want)
			}
		})
	}
	if g.locked(func() error { _, err := g.accounts.Viewer(t.Context(), uuid.New()); return err }) {
		t.Error("something was changed")
	}
	bad := g.account("misplaced", viewer.CountyAdmin, guoyuan, nil)
	if _, err := g.accounts.Viewer(t.Context(), bad); !errors.Is(err, viewer.ErrRoleDivision) {
		t.Error("an account whose role does not fit its place:", err)
	}
}
