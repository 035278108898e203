package app_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/exec"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/auth"
)

// tokens are what a sign-in answers.
type tokens struct {
	AccessToken, RefreshToken string
	ExpiresAt                 time.Time
}

const tokenFields = `{ accessToken refreshToken expiresAt }`

func signIn(c *apitest.Caller, username, password string) *apitest.Answer {
	return c.Do(`mutation($i: SignInInput!) { signIn(input: $i) `+tokenFields+` }`,
		apitest.Vars{"i": map[string]any{"username": username, "password": password}})
}

func refresh(c *apitest.Caller, token string) *apitest.Answer {
	return c.Do(`mutation($i: RefreshSessionInput!) { refreshSession(input: $i) `+tokenFields+` }`,
		apitest.Vars{"i": map[string]any{"refreshToken": token}})
}

func signOut(c *apitest.Caller, token string) *apitest.Answer {
	return c.Do(`mutation($i: RefreshSessionInput!) { signOut(input: $i) { signedOut } }`,
		apitest.Vars{"i": map[string]any{"refreshToken": token}})
}

// granted reads the tokens of an answer, which must have them.
func granted(t *testing.T, a *apitest.Answer) tokens {
	t.Helper()
	var data map[string]tokens
	if err := json.Unmarshal(a.Data, &data); err != nil || len(a.Errors) > 0 {
		t.Fatalf("no tokens: %s", a.Body)
	}
	for _, got := range data {
		return got
	}
	t.Fatalf("no tokens: %s", a.Body)
	return tokens{}
}

func refused(t *testing.T, a *apitest.Answer, what string) {
	t.Helper()
	if a.Code() != "UNAUTHENTICATED" || strings.Contains(a.Body, "accessToken\":\"") {
		t.Errorf("%s: %d %s", what, a.Status, a.Body)
	}
}

// signedInWorld serves the world with an account.
func signedInWorld(t *testing.T) (*apitest.Server, uuid.UUID) {
	t.Helper()
	s := apitest.New(t)
	apitest.NewWorld().Load(t, s.Owner)
	account := s.Account("lin.yuan", "correct horse", viewer.CountyAdmin, place.MustParse("430121"))
	return s, account
}

// TestSession signs in, looks around, exchanges the refresh token and signs out.
func TestSession(t *testing.T) {
	s, account := signedInWorld(t)
	first := granted(t, signIn(s.Nobody(), " Lin.Yuan ", "correct horse"))
	if left := time.Until(first.ExpiresAt); left <= 0 || left > s.Config.TokenTTL+time.Minute {
		t.Errorf("the access token lasts %v", left)
	}
	var me struct {
		Viewer struct {
			Role     string
			Division struct{ Code, Name string }
		}
	}
	s.With(first.AccessToken).Get(&me, `{ viewer { role division { code name } } }`, nil)
	if me.Viewer.Role != "COUNTY_ADMIN" || me.Viewer.Division.Code != "430121000000" {
		t.Errorf("the viewer is %+v", me.Viewer)
	}
	checkClaims(t, s, first.AccessToken, account)

	second := granted(t, refresh(s.Nobody(), first.RefreshToken))
	if second.RefreshToken == first.RefreshToken || second.AccessToken == first.AccessToken {
		t.Error("the tokens are the same after an exchange")
	}
	third := granted(t, refresh(s.Nobody(), second.RefreshToken))
	if answer := signOut(s.Nobody(), third.RefreshToken); len(answer.Errors) > 0 || !strings.Contains(answer.Body, `"signedOut":true`) {
		t.Errorf("sign-out: %s", answer.Body)
	}
	refused(t, refresh(s.Nobody(), third.RefreshToken), "a refresh token after sign-out")
	for _, token := range []string{third.RefreshToken, "never given out", ""} {
		if answer := signOut(s.Nobody(), token); len(answer.Errors) > 0 || !strings.Contains(answer.Body, `"signedOut":true`) {
			t.Errorf("sign-out with %q: %s", token, answer.Body)
		}
	}
	if got := audited(t, s, account.String()); got != "signIn refreshSession refreshSession signOut" {
		t.Errorf("the audit has %q", got)
	}
}

