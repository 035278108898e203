package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/auth/authtest"
)

// tokenNoon is the time at which tokens are judged.
var tokenNoon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// mine is what a county's administrator may ask, and the county's name, which a stranger is not told.
const (
	mine     = `{ division(code: "430121") { name } }`
	mineName = "长沙县"
)

// tokenBench is where tokens are tried.
type tokenBench struct {
	server         *apitest.Server
	good, stranger authtest.Forge
}

// tokenAttacks are attacks by tokens, through the middleware.
func tokenAttacks(t *testing.T) (*apitest.Server, []attack) {
	server := apitest.New(t, func(p *app.Parts) { p.Clock = func() time.Time { return tokenNoon } })
	apitest.NewWorld().Load(t, server.Owner)
	b := &tokenBench{server: server, good: authtest.New(t, server.Config.DataDir, tokenNoon)}
	county := b.signedIn(t, "token.county").AccessToken
	b.good, b.stranger = b.good.As(county), authtest.New(t, untrustedKeys(t), tokenNoon).As(county)
	return server, slices.Concat(b.forged(), b.respelled(t), b.edges(), b.carried(), b.outgrown(t), b.refreshed(t), b.flood())
}

// signedIn makes an account of the county's administrator and signs it in.
func (b *tokenBench) signedIn(t *testing.T, name string) tokens {
	t.Helper()
	b.server.Account(name, "correct horse", viewer.CountyAdmin, place.MustParse("430121"))
	return granted(t, signIn(b.server.Nobody(), name, "correct horse"))
}

// unauthenticated is how every token that is no good is answered, before the database is asked.
func unauthenticated() verdict {
	nonsense := operation("nonsense", mine, nil)
	return verdict{status: http.StatusUnauthorized, code: "UNAUTHENTICATED", like: &nonsense, secrets: []string{mineName}}
}

// challenged looks for the header that tells a client to sign in again.
func challenged(t *testing.T, got reply) {
	if h := got.header.Get("WWW-Authenticate"); h != `Bearer error="invalid_token"` {
		t.Errorf("WWW-Authenticate is %q", h)
	}
}

// refusedToken is an attack by a token.
func (b *tokenBench) refusedToken(name, token string) attack {
	return attack{
		name: name, control: operation(b.good.Good(nil), mine, nil),
		sent: operation(token, mine, nil), want: unauthenticated(), also: challenged,
	}
}

// forged are the tokens that package auth refuses, as far as a header can hold them.
func (b *tokenBench) forged() (out []attack) {
	all := authtest.Attacks(b.good, b.stranger)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		token := all[name].Token
		unsendable := func(r rune) bool { return r <= ' ' || r == 0x7f }
		if token == "" || strings.ContainsFunc(token, unsendable) {
			continue
		}
		out = append(out, b.refusedToken("token: "+name, token))
	}
	return out
}

// respelled are other spellings of a good token, and of the token of an account that is closed.
func (b *tokenBench) respelled(t *testing.T) (out []attack) {
	good := b.good.Good(nil)
	closed := b.good.As(b.signedIn(t, "token.respelled").AccessToken)
	b.owner(t, `UPDATE account SET status = 'CLOSED' WHERE id = $1`, closed.Subject)
	for _, name := range slices.Sorted(maps.Keys(authtest.Respelled(good))) {
		out = append(out,
			b.refusedToken("a good token respelled: "+name, authtest.Respelled(good)[name]),
			b.refusedToken("a closed account's token respelled: "+name, authtest.Respelled(closed.Good(nil))[name]))
	}
	return out
}

// edges are a second beyond what is good, each with what is just good as control.
func (b *tokenBench) edges() []attack {
	now := tokenNoon.Unix()
	edge := func(name string, within, beyond authtest.Change) attack {
		a := b.refusedToken("edge: "+name, b.good.Good(beyond))
		a.control = operation(b.good.Good(within), mine, nil)
		return a
	}
	return []attack{
		edge("exp", authtest.Change{"exp": now + 1}, authtest.Change{"exp": now}),
		edge("nbf", authtest.Change{"nbf": now}, authtest.Change{"nbf": now + 1}),
		edge("iat", authtest.Change{"iat": now}, authtest.Change{"iat": now + 1}),
		edge("lifetime", authtest.Change{"iat": now - 3600, "exp": now + 23*3600}, authtest.Change{"iat": now - 3600, "exp": now + 23*3600 + 1}),
		edge("jti", authtest.Change{"jti": strings.Repeat("j", 64)}, authtest.Change{"jti": strings.Repeat("j", 65)}),
		edge("division", authtest.Change{"division": "430121000000"}, authtest.Change{"division": "430121000001"}),
	}
}

