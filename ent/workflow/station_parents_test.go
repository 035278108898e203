package workflow_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestStationParents(t *testing.T) {
	h := newHouse(t)
	a, b := h.station(guoyuan, "甲站"), h.station(guoyuan, "乙站")
	far := h.station(beihu, "丙站")
	under := func(child, parent uuid.UUID) error {
		_, err := h.desk.UpdateStation(h.nation(), workflow.UpdateStation{ID: child, Parent: workflow.To(parent)})
		return err
	}
	// 乙 is a branch of 丙, in another county, and 丙 of 甲.
	if err := errors.Join(under(far.ID, a.ID), under(b.ID, far.ID)); err != nil {
		t.Fatal(err)
	}
	h.refused(invalid("input.parent CYCLE"), func() error { return under(a.ID, a.ID) })
	// The township sees 甲 and 乙, but not what lies between.
	h.refused(invalid("input.parent CYCLE"), func() error {
		_, err := h.desk.UpdateStation(h.township(), workflow.UpdateStation{ID: a.ID, Parent: workflow.To(b.ID)})
		return err
	})
	// A kind of the other family is refused on either side of the relation, and allowed once it is gone.
	online := func(id uuid.UUID) error {
		_, err := h.desk.UpdateStation(h.nation(), workflow.UpdateStation{ID: id, Kind: workflow.To(kind.StationOnline)})
		return err
	}
	h.refused(invalid("input.kind MISMATCH"), func() error { return online(a.ID) })
	h.refused(invalid("input.kind MISMATCH"), func() error { return online(b.ID) })
	_, err := h.desk.UpdateStation(h.nation(), workflow.UpdateStation{
		ID: b.ID, Kind: workflow.To(kind.StationOnline), Parent: workflow.Emptied[uuid.UUID](),
	})
	if err != nil {
		t.Error(err)
	}
	h.refused(invalid("input.parent MISMATCH"), func() error { return under(b.ID, a.ID) })

	// Two changes that would close a circle together: one of them is refused.
	c, d := h.station(guoyuan, "丁站"), h.station(guoyuan, "戊站")
	errs := h.atOnce("station parents",
		func() error { return under(c.ID, d.ID) }, func() error { return under(d.ID, c.ID) })
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatal("of two that close a circle:", errs)
	}
	invalid("input.parent CYCLE").check(t, errors.Join(errs...))
}
