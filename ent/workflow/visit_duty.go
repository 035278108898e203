package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
)

// AssignDuty is who is put on duty on a visit day (排班).
type AssignDuty struct {
	IdempotencyKey *string `json:"-"`
	VisitDay       uuid.UUID
	Deputy         uuid.UUID
}

func (in *AssignDuty) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	return c.list.Err()
}

// AssignDuty puts one more deputy on duty on a visit day that is still to come about. The deputy must be posted to the station, on whatever basis, with a
// mandate that is neither suspended nor over.
func (d *Desk) AssignDuty(ctx context.Context, in AssignDuty) (*gen.VisitDuty, error) {
	v, err := d.admit(ctx, VerbAssignDuty)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbAssignDuty, v, func(t *task) (*gen.VisitDuty, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.VisitDuty.Get, func() (*gen.VisitDuty, uuid.UUID, error) {
			duty, err := t.assignDuty(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return duty, duty.ID, nil
		})
	})
}

func (t *task) assignDuty(ctx context.Context, in AssignDuty) (*gen.VisitDuty, error) {
	day, err := t.tx.VisitDay.Get(ctx, in.VisitDay)
	if gen.IsNotFound(err) {
		return nil, noVisitDay("input", "visitDay")
	}
	if err != nil {
		return nil, err
	}
	day, post, err := t.rotaOf(ctx, day, VerbAssignDuty, in.Deputy, "visitDay")
	if err != nil {
		return nil, err
	}
	duty, err := t.putOnDuty(ctx, day, post, nil)
	if err != nil {
		return nil, err
	}
	if err := t.announceChange(ctx, day, duty.ID); err != nil {
		return nil, err
	}
	return duty, t.audit(ctx, gen.TypeVisitDuty, duty.ID, areaOfVisitDay(day), map[string]any{"visitDay": day.ID, "deputy": in.Deputy})
}

// rotaOf locks a visit day whose rota is about to be changed by a verb, and finds the posting on which a deputy may be on duty there. The field
// leads to what was named.
func (t *task) rotaOf(ctx context.Context, day *gen.VisitDay, verb Verb, deputy uuid.UUID, field string) (*gen.VisitDay, *gen.Posting, error) {
	path := []string{"input", field}
	if err := t.keeps(day.StationID, path...); err != nil {
		return nil, nil, err
	}
	if _, err := t.lockOpenStation(ctx, day.StationID, path...); err != nil {
		return nil, nil, err
	}
	if err := t.lockPersons(ctx, deputy); err != nil {
		return nil, nil, err
	}
	day, err := t.lockVisitDay(ctx, day.ID, path...)
	if err != nil {
		return nil, nil, err
	}
	if _, err := visitStep(day, verb, path...); err != nil {
		return nil, nil, err
	}
	if calendar.Day(day.Day).Before(t.desk.today()) {
		return nil, nil, dayOver(path...)
	}
	post, err := t.postingFor(ctx, day.StationID, deputy)
	return day, post, err
}

// postingFor is the posting on which a deputy may be on duty at a station.
func (t *task) postingFor(ctx context.Context, station, deputy uuid.UUID) (*gen.Posting, error) {
	path := []string{"input", "deputy"}
	_, err := t.tx.Deputy.Get(ctx, deputy)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("代表不存在或不在辖区内", path...)
	}
	if err != nil {
		return nil, err
	}
	post, err := t.tx.Posting.Query().Where(posting.StationID(station), posting.DeputyID(deputy), dutiful).
		Order(posting.ByStartedOn(), posting.ByID()).First(ctx)
	if !gen.IsNotFound(err) {
		return post, err
	}
	posted, err := t.tx.Posting.Query().Where(posting.StationID(station), posting.DeputyID(deputy), posting.EndedOnIsNil()).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if posted {
		return nil, fault.Conflict("NOT_ON_ROLL", "该代表职务已终止或暂停,不能排班", path...)
	}
	return nil, fault.Conflict("NOT_POSTED", "该代表未编入该站点,请先安排进站或交叉进站", path...)
}

func (t *task) putOnDuty(ctx context.Context, day *gen.VisitDay, post *gen.Posting, instead *uuid.UUID) (*gen.VisitDuty, error) {
	create := t.tx.VisitDuty.Create().SetVisitDayID(day.ID).SetStationID(day.StationID).
		SetDeputyID(post.DeputyID).SetMandateID(post.MandateID).SetNillableSubstituteFor(instead)
	areaOfVisitDay(day).put(create.Mutation())
	return create.Save(ctx)
}

// SubstituteDuty is who takes over a duty, and why (替班).
type SubstituteDuty struct {
	IdempotencyKey  *string `json:"-"`
	ID              uuid.UUID
	ExpectedVersion *int
	Deputy          uuid.UUID
	Reason          string
}

func (in *SubstituteDuty) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Reason = c.text(at("替班原因", "reason"), in.Reason, 2, longestReason)
	return c.list.Err()
}

// SubstituteDuty has another deputy, who must be posted to the station, take over a duty. The line of the one who was replaced stays, with the reason.
func (d *Desk) SubstituteDuty(ctx context.Context, in SubstituteDuty) (*gen.VisitDuty, error) {
	v, err := d.admit(ctx, VerbSubstituteDuty)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbSubstituteDuty, v, func(t *task) (*gen.VisitDuty, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.VisitDuty.Get, func() (*gen.VisitDuty, uuid.UUID, error) {
			duty, err := t.substituteDuty(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return duty, duty.ID, nil
		})
	})
}

func (t *task) substituteDuty(ctx context.Context, in SubstituteDuty) (*gen.VisitDuty, error) {
	found, err := t.tx.VisitDuty.Query().Where(visitduty.ID(in.ID)).WithVisitDay().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noDuty()
	}
	if err != nil {
		return nil, err
	}
	day, post, err := t.rotaOf(ctx, found.Edges.VisitDay, VerbSubstituteDuty, in.Deputy, "id")
	if err != nil {
		return nil, err
	}
	old, err := t.tx.VisitDuty.Query().Where(visitduty.ID(in.ID)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noDuty()
	}
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if old.Replaced {
		return nil, fault.Conflict("REPLACED", "该轮值已由他人接替或已撤下", "input", "id")
	}
	if old.DeputyID == in.Deputy {
		return nil, fault.Invalid("SAME", "不能由本人替班", "input", "deputy")
	}
	if err := t.tx.VisitDuty.UpdateOne(old).SetReplaced(true).SetReason(in.Reason).AddVersion(1).Exec(ctx); err != nil {
		return nil, err
	}
	duty, err := t.putOnDuty(ctx, day, post, &old.ID)
	if err != nil {
		return nil, err
	}
	if err := t.announceChange(ctx, day, duty.ID); err != nil {
		return nil, err
	}
	return duty, t.audit(ctx, gen.TypeVisitDuty, duty.ID, areaOfVisitDay(day), map[string]any{
		"visitDay": day.ID, "deputy": move{From: old.DeputyID, To: in.Deputy}, "reason": in.Reason,
	})
}

func noDuty() error {
	return fault.NotFound("轮值安排不存在或不在辖区内", "input", "id")
}
