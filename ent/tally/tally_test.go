package tally_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestServiceOf(t *testing.T) {
	ended := day("2025-06-01")
	s := tally.ServiceOf(&gen.Mandate{ElectedOn: day("2021-11-20"), EndedOn: &ended, Suspensions: []duty.Suspension{
		{From: "2024-03-01", Until: "2024-04-01"}, {From: "2024-05-01", Until: "2024-05-01"}, {From: "2025-05-20"},
	}})
	if want := (duty.Span{From: day("2021-11-20"), To: day("2025-05-31")}); s.Span != want {
		t.Errorf("in force %v, want %v", s.Span, want)
	}
	// What was taken back on the day it began is no gap.
	if want := []duty.Span{{From: day("2024-03-01"), To: day("2024-03-31")}, {From: day("2025-05-20")}}; !slices.Equal(s.Suspended, want) {
		t.Errorf("suspended %v, want %v", s.Suspended, want)
	}
}

func TestCounted(t *testing.T) {
	me := uuid.New()
	m := &gen.Mandate{DeputyID: me}
	m.Code = place.MustParse("430121107")
	for _, c := range []struct {
		role   viewer.Role
		at     string
		person uuid.UUID
		want   bool
	}{
		{viewer.CountyAdmin, "430121", uuid.Nil, true},
		{viewer.TownshipAdmin, "430121107", uuid.Nil, true},
		{viewer.CommitteeStaff, "43", uuid.Nil, true},
		{viewer.TownshipAdmin, "430121102", uuid.Nil, false},
		{viewer.StationKeeper, "430121107204", uuid.Nil, false},
		{viewer.Deputy, "430121107", me, true},
		{viewer.Deputy, "430121107", uuid.New(), false},
		{viewer.Department, "430121", uuid.Nil, false},
		{viewer.Portal, "430121", uuid.Nil, false},
	} {
		v, err := viewer.For("someone", c.role, place.MustParse(c.at))
		if err != nil {
			t.Fatal(err)
		}
		v.Person = c.person
		if got := tally.Counted(v, m); got != c.want {
			t.Errorf("%s at %s: %v", c.role, c.at, got)
		}
	}
}
