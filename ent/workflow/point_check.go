package workflow

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/pointclaim"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
)

// lockClaim finds a claim at the expected version, keeps it from being changed by others, and tells where the verb leads from its state.
func (t *task) lockClaim(ctx context.Context, in ClaimRef) (*gen.PointClaim, state.Claim, error) {
	c, err := t.tx.PointClaim.Query().Where(pointclaim.ID(in.ID)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, "", fault.NotFound("积分申报不存在或不在辖区内", "input", "id")
	}
	if err != nil {
		return nil, "", err
	}
	if err := expect(in.ExpectedVersion, c.Version); err != nil {
		return nil, "", err
	}
	to, ok := state.Claims.Next(c.State, string(t.verb))
	if !ok {
		return nil, "", fault.Conflict("STATE", "积分申报"+state.Claims.Titles[c.State]+",不能办理此事项", "input", "id")
	}
	return c, to, nil
}

// openAppeal tells whether there is an appeal against an entry that was not taken back.
func (t *task) openAppeal(ctx context.Context, entry uuid.UUID) (bool, error) {
	return t.tx.PointClaim.Query().Where(pointclaim.EntryID(entry), pointclaim.StateNEQ(state.ClaimWithdrawn)).Exist(ctx)
}

// CheckPoints is a deputy's word on the own points of a year (积分自查).
type CheckPoints struct {
	IdempotencyKey *string `json:"-"`
	Mandate        uuid.UUID
	Year           int
	Agreed         bool
	// Note says what is wrong; it must be there when the points are not agreed to.
	Note *string
}

// firstYear is the first whose points can be checked: the field's own platforms are no older.
const firstYear = 2000

// CheckPoints notes whether the viewer agrees to the own points of a year, with the sum as it stands.
func (d *Desk) CheckPoints(ctx context.Context, in CheckPoints) (*gen.PointCheck, error) {
	v, err := d.admit(ctx, VerbCheckPoints)
	if err != nil {
		return nil, err
	}
	var c checker
	c.key(in.IdempotencyKey)
	if in.Year < firstYear || in.Year > d.today().Year() {
		c.add(at("年度", "year"), "OUT_OF_RANGE", "不能晚于今年")
	}
	note := at("说明", "note")
	in.Note = c.optional(note, in.Note, 500)
	if !in.Agreed && in.Note == nil {
		c.add(note, "REQUIRED", "不能为空:请说明不符之处")
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCheckPoints, v, func(t *task) (*gen.PointCheck, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.PointCheck.Get, func() (*gen.PointCheck, uuid.UUID, error) {
			check, err := t.checkPoints(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return check, check.ID, nil
		})
	})
}

func (t *task) checkPoints(ctx context.Context, in CheckPoints) (*gen.PointCheck, error) {
	m, err := t.tx.Mandate.Query().Where(mandate.ID(in.Mandate), mandate.DeputyID(t.viewer.Person)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("代表职务不存在", "input", "mandate")
	}
	if err != nil {
		return nil, err
	}
	year := tally.Year(in.Year)
	var sum sql.NullInt64
	err = scalar(ctx, t.tx, &sum, `SELECT sum(points) FROM point_entry WHERE mandate_id = $1 AND day BETWEEN $2 AND $3`, m.ID, year.From, year.To)
	if err != nil {
		return nil, err
	}
	create := t.tx.PointCheck.Create().SetMandateID(m.ID).SetDeputyID(m.DeputyID).SetYear(in.Year).SetPoints(int(sum.Int64)).
		SetAgreed(in.Agreed).SetNillableNote(in.Note)
	areaOfMandate(m).put(create.Mutation())
	c, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return c, t.audit(ctx, gen.TypePointCheck, c.ID, areaOfMandate(m), map[string]any{"mandate": c.MandateID, "year": c.Year, "agreed": c.Agreed})
}
