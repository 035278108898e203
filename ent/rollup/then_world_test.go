package rollup_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// reformed is the first day of the changes; each comes a day after the one before. All records were written before.
var reformed = day("2025-06-01")

// spare adds a village in which nothing goes on any more, so that it can be abolished: all that was done there is over.
func (w *world) spare() *spot {
	at := slices.IndexFunc(w.spots, func(s *spot) bool { return s.level == place.LevelVillage })
	township := w.spots[at].parent
	code := township.code + 290
	s := &spot{code: code, level: place.LevelVillage, name: "撤销村", parent: township}
	after, _ := slices.BinarySearchFunc(w.spots, code, func(s *spot, code place.Code) int { return int(s.code - code) })
	w.spots = slices.Insert(w.spots, after, s)
	station := &stationRecord{id: newID(77), at: s, kind: kind.StationHome, opened: day("2025-01-02"), closed: day("2025-02-20")}
	w.stations = append(w.stations, station)
	w.visitDays = append(w.visitDays, &visitDayRecord{station, day("2025-01-20"), state.VisitDayHeld})
	a := &activityRecord{
		id: newID(78), station: station, day: day("2025-01-20"), way: kind.Ways[0], setting: kind.SettingInStation, state: state.ActivityConfirmed,
	}
	w.activities = append(w.activities, a)
	w.attendances = append(w.attendances, &attendanceRecord{activity: a, station: station, mandate: w.mandates[0]})
	return s
}

// reform changes the tree of a world that is stored, in every way, one after the other.
type reform struct {
	*testing.T
	ctx  context.Context
	h    house
	desk *workflow.Desk
	r    *rand.Rand
	day  time.Time
}

func (f *reform) decree() workflow.Decree {
	f.day = f.day.AddDate(0, 0, 1)
	return workflow.Decree{Day: f.day}
}

// divisions are those of a level that there are now, in a random order.
func (f *reform) divisions(level place.Level) []*gen.Division {
	f.Helper()
	d, err := f.h.client.Division.Query().Where(division.LevelEQ(level), division.ValidToIsNil(), division.Placeholder(false)).Order(division.ByCode()).All(f.ctx)
	if err != nil {
		f.Fatal(err)
	}
	f.r.Shuffle(len(d), func(i, j int) { d[i], d[j] = d[j], d[i] })
	return d
}

// first does a change with the first of some divisions that allows it.
func (f *reform) first(what string, among []*gen.Division, do func(*gen.Division) error) {
	f.Helper()
	var last error
	for _, d := range among {
		if last = do(d); last == nil {
			return
		}
	}
	f.Fatalf("%s: none of %d: %v", what, len(among), last)
}

// free is the nth code of a level below a division that the world has not used.
func free(above place.Code, level place.Level, n int) place.Code {
	step := map[place.Level]place.Code{place.LevelCity: 1e8, place.LevelCounty: 1e6, place.LevelTownship: 1e3, place.LevelVillage: 1}[level]
	return above + step*place.Code(80+n)
}

// below are the divisions directly in another.
func (f *reform) below(code place.Code) []*gen.Division {
	f.Helper()
	d, err := f.h.client.Division.Query().Where(division.ParentCode(code), division.ValidToIsNil(), division.Placeholder(false)).Order(division.ByCode()).All(f.ctx)
	if err != nil {
		f.Fatal(err)
	}
	return d
}

var errNotThis = fmt.Errorf("not this one")

