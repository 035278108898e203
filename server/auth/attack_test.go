package auth_test

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/auth"
)

var b64 = base64.RawURLEncoding

// forge makes tokens by hand, with the true key or without.
type forge struct {
	key ed25519.PrivateKey
	kid string
}

func newForge(t testing.TB, dir string, keys *auth.Keys) forge {
	return forge{key: privateKey(t, dir), kid: keyIDs(keys)[0]}
}

// sign puts its signature under any header and claims, given as JSON.
func (f forge) sign(header, claims string) string {
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	return text + "." + b64.EncodeToString(ed25519.Sign(f.key, []byte(text)))
}

// header is the header of a good token with members set or, if nil, left out.
func (f forge) header(change map[string]any) string {
	return object(map[string]any{"alg": "EdDSA", "kid": f.kid, "typ": "at+jwt"}, change)
}

// claims are those of a good token with members set or, if nil, left out.
func (f forge) claims(change map[string]any) string {
	return object(map[string]any{
		"iss": "lianluo", "aud": "lianluo-api", "sub": account.String(), "jti": "1",
		"role": "COUNTY_ADMIN", "division": "430121000000", "iat": noon.Unix(), "exp": noon.Unix() + 900,
	}, change)
}

func object(members, change map[string]any) string {
	maps.Copy(members, change)
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// also adds raw text to the end of a JSON object, where json.Marshal would not put it.
func also(object, member string) string { return strings.TrimSuffix(object, "}") + "," + member + "}" }

type change = map[string]any

func TestForgeMakesGoodTokens(t *testing.T) { // the control for all attacks
	dir := t.TempDir()
	keys := loadKeys(t, dir)
	f := newForge(t, dir, keys)
	v := newVerifier(t, keys, noon)
	for name, token := range map[string]string{
		"plain":              f.sign(f.header(nil), f.claims(nil)),
		"audience as a list": f.sign(f.header(nil), f.claims(change{"aud": []string{"lianluo-api"}})),
		"nbf past":           f.sign(f.header(nil), f.claims(change{"nbf": noon.Unix() - 1})),
		"unknown claim":      f.sign(f.header(nil), f.claims(change{"nickname": "x"})),
		"white space":        f.sign(" "+f.header(nil)+"\n", f.claims(nil)+" "),
	} {
		if _, err := v.Verify(token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type attack struct {
	token string
	want  error
}

// attacks are tokens that must be refused, by the reason for the log: RFC 8725 and what was seen elsewhere.
func attacks(f, stranger forge) map[string]attack {
	claims := func(c change) string { return f.sign(f.header(nil), f.claims(c)) }
	header := func(c change) string { return f.sign(f.header(c), f.claims(nil)) }
	good := claims(nil)
	parts := strings.Split(good, ".")
	publicKey := f.key.Public().(ed25519.PublicKey)

	unsigned := b64.EncodeToString([]byte(f.header(change{"alg": "none"}))) + "." + parts[1]
	hs256 := b64.EncodeToString([]byte(f.header(change{"alg": "HS256"}))) + "." + parts[1]
	mac := hmac.New(sha256.New, publicKey)
	mac.Write([]byte(hs256))
	flipped := ed25519.Sign(f.key, []byte(parts[0]+"."+parts[1]))
	flipped[10] ^= 1

	invalid := map[string]string{
		"alg none":                   unsigned + ".",
		"alg none with a signature":  unsigned + "." + parts[2],
		"alg None":                   header(change{"alg": "None"}),
		"alg HS256, the public key":  hs256 + "." + b64.EncodeToString(mac.Sum(nil)),
		"alg in lower case":          header(change{"alg": "eddsa"}),
		"alg missing":                header(change{"alg": nil}),
		"alg null":                   f.sign(`{"alg":null,"kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims(nil)),
		"typ missing":                header(change{"typ": nil}),
		"typ JWT":                    header(change{"typ": "JWT"}),
		"typ of a logout token":      header(change{"typ": "logout+jwt"}),
		"kid missing":                header(change{"kid": nil}),
		"kid empty":                  header(change{"kid": ""}),
		"kid unknown":                header(change{"kid": stranger.kid}),
		"kid with a path":            header(change{"kid": "../keys/key-0001.pem"}),
		"kid with SQL":               header(change{"kid": "' OR 1=1 --"}),
		"kid of a stranger's own":    stranger.sign(stranger.header(nil), f.claims(nil)),
		"stranger with our kid":      forge{stranger.key, f.kid}.sign(f.header(nil), f.claims(nil)),
		"crit":                       header(change{"crit": []string{"exp"}, "exp": 1}),
		"crit empty":                 header(change{"crit": []string{}}),
		"b64 false":                  header(change{"b64": false}),
		"zip":                        header(change{"zip": "DEF"}),
		"cty":                        header(change{"cty": "JWT"}),
		"jku":                        header(change{"jku": "https://example.org/jwks.json"}),
		"x5u":                        header(change{"x5u": "https://example.org/cert.pem"}),
		"x5c":                        header(change{"x5c": []string{"AAAA"}}),
		"jwk embedded":               stranger.sign(f.header(change{"jwk": change{"kty": "OKP", "crv": "Ed25519", "x": b64.EncodeToString(stranger.key.Public().(ed25519.PublicKey))}}), f.claims(nil)),
		"header name twice":          f.sign(also(f.header(nil), `"alg":"EdDSA"`), f.claims(nil)),
		"header name case-folded":    f.sign(`{"Alg":"EdDSA","kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims(nil)),
		"header name added folded":   f.sign(also(f.header(nil), `"ALG":"none"`), f.claims(nil)),
		"payload exchanged":          parts[0] + "." + b64.EncodeToString([]byte(f.claims(change{"role": "NATION_ADMIN"}))) + "." + parts[2],
		"header exchanged":           b64.EncodeToString([]byte(" "+f.header(nil))) + "." + parts[1] + "." + parts[2],
		"signature bit flipped":      parts[0] + "." + parts[1] + "." + b64.EncodeToString(flipped),
		"signature missing":          parts[0] + "." + parts[1] + ".",
		"signature short":            parts[0] + "." + parts[1] + "." + b64.EncodeToString(flipped[:60]),
		"signature with more behind": good + "AAAA",
		"signature of zeros":         parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86),
		"signature with S + L":       parts[0] + "." + parts[1] + "." + b64.EncodeToString(addOrder(ed25519.Sign(f.key, []byte(parts[0]+"."+parts[1])))),
		"exp missing":                claims(change{"exp": nil}),
		"exp null":                   f.sign(f.header(nil), also(f.claims(change{"exp": nil}), `"exp":null`)),
		"exp far":                    claims(change{"exp": noon.Unix() + 24*3600 + 1}),
		"exp in another age":         claims(change{"exp": 1e11}),
		"exp before iat":             claims(change{"exp": noon.Unix() + 5, "iat": noon.Unix() + 6}),
		"iat missing":                claims(change{"iat": nil}),
		"iat null":                   f.sign(f.header(nil), also(f.claims(change{"iat": nil}), `"iat":null`)),
		"iat in the future":          claims(change{"iat": noon.Unix() + 31}),
		"iat long ago":               claims(change{"iat": noon.Unix() - 24*3600}),
		"nbf in the future":          claims(change{"nbf": noon.Unix() + 31}),
		"iss missing":                claims(change{"iss": nil}),
		"iss empty":                  claims(change{"iss": ""}),
		"iss of another":             claims(change{"iss": "lianluo2"}),
		"iss in another case":        claims(change{"iss": "Lianluo"}),
		"aud missing":                claims(change{"aud": nil}),
		"aud empty":                  claims(change{"aud": ""}),
		"aud empty list":             claims(change{"aud": []string{}}),
		"aud of another":             claims(change{"aud": "other-api"}),
		"aud of others":              claims(change{"aud": []string{"other-api", "third-api"}}),
		"aud ours among others":      claims(change{"aud": []string{"other-api", "lianluo-api"}}),
		"aud ours twice":             claims(change{"aud": []string{"lianluo-api", "lianluo-api"}}),
		"jti missing":                claims(change{"jti": nil}),
		"jti long":                   claims(change{"jti": strings.Repeat("j", 65)}),
		"sub missing":                claims(change{"sub": nil}),
		"sub of a job":               claims(change{"sub": "job:seed"}),
		"sub not canonical":          claims(change{"sub": strings.ToUpper(account.String())}),
		"sub as urn":                 claims(change{"sub": "urn:uuid:" + account.String()}),
		"sub nameless operator":      claims(change{"sub": "operator:"}),
		"role missing":               claims(change{"role": nil}),
		"role unknown":               claims(change{"role": "SYSTEM"}),
		"role of another level":      claims(change{"role": "NATION_ADMIN"}),
		"division missing":           claims(change{"division": nil}),
		"division null, nation":      f.sign(f.header(nil), also(f.claims(change{"role": "NATION_ADMIN", "division": nil}), `"division":null`)),
		"division short":             claims(change{"division": "430121"}),
		"division not digits":        claims(change{"division": "43012100000x"}),
		"station not a UUID":         claims(change{"station": "here"}),
		"person of zeros":            claims(change{"person": "00000000-0000-0000-0000-000000000000"}),
		"organ not canonical":        claims(change{"organ": strings.ReplaceAll(station.String(), "-", "")}),
		"claims null":                f.sign(f.header(nil), "null"),
		"claims empty":               f.sign(f.header(nil), "{}"),
	}
	malformed := map[string]string{
		"one part":                       parts[0],
		"two parts":                      parts[0] + "." + parts[1],
		"four parts":                     good + ".AAAA",
		"five parts":                     good + "." + parts[1] + "." + parts[2],
		"a dot behind":                   good + ".",
		"only dots":                      "..",
		"no header":                      "." + parts[1] + "." + parts[2],
		"no claims":                      parts[0] + ".." + parts[2],
		"huge":                           f.sign(f.header(nil), f.claims(change{"nickname": strings.Repeat("x", auth.MaxTokenSize)})),
		"huge rubbish":                   strings.Repeat("A", 1<<20),
		"many dots":                      strings.Repeat(".", auth.MaxTokenSize),
		"many members":                   f.sign(f.header(nil), also(f.claims(nil), manyMembers(40))),
		"padding":                        good + "==",
		"space behind":                   good + " ",
		"line break behind":              good + "\n",
		"line break in the signature":    good[:len(good)-10] + "\r\n" + good[len(good)-10:],
		"standard alphabet":              parts[0] + "." + parts[1] + "." + "+/" + parts[2][2:],
		"NUL":                            good + "\x00",
		"not ASCII":                      good + "值",
		"signature's unused bits":        good[:len(good)-1] + sibling(good[len(good)-1]),
		"header not JSON":                f.sign("alg=EdDSA", f.claims(nil)),
		"header a list":                  f.sign("["+f.header(nil)+"]", f.claims(nil)),
		"header null":                    f.sign("null", f.claims(nil)),
		"header with text behind":        f.sign(f.header(nil)+"{}", f.claims(nil)),
		"header with a number for a kid": header(change{"kid": 1}),
		"header unfinished":              f.sign(strings.TrimSuffix(f.header(nil), "}"), f.claims(nil)),
		"header with a broken value":     f.sign(also(f.header(nil), `"x":}`), f.claims(nil)),
		"header with a broken name":      f.sign(also(f.header(nil), `x`), f.claims(nil)),
		"header not UTF-8":               f.sign(also(f.header(nil), "\"\xff\":1"), f.claims(nil)),
		"claims not JSON":                f.sign(f.header(nil), "role=NATION_ADMIN"),
		"claims a list":                  f.sign(f.header(nil), "["+f.claims(nil)+"]"),
		"claims with text behind":        f.sign(f.header(nil), f.claims(nil)+`{"role":"NATION_ADMIN"}`),
		"claims not UTF-8":               f.sign(f.header(nil), also(f.claims(nil), "\"x\":\"\xff\"")),
		"claim twice":                    f.sign(f.header(nil), also(f.claims(nil), `"role":"NATION_ADMIN"`)),
		"claim twice, alike":             f.sign(f.header(nil), also(f.claims(nil), `"jti":"1"`)),
		"claim twice, escaped":           f.sign(f.header(nil), also(f.claims(nil), `"r\u006fle":"NATION_ADMIN"`)),
		"unknown claim twice":            f.sign(f.header(nil), also(f.claims(nil), `"x":1,"X":2`)),
		"claim case-folded":              f.sign(f.header(nil), f.claims(change{"role": nil, "Role": "COUNTY_ADMIN"})),
		"claim added case-folded":        f.sign(f.header(nil), also(f.claims(nil), `"DIVISION":"000000000000"`)),
		"claim folded by long s":         f.sign(f.header(nil), f.claims(change{"sub": nil, "\u017fub": account.String()})),
		"exp a word":                     claims(change{"exp": "tomorrow"}),
		"exp beyond numbers":             f.sign(f.header(nil), also(f.claims(change{"exp": nil}), `"exp":1e999`)),
		"role a number":                  claims(change{"role": 1}),
		"aud a number":                   claims(change{"aud": 1}),
		"aud a list of numbers":          claims(change{"aud": []int{1}}),
		"division a number":              claims(change{"division": 430121000000}),
	}
	expired := map[string]string{
		"exp past":       claims(change{"exp": noon.Unix() - 1, "iat": noon.Unix() - 900}),
		"exp now":        claims(change{"exp": noon.Unix(), "iat": noon.Unix() - 900}),
		"exp of zero":    claims(change{"exp": 0, "iat": 0}),
		"exp below zero": claims(change{"exp": -1, "iat": -2}),
		"exp long past":  claims(change{"exp": noon.Unix() - 3600, "iat": noon.Unix() - 7200}),
	}
	all := map[string]attack{}
	for want, group := range map[error]map[string]string{
		auth.ErrTokenInvalid: invalid, auth.ErrTokenMalformed: malformed, auth.ErrTokenExpired: expired,
		auth.ErrTokenMissing: {"empty": ""},
	} {
		for name, token := range group {
			all[name] = attack{token, want}
		}
	}
	return all
}

// addOrder adds the group's order to S, which makes a second signature where verifiers do not look.
func addOrder(sig []byte) []byte {
	order := []byte{
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
	}
	carry := 0
	for i, b := range order {
		carry += int(sig[32+i]) + int(b)
		sig[32+i] = byte(carry)
		carry >>= 8
	}
	return sig
}

// sibling is another character that the same bytes would be read from, were the unused bits not looked at.
func sibling(last byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, last)^1])
}

func manyMembers(n int) string {
	var members []string
	for i := range n {
		members = append(members, `"x`+strings.Repeat("y", i)+`":1`)
	}
	return strings.Join(members, ",")
}

func TestAttacks(t *testing.T) {
	dir, strangerDir := t.TempDir(), t.TempDir()
	keys := loadKeys(t, dir)
	f, stranger := newForge(t, dir, keys), newForge(t, strangerDir, loadKeys(t, strangerDir))
	v := newVerifier(t, keys, noon)
	for name, attack := range attacks(f, stranger) {
		claims, err := v.Verify(attack.token)
		if !errors.Is(err, attack.want) || !errors.Is(err, auth.ErrUnauthenticated) || claims != nil {
			t.Errorf("%s: %+v, %v; want %v", name, claims, err, attack.want)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%s: the log would be flooded: %.300s…", name, err)
		}
	}
}

// FuzzVerify: nothing but what the key's owner signed is accepted, and nothing crashes.
func FuzzVerify(f *testing.F) {
	dir, strangerDir := f.TempDir(), f.TempDir()
	keys := loadKeys(f, dir)
	forger, stranger := newForge(f, dir, keys), newForge(f, strangerDir, loadKeys(f, strangerDir))
	good := forger.sign(forger.header(nil), forger.claims(nil))
	f.Add(good)
	for _, attack := range attacks(forger, stranger) {
		f.Add(attack.token)
	}
	v := newVerifier(f, keys, noon)
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := v.Verify(token)
		if (err == nil) != (token == good) || (claims == nil) != (err != nil) {
			t.Errorf("%q: %+v, %v", token, claims, err)
		}
		if err != nil && !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%q: %v", token, err)
		}
	})
}
