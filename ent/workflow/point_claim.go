package workflow

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
)

// ClaimPoints is what is claimed of the points (积分申报、申诉): an award names the mandate, the item and the day; an appeal the entry it is against.
type ClaimPoints struct {
	IdempotencyKey *string `json:"-"`
	Kind           kind.Claim
	Mandate        *uuid.UUID
	Item           *string
	Day            *time.Time
	Entry          *uuid.UUID
	Text           string
	Files          []string // secrets of uploads
}

var (
	claimedMandate = at("代表职务", "mandate")
	claimedItem    = at("积分项目", "item")
	claimedEntry   = at("积分记录", "entry")
)

func (in *ClaimPoints) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	word(&c, at("申报类型", "kind"), in.Kind)
	in.Text = c.text(at("说明", "text"), in.Text, 4, 1000)
	c.files(attached, in.Files)
	need := func(f field, given, wanted bool) {
		switch {
		case wanted && !given:
			c.add(f, "REQUIRED", "不能为空")
		case !wanted && given:
			c.add(f, "MISMATCH", "与申报类型不符")
		}
	}
	award := in.Kind == kind.ClaimAward
	need(claimedMandate, in.Mandate != nil, award)
	need(claimedItem, in.Item != nil, award)
	need(doneOn, in.Day != nil, award)
	need(claimedEntry, in.Entry != nil, in.Kind == kind.ClaimAppeal)
	if award && in.Day != nil {
		day := c.day(doneOn, *in.Day, calendar.Founding, today)
		in.Day = &day
	}
	return c.list.Err()
}

// ClaimPoints claims points for something that no record tells, under an item for claims of the scheme in force on the day, or appeals against an entry of the
// ledger. A deputy does so for the own mandates, an organ for those grouped in its area.
func (d *Desk) ClaimPoints(ctx context.Context, in ClaimPoints) (*gen.PointClaim, error) {
	v, err := d.admit(ctx, VerbClaimPoints)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbClaimPoints, v, func(t *task) (*gen.PointClaim, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.PointClaim.Get, func() (*gen.PointClaim, uuid.UUID, error) {
			c, err := t.claimPoints(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return c, c.ID, nil
		})
	})
}

func (t *task) claimPoints(ctx context.Context, in ClaimPoints) (*gen.PointClaim, error) {
	var m *gen.Mandate
	var err error
	create := t.tx.PointClaim.Create().SetKind(in.Kind).SetText(in.Text)
	if in.Kind == kind.ClaimAward {
		m, err = t.award(ctx, in, create)
	} else {
		m, err = t.appeal(ctx, *in.Entry, create)
	}
	if err != nil {
		return nil, err
	}
	first, _ := state.Claims.Next("", string(t.verb))
	create.SetDeputyID(m.DeputyID).SetMandateID(m.ID).SetState(first)
	areaOfMandate(m).put(create.Mutation())
	c, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.attachTo(ctx, ofClaim(c), attached, in.Files); err != nil {
		return nil, err
	}
	return c, t.auditClaim(ctx, c, map[string]any{
		"mandate": c.MandateID, "kind": c.Kind, "item": c.Item, "day": c.Day.Format(time.DateOnly), "entry": c.EntryID, "files": len(in.Files),
	})
}

// award fills in a claim to points of an item.
func (t *task) award(ctx context.Context, in ClaimPoints, create *gen.PointClaimCreate) (*gen.Mandate, error) {
	m, err := t.countedMandate(ctx, *in.Mandate, claimedMandate)
	if err != nil {
		return nil, err
	}
	if err := t.withinMandate(m, doneOn, *in.Day); err != nil {
		return nil, err
	}
	schemes, err := tally.Schemes(ctx, t.tx, []*gen.Mandate{m})
	if err != nil {
		return nil, err
	}
	scheme := duty.InForce(schemes[m.ID], *in.Day)
	if scheme == nil {
		return nil, fault.Conflict("NO_SCHEME", "当日没有适用于该代表的积分办法", doneOn.path...)
	}
	item := itemOf(scheme.Items, *in.Item)
	switch {
	case item == nil:
		return nil, fault.NotFound("积分办法中没有这一项目", claimedItem.path...)
	case item.Deed != kind.DeedClaim:
		return nil, fault.Invalid("MISMATCH", "该项目由系统自动计分,不能申报", claimedItem.path...)
	}
	create.SetSchemeID(scheme.ID).SetItem(item.Key).SetDay(*in.Day)
	return m, nil
}