// all renames, recodes, transfers, splits, merges and abolishes, codes that others had before among the new ones.
func (f *reform) all(spare *spot) {
	f.Helper()
	_, err := f.desk.AbolishDivision(f.ctx, workflow.AbolishDivision{Decree: f.decree(), Division: spare.code})
	if err != nil {
		f.Fatal(err)
	}
	f.first("rename", f.divisions(place.LevelCounty), func(d *gen.Division) error {
		_, err := f.desk.RenameDivision(f.ctx, workflow.RenameDivision{Decree: f.decree(), Division: d.Code, Name: "新名县"})
		return err
	})
	var left place.Code
	f.first("recode a county", f.divisions(place.LevelCounty), func(d *gen.Division) error {
		if len(f.below(d.Code)) == 0 || len(f.below(*d.ParentCode)) < 2 {
			return errNotThis
		}
		left = d.Code
		_, err := f.desk.RecodeDivision(f.ctx, workflow.RecodeDivision{Decree: f.decree(), Division: d.Code, Code: free(*d.ParentCode, place.LevelCounty, 1)})
		return err
	})
	f.first("give its code to another", f.divisions(place.LevelCounty), func(d *gen.Division) error {
		if d.Code.At(place.LevelCity) != left.At(place.LevelCity) || d.Code == free(*d.ParentCode, place.LevelCounty, 1) {
			return errNotThis
		}
		_, err := f.desk.RecodeDivision(f.ctx, workflow.RecodeDivision{Decree: f.decree(), Division: d.Code, Code: left})
		return err
	})
	counties := f.divisions(place.LevelCounty)
	f.first("transfer a county to another province", counties, func(d *gen.Division) error {
		for _, other := range counties {
			if p := other.ParentCode; p.Shape() == place.LevelCity && p.At(place.LevelProvince) != d.Code.At(place.LevelProvince) && len(f.below(d.Code)) > 1 {
				_, err := f.desk.TransferDivision(f.ctx, workflow.TransferDivision{
					RecodeDivision: workflow.RecodeDivision{Decree: f.decree(), Division: d.Code, Code: free(*p, place.LevelCounty, 2)}, Parent: *p,
				})
				return err
			}
		}
		return errNotThis
	})
	f.first("transfer a township", f.divisions(place.LevelTownship), func(d *gen.Division) error {
		for _, other := range f.divisions(place.LevelCounty) {
			if other.Code != *d.ParentCode && len(f.below(d.Code)) > 0 {
				_, err := f.desk.TransferDivision(f.ctx, workflow.TransferDivision{
					RecodeDivision: workflow.RecodeDivision{Decree: f.decree(), Division: d.Code, Code: free(other.Code, place.LevelTownship, 3)}, Parent: other.Code,
				})
				return err
			}
		}
		return errNotThis
	})
	f.first("split a county", f.divisions(place.LevelCounty), func(d *gen.Division) error {
		parts := f.below(d.Code)
		if len(parts) < 2 {
			return errNotThis
		}
		_, err := f.desk.SplitDivision(f.ctx, workflow.SplitDivision{Decree: f.decree(), Division: d.Code, Parts: []workflow.DivisionPart{
			{Code: free(*d.ParentCode, place.LevelCounty, 4), Name: "分设县", Children: []workflow.PartChild{{Division: parts[0].Code}}},
		}})
		return err
	})
	f.first("merge two townships", f.divisions(place.LevelTownship), func(d *gen.Division) error {
		for _, other := range f.below(*d.ParentCode) {
			if other.Code == d.Code {
				continue
			}
			in := workflow.MergeDivisions{Decree: f.decree(), Divisions: []place.Code{d.Code}, Into: other.Code}
			for i, village := range f.below(d.Code) {
				in.Children = append(in.Children, workflow.NewCode{Division: village.Code, Code: free(other.Code, place.LevelVillage, 250+i)})
			}
			_, err := f.desk.MergeDivisions(f.ctx, in)
			return err
		}
		return errNotThis
	})
}

// reformedHouse is a world with everything in it, whose tree has changed since.
func reformedHouse(t *testing.T, seed uint64) (*world, house, *spot) {
	t.Helper()
	w := busyWorld(seed)
	spare := w.spare()
	h := newHouse(t, w)
	// The organs that opinions are with are not stored.
	if _, err := h.owner.ExecContext(t.Context(), `ALTER TABLE opinion DROP CONSTRAINT opinion_organ_lead_organ`); err != nil {
		t.Fatal(err)
	}
	f := &reform{
		T: t, ctx: as(t, viewer.NationAdmin, place.Nation), h: h, desk: workflow.NewDesk(h.client, workflow.Options{}), r: rand.New(rand.NewPCG(seed, 9)), day: reformed,
	}
	f.all(spare)
	return w, h, spare
}