// carried are good tokens where none is looked for, or in a form that is not a bearer's.
func (b *tokenBench) carried() (out []attack) {
	good := b.good.Good(nil)
	control := operation(good, mine, nil)
	bare := operation("", mine, nil)
	for name, values := range map[string][]string{
		"two headers":                 {"Bearer " + good, "Bearer " + good},
		"a bad one behind a good one": {"Bearer " + good, "Bearer nonsense"},
		"a good one behind a bad one": {"Bearer nonsense", "Bearer " + good},
		"a second, empty":             {"Bearer " + good, ""},
		"two in one header":           {"Bearer " + good + ", Bearer " + good},
		"Basic":                       {"Basic " + good},
		"another scheme":              {"DPoP " + good},
		"no scheme":                   {good},
		"a tab for the space":         {"Bearer\t" + good},
		"an equals sign":              {"Bearer=" + good},
		"a word behind":               {"Bearer " + good + " x"},
		"in quotes":                   {`Bearer "` + good + `"`},
		"a scheme alone":              {"Bearer"},
		"nothing":                     {""},
		"60 kB of spaces":             {"Bearer " + strings.Repeat(" ", 60_000) + "nonsense"},
	} {
		out = append(out, attack{
			name: "header: " + name, control: control, sent: bare.with("Authorization", values...), want: unauthenticated(), also: challenged,
		})
	}
	// Where no token is looked for, nobody asks.
	nobody := verdict{status: http.StatusOK, code: "UNAUTHENTICATED", like: &bare, secrets: []string{mineName}}
	elsewhere := func(name string, s sending) attack {
		return attack{name: "a token elsewhere: " + name, control: control, sent: s, want: nobody}
	}
	inQuery, inAuth := bare, bare
	inQuery.path, inAuth.path = "/graphql?access_token="+good, "/graphql?authorization=Bearer%20"+good
	inBody, err := json.Marshal(map[string]any{
		"query": mine, "headers": map[string]any{"Authorization": []string{"Bearer " + good}},
		"extensions": map[string]any{"headers": map[string]any{"Authorization": "Bearer " + good}, "access_token": good},
	})
	if err != nil {
		panic(err) // a body that was written here
	}
	return append(out,
		elsewhere("the query string", inQuery), elsewhere("the query string as a header", inAuth),
		elsewhere("a cookie", bare.with("Cookie", "access_token="+good+"; Authorization=Bearer "+good)),
		elsewhere("Proxy-Authorization", bare.with("Proxy-Authorization", "Bearer "+good)),
		elsewhere("X-Forwarded-Authorization", bare.with("X-Forwarded-Authorization", "Bearer "+good)),
		elsewhere("X-Access-Token", bare.with("X-Access-Token", good)),
		elsewhere("Sec-WebSocket-Protocol", bare.with("Sec-Websocket-Protocol", "graphql-transport-ws, "+good)),
		elsewhere("the body", sending{text: string(inBody)}),
	)
}

// outgrown are good tokens of accounts that are no longer what the token says, or never were.
func (b *tokenBench) outgrown(t *testing.T) []attack {
	places := apitest.NewWorld()
	changed := func(name, statement string) attack {
		f := b.good.As(b.signedIn(t, "token."+strings.ReplaceAll(name, " ", ".")).AccessToken)
		s := operation(f.Good(nil), mine, nil)
		a := attack{name: "outgrown: " + name, control: s, sent: s, want: unauthenticated(), also: challenged}
		a.want.statements = anyStatements
		a.change = func(t *testing.T) { b.owner(t, statement, f.Subject) }
		return a
	}
	claimed := func(name string, change authtest.Change) attack {
		a := b.refusedToken("claimed beyond the account: "+name, b.good.Good(change))
		a.want.statements = anyStatements
		return a
	}
	return []attack{
		changed("closed", `UPDATE account SET status = 'CLOSED' WHERE id = $1`),
		changed("another role", `UPDATE account SET role = 'COMMITTEE_STAFF' WHERE id = $1`),
		changed("another place", `UPDATE account a SET code = d.code, county_code = d.county_code, city_code = d.city_code, division_id = d.id
			FROM division d WHERE d.code = 430102000000 AND a.id = $1`),
		claimed("the city's role", authtest.Change{"role": "CITY_ADMIN", "division": "430100000000"}),
		claimed("the nation's role", authtest.Change{"role": "NATION_ADMIN", "division": "000000000000"}),
		claimed("another county", authtest.Change{"division": "430102000000"}),
		claimed("another role of the level", authtest.Change{"role": "SUPERVISOR"}),
		claimed("a person", authtest.Change{"person": places.Spot("430121102").Deputy}),
		claimed("a station", authtest.Change{"station": places.Spot("430121102201").Station}),
		claimed("an account that never was", authtest.Change{"sub": uuid.NewString()}),
	}
}

