package workflow_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestIdempotency(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园站")
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	h.post(h.county(), h.register(h.county(), "江二帆", h.congress[county], nil), s.ID, kind.PostingGrid, "2024-01-01")
	d := h.deputyOf(m)
	// Each creating verb: the first request, and another one under the same key.
	for name, c := range map[string]struct {
		table string
		do    func(ctx context.Context, key string, other bool) (uuid.UUID, error)
	}{
		"createStation": {"station", func(ctx context.Context, key string, other bool) (uuid.UUID, error) {
			in := newStation(guoyuan, "新站")
			in.IdempotencyKey = &key
			if other {
				in.AreaM2 = ptr(30.0)
			}
			made, err := h.desk.CreateStation(ctx, in)
			if err != nil {
				return uuid.Nil, err
			}
			return made.ID, nil
		}},
		"registerDeputy": {"deputy", func(ctx context.Context, key string, other bool) (uuid.UUID, error) {
			in := person("江三帆", h.congress[county], nil)
			in.IdempotencyKey = &key
			in.Mandate.Confirmed = other
			made, err := h.desk.RegisterDeputy(ctx, in)
			if err != nil {
				return uuid.Nil, err
			}
			return made.ID, nil
		}},
		"giveMandate": {"mandate", func(ctx context.Context, key string, other bool) (uuid.UUID, error) {
			in := workflow.GiveMandate{IdempotencyKey: &key, Deputy: d, Mandate: person("", h.congress[guoyuan], nil).Mandate}
			in.Mandate.Confirmed = other
			made, err := h.desk.GiveMandate(ctx, in)
			if err != nil {
				return uuid.Nil, err
			}
			return made.ID, nil
		}},
		"postDeputy": {"posting", func(ctx context.Context, key string, other bool) (uuid.UUID, error) {
			in := workflow.PostDeputy{IdempotencyKey: &key, Mandate: m, Station: s.ID, Basis: kind.PostingGrid, StartedOn: today}
			if other {
				in.Basis = kind.PostingSector
			}
			made, err := h.desk.PostDeputy(ctx, in)
			if err != nil {
				return uuid.Nil, err
			}
			return made.ID, nil
		}},
		"appointStaff": {"station_staff", func(ctx context.Context, key string, other bool) (uuid.UUID, error) {
			in := workflow.AppointStaff{
				IdempotencyKey: &key, Station: s.ID, Name: ptr("白云"), Office: kind.StaffLiaison, Origin: kind.OriginOfficial, StartedOn: today,
			}
			if other {
				in.Origin = kind.OriginVolunteer
			}
			made, err := h.desk.AppointStaff(ctx, in)
			if err != nil {
				return uuid.Nil, err
			}
			return made.ID, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := h.sub(t)
			rows := h.count(c.table)
			// Two at once with the same key: one row, and both are answered with it.
			var ids [2]uuid.UUID
			try := func(i int) func() error {
				return func() (err error) {
					ids[i], err = c.do(h.county(), name, false)
					return err
				}
			}
			for _, err := range h.atOnce("idempotency:COUNTY_ADMIN@430121000000:"+name, try(0), try(1)) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if ids[0] != ids[1] || h.count(c.table) != rows+1 {
				t.Errorf("made %v, %d rows more", ids, h.count(c.table)-rows)
			}
			// Again, later: the same, without a line in the audit.
			before := h.state()
			id, err := c.do(h.county(), name, false)
			if err != nil || id != ids[0] || h.state() != before {
				t.Error("a retry:", id, err)
			}
			h.refused(conflict("input.idempotencyKey IDEMPOTENCY_KEY_REUSED"), func() error {
				_, err := c.do(h.county(), name, true)
				return err
			})
		})
	}
	h.refused(conflict("input.idempotencyKey IDEMPOTENCY_KEY_REUSED"), func() error { // a key of another verb
		in := newStation(guoyuan, "新站")
		in.IdempotencyKey = ptr("postDeputy")
		_, err := h.desk.CreateStation(h.county(), in)
		return err
	})
}

func TestIdempotencyKeysAreTheSubjects(t *testing.T) {
	h := newHouse(t)
	in := newStation(guoyuan, "甲站")
	in.IdempotencyKey = ptr("key")
	first, err := h.desk.CreateStation(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	in.Name = "乙站"
	second, err := h.desk.CreateStation(h.township(), in)
	if err != nil || second.ID == first.ID {
		t.Error("another's key:", second, err)
	}
	// What is refused does not use the key up.
	in.IdempotencyKey = ptr("another key")
	h.refused(conflict("input.name DUPLICATE"), func() error {
		_, err := h.desk.CreateStation(h.county(), in)
		return err
	})
	in.Name = "丙站"
	if _, err := h.desk.CreateStation(h.county(), in); err != nil {
		t.Error(err)
	}
	// What was made and went out of the viewer's sight is not answered.
	v, err := viewer.For("COUNTY_ADMIN@"+county.String(), viewer.CountyAdmin, beihu)
	if err != nil {
		t.Fatal(err)
	}
	h.refused(notFound("input.idempotencyKey"), func() error {
		_, err := h.desk.CreateStation(viewer.NewContext(t.Context(), v), in)
		return err
	})
}