// appeal fills in a claim against an entry of the ledger. An entry is appealed against once at a time.
func (t *task) appeal(ctx context.Context, entry uuid.UUID, create *gen.PointClaimCreate) (*gen.Mandate, error) {
	e, err := t.tx.PointEntry.Get(ctx, entry)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("积分记录不存在或不在辖区内", claimedEntry.path...)
	}
	if err != nil {
		return nil, err
	}
	m, err := t.countedMandate(ctx, e.MandateID, claimedEntry)
	if err != nil {
		return nil, err
	}
	if err := t.lock(ctx, "appeal "+entry.String()); err != nil {
		return nil, err
	}
	open, err := t.openAppeal(ctx, entry)
	if err != nil {
		return nil, err
	}
	if open {
		return nil, fault.Conflict("DUPLICATE", "该积分记录已有申诉", claimedEntry.path...)
	}
	create.SetSchemeID(e.SchemeID).SetItem(e.Item).SetDay(e.Day).SetEntryID(e.ID)
	return m, nil
}

// countedMandate finds a mandate that the viewer may claim for: the own, or one grouped in the area.
func (t *task) countedMandate(ctx context.Context, id uuid.UUID, f field) (*gen.Mandate, error) {
	m, err := t.tx.Mandate.Query().Where(mandate.ID(id)).Only(ctx)
	if err == nil && tally.Counted(t.viewer, m) {
		return m, nil
	}
	if err == nil || gen.IsNotFound(err) {
		return nil, fault.NotFound("代表职务不存在或不在辖区内", f.path...)
	}
	return nil, err
}

func itemOf(items []duty.PointItem, key string) *duty.PointItem {
	if i := slices.IndexFunc(items, func(item duty.PointItem) bool { return item.Key == key }); i >= 0 {
		return &items[i]
	}
	return nil
}

func (t *task) auditClaim(ctx context.Context, c *gen.PointClaim, detail map[string]any) error {
	return t.audit(ctx, gen.TypePointClaim, c.ID, area{c.Code, c.ProvinceCode, c.CityCode, c.CountyCode, c.TownshipCode}, detail)
}

// ClaimRef is which claim a verb is on.
type ClaimRef struct {
	ID              uuid.UUID
	ExpectedVersion *int
}

// WithdrawClaim takes a claim of the viewer's own back that is not decided.
func (d *Desk) WithdrawClaim(ctx context.Context, in ClaimRef) (*gen.PointClaim, error) {
	return d.onClaim(ctx, VerbWithdrawClaim, in, nil, func(context.Context, *task, *gen.PointClaim, *gen.PointClaimUpdateOne) error { return nil })
}

// AppealClaim contests the refusal of a claim of the viewer's own, with a reason.
func (d *Desk) AppealClaim(ctx context.Context, in ClaimRef, reason string) (*gen.PointClaim, error) {
	return d.onClaim(ctx, VerbAppealClaim, in, func(c *checker) { reason = c.text(at("复核理由", "reason"), reason, 4, 500) },
		func(_ context.Context, _ *task, _ *gen.PointClaim, update *gen.PointClaimUpdateOne) error {
			update.SetAppeal(reason)
			return nil
		})
}

// RefuseClaim refuses a claim, with a reason.
func (d *Desk) RefuseClaim(ctx context.Context, in ClaimRef, reason string) (*gen.PointClaim, error) {
	return d.decide(ctx, VerbRefuseClaim, in, reason)
}

