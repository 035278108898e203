package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/dutyrecord"
	"github.com/lianluo/lianluo/ent/gen/normset"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

// firstYear is the first year that can be asked about; the last is the next one.
const firstYear = 2000

// year checks the year of a question.
func (r *Resolver) year(year int) error {
	if year < firstYear || year > r.today().Year()+1 {
		return fault.Invalid("OUT_OF_RANGE", "年度应在 2000 年至明年之间", "year")
	}
	return nil
}

// pathUp lists a place and those that its code names above it.
func pathUp(code place.Code) []place.Code {
	out := []place.Code{code}
	for _, level := range place.Levels {
		out = append(out, code.At(level))
	}
	return out
}

// normSets lists the editions of norms of a division and of those above it.
func (r *Resolver) normSets(ctx context.Context, root *gen.Division, level *kind.CongressLevel, current bool) ([]*gen.NormSet, error) {
	q := r.client.NormSet.Query().Where(normset.CodeIn(pathUp(root.Code)...))
	if level != nil {
		q.Where(normset.LevelEQ(*level))
	}
	if current {
		q.Where(normset.Or(normset.UntilOnIsNil(), normset.UntilOnGTE(r.today())))
	}
	found, err := q.Order(gen.Desc(normset.FieldCode), normset.ByLevel(), gen.Desc(normset.FieldEdition)).All(ctx)
	batch.Siblings(ctx, found)
	return found, err
}

func (r *Resolver) normSetsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.NormSet, error) {
	return r.client.NormSet.Query().Where(normset.IDIn(ids...)).All(ctx)
}

func normSetID(n *gen.NormSet) uuid.UUID { return n.ID }

func (r *Resolver) dutyRecordsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.DutyRecord, error) {
	return r.client.DutyRecord.Query().Where(dutyrecord.IDIn(ids...)).All(ctx)
}

// suspensionsOf are a mandate's as the API tells them.
func suspensionsOf(m *gen.Mandate) ([]*model.Suspension, error) {
	out := []*model.Suspension{}
	for _, gap := range m.Suspensions {
		from, err := time.Parse(time.DateOnly, gap.From)
		if err != nil {
			return nil, err
		}
		s := &model.Suspension{From: from}
		if gap.Until != "" {
			until, err := time.Parse(time.DateOnly, gap.Until)
			if err != nil {
				return nil, err
			}
			s.Until = &until
		}
		out = append(out, s)
	}
	return out, nil
}

// counted are those of some mandates of which the viewer sees all that their work is counted from.
func counted(ctx context.Context, mandates []*gen.Mandate) []*gen.Mandate {
	v := viewer.FromContext(ctx)
	var out []*gen.Mandate
	for _, m := range mandates {
		if tally.Counted(v, m) {
			out = append(out, m)
		}
	}
	return out
}

// compliance answers how mandates stand with the norms of a year.
func (r *Resolver) compliance(year int) func(context.Context, []*gen.Mandate) (map[*gen.Mandate]*model.Compliance, error) {
	return func(ctx context.Context, mandates []*gen.Mandate) (map[*gen.Mandate]*model.Compliance, error) {
		if err := r.year(year); err != nil {
			return nil, err
		}
		asked := counted(ctx, mandates)
		checks, err := tally.Checks(ctx, r.client, asked, year, r.today())
		if err != nil {
			return nil, err
		}
		var all []*tally.Check
		out := make(map[*gen.Mandate]*model.Compliance, len(asked))
		for _, m := range asked {
			c := &model.Compliance{Year: year, Checks: checks[m.ID], Counts: &tally.Counts{}}
			for _, check := range c.Checks {
				c.Counts.Add(check.Standing)
			}
			out[m], all = c, append(all, c.Checks...)
		}
		batch.Siblings(ctx, all)
		return out, nil
	}
}

// measured notes the rows of sums as siblings.
func measured(ctx context.Context, rows []*rollup.NormSum, err error) ([]*rollup.NormSum, error) {
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, rows)
	return rows, nil
}

