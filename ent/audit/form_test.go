package audit

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func moscow() *time.Location { return time.FixedZone("elsewhere", 3*60*60) }

var (
	firstID  = uuid.MustParse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
	secondID = uuid.MustParse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c")
	written  = time.Date(2026, time.June, 15, 4, 0, 0, 1000, time.UTC)
)

func sample(detail string) Entry {
	return Entry{
		ID: firstID, Version: 1, CreatedAt: written.In(moscow()), UpdatedAt: written, Subject: "operator:甲",
		Role: sql.NullString{String: "COUNTY_ADMIN", Valid: true}, ViewerCode: 430121_000000, Verb: "revealSubmitter", Entity: "Opinion", EntityID: secondID,
		Detail: []byte(detail),
	}
}

func codes(values ...int64) (p Place) {
	for i, v := range values {
		p[i] = sql.NullInt64{Int64: v, Valid: v != 0}
	}
	return p
}

// The hashes were worked out by another program, from the form as the package describes it.
func TestGoldenHashes(t *testing.T) {
	digest := func(e Entry) []byte {
		t.Helper()
		d, err := e.digest(SHA256)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	is := func(what string, got []byte, want string) {
		t.Helper()
		if hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, want %s", what, got, want)
		}
	}
	const first = "e897c37563939ca13ed6417d5406e907b1c63dc78a97331a49ba5b7cd54fe923"
	whole := sample(`{"Z": {}, "a": [1.50, true, null], "n": 12345678901234567890, "理由": "核对\"号码\"\n"}`)
	is("a line", digest(whole), first)
	is("its members in another order", digest(sample(`{"理由":"核对\"号码\"\u000a","n":12345678901234567890,"a":[1.50,true,null],"Z":{}}`)), first)
	bare := whole
	bare.Role, bare.Detail = sql.NullString{}, nil
	is("a line without role and detail", digest(bare), "afb519df2dbf8ead586355b337825c852842c499b438c274f6e20edc1dc8f46a")

	one := Seal{
		Position: 1, Entry: firstID, Place: codes(430121_107204, 430000_000000, 430100_000000, 430121_000000, 430121_107000),
		SealedAt: time.Date(2026, time.June, 15, 4, 0, 5, 0, time.UTC).In(moscow()), Suite: "SHA-256", Digest: digest(whole),
	}
	one.Hash = one.link(SHA256, nil)
	is("the first seal", one.Hash, "ae30acdfdde6e3792ea78833d71e149442074f850e2e6eca0fda07754035b9b3")
	two := Seal{
		Position: 2, Entry: firstID, Place: codes(441900_000000, 440000_000000, 441900_000000, 0, 0),
		SealedAt: one.SealedAt.Add(100 * time.Millisecond), Suite: "SHA-256", Digest: digest(bare),
	}
	is("the second seal", two.link(SHA256, one.Hash), "36800e7df63e8b8301fc9348525bba0576a797758ab41c5e3db44806913a7079")
}

func TestNoDetailThatIsNoJSON(t *testing.T) {
	for _, detail := range []string{"", "{", "{} {}", "nothing"} {
		e := sample(detail)
		if _, err := e.digest(SHA256); err == nil {
			t.Errorf("%q has a digest", detail)
		}
	}
}

// Any two texts in any two columns are told apart, wherever one ends and the next begins.
func TestFormIsUnambiguous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := func(label string) []string {
			return rapid.SliceOfN(rapid.StringMatching(`[a-c:0-9sn]{0,4}`), 0, 4).Draw(t, label)
		}
		a, b := words("a"), words("b")
		join := func(words []string) string {
			values := make([][]byte, len(words))
			for i, w := range words {
				values[i] = text(w)
			}
			return string(list(values...))
		}
		if (join(a) == join(b)) != slices.Equal(a, b) {
			t.Fatalf("%q and %q are written %q and %q", a, b, join(a), join(b))
		}
	})
}

// Everything that is stored of a seal goes into its hash.
func TestSealIsHashedWhole(t *testing.T) {
	base := Seal{Position: 7, Entry: firstID, Place: codes(1, 2, 3, 4, 5), SealedAt: written, Suite: "SHA-256", Digest: []byte("digest")}
	seen := map[string]string{}
	note := func(what string, l Seal, before string) {
		hash := fmt.Sprintf("%x", l.link(SHA256, []byte(before)))
		if other, ok := seen[hash]; ok {
			t.Errorf("%s and %s have one hash", what, other)
		}
		seen[hash] = what
	}
	note("as it is", base, "before")
	note("after another", base, "befor")
	l := base
	l.Position = 8
	note("position", l, "before")
	l = base
	l.Entry = secondID
	note("entry", l, "before")
	for i := range base.Place {
		l = base
		l.Place[i].Int64 = 9
		note(fmt.Sprint("code ", i), l, "before")
		l.Place[i].Valid = false
		note(fmt.Sprint("no code ", i), l, "before")
	}
	l = base
	l.SealedAt = written.Add(time.Microsecond)
	note("time", l, "before")
	l = base
	l.Suite = "SM3"
	note("suite", l, "before")
	l = base
	l.Digest = []byte("digesT")
	note("digest", l, "before")
}
