package graph

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/gen/evaluationcampaign"
	"github.com/lianluo/lianluo/ent/gen/pairing"
	"github.com/lianluo/lianluo/ent/gen/pairingcontact"
	"github.com/lianluo/lianluo/ent/gen/pairingrule"
	"github.com/lianluo/lianluo/ent/gen/standard"
	"github.com/lianluo/lianluo/ent/gen/training"
	"github.com/lianluo/lianluo/ent/gen/trainingattendance"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/page"
	"github.com/lianluo/lianluo/graph/tree"
)

// The orders of evaluations within a campaign.
var (
	evaluationsInTree  = page.ByNumber('t', "code", func(e *gen.Evaluation) int64 { return int64(e.Code) })
	evaluationsByTotal = page.ByNumber('r', "total", func(e *gen.Evaluation) int64 { return int64(*e.Total) }).Falling()
)

// Rows by their keys, as far as they are in scope.

func (r *Resolver) pairingsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Pairing, error) {
	return r.client.Pairing.Query().Where(pairing.IDIn(ids...)).All(ctx)
}

func (r *Resolver) pairingRulesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PairingRule, error) {
	return r.client.PairingRule.Query().Where(pairingrule.IDIn(ids...)).All(ctx)
}

func (r *Resolver) pairingContactsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PairingContact, error) {
	return r.client.PairingContact.Query().Where(pairingcontact.IDIn(ids...)).All(ctx)
}

func (r *Resolver) trainingsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Training, error) {
	return r.client.Training.Query().Where(training.IDIn(ids...)).All(ctx)
}

func (r *Resolver) trainingAttendancesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.TrainingAttendance, error) {
	return r.client.TrainingAttendance.Query().Where(trainingattendance.IDIn(ids...)).All(ctx)
}

func (r *Resolver) standardsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Standard, error) {
	return r.client.Standard.Query().Where(standard.IDIn(ids...)).All(ctx)
}

func (r *Resolver) campaignsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.EvaluationCampaign, error) {
	return r.client.EvaluationCampaign.Query().Where(evaluationcampaign.IDIn(ids...)).All(ctx)
}

func (r *Resolver) evaluationsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Evaluation, error) {
	return r.client.Evaluation.Query().Where(evaluation.IDIn(ids...)).All(ctx)
}

func pairingID(p *gen.Pairing) uuid.UUID             { return p.ID }
func trainingID(t *gen.Training) uuid.UUID           { return t.ID }
func campaignID(c *gen.EvaluationCampaign) uuid.UUID { return c.ID }
func evaluationID(e *gen.Evaluation) uuid.UUID       { return e.ID }

// setAt is the place of a rule: where the congress or organ stands that made it, on the way up from where it lies or from where the viewer stands.
func setAt[T any](ctx context.Context, r *Resolver, row *T, code func(*T) place.Code) (*tree.Ref, error) {
	return batch.Field(ctx, row, func(ctx context.Context, rows []*T) (map[*T]*tree.Ref, error) {
		own := viewer.FromContext(ctx).Division
		codes := []int64{int64(own)}
		for _, row := range rows {
			codes = append(codes, int64(code(row)))
		}
		chains, err := r.chains(ctx, codes)
		if err != nil {
			return nil, err
		}
		refs := map[place.Code]*tree.Ref{}
		for _, chain := range chains {
			for _, ref := range chain {
				refs[ref.Code] = ref
			}
		}
		out := make(map[*T]*tree.Ref, len(rows))
		for _, row := range rows {
			if ref, ok := refs[code(row)]; ok {
				out[row] = ref
			}
		}
		return out, nil
	})
}

// standing keeps the pairings that stand on a day.
func standing(current bool, today time.Time) []where {
	if !current {
		return nil
	}
	return []where{pairing.Or(pairing.EndedOnIsNil(), pairing.EndedOnGT(today))}
}

// pairingsWith are the pairings of deputies, on either side.
func (r *Resolver) pairingsWith(deputies []*gen.Deputy, current bool) page.Query[gen.Pairing] {
	return page.Query[gen.Pairing]{
		Entity: page.Pairings(r.client), Order: page.Newest[gen.Pairing](), Where: standing(current, r.today()),
		Parents: page.ByEither(pairing.FieldLeaderDeputyID, pairing.FieldDeputyID, keys(deputies, deputyID)...),
	}
}

// pairingReport reads what a report on pairings is asked about.
func (r *Resolver) pairingReport(ctx context.Context, congress, division *string, k kind.Pairing, on *time.Time) (*rollup.PairingQuestion, error) {
	today := r.today()
	q := &rollup.PairingQuestion{Kind: k, Day: today, Today: today}
	if on != nil {
		if q.Day = *on; q.Day.After(today) {
			return nil, fault.Invalid("IMPOSSIBLE_DATE", "日期不能晚于今天", "on")
		}
	}
	if (congress == nil) == (division == nil) {
		return nil, fault.Invalid("EXCLUSIVE", "应给出人民代表大会或者区划", "congress")
	}
	if division != nil {
		root, err := r.divisionNamed(ctx, *division, "division")
		if err != nil {
			return nil, err
		}
		q.At = root.Code
		return q, nil
	}
	id, err := keyOf(*congress, gen.TypeCongress, "congress")
	if err != nil {
		return nil, err
	}
	found, err := r.client.Congress.Get(ctx, id)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("人民代表大会不存在或不在辖区内", "congress")
	}
	if err != nil {
		return nil, err
	}
	q.At, q.Congress = found.Code, found.ID
	return q, nil
}

