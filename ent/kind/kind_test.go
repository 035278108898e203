package kind_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// The words are what the database and the API know: changing one is changing both.
func TestVocabularies(t *testing.T) {
	form := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	for name, c := range map[string]struct {
		values []string
		n      int
	}{
		"congress levels": {kind.CongressLevel("").Values(), 5},
		"stations":        {kind.Station("").Values(), 6},
		"postings":        {kind.Posting("").Values(), 5},
		"staff":           {kind.Staff("").Values(), 3},
		"origins":         {kind.StaffOrigin("").Values(), 4},
		"organs":          {kind.Organ("").Values(), 6},
		"zones":           {kind.Zone("").Values(), 5},
		"constituencies":  {kind.Constituency("").Values(), 3},
		"elections":       {kind.Election("").Values(), 2},
		"end reasons":     {kind.EndReason("").Values(), 9},
		"genders":         {kind.Gender("").Values(), 2},
		"accounts":        {kind.Account("").Values(), 2},
	} {
		once := slices.Compact(slices.Sorted(slices.Values(c.values)))
		if len(c.values) != c.n || len(once) != c.n {
			t.Errorf("%s: %v, want %d different ones", name, c.values, c.n)
		}
		for _, v := range c.values {
			if !form.MatchString(v) {
				t.Errorf("%s: %q", name, v)
			}
		}
	}
}

func TestPhysicalStations(t *testing.T) {
	if slices.Contains(kind.PhysicalStations, kind.StationOnline) {
		t.Error("one can walk into an online station")
	}
	if want := append(slices.Clone(kind.PhysicalStations), kind.StationOnline); !slices.Equal(kind.Stations, want) {
		t.Error("stations:", kind.Stations)
	}
}

func TestCongressLevelOf(t *testing.T) {
	for level, want := range map[place.Level]kind.CongressLevel{
		place.LevelNation: kind.National, place.LevelProvince: kind.Provincial, place.LevelCity: kind.City,
		place.LevelCounty: kind.County, place.LevelTownship: kind.Township,
	} {
		if got, ok := kind.CongressLevelOf(level); got != want || !ok {
			t.Errorf("%s: %s, %v", level, got, ok)
		}
	}
	for _, level := range []place.Level{place.LevelVillage, "", "STREET"} {
		if got, ok := kind.CongressLevelOf(level); got != "" || ok {
			t.Errorf("%s: %s", level, got)
		}
	}
}