// normReminders answers a page of the mandates of which the norms still ask something.
func (r *Resolver) normReminders(ctx context.Context, root *gen.Division, level *kind.CongressLevel, first int, after *string) (*page.NormReminderConnection, error) {
	k, err := page.ReadKeyset(first, after, 'm')
	if err != nil {
		return nil, err
	}
	found, err := rollup.Reminders(ctx, r.client, root.Code, level, r.today(), k.Size, place.Code(k.Number), k.ID)
	if err != nil {
		return nil, err
	}
	var checks []*tally.Check
	mandates := make([]*gen.Mandate, len(found.Rows))
	for i, row := range found.Rows {
		mandates[i], checks = row.Mandate, append(checks, row.Lacking...)
	}
	batch.Siblings(ctx, mandates)
	batch.Siblings(ctx, checks)
	return page.Found(k, found.Rows, found.More, 0, func(row *rollup.Reminder) (int64, uuid.UUID) {
		return int64(row.Mandate.Code), row.Mandate.ID
	}), nil
}

// recordsBelow lists records of work in a division, without one in all that the viewer sees.
func (r *Resolver) recordsBelow(ctx context.Context, division *string, f *model.DutyRecordFilter) (page.Query[gen.DutyRecord], error) {
	q := page.Query[gen.DutyRecord]{Entity: page.DutyRecords(r.client), Order: page.Newest[gen.DutyRecord]()}
	var err error
	if q.Parents, err = r.within(ctx, division); err != nil {
		return q, err
	}
	if v := viewer.FromContext(ctx); v.Kind == viewer.Self {
		q.Where = append(q.Where, dutyrecord.DeputyID(v.Person))
	}
	if f == nil {
		return q, nil
	}
	if id := f.Deputy.Value(); id != nil {
		deputy, err := keyOf(*id, gen.TypeDeputy, "filter", "deputy")
		if err != nil {
			return q, err
		}
		q.Where = append(q.Where, dutyrecord.DeputyID(deputy))
	}
	if f.States.IsSet() {
		q.Where = append(q.Where, dutyrecord.StateIn(f.States.Value()...))
	}
	if f.Kinds.IsSet() {
		q.Where = append(q.Where, dutyrecord.KindIn(f.Kinds.Value()...))
	}
	return q, nil
}

// within is the root of a list: a division named, or all of the viewer's area. What a deputy sees is found by other keys.
func (r *Resolver) within(ctx context.Context, division *string) (page.Parents, error) {
	v := viewer.FromContext(ctx)
	switch {
	case division != nil:
		root, err := r.divisionNamed(ctx, *division, "division")
		if err != nil {
			return page.Parents{}, err
		}
		return page.ByArea(false, areas([]*gen.Division{root})...), nil
	case v.Kind == viewer.Area && v.Hi-v.Lo == 1:
		return page.ByCode("code", v.Division), nil
	case v.Kind == viewer.Area:
		own, err := r.divisionNamed(ctx, v.Division.String(), "division")
		if err != nil {
			return page.Parents{}, err
		}
		return page.ByArea(false, areas([]*gen.Division{own})...), nil
	default:
		return everywhere(), nil
	}
}

// filesOf answers the attachments of rows of a kind.
func filesOf[T any](ctx context.Context, r *Resolver, row *T, id func(*T) uuid.UUID, column string, of func(*gen.Attachment) *uuid.UUID) ([]*gen.Attachment, error) {
	return many(ctx, row, id, func(ctx context.Context, ids []uuid.UUID) ([]*gen.Attachment, error) {
		return r.client.Attachment.Query().Where(fieldIn(column, ids)).Order(attachment.ByID()).All(ctx)
	}, func(a *gen.Attachment) uuid.UUID { return *of(a) })
}

// mandateOf answers the mandate that a row names.
func mandateOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) uuid.UUID) (*gen.Mandate, error) {
	return one(ctx, row, func(row *T) *uuid.UUID { id := key(row); return &id }, r.mandatesByID, mandateID)
}
