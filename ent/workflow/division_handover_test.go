package workflow_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// analysed is an open case that waits on the organ of a place.
func (o *office) analysed(holder place.Code) (opinion, event uuid.UUID) {
	o.Helper()
	x := o.walk([]state.Step{"ACCEPT"}, uuid.Nil)
	x, err := o.desk.Walk(o.officer(o.station), x.ID, "ANALYSE", dossier.Facts{Holder: &holder, Level: holder.Shape(), Urgency: kind.UrgencyNormal})
	if err != nil {
		o.Fatal(err)
	}
	e := o.announce(x.ID)
	return x.ID, e.ID
}

// enqueued is how often the platform is to announce an event.
func (o *office) enqueued(event uuid.UUID) int {
	o.Helper()
	return o.count(`river_job WHERE kind = 'opinion_step' AND args ->> 'event' = $1`, event.String())
}

// whoIsTold announces an event as the platform does, and compares who has been told of it by then.
func (o *office) whoIsTold(event uuid.UUID, want ...string) {
	o.Helper()
	if err := o.clockwork.Announce(o.Context(), event); err != nil {
		o.Fatal(err)
	}
	if got := o.told(event); !slices.Equal(got, want) {
		o.Errorf("told %q, want %q", got, want)
	}
}

// Who takes over from a division that ends is told of the cases that wait on it; of others no one is told anew.
func TestMergeHandsOver(t *testing.T) {
	o := newOffice(t)
	_, theirs := o.analysed(guoyuan)
	_, above := o.analysed(county)
	before, untouched := o.enqueued(theirs), o.enqueued(above)
	o.whoIsTold(theirs, "township")
	_, err := o.desk.MergeDivisions(o.county(), workflow.MergeDivisions{
		Decree: decree(), Divisions: []place.Code{guoyuan}, Into: huangxin, Children: (&land{house: o.house}).renumbered(guoyuan, huangxin),
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, m := o.enqueued(theirs), o.enqueued(above); n != before+1 || m != untouched {
		t.Errorf("announced %d and %d times more", n-before, m-untouched)
	}
	o.whoIsTold(theirs, "another township", "township")
	o.whoIsTold(above, "county", "county's second")
}

// A case held by the county that its township leaves goes to the county that the township comes to, which is told and can deal with it.
func TestTransferHandsOver(t *testing.T) {
	o := newOffice(t)
	left, theirs := o.analysed(county)
	own, ours := o.analysed(guoyuan)
	to := place.MustParse("431002117")
	_, err := o.desk.TransferDivision(o.province(), workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: guoyuan, Code: to}, Parent: beihu,
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := o.count(`opinion WHERE (id, holder_code, level) IN (($1, $2, 'COUNTY'), ($3, $4, 'TOWNSHIP'))`, left, int64(beihu), own, int64(to)); n != 2 {
		t.Errorf("%d of 2 cases are held by those where they lie", n)
	}
	o.whoIsTold(theirs, "another county", "county", "county's second")
	o.whoIsTold(ours, "township")
	if _, err := o.desk.Walk(o.beihu(), left, "ASK", dossier.Facts{}); err != nil {
		t.Error(err)
	}
	if n := o.client.Opinion.Query().CountX(o.county()); n != 0 {
		t.Errorf("the old county sees %d cases", n)
	}
}
