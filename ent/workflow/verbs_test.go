package workflow_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// try does a verb with an input in which everything is wrong.
func (h *house) try(ctx context.Context, verb workflow.Verb) error {
	h.Helper()
	var err error
	switch verb {
	case workflow.VerbCreateStation:
		_, err = h.desk.CreateStation(ctx, workflow.CreateStation{})
	case workflow.VerbUpdateStation:
		_, err = h.desk.UpdateStation(ctx, workflow.UpdateStation{})
	case workflow.VerbCloseStation:
		_, err = h.desk.CloseStation(ctx, workflow.CloseStation{})
	case workflow.VerbAppointStaff:
		_, err = h.desk.AppointStaff(ctx, workflow.AppointStaff{})
	case workflow.VerbDismissStaff:
		_, err = h.desk.DismissStaff(ctx, workflow.DismissStaff{ID: uuid.New()})
	case workflow.VerbRegisterDeputy:
		_, err = h.desk.RegisterDeputy(ctx, workflow.RegisterDeputy{})
	case workflow.VerbUpdateDeputy:
		_, err = h.desk.UpdateDeputy(ctx, workflow.UpdateDeputy{})
	case workflow.VerbGiveMandate:
		_, err = h.desk.GiveMandate(ctx, workflow.GiveMandate{})
	case workflow.VerbChangeMandate:
		_, err = h.desk.ChangeMandate(ctx, workflow.ChangeMandate{})
	case workflow.VerbEndMandate:
		_, _, err = h.desk.EndMandate(ctx, workflow.EndMandate{})
	case workflow.VerbPostDeputy:
		_, err = h.desk.PostDeputy(ctx, workflow.PostDeputy{})
	case workflow.VerbWithdrawPosting:
		_, err = h.desk.WithdrawPosting(ctx, workflow.WithdrawPosting{ID: uuid.New()})
	default:
		try, ok := opinionVerbs[verb]
		if !ok {
			try, ok = dutyVerbs[verb]
		}
		if !ok {
			try, ok = divisionVerbs[verb]
		}
		if !ok {
			h.Fatalf("the verb %s is not tried", verb)
		}
		return try(h.desk, ctx)
	}
	return err
}

// Every role with every verb: who may not do it is told so before anything else, who may is told what is wrong.
func TestRolesAndVerbs(t *testing.T) {
	h := newHouse(t)
	at := map[viewer.Role]place.Code{
		viewer.NationAdmin: place.Nation, viewer.ProvinceAdmin: hunan, viewer.CityAdmin: changsha, viewer.CountyAdmin: county,
		viewer.TownshipAdmin: guoyuan, viewer.CommitteeStaff: county, viewer.Supervisor: county, viewer.StationKeeper: guoyuan,
		viewer.Deputy: county, viewer.Department: county, viewer.Portal: county,
	}
	administrators := []viewer.Role{
		viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin,
	}
	cells := 0
	for _, role := range viewer.Roles {
		for _, verb := range workflow.Verbs {
			cells++
			may := slices.Contains(administrators, role) ||
				role == viewer.StationKeeper && (verb == workflow.VerbAppointStaff || verb == workflow.VerbDismissStaff)
			if roles, ok := opinionRoles[verb]; ok {
				may = slices.Contains(roles, role)
			}
			if roles, ok := dutyRoles[verb]; ok {
				may = slices.Contains(roles, role)
			}
			if divisionVerbs[verb] != nil {
				may = slices.Contains(reformers, role) && (verb != workflow.VerbEstablishDivision || role == viewer.NationAdmin)
			}
			err := h.try(h.as(role, at[role]), verb)
			if errors.Is(err, fault.ErrForbidden) == may || err == nil || workflow.Allowed(role, verb) != may {
				t.Errorf("%s %s: %v, allowed: %v, want %v", role, verb, err, workflow.Allowed(role, verb), may)
			}
			if may && !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("%s %s: %v", role, verb, err)
			}
		}
	}
	if want := len(at) * (12 + len(opinionVerbs) + len(dutyVerbs) + len(divisionVerbs)); cells != want {
		t.Errorf("tried %d cells, want %d", cells, want)
	}
	for _, verb := range workflow.Verbs {
		if err := h.try(t.Context(), verb); !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("%s without a viewer: %v", verb, err)
		}
		job := viewer.NewContext(t.Context(), viewer.SystemJob("test"))
		if err := h.try(job, verb); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s by a job: %v", verb, err)
		}
	}
	if h.count("audit_entry") != 0 {
		t.Error("something was done")
	}
}

// What the verbs have words for is there, under that name.
func TestConflictIndexes(t *testing.T) {
	h := newHouse(t)
	for _, name := range workflow.ConflictIndexes() {
		if h.count(`pg_indexes WHERE indexname = $1 AND indexdef LIKE 'CREATE UNIQUE INDEX%'`, name) != 1 {
			t.Error("no such index:", name)
		}
	}
}
