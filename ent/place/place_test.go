package place_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/place"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]place.Code{
		"00": 0, "000000000000": 0, "43": 430_000_000_000, "4301": 430_100_000_000, "430121": 430_121_000_000,
		"430121107": 430_121_107_000, "430121107204": 430_121_107_204, "999999999999": place.MaxCode,
	} {
		got, err := place.Parse(text)
		if err != nil || got != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "4", "430", "43012", "4301211", "43012110720", "4301211072040", "43012a", "-43", "+430", " 4301", "43012１", "四三", "4 ",
	} {
		if got, err := place.Parse(text); !errors.Is(err, place.ErrMalformed) || got != 0 {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, place.ErrMalformed) {
			t.Error("recovered", err)
		}
	}()
	place.MustParse("430")
}

func TestShapeRangeAndAt(t *testing.T) {
	for _, c := range []struct {
		code, hi string
		shape    place.Level
	}{
		{"00", "", place.LevelNation},
		{"43", "440000000000", place.LevelProvince},
		{"4301", "430200000000", place.LevelCity},
		{"430121", "430122000000", place.LevelCounty},
		{"430121107", "430121108000", place.LevelTownship},
		{"430121107204", "430121107205", place.LevelVillage},
		{"441900003", "441900004000", place.LevelTownship}, // of a city without counties
	} {
		code := place.MustParse(c.code)
		lo, hi := code.Range()
		want := place.MaxCode + 1
		if c.hi != "" {
			want = place.MustParse(c.hi)
		}
		if code.Shape() != c.shape || lo != code || hi != want {
			t.Errorf("%s: %s from %s to %s", c.code, code.Shape(), lo, hi)
		}
	}
	village := place.MustParse("430121107204")
	for level, want := range map[place.Level]string{
		place.LevelNation: "000000000000", place.LevelProvince: "430000000000", place.LevelCity: "430100000000",
		place.LevelCounty: "430121000000", place.LevelTownship: "430121107000", place.LevelVillage: "430121107204",
	} {
		if got := village.At(level).String(); got != want {
			t.Errorf("at %s: %s", level, got)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown level cuts")
		}
	}()
	village.At("STREET")
}

func TestText(t *testing.T) {
	b, err := json.Marshal(map[string]place.Code{"code": 110_000_000_000})
	if err != nil || string(b) != `{"code":"110000000000"}` {
		t.Error(string(b), err)
	}
	var back struct{ Code place.Code }
	if err := json.Unmarshal([]byte(`{"code":"4301"}`), &back); err != nil || back.Code != 430_100_000_000 {
		t.Error(back, err)
	}
	if err := json.Unmarshal([]byte(`{"code":"430"}`), &back); !errors.Is(err, place.ErrMalformed) || back.Code != 430_100_000_000 {
		t.Error(back, err)
	}
}

func TestLevels(t *testing.T) {
	for depth, level := range place.Levels {
		if level.Depth() != depth || level.Values()[depth] != string(level) {
			t.Errorf("%s: depth %d", level, level.Depth())
		}
	}
	if place.Level("STREET").Depth() != -1 {
		t.Error("an unknown level has a depth")
	}
}

// What holds for every code and every place above it.
func TestProperties(t *testing.T) {
	codes := rapid.Int64Range(0, int64(place.MaxCode))
	rapid.Check(t, func(t *rapid.T) {
		a, b := place.Code(codes.Draw(t, "a")), place.Code(codes.Draw(t, "b"))
		if back, err := place.Parse(a.String()); err != nil || back != a {
			t.Fatalf("%s is read back as %s, %v", a, back, err)
		}
		level := rapid.SampledFrom(place.Levels).Draw(t, "level")
		up := a.At(level)
		if !up.Contains(a) || up.At(level) != up || up.Shape().Depth() > level.Depth() {
			t.Fatalf("%s at %s is %s", a, level, up)
		}
		if lo, hi := a.Range(); !a.Contains(a) || a.Contains(lo-1) || a.Contains(hi) || !a.Contains(hi-1) {
			t.Fatalf("%s from %s to %s", a, lo, hi)
		}
		// Two areas lie apart or one in the other, and to lie in it is to have it as the cut.
		if a.Contains(b) != (b.At(a.Shape()) == a) || a != b && a.Contains(b) && b.Contains(a) {
			t.Fatalf("%s contains %s: %v", a, b, a.Contains(b))
		}
	})
}