// UpholdRefusal lets a refusal that was contested stand, with a reason. That is final.
func (d *Desk) UpholdRefusal(ctx context.Context, in ClaimRef, reason string) (*gen.PointClaim, error) {
	return d.decide(ctx, VerbUpholdRefusal, in, reason)
}

func (d *Desk) decide(ctx context.Context, verb Verb, in ClaimRef, reason string) (*gen.PointClaim, error) {
	return d.onClaim(ctx, verb, in, func(c *checker) { reason = c.text(at("理由", "reason"), reason, 4, 500) },
		func(_ context.Context, t *task, _ *gen.PointClaim, update *gen.PointClaimUpdateOne) error {
			update.SetDecision(reason).SetDecidedAt(t.desk.clock())
			return nil
		})
}

// ApproveClaim is what a claim is granted.
type ApproveClaim struct {
	ClaimRef
	// Points of an award are at most what the item brings, or its cap; those of an appeal are added to what the entry brought, and may be negative.
	Points float64
	Text   *string
}

// ApproveClaim grants points to a claim of a deputy grouped in the viewer's area.
func (d *Desk) ApproveClaim(ctx context.Context, in ApproveClaim) (*gen.PointClaim, error) {
	granted := at("认定分值", "points")
	return d.onClaim(ctx, VerbApproveClaim, in.ClaimRef, func(c *checker) {
		in.Text = c.optional(at("认定意见", "note"), in.Text, 500)
		c.tenths(granted, in.Points, -mostPoints, mostPoints)
	}, func(ctx context.Context, t *task, old *gen.PointClaim, update *gen.PointClaimUpdateOne) error {
		least, most := -mostPoints, mostPoints
		if old.Kind == kind.ClaimAward {
			s, err := t.tx.PointScheme.Get(ctx, old.SchemeID)
			if err != nil {
				return err
			}
			least, most = bounds(itemOf(s.Items, old.Item))
		}
		var c checker
		points := c.tenths(granted, in.Points, least, most)
		if err := c.list.Err(); err != nil {
			return err
		}
		update.SetPoints(points).SetDecidedAt(t.desk.clock())
		if in.Text != nil {
			update.SetDecision(*in.Text)
		}
		return t.settle(ctx, old.DeputyID)
	})
}

// bounds are what may be granted under an item: no more than its cap, without one no more than it brings; of what takes points away, no less.
func bounds(item *duty.PointItem) (least, most int) {
	most = max(item.Points, -item.Points)
	if item.Cap != nil {
		most = *item.Cap
	}
	if item.Points < 0 {
		return -most, -1
	}
	return 1, most
}

// onClaim does a verb on a claim: it locks it, checks its state and tells the deputy what an organ decided.
func (d *Desk) onClaim(ctx context.Context, verb Verb, in ClaimRef, check func(*checker),
	work func(context.Context, *task, *gen.PointClaim, *gen.PointClaimUpdateOne) error,
) (*gen.PointClaim, error) {
	v, err := d.admit(ctx, verb)
	if err != nil {
		return nil, err
	}
	if check != nil {
		var c checker
		check(&c)
		if err := c.list.Err(); err != nil {
			return nil, err
		}
	}
	return transact(ctx, d, verb, v, func(t *task) (*gen.PointClaim, error) {
		old, to, err := t.lockClaim(ctx, in)
		if err != nil {
			return nil, err
		}
		update := t.tx.PointClaim.UpdateOne(old).SetState(to).AddVersion(1)
		if err := work(ctx, t, old, update); err != nil {
			return nil, err
		}
		c, err := update.Save(ctx)
		if err != nil {
			return nil, err
		}
		if v.Kind == viewer.Area {
			if err := t.announce(ctx, kind.NoticeClaim, gen.TypePointClaim, c.ID); err != nil {
				return nil, err
			}
		}
		return c, t.auditClaim(ctx, c, map[string]any{"from": old.State, "to": c.State, "points": c.Points})
	})
}
