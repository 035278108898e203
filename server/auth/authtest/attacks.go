package authtest

import (
	"crypto/ed25519"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/server/auth"
)

// Attack is a token that must be refused, with the reason for the log.
type Attack struct {
	Token string
	Want  error
}

// Attacks are tokens that must be refused, by a name: RFC 8725 and what was seen elsewhere. f forges with the true key, stranger with another.
func Attacks(f, stranger Forge) map[string]Attack {
	claims := func(c Change) string { return f.Sign(f.Header(nil), f.Claims(c)) }
	header := func(c Change) string { return f.Sign(f.Header(c), f.Claims(nil)) }
	good := claims(nil)
	parts := strings.Split(good, ".")
	publicKey := public(f.Key)

	unsigned := b64.EncodeToString([]byte(f.Header(Change{"alg": "none"}))) + "." + parts[1]
	flipped := ed25519.Sign(f.Key, []byte(parts[0]+"."+parts[1]))
	flipped[10] ^= 1

	invalid := map[string]string{
		"alg none":                   unsigned + ".",
		"alg none with a signature":  unsigned + "." + parts[2],
		"alg None":                   header(Change{"alg": "None"}),
		"alg NONE":                   header(Change{"alg": "NONE"}),
		"alg nOnE":                   header(Change{"alg": "nOnE"}),
		"alg none and a space":       header(Change{"alg": "none "}),
		"alg empty":                  header(Change{"alg": ""}),
		"alg RS256":                  header(Change{"alg": "RS256"}),
		"alg PS512":                  header(Change{"alg": "PS512"}),
		"alg ES256":                  header(Change{"alg": "ES256"}),
		"alg ES256, psychic":         b64.EncodeToString([]byte(f.Header(Change{"alg": "ES256"}))) + "." + parts[1] + "." + strings.Repeat("A", 86),
		"alg Ed25519":                header(Change{"alg": "Ed25519"}),
		"alg Ed448":                  header(Change{"alg": "Ed448"}),
		"alg HS512":                  header(Change{"alg": "HS512"}),
		"alg HS256, the key's PEM":   f.mac(f.publicPEM()),
		"alg HS256, the key's JWK":   f.mac([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + b64.EncodeToString(publicKey) + `"}`)),
		"alg HS256, the key's id":    f.mac([]byte(f.KeyID)),
		"alg HS256, no secret":       f.mac(nil),
		"an encrypted token's alg":   header(Change{"alg": "dir", "enc": "A256GCM"}),
		"typ in upper case":          header(Change{"typ": "AT+JWT"}),
		"typ with application":       header(Change{"typ": "application/at+jwt"}),
		"typ of an ID token":         header(Change{"typ": "id+jwt"}),
		"kid with NUL":               header(Change{"kid": f.KeyID + "\x00"}),
		"kid huge":                   header(Change{"kid": strings.Repeat("k", 4000)}),
		"kid an address":             header(Change{"kid": "https://example.org/key"}),
		"kid of the zero device":     header(Change{"kid": "../../../../dev/null"}),
		"kid a command":              header(Change{"kid": "|id"}),
		"kid a template":             header(Change{"kid": "${jndi:ldap://example.org/a}"}),
		"kid in another case":        header(Change{"kid": strings.ToUpper(f.KeyID)}),
		"kid padded":                 header(Change{"kid": f.KeyID + "="}),
		"x5t":                        header(Change{"x5t": "AAAA"}),
		"x5t#S256":                   header(Change{"x5t#S256": "AAAA"}),
		"jwk of a secret":            f.Sign(f.Header(Change{"jwk": Change{"kty": "oct", "k": "AAAA"}}), f.Claims(nil)),
		"crit of what nobody knows":  header(Change{"crit": []string{"urn:example"}, "urn:example": true}),
		"crit of b64":                header(Change{"crit": []string{"b64"}, "b64": false}),
		"alg HS256, the public key":  f.mac(publicKey),
		"alg in lower case":          header(Change{"alg": "eddsa"}),
		"alg missing":                header(Change{"alg": nil}),
		"alg null":                   f.Sign(`{"alg":null,"kid":"`+f.KeyID+`","typ":"at+jwt"}`, f.Claims(nil)),
		"typ missing":                header(Change{"typ": nil}),
		"typ JWT":                    header(Change{"typ": "JWT"}),
		"typ of a logout token":      header(Change{"typ": "logout+jwt"}),
		"kid missing":                header(Change{"kid": nil}),
		"kid empty":                  header(Change{"kid": ""}),
		"kid unknown":                header(Change{"kid": stranger.KeyID}),
		"kid with a path":            header(Change{"kid": "../keys/key-0001.pem"}),
		"kid with SQL":               header(Change{"kid": "' OR 1=1 --"}),
		"kid of a stranger's own":    stranger.Sign(stranger.Header(nil), f.Claims(nil)),
		"stranger with our kid":      stranger.WithKeyID(f.KeyID).Sign(f.Header(nil), f.Claims(nil)),
		"crit":                       header(Change{"crit": []string{"exp"}, "exp": 1}),
		"crit empty":                 header(Change{"crit": []string{}}),
		"b64 false":                  header(Change{"b64": false}),
		"zip":                        header(Change{"zip": "DEF"}),
		"cty":                        header(Change{"cty": "JWT"}),
		"jku":                        header(Change{"jku": "https://example.org/jwks.json"}),
		"x5u":                        header(Change{"x5u": "https://example.org/cert.pem"}),
		"x5c":                        header(Change{"x5c": []string{"AAAA"}}),
		"jwk embedded":               stranger.Sign(f.Header(Change{"jwk": Change{"kty": "OKP", "crv": "Ed25519", "x": b64.EncodeToString(public(stranger.Key))}}), f.Claims(nil)),
		"header name twice":          f.Sign(Also(f.Header(nil), `"alg":"EdDSA"`), f.Claims(nil)),
		"header name case-folded":    f.Sign(`{"Alg":"EdDSA","kid":"`+f.KeyID+`","typ":"at+jwt"}`, f.Claims(nil)),
		"header name added folded":   f.Sign(Also(f.Header(nil), `"ALG":"none"`), f.Claims(nil)),
		"payload exchanged":          parts[0] + "." + b64.EncodeToString([]byte(f.Claims(Change{"role": "NATION_ADMIN"}))) + "." + parts[2],
		"header exchanged":           b64.EncodeToString([]byte(" "+f.Header(nil))) + "." + parts[1] + "." + parts[2],
		"signature bit flipped":      parts[0] + "." + parts[1] + "." + b64.EncodeToString(flipped),
		"signature missing":          parts[0] + "." + parts[1] + ".",
		"signature short":            parts[0] + "." + parts[1] + "." + b64.EncodeToString(flipped[:60]),
		"signature with more behind": good + "AAAA",
		"signature of zeros":         parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86),
		"signature with S + L":       parts[0] + "." + parts[1] + "." + b64.EncodeToString(addOrder(ed25519.Sign(f.Key, []byte(parts[0]+"."+parts[1])))),
		"exp missing":                claims(Change{"exp": nil}),
		"exp null":                   f.Sign(f.Header(nil), Also(f.Claims(Change{"exp": nil}), `"exp":null`)),
		"exp far":                    claims(Change{"exp": f.Now.Unix() + 24*3600 + 1}),
		"exp in another age":         claims(Change{"exp": 1e11}),
		"exp a second too far":       claims(Change{"exp": f.Now.Unix() + 3600, "iat": f.Now.Unix() - 23*3600 - 1}),
		"exp before iat":             claims(Change{"exp": f.Now.Unix() + 5, "iat": f.Now.Unix() + 6}),
		"iat missing":                claims(Change{"iat": nil}),
		"iat null":                   f.Sign(f.Header(nil), Also(f.Claims(Change{"iat": nil}), `"iat":null`)),
		"iat in the future":          claims(Change{"iat": f.Now.Unix() + 31}),
		"iat long ago":               claims(Change{"iat": f.Now.Unix() - 24*3600}),
		"nbf in the future":          claims(Change{"nbf": f.Now.Unix() + 31}),
		"iss missing":                claims(Change{"iss": nil}),
		"iss empty":                  claims(Change{"iss": ""}),
		"iss with a slash":           claims(Change{"iss": "lianluo/"}),
		"iss of another":             claims(Change{"iss": "lianluo2"}),
		"iss in another case":        claims(Change{"iss": "Lianluo"}),
		"aud missing":                claims(Change{"aud": nil}),
		"aud empty":                  claims(Change{"aud": ""}),
		"aud empty list":             claims(Change{"aud": []string{}}),
		"aud in another case":        claims(Change{"aud": "Lianluo-API"}),
		"aud as a prefix":            claims(Change{"aud": "lianluo-api.example.org"}),
		"aud of another":             claims(Change{"aud": "other-api"}),
		"aud of others":              claims(Change{"aud": []string{"other-api", "third-api"}}),
		"aud ours among others":      claims(Change{"aud": []string{"other-api", "lianluo-api"}}),
		"aud ours twice":             claims(Change{"aud": []string{"lianluo-api", "lianluo-api"}}),
		"jti missing":                claims(Change{"jti": nil}),
		"jti long":                   claims(Change{"jti": strings.Repeat("j", 65)}),
		"sub missing":                claims(Change{"sub": nil}),
		"sub of a job":               claims(Change{"sub": "job:seed"}),
		"sub not canonical":          claims(Change{"sub": strings.ToUpper(Account)}),
		"sub as urn":                 claims(Change{"sub": "urn:uuid:" + Account}),
		"sub nameless operator":      claims(Change{"sub": "operator:"}),
		"role missing":               claims(Change{"role": nil}),
		"role unknown":               claims(Change{"role": "SYSTEM"}),
		"role of another level":      claims(Change{"role": "NATION_ADMIN"}),
		"division missing":           claims(Change{"division": nil}),
		"division null, nation":      f.Sign(f.Header(nil), Also(f.Claims(Change{"role": "NATION_ADMIN", "division": nil}), `"division":null`)),
		"division short":             claims(Change{"division": "430121"}),
		"division not digits":        claims(Change{"division": "43012100000x"}),
		"station not a UUID":         claims(Change{"station": "here"}),
		"person of zeros":            claims(Change{"person": "00000000-0000-0000-0000-000000000000"}),
		"organ not canonical":        claims(Change{"organ": strings.ReplaceAll(Account, "-", "")}),
		"claims null":                f.Sign(f.Header(nil), "null"),
		"claims empty":               f.Sign(f.Header(nil), "{}"),
	}
	malformed := map[string]string{
		"iss a list":                     claims(Change{"iss": []string{"lianluo"}}),
		"alg none as a list":             header(Change{"alg": []string{"none"}}),
		"one part":                       parts[0],
		"two parts":                      parts[0] + "." + parts[1],
		"four parts":                     good + ".AAAA",
		"five parts":                     good + "." + parts[1] + "." + parts[2],
		"a dot behind":                   good + ".",
		"only dots":                      "..",
		"no header":                      "." + parts[1] + "." + parts[2],
		"no claims":                      parts[0] + ".." + parts[2],
		"huge":                           f.Sign(f.Header(nil), f.Claims(Change{"nickname": strings.Repeat("x", auth.MaxTokenSize)})),
		"huge rubbish":                   strings.Repeat("A", 32<<10),
		"many dots":                      strings.Repeat(".", auth.MaxTokenSize),
		"many members":                   f.Sign(f.Header(nil), Also(f.Claims(nil), manyMembers(40))),
		"padding":                        good + "==",
		"space behind":                   good + " ",
		"line break behind":              good + "\n",
		"line break in the signature":    good[:len(good)-10] + "\r\n" + good[len(good)-10:],
		"standard alphabet":              parts[0] + "." + parts[1] + "." + "+/" + parts[2][2:],
		"NUL":                            good + "\x00",
		"not ASCII":                      good + "值",
		"signature's unused bits":        good[:len(good)-1] + sibling(good[len(good)-1]),
		"header not JSON":                f.Sign("alg=EdDSA", f.Claims(nil)),
		"header a list":                  f.Sign("["+f.Header(nil)+"]", f.Claims(nil)),
		"header null":                    f.Sign("null", f.Claims(nil)),
		"header with text behind":        f.Sign(f.Header(nil)+"{}", f.Claims(nil)),
		"header with a number for a kid": header(Change{"kid": 1}),
		"header unfinished":              f.Sign(strings.TrimSuffix(f.Header(nil), "}"), f.Claims(nil)),
		"header with a broken value":     f.Sign(Also(f.Header(nil), `"x":}`), f.Claims(nil)),
		"header with a broken name":      f.Sign(Also(f.Header(nil), `x`), f.Claims(nil)),
		"header not UTF-8":               f.Sign(Also(f.Header(nil), "\"\xff\":1"), f.Claims(nil)),
		"claims not JSON":                f.Sign(f.Header(nil), "role=NATION_ADMIN"),
		"claims a list":                  f.Sign(f.Header(nil), "["+f.Claims(nil)+"]"),
		"claims with text behind":        f.Sign(f.Header(nil), f.Claims(nil)+`{"role":"NATION_ADMIN"}`),
		"claims not UTF-8":               f.Sign(f.Header(nil), Also(f.Claims(nil), "\"x\":\"\xff\"")),
		"claim twice":                    f.Sign(f.Header(nil), Also(f.Claims(nil), `"role":"NATION_ADMIN"`)),
		"claim twice, alike":             f.Sign(f.Header(nil), Also(f.Claims(nil), `"jti":"1"`)),
		"claim twice, escaped":           f.Sign(f.Header(nil), Also(f.Claims(nil), `"r\u006fle":"NATION_ADMIN"`)),
		"unknown claim twice":            f.Sign(f.Header(nil), Also(f.Claims(nil), `"x":1,"X":2`)),
		"claim case-folded":              f.Sign(f.Header(nil), f.Claims(Change{"role": nil, "Role": "COUNTY_ADMIN"})),
		"claim added case-folded":        f.Sign(f.Header(nil), Also(f.Claims(nil), `"DIVISION":"000000000000"`)),
		"claim folded by long s":         f.Sign(f.Header(nil), f.Claims(Change{"sub": nil, "\u017fub": Account})),
		"exp a word":                     claims(Change{"exp": "tomorrow"}),
		"exp beyond numbers":             f.Sign(f.Header(nil), Also(f.Claims(Change{"exp": nil}), `"exp":1e999`)),
		"role a number":                  claims(Change{"role": 1}),
		"aud a number":                   claims(Change{"aud": 1}),
		"aud a list of numbers":          claims(Change{"aud": []int{1}}),
		"division a number":              claims(Change{"division": 430121000000}),
	}
	expired := map[string]string{
		"exp past":       claims(Change{"exp": f.Now.Unix() - 1, "iat": f.Now.Unix() - 900}),
		"exp now":        claims(Change{"exp": f.Now.Unix(), "iat": f.Now.Unix() - 900}),
		"exp of zero":    claims(Change{"exp": 0, "iat": 0}),
		"exp below zero": claims(Change{"exp": -1, "iat": -2}),
		"exp long past":  claims(Change{"exp": f.Now.Unix() - 3600, "iat": f.Now.Unix() - 7200}),
	}
	all := map[string]Attack{}
	for want, group := range map[error]map[string]string{
		auth.ErrTokenInvalid: invalid, auth.ErrTokenMalformed: malformed, auth.ErrTokenExpired: expired,
		auth.ErrTokenMissing: {"empty": ""},
	} {
		for name, token := range group {
			all[name] = Attack{token, want}
		}
	}
	return all
}

// addOrder adds the group's order to S, which makes a second signature where verifiers do not look.
func addOrder(sig []byte) []byte {
	sig = slices.Clone(sig)
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
