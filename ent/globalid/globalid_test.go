package globalid_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/globalid"
)

var key = uuid.MustParse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")

func TestRoundTrip(t *testing.T) {
	for _, typ := range []string{"Station", "Deputy", "D", "StationStaff"} {
		id := globalid.Encode(typ, key)
		if got, k, err := globalid.Decode(id); err != nil || got != typ || k != key {
			t.Errorf("%s: %s %s, %v", id, got, k, err)
		}
	}
	if globalid.Encode("Station", key) == globalid.Encode("Deputy", key) {
		t.Error("the id does not carry the type")
	}
}

func TestDecodeMalformed(t *testing.T) {
	whole := globalid.Encode("Station", key)
	raw := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for name, id := range map[string]string{
		"empty":          "",
		"a code":         "430121",
		"a uuid":         key.String(),
		"padded":         base64.URLEncoding.EncodeToString([]byte("St:" + string(key[:]))),
		"other alphabet": strings.Repeat("+/", 10),
		"a space":        whole + " ",
		"a line break":   whole[:8] + "\n" + whole[8:],
		"cut":            whole[:len(whole)-2],
		"longer":         whole + "AAAA",
		"no type":        raw(":" + string(key[:])),
		"no colon":       raw("Station" + string(key[:])),
		"key as text":    raw("Station:" + key.String()),
		"endless":        strings.Repeat("A", 1<<20),
		"loose bits":     globalid.Encode("St", key)[:25] + "B", // the same bytes, other unused bits
	} {
		if typ, k, err := globalid.Decode(id); !errors.Is(err, globalid.ErrMalformed) || typ != "" || k != uuid.Nil {
			t.Errorf("%s: %s %s, %v", name, typ, k, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(globalid.Encode("Station", key))
	f.Add("U3RhdGlvbjox")
	f.Fuzz(func(t *testing.T, id string) {
		typ, k, err := globalid.Decode(id)
		if err == nil && globalid.Encode(typ, k) != id {
			t.Errorf("%q is a second id of %s %s", id, typ, k)
		}
	})
}