// audited lists what a subject has done, in order.
func audited(t *testing.T, s *apitest.Server, subject string) (verbs string) {
	t.Helper()
	err := s.Owner.QueryRowContext(t.Context(), `SELECT coalesce(string_agg(verb, ' ' ORDER BY created_at, id), '')
		FROM audit_entry WHERE subject = $1`, subject).Scan(&verbs)
	if err != nil {
		t.Fatal(err)
	}
	return verbs
}

// TestRefreshReuse uses a refresh token twice: whoever has it, everything that came from the same sign-in ends, and
// nothing else.
func TestRefreshReuse(t *testing.T) {
	s, account := signedInWorld(t)
	other := granted(t, signIn(s.Nobody(), "lin.yuan", "correct horse"))
	first := granted(t, signIn(s.Nobody(), "lin.yuan", "correct horse"))
	second := granted(t, refresh(s.Nobody(), first.RefreshToken))
	refused(t, refresh(s.Nobody(), first.RefreshToken), "a refresh token used twice")
	refused(t, refresh(s.Nobody(), second.RefreshToken), "the token that came of one used twice")
	granted(t, refresh(s.Nobody(), other.RefreshToken))

	// The account is closed: nothing of it is good any more, at once.
	if _, err := s.Owner.ExecContext(t.Context(), `UPDATE account SET status = 'CLOSED' WHERE id = $1`, account); err != nil {
		t.Fatal(err)
	}
	refused(t, s.With(other.AccessToken).Do(`{ viewer { role } }`, nil), "the access token of a closed account")
	refused(t, signIn(s.Nobody(), "lin.yuan", "correct horse"), "a closed account")
}

// TestSignInRefusals: whatever is wrong, the answer is the same to the letter.
func TestSignInRefusals(t *testing.T) {
	s, _ := signedInWorld(t)
	closed := s.Account("old.hand", "correct horse", viewer.CountyAdmin, place.MustParse("430121"))
	if _, err := s.Owner.ExecContext(t.Context(), `UPDATE account SET status = 'CLOSED' WHERE id = $1`, closed); err != nil {
		t.Fatal(err)
	}
	before := audits(t, s)
	want := signIn(s.Nobody(), "lin.yuan", "wrong horse")
	refused(t, want, "a wrong password")
	for what, try := range map[string][2]string{
		"unknown name":    {"nobody", "correct horse"},
		"closed account":  {"old.hand", "correct horse"},
		"empty":           {"", ""},
		"long name":       {strings.Repeat("林", 41), "correct horse"},
		"long password":   {"lin.yuan", strings.Repeat("x", 257)},
		"broken text":     {"lin.yuan\u202e", "correct horse"},
		"password padded": {"lin.yuan", "correct horse "},
	} {
		got := signIn(s.Nobody(), try[0], try[1])
		refused(t, got, what)
		if withoutRequest(got.Body) != withoutRequest(want.Body) || got.Status != want.Status {
			t.Errorf("%s is told from a wrong password: %d %s", what, got.Status, got.Body)
		}
	}
	wrong := refresh(s.Nobody(), "not a token")
	refused(t, wrong, "a malformed refresh token")
	for _, token := range []string{"", strings.Repeat("A", 43), strings.Repeat("A", 10_000)} {
		if got := refresh(s.Nobody(), token); withoutRequest(got.Body) != withoutRequest(wrong.Body) {
			t.Errorf("refresh with %.50q: %s", token, got.Body)
		}
	}
	if after := audits(t, s); after != before {
		t.Errorf("refusals stand in the audit: %d lines, then %d", before, after)
	}
}

