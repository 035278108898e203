package viewer_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// one place of each level.
var places = map[place.Level]place.Code{
	place.LevelNation: place.Nation, place.LevelProvince: place.MustParse("43"), place.LevelCity: place.MustParse("4301"),
	place.LevelCounty: place.MustParse("430121"), place.LevelTownship: place.MustParse("430121107"),
	place.LevelVillage: place.MustParse("430121107204"),
}

func TestFor(t *testing.T) {
	all := place.Levels
	for role, c := range map[viewer.Role]struct {
		kind   viewer.Kind
		levels []place.Level
		below  bool // sees what lies below its division
	}{
		viewer.NationAdmin:    {viewer.Area, all[:1], true},
		viewer.ProvinceAdmin:  {viewer.Area, all[1:2], true},
		viewer.CityAdmin:      {viewer.Area, all[2:3], true},
		viewer.CountyAdmin:    {viewer.Area, all[3:4], true},
		viewer.TownshipAdmin:  {viewer.Area, all[4:5], true},
		viewer.CommitteeStaff: {viewer.Area, all[:5], true},
		viewer.Supervisor:     {viewer.Area, all[1:4], true},
		viewer.StationKeeper:  {viewer.Area, all[1:], false},
		viewer.Deputy:         {viewer.Self, all, false},
		viewer.Department:     {viewer.Organ, all[1:5], false},
		viewer.Portal:         {viewer.Public, all, true},
	} {
		if role.Kind() != c.kind || !role.Known() || role.Title() == "" || role.About() == "" {
			t.Errorf("%s: kind %s, title %q", role, role.Kind(), role.Title())
		}
		for level, code := range places {
			v, err := viewer.For("someone", role, code)
			if !slices.Contains(c.levels, level) {
				if !errors.Is(err, viewer.ErrRoleDivision) || v != nil {
					t.Errorf("%s at %s: %v, %v", role, level, v, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s at %s: %v", role, level, err)
				continue
			}
			lo, hi := code.Range()
			if !c.below {
				hi = lo + 1
			}
			want := viewer.Viewer{Subject: "someone", Role: role, Kind: c.kind, Division: code, Lo: lo, Hi: hi}
			if *v != want {
				t.Errorf("%s at %s: %+v", role, level, v)
			}
			if !v.Sees(lo) || !v.Sees(hi-1) || v.Sees(hi) || v.Sees(lo-1) {
				t.Errorf("%s at %s sees beside its area", role, level)
			}
		}
	}
	if len(viewer.Roles) != 11 || !slices.Equal(viewer.Role("").Values()[:2], []string{"NATION_ADMIN", "PROVINCE_ADMIN"}) {
		t.Error("roles:", viewer.Roles)
	}
}

func TestForUnknownRole(t *testing.T) {
	for _, role := range []viewer.Role{"", "KING", "nation_admin", "SYSTEM"} {
		if v, err := viewer.For("someone", role, place.Nation); err == nil || v != nil {
			t.Errorf("%q: %v", role, v)
		}
		if role.Known() || role.Kind() != "" {
			t.Errorf("%q is known", role)
		}
	}
}

func TestSystemJob(t *testing.T) {
	v := viewer.SystemJob("fold")
	if v.Subject != "job:fold" || v.Role != "" || v.Kind != viewer.System || !v.Sees(0) || !v.Sees(place.MaxCode) {
		t.Errorf("%+v", v)
	}
}

func TestDatabaseRoles(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range viewer.Kinds {
		role := k.DatabaseRole()
		if role == "" || seen[role] {
			t.Errorf("%s: %q", k, role)
		}
		seen[role] = true
	}
	if viewer.Kind("").DatabaseRole() != "" || viewer.Kind("OWNER").DatabaseRole() != "" {
		t.Error("an unknown kind has a database role")
	}
}

func TestContext(t *testing.T) {
	if v := viewer.FromContext(t.Context()); v != nil {
		t.Error("a viewer from nowhere:", v)
	}
	v := viewer.SystemJob("x")
	type other struct{}
	ctx := context.WithValue(viewer.NewContext(t.Context(), v), other{}, 1)
	if viewer.FromContext(ctx) != v {
		t.Error("the viewer is lost")
	}
}
