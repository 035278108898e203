package rollup_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
)

// opinionVerbs ask each of the sums of opinions about a division.
func opinionVerbs(h house, at rollup.Place, q rollup.OpinionQuestion) map[string]func(context.Context) (seen int, err error) {
	verbs := map[string]func(context.Context) (int, error){
		"Opinions": func(ctx context.Context) (int, error) {
			sums, err := rollup.Opinions(ctx, h.client, []rollup.Place{at}, q)
			if err != nil {
				return 0, err
			}
			return sums[at.Code].Submitted, nil
		},
		"Boards": func(ctx context.Context) (int, error) {
			boards, err := rollup.Boards(ctx, h.client, []rollup.Place{at}, q.Today)
			if err != nil {
				return 0, err
			}
			return boards[at.Code].Total, nil
		},
	}
	for _, by := range rollup.OpinionBys {
		verbs["by "+string(by)] = func(ctx context.Context) (seen int, err error) {
			rows, err := rollup.OpinionsBy(ctx, h.client, at, by, q)
			for _, row := range rows {
				seen += row.Submitted
			}
			return seen, err
		}
	}
	return verbs
}

// TestNoOpinionsBeside: a county that asks its sibling or what is above both learns nothing, and a department nothing of others' cases.
func TestNoOpinionsBeside(t *testing.T) {
	province := &spot{code: place.MustParse("43"), level: place.LevelProvince, name: "湖南省"}
	mine := &spot{code: place.MustParse("430121"), level: place.LevelCounty, name: "长沙县", parent: province}
	beside := &spot{code: place.MustParse("431002"), level: place.LevelCounty, name: "北湖区", parent: province}
	w := told([]string{"SUBMIT 2025-03-03 09:00:00"}, []string{"SUBMIT 2025-03-03 09:00:00"})
	w.spots, w.stations = []*spot{province, mine, beside}, nil
	for i, at := range []*spot{mine, beside} {
		s := &stationRecord{id: newID(byte(i + 1)), at: at, kind: kind.StationHome, opened: day("2025-01-01")}
		w.stations, w.opinions[i].station = append(w.stations, s), s
		w.opinions[i].assignments = []assignmentRecord{{organ: newID(byte(i + 50)), part: kind.AssignmentLead, assigned: day("2025-03-03")}}
	}
	h := newHouse(t, w)
	q := rollup.OpinionQuestion{Period: rollup.Period{From: day("2025-03-03"), To: day("2025-03-03")}, Today: day("2025-03-03"), Medians: true}
	for _, s := range []*spot{mine, beside, province} {
		for _, asks := range []*spot{mine, beside} {
			for name, ask := range opinionVerbs(h, placeOf(s), q) {
				want := 0
				if s == asks {
					want = 1
				}
				seen, err := ask(as(t, viewer.CountyAdmin, asks.code))
				if err != nil || seen != want {
					t.Errorf("%s of %s shows %s %d opinions, want %d (%v)", name, s.name, asks.name, seen, want, err)
				}
			}
		}
	}
	for organ, want := range map[uuid.UUID]int{newID(50): 1, newID(51): 1, newID(52): 0, uuid.Nil: 0} {
		m, err := rollup.OpinionsOfOrgan(asOrgan(t, organ), h.client, q)
		if err != nil || m.Submitted != want {
			t.Errorf("department %s sees %+v, want %d opinions (%v)", organ, m, want, err)
		}
	}
}

func TestWhoMayAskOfOpinions(t *testing.T) {
	w := told()
	h := newHouse(t, w)
	at := placeOf(w.spots[0])
	q := rollup.OpinionQuestion{Period: rollup.Period{From: day("2025-03-03"), To: day("2025-03-03")}, Today: day("2025-03-03"), Medians: true}
	verbs := opinionVerbs(h, at, q)
	verbs["of organ"] = func(ctx context.Context) (int, error) {
		_, err := rollup.OpinionsOfOrgan(ctx, h.client, q)
		return 0, err
	}
	for name, ask := range verbs {
		for _, k := range viewer.Kinds {
			var want error
			switch {
			case name == "of organ" && k == viewer.Organ, name != "of organ" && (k == viewer.Area || k == viewer.System):
			default:
				want = fault.ErrForbidden
			}
			v := &viewer.Viewer{Subject: "test", Kind: k, Division: at.Code, Lo: at.Code, Hi: at.Code + 1, Organ: newID(1)}
			if _, err := ask(viewer.NewContext(t.Context(), v)); !errors.Is(err, want) {
				t.Errorf("%s by %s: %v, want %v", name, k, err, want)
			}
		}
		if _, err := ask(t.Context()); !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("%s by no one: %v", name, err)
		}
		ctx, cancel := context.WithCancel(as(t, viewer.StationKeeper, at.Code))
		if name == "of organ" {
			ctx, cancel = context.WithCancel(asOrgan(t, newID(1)))
		}
		cancel()
		if _, err := ask(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s when it is over: %v", name, err)
		}
	}
}

func TestUnknownOpinions(t *testing.T) {
	h := newHouse(t, &world{})
	ctx := as(t, viewer.NationAdmin, place.Nation)
	shire := rollup.Place{Code: place.MustParse("43"), Level: "SHIRE"}
	for name, ask := range opinionVerbs(h, shire, rollup.OpinionQuestion{}) {
		if name == "by CHILDREN" { // reads the level from the tree, which does not have the place
			continue
		}
		if _, err := ask(ctx); err == nil {
			t.Errorf("%s of a level that is none", name)
		}
	}
	nation := rollup.Place{Code: place.Nation, Level: place.LevelNation}
	if _, err := rollup.OpinionsBy(ctx, h.client, nation, "MOOD", rollup.OpinionQuestion{}); err == nil {
		t.Error("opinions were grouped by what is none")
	}
}