func audits(t *testing.T, s *apitest.Server) (n int) {
	t.Helper()
	if err := s.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_entry`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTokenRefusals presents tokens that are no good: each is answered alike, without data, with 401.
func TestTokenRefusals(t *testing.T) {
	s, account := signedInWorld(t)
	grant := auth.Grant{Subject: "operator:test", Role: viewer.CountyAdmin, Division: place.MustParse("430121")}
	issue := func(change func(*auth.IssuerConfig), g auth.Grant) string {
		t.Helper()
		cfg := auth.IssuerConfig{Issuer: s.Config.Issuer, Audience: s.Config.Audience, Lifetime: time.Hour}
		change(&cfg)
		issuer, err := auth.NewIssuer(s.Keys, cfg)
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := issuer.Issue(g)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	same := func(*auth.IssuerConfig) {}
	good := issue(same, grant)
	if answer := s.With(good).Do(`{ viewer { role } }`, nil); len(answer.Errors) > 0 {
		t.Fatalf("a good token: %s", answer.Body)
	}
	foreign, err := auth.LoadOrCreateKeys(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := auth.NewIssuer(foreign, auth.IssuerConfig{Issuer: s.Config.Issuer, Audience: s.Config.Audience, Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	forged, _, err := stranger.Issue(grant)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	raised := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(claims), "430121000000", "430000000000", 1)))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`))
	promoted := grant
	promoted.Subject, promoted.Role, promoted.Division = account.String(), viewer.CityAdmin, place.MustParse("4301")
	unknown := grant
	unknown.Subject = uuid.NewString()

	var want *apitest.Answer
	for _, test := range []struct{ name, token string }{
		{"nonsense", "nonsense"},
		{"expired", issue(func(c *auth.IssuerConfig) { c.Clock = func() time.Time { return time.Now().Add(-2 * time.Hour) } }, grant)},
		{"of the future", issue(func(c *auth.IssuerConfig) { c.Clock = func() time.Time { return time.Now().Add(2 * time.Hour) } }, grant)},
		{"other audience", issue(func(c *auth.IssuerConfig) { c.Audience = "another-api" }, grant)},
		{"other issuer", issue(func(c *auth.IssuerConfig) { c.Issuer = "another" }, grant)},
		{"foreign key", forged},
		{"tampered claims", parts[0] + "." + raised + "." + parts[2]},
		{"unsigned", none + "." + parts[1] + "."},
		{"cut off", good[:len(good)-8]},
		{"account of another role", issue(same, promoted)},
		{"unknown account", issue(same, unknown)},
	} {
		got := s.With(test.token).Do(`{ viewer { role } }`, nil)
		refused(t, got, test.name)
		if got.Status != http.StatusUnauthorized {
			t.Errorf("%s: status %d", test.name, got.Status)
		}
		if want == nil {
			want = got
		}
		if withoutRequest(got.Body) != withoutRequest(want.Body) {
			t.Errorf("%s is told from nonsense: %s", test.name, got.Body)
		}
	}
}

// checkClaims verifies an access token as a stranger would: with the published keys and nothing of ours.
func checkClaims(t *testing.T, s *apitest.Server, token string, account uuid.UUID) {
	t.Helper()
	status, body := s.Fetch("/.well-known/jwks.json")
	var set struct {
		Keys []struct{ Kty, Crv, X, Kid, Use, Alg string }
	}
	if err := json.Unmarshal([]byte(body), &set); err != nil || status != http.StatusOK || len(set.Keys) != 1 {
		t.Fatalf("the key set: %d %s", status, body)
	}
	key := set.Keys[0]
	if key.Kty != "OKP" || key.Crv != "Ed25519" || key.Use != "sig" || key.Alg != "EdDSA" || strings.Contains(body, `"d"`) {
		t.Errorf("the key is %+v", key)
	}
	parts := strings.Split(token, ".")
	decoded := make([][]byte, 0, 4)
	for _, text := range append(parts, key.X) {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		decoded = append(decoded, b)
	}
	if !ed25519.Verify(ed25519.PublicKey(decoded[3]), []byte(parts[0]+"."+parts[1]), decoded[2]) {
		t.Error("the published key does not verify the token")
	}
	var header struct{ Alg, Kid string }
	var claims struct {
		Sub, Role, Division, Iss, Aud, Jti string
		Iat, Exp                           int64
	}
	for i, into := range []any{&header, &claims} {
		if err := json.Unmarshal(decoded[i], into); err != nil {
			// An audience may also stand as a list of one.
			flat := strings.NewReplacer(`["`+s.Config.Audience+`"]`, `"`+s.Config.Audience+`"`).Replace(string(decoded[i]))
			if err := json.Unmarshal([]byte(flat), into); err != nil {
				t.Fatalf("%v: %s", err, decoded[i])
			}
		}
	}
	if header.Alg != "EdDSA" || header.Kid != key.Kid {
		t.Errorf("the token's header is %+v", header)
	}
	if claims.Sub != account.String() || claims.Role != "COUNTY_ADMIN" || claims.Division != "430121000000" || claims.Iss != s.Config.Issuer ||
		claims.Aud != s.Config.Audience || claims.Jti == "" || claims.Exp-claims.Iat != int64(s.Config.TokenTTL.Seconds()) {
		t.Errorf("the claims are %s", decoded[1])
	}
}