// refreshed are refresh tokens used twice, where they do not belong, and in other spellings.
func (b *tokenBench) refreshed(t *testing.T) (out []attack) {
	b.signedIn(t, "token.refresh")
	mint := func() tokens { return granted(t, signIn(b.server.Nobody(), "token.refresh", "correct horse")) }
	exchange := func(token string) sending {
		return operation("", `mutation($i: RefreshSessionInput!) { refreshSession(input: $i) `+tokenFields+` }`,
			apitest.Vars{"i": map[string]any{"refreshToken": token}})
	}
	refusedRefresh := func(name, control, token string) attack {
		malformed := exchange("not a token")
		return attack{
			name: "refresh token: " + name, control: exchange(control), sent: exchange(token),
			want: verdict{status: http.StatusOK, code: "UNAUTHENTICATED", like: &malformed, statements: anyStatements, secrets: []string{"llr_", "eyJ"}},
		}
	}
	twice := mint().RefreshToken
	out = append(out, refusedRefresh("used twice", twice, twice))

	bearer := mint()
	a := b.refusedToken("a refresh token as a bearer's", bearer.RefreshToken)
	a.control = operation(bearer.AccessToken, mine, nil)
	out = append(out, a, refusedRefresh("an access token", bearer.RefreshToken, bearer.AccessToken))

	for name, respell := range map[string]func(string) string{
		"padding":      func(s string) string { return s + "=" },
		"another case": strings.ToUpper,
		"a space":      func(s string) string { return s + " " },
		"a line break": func(s string) string { return s[:20] + "\n" + s[20:] },
		"no prefix":    func(s string) string { return strings.TrimPrefix(s, "llr_") },
		"two prefixes": func(s string) string { return "llr_" + s },
		"a wide form":  func(s string) string { return strings.Replace(s, "l", "ｌ", 1) },
		"SQL":          func(s string) string { return s + "' OR '1'='1" },
		"huge":         func(s string) string { return strings.Repeat(s, 2000) },
	} {
		spelled := mint().RefreshToken
		a := refusedRefresh("respelled with "+name, mint().RefreshToken, respell(spelled))
		a.also = func(t *testing.T, _ reply) { // the token itself is still good
			granted(t, refresh(b.server.Nobody(), spelled))
		}
		out = append(out, a)
	}
	return out
}

// flood names a thousand keys in tokens that are otherwise good.
func (b *tokenBench) flood() []attack {
	guess := func(i int) sending {
		f := b.good.WithKeyID(fmt.Sprintf("%043d", i))
		return operation(f.Good(nil), mine, nil)
	}
	a := attack{name: "a flood of key ids", control: operation(b.good.Good(nil), mine, nil), sent: guess(0), want: unauthenticated()}
	a.also = func(t *testing.T, _ reply) {
		before := b.server.Statements()
		for i := range 1000 {
			if got := sendTo(t, b.server, guess(i)); got.Status != http.StatusUnauthorized {
				t.Fatalf("answered %d %s", got.Status, got.Body)
			}
		}
		if n := b.server.Statements() - before; n > 0 {
			t.Errorf("%d statements", n)
		}
		// The key of the good token is still known.
		if got := sendTo(t, b.server, operation(b.good.Good(nil), mine, nil)); len(got.Errors) > 0 {
			t.Errorf("a good token is answered %s", got.Body)
		}
	}
	return []attack{a}
}

// owner changes the database behind the platform's back.
func (b *tokenBench) owner(t *testing.T, statement string, args ...any) {
	if _, err := b.server.Owner.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// untrustedKeys is a data directory with a signing key that nobody trusts.
func untrustedKeys(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := auth.LoadOrCreateKeys(dir, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestTokensNeedAnIssuerAndAnAudience: the parser would take an empty one for «do not check», so the server does not start.
func TestTokensNeedAnIssuerAndAnAudience(t *testing.T) {
	server := apitest.New(t)
	for name, change := range map[string]func(*app.Parts){
		"no issuer":   func(p *app.Parts) { p.Config.Issuer = "" },
		"no audience": func(p *app.Parts) { p.Config.Audience = "" },
	} {
		parts := app.Parts{Config: server.Config, Serving: server.Serving, System: server.Serving, Keys: server.Keys, Passwords: server.Passwords, LinkKey: make([]byte, 32)}
		change(&parts)
		if _, err := app.Handler(parts); err == nil || !strings.Contains(err.Error(), "must not be empty") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
