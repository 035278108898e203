package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// OpenEvaluation is a new evaluation campaign (考评活动).
type OpenEvaluation struct {
	IdempotencyKey *string `json:"-"`
	Congress       uuid.UUID
	Standard       uuid.UUID
	Name           string
	// FromOn and ToOn are the first and the last day of what is evaluated.
	FromOn, ToOn time.Time
	// SelfUntil is the last day of self-evaluation.
	SelfUntil time.Time
	// Level is that of the deputies to evaluate; nil for other subjects.
	Level *kind.CongressLevel
}

var evaluatedLevel = at("代表层级", "level")

func (in *OpenEvaluation) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Name = c.text(at("考评名称", "name"), in.Name, 2, 60)
	latest := today.AddDate(0, 0, farthestRule)
	in.FromOn = c.day(at("考评起始日期", "fromOn"), in.FromOn, calendar.Founding, latest)
	in.ToOn = c.day(at("考评截止日期", "toOn"), in.ToOn, in.FromOn, latest)
	in.SelfUntil = c.day(at("自评截止日期", "selfUntil"), in.SelfUntil, today, latest)
	if in.Level != nil {
		word(&c, evaluatedLevel, *in.Level)
	}
	return c.list.Err()
}

// OpenEvaluation opens a campaign of the viewer's own congress by a checklist of its own or of a congress above: for all deputies of a level that are grouped in its
// area and on the roll, all open physical stations, or all townships below it,
// since no organ reviews itself. All who are evaluated are told.
func (d *Desk) OpenEvaluation(ctx context.Context, in OpenEvaluation) (*gen.EvaluationCampaign, error) {
	v, err := d.admit(ctx, VerbOpenEvaluation)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbOpenEvaluation, v, func(t *task) (*gen.EvaluationCampaign, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.EvaluationCampaign.Get, func() (*gen.EvaluationCampaign, uuid.UUID, error) {
			c, err := t.openEvaluation(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return c, c.ID, nil
		})
	})
}

func (t *task) openEvaluation(ctx context.Context, in OpenEvaluation) (*gen.EvaluationCampaign, error) {
	congress, err := t.ownCongress(ctx, in.Congress, "考评活动")
	if err != nil {
		return nil, err
	}
	s, err := t.standardInForce(ctx, in)
	if err != nil {
		return nil, err
	}
	first, _ := state.Campaigns.Next("", string(VerbOpenEvaluation))
	create := t.tx.EvaluationCampaign.Create().SetCongressID(congress.ID).SetStandardID(s.ID).SetName(in.Name).
		SetFromOn(in.FromOn).SetToOn(in.ToOn).SetSelfUntil(in.SelfUntil).SetState(first)
	areaOfCongress(congress).put(create.Mutation())
	c, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	n, err := t.enlist(ctx, c, s.Subject, in.Level)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fault.Conflict("NOBODY", "辖区内没有考评对象", "input", "standard")
	}
	if err := t.announce(ctx, kind.NoticeEvaluation, gen.TypeEvaluationCampaign, c.ID); err != nil {
		return nil, err
	}
	return c, t.audit(ctx, gen.TypeEvaluationCampaign, c.ID, areaOfCampaign(c), map[string]any{
		"standard": c.StandardID, "name": c.Name, "selfUntil": c.SelfUntil.Format(time.DateOnly), "evaluated": n,
	})
}

// standardInForce finds the checklist of a new campaign.
func (t *task) standardInForce(ctx context.Context, in OpenEvaluation) (*gen.Standard, error) {
	path := []string{"input", "standard"}
	s, err := t.tx.Standard.Get(ctx, in.Standard)
	today := t.desk.today()
	switch {
	case gen.IsNotFound(err):
		return nil, fault.NotFound("考评标准不存在或不在查看范围内", path...)
	case err != nil:
		return nil, err
	case !s.Code.Contains(t.viewer.Division):
		return nil, forbidden("应为本级或上级人民代表大会的考评标准", path...)
	case calendar.Day(s.FromOn).After(today) || s.UntilOn != nil && calendar.Day(*s.UntilOn).Before(today):
		return nil, fault.Conflict("NOT_IN_FORCE", "该考评标准尚未施行或已被新版代替", path...)
	case s.Subject == kind.EvaluatedDeputy && in.Level == nil:
		return nil, fault.Invalid("REQUIRED", "考评代表时应填写代表层级", evaluatedLevel.path...)
	case s.Subject != kind.EvaluatedDeputy && in.Level != nil:
		return nil, fault.Invalid("MISMATCH", "只有考评代表时才填写代表层级", evaluatedLevel.path...)
	}
	return s, nil
}

// enlist makes the evaluations of a new campaign, one for each who is evaluated, and tells how many they are.
func (t *task) enlist(ctx context.Context, c *gen.EvaluationCampaign, subject kind.Evaluated, level *kind.CongressLevel) (int, error) {
	first, _ := state.Evaluations.Next("", string(VerbOpenEvaluation))
	lo, hi := c.Code.Range()
	var rows []*gen.EvaluationCreate
	add := func(where area) *gen.EvaluationCreate {
		create := t.tx.Evaluation.Create().SetCampaignID(c.ID).SetState(first)
		where.put(create.Mutation())
		rows = append(rows, create)
		return create
	}
	switch subject {
	case kind.EvaluatedDeputy:
		found, err := t.tx.Mandate.Query().Where(mandate.CodeGTE(lo), mandate.CodeLT(hi), mandate.LevelEQ(*level), mandate.StatusNEQ(state.MandateEnded)).
			Order(mandate.ByCode(), mandate.ByID()).All(ctx)
		if err != nil {
			return 0, err
		}
		for _, m := range found {
			add(areaOfMandate(m)).SetDeputyID(m.DeputyID).SetMandateID(m.ID)
		}
	case kind.EvaluatedStation:
		found, err := t.tx.Station.Query().Where(station.CodeGTE(lo), station.CodeLT(hi), station.KindIn(kind.PhysicalStations...), station.ClosedOnIsNil()).
			Order(station.ByCode(), station.ByID()).All(ctx)
		if err != nil {
			return 0, err
		}
		for _, s := range found {
			add(areaOfStation(s)).SetStationID(s.ID)
		}
	case kind.EvaluatedTownship:
		found, err := t.tx.Division.Query().Where(division.CodeGTE(lo), division.CodeLT(hi), division.CodeNEQ(c.Code), division.LevelEQ(place.LevelTownship), division.Placeholder(false),
			division.Or(division.ValidToIsNil(), division.ValidToGT(t.desk.today()))).Order(division.ByCode()).All(ctx)
		if err != nil {
			return 0, err
		}
		for _, d := range found {
			add(areaOfDivision(d)).SetDivisionID(d.ID)
		}
	}
	// A statement takes no more than 65535 parameters.
	const most = 1000
	for done := 0; done < len(rows); done += most {
		if err := t.tx.Evaluation.CreateBulk(rows[done:min(done+most, len(rows))]...).Exec(ctx); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func areaOfCampaign(c *gen.EvaluationCampaign) area {
	return area{c.Code, c.ProvinceCode, c.CityCode, c.CountyCode, c.TownshipCode}
}

func areaOfEvaluation(e *gen.Evaluation) area {
	return area{e.Code, e.ProvinceCode, e.CityCode, e.CountyCode, e.TownshipCode}
}