// TestUnauthenticated asks every field of the roots without a token.
func TestUnauthenticated(t *testing.T) {
	m := newMatrix(t)
	nobody := m.server.Nobody()
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	// What citizens and strangers ask: signing in, codes, receipts, and what is the same for everyone.
	open := []string{
		"viewer", "signIn", "refreshSession", "signOut", "code", "consent", "receipt", "categories",
		"submitOpinion", "supplementOpinion", "rateOpinion",
		"openVisitDays", "appointmentConsent", "appointmentStatus", "bookAppointment", "withdrawAppointment",
	}
	before := m.snapshot(t)
	asked := 0
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") || slices.Contains(open, f.Name) {
				continue
			}
			asked++
			answer := nobody.Do(strings.ToLower(root.Name)+" { "+leastField(schema, f)+" }", nil)
			if answer.Code() != "UNAUTHENTICATED" || len(answer.Errors) != 1 || len(answer.Data) > 0 && string(answer.Data) != "null" {
				t.Errorf("%s without a token: %s", f.Name, answer.Body)
			}
		}
	}
	if asked < 60 {
		t.Errorf("asked only %d fields", asked)
	}
	var who struct{ Viewer any }
	nobody.Get(&who, `{ viewer { role } }`, nil)
	if who.Viewer != nil {
		t.Errorf("nobody is %v", who.Viewer)
	}
	mixed := nobody.Do(`{ viewer { role } division(code: "430121") { name } }`, nil)
	if mixed.Code() != "UNAUTHENTICATED" || len(mixed.Data) > 0 && string(mixed.Data) != "null" {
		t.Errorf("a field that needs a sign-in beside one that does not: %s", mixed.Body)
	}
	if after := m.snapshot(t); after != before {
		t.Error("something has changed without a token")
	}
}

// leastField asks a field with no more than it needs.
func leastField(schema *ast.Schema, f *ast.FieldDefinition) string {
	var args []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil || a.Name == "first" {
			args = append(args, a.Name+": "+leastValue(schema, a.Type))
		}
	}
	out := f.Name
	if len(args) > 0 {
		out += "(" + strings.Join(args, ", ") + ")"
	}
	if schema.Types[f.Type.Name()].IsCompositeType() {
		out += " { __typename }"
	}
	return out
}

// leastValue is a value of a type, as short as it may be.
func leastValue(schema *ast.Schema, t *ast.Type) string {
	if t.Elem != nil {
		return "[]"
	}
	def := schema.Types[t.Name()]
	if def.Kind == ast.Enum {
		return def.EnumValues[0].Name
	}
	if def.Kind == ast.InputObject {
		var fields []string
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				fields = append(fields, f.Name+": "+leastValue(schema, f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	switch t.Name() {
	case "Int", "Float":
		return "1"
	case "Boolean":
		return "true"
	case "Date":
		return `"2026-01-01"`
	}
	return `"x"`
}