// pairingLeaders answers a page of a report on pairings.
func (r *Resolver) pairingLeaders(ctx context.Context, q *rollup.PairingQuestion, a page.Args) (*page.Connection[rollup.PairingRow], error) {
	c, err := page.Ranked(ctx, a, 'l', func(row *rollup.PairingRow) (int64, uuid.UUID) { return row.Lag, row.ID },
		func(ctx context.Context, lag *int64, id uuid.UUID, reverse bool, limit int) ([]*rollup.PairingRow, error) {
			var from *rollup.PairingMark
			if lag != nil {
				from = &rollup.PairingMark{Lag: *lag, ID: id}
			}
			return rollup.Pairings(ctx, r.client, *q, from, reverse, limit)
		},
		func(ctx context.Context) (int, error) {
			s, err := rollup.SumPairings(ctx, r.client, *q)
			if err != nil {
				return 0, err
			}
			return s.Leaders, nil
		})
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, c.Nodes())
	var pairs []*rollup.PairingStanding
	for _, row := range c.Nodes() {
		pairs = append(pairs, row.Pairings...)
	}
	batch.Siblings(ctx, pairs)
	return c, nil
}

// ancestors are the codes that a place's digits name above it.
func ancestors(c place.Code) []place.Code {
	var out []place.Code
	for _, l := range place.Levels {
		if above := c.At(l); above != c {
			out = append(out, above)
		}
	}
	return out
}

// rulesRoot is the root of a list of what is set at places: of a division and what lies below it, or of the places above. Without a code it is the viewer's own.
func (r *Resolver) rulesRoot(ctx context.Context, code *string, above bool, in func(...place.Code) where) (page.Parents, []where, error) {
	v := viewer.FromContext(ctx)
	if code == nil && above {
		return everywhere(), []where{in(ancestors(v.Division)...)}, nil
	}
	root, err := r.rootNamed(ctx, code)
	if err != nil {
		return page.Parents{}, nil, err
	}
	if above {
		return everywhere(), []where{in(ancestors(root.Code)...)}, nil
	}
	return page.ByArea(false, areas([]*gen.Division{root})...), nil, nil
}

// trainingDays keeps the courses that have a day between two.
func trainingDays(from, to *time.Time) []where {
	var out []where
	if from != nil {
		out = append(out, training.ToOnGTE(*from))
	}
	if to != nil {
		out = append(out, training.FromOnLTE(*to))
	}
	return out
}

func (r *Resolver) trainings(of page.Parents, conditions ...where) page.Query[gen.Training] {
	return page.Query[gen.Training]{Entity: page.Trainings(r.client), Parents: of, Order: page.Newest[gen.Training](), Where: conditions}
}

func (r *Resolver) trainingAttendances(of page.Parents) page.Query[gen.TrainingAttendance] {
	return page.Query[gen.TrainingAttendance]{
		Entity: page.TrainingAttendances(r.client), Parents: of, Order: page.Newest[gen.TrainingAttendance](),
	}
}

func (r *Resolver) campaigns(of page.Parents, conditions ...where) page.Query[gen.EvaluationCampaign] {
	return page.Query[gen.EvaluationCampaign]{
		Entity: page.EvaluationCampaigns(r.client), Parents: of, Order: page.Newest[gen.EvaluationCampaign](), Where: conditions,
	}
}

// evaluations are those of deputies, stations or townships, newest first.
func (r *Resolver) evaluations(of page.Parents) page.Query[gen.Evaluation] {
	return page.Query[gen.Evaluation]{Entity: page.Evaluations(r.client), Parents: of, Order: page.Newest[gen.Evaluation]()}
}

// ratings are the latest published results of some that are evaluated, which a column names: one for each.
func (r *Resolver) ratings(ctx context.Context, column string, ids []uuid.UUID) ([]*gen.Evaluation, error) {
	of := make([]any, len(ids))
	for i, id := range ids {
		of[i] = id
	}
	return r.client.Evaluation.Query().Where(evaluation.PublishedAtNotNil(), func(s *sql.Selector) {
		s.Where(sql.In(s.C(column), of...))
		later := sql.Table(evaluation.Table).As("later")
		s.Where(sql.NotExists(sql.Select(later.C("id")).From(later).Where(sql.And(
			sql.ColumnsEQ(later.C(column), s.C(column)), sql.NotNull(later.C(evaluation.FieldPublishedAt)),
			sql.P(func(b *sql.Builder) {
				b.WriteString("(").Ident(later.C(evaluation.FieldPublishedAt)).Comma().Ident(later.C("id")).WriteString(") > (").
					Ident(s.C(evaluation.FieldPublishedAt)).Comma().Ident(s.C("id")).WriteString(")")
			})))))
	}).All(ctx)
}

// open tells whether the viewer is shown what those who are evaluated and the organ have said, item by item; portals are shown results alone.
func open(ctx context.Context) bool { return viewer.FromContext(ctx).Kind != viewer.Public }

func evaluationStates(states []state.Evaluation) []where {
	if states == nil {
		return nil
	}
	return []where{evaluation.StateIn(states...)}
}

// inPoints are tenths of a point as people count them.
func inPoints(tenths int) float64 { return float64(tenths) / 10 }

// each points to the values of a list.
func each[T any](values []T) []*T {
	out := make([]*T, len(values))
	for i := range values {
		out[i] = &values[i]
	}
	return out
}
