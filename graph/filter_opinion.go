package graph

import (
	"context"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

// The orders of lists of opinions.
var (
	opinionsInTree = page.ByNumber('t', opinion.FieldCode, func(o *gen.Opinion) int64 { return int64(o.Code) })
	opinionsDue    = page.ByDay('d', opinion.FieldDueOn, func(o *gen.Opinion) *time.Time { return o.DueOn })
)

// opinionList is how a list of opinions is narrowed and sorted.
type opinionList struct {
	where []where
	order page.Order[gen.Opinion]
	// search narrows to a phrase, within the codes [lo, hi) at most; nil without one.
	search func(lo, hi int64) where
	// inTree: the order runs along the codes; ownOnly: nothing below the root.
	inTree, ownOnly bool
}

// opinionList reads how a list of opinions is to be.
func (r *Resolver) opinionList(ctx context.Context, f *model.OpinionFilter, by model.OpinionOrder) (*opinionList, error) {
	l := &opinionList{order: page.Newest[gen.Opinion]()}
	switch by {
	case model.OpinionOrderDue:
		// What is closed has no day, and the index of what is due does not hold it.
		l.order = opinionsDue
		l.where = append(l.where, opinion.Open(true))
	case model.OpinionOrderTree:
		l.order, l.inTree = opinionsInTree, true
	case model.OpinionOrderNewest:
	}
	if f == nil {
		return l, nil
	}
	l.ownOnly = isTrue(f.OwnOnly)
	c := opinionConditions{all: l.where}
	c.states(f, r.today())
	c.facts(f)
	c.references(f)
	c.period(f.Submitted, "submitted", opinion.SubmittedAtGTE, opinion.SubmittedAtLT)
	c.period(f.Accepted, "accepted", opinion.AcceptedAtGTE, opinion.AcceptedAtLT)
	c.period(f.Closed, "closed", opinion.ClosedAtGTE, opinion.ClosedAtLT)
	if number := f.Number.Value(); number != nil {
		c.add(opinion.Number(strings.ToUpper(strings.TrimSpace(*number))))
	}
	if phrase := f.Search.Value(); phrase != nil {
		l.search = c.phrase(ctx, *phrase)
	}
	l.where = c.all
	return l, c.faults.Err()
}

// opinionConditions gathers the conditions of a filter, and what is wrong with any of them.
type opinionConditions struct {
	all    []where
	faults fault.List
}

func (c *opinionConditions) add(p predicate.Opinion) { c.all = append(c.all, p) }

func (c *opinionConditions) either(wanted graphql.Omittable[*bool], p predicate.Opinion) {
	c.all = either(c.all, wanted.Value(), p)
}

// among keeps the rows with one of the values, if any are named.
func among[T any](c *opinionConditions, values graphql.Omittable[[]T], is func(...T) predicate.Opinion) {
	if v := values.Value(); v != nil {
		c.add(is(v...))
	}
}

func isTrue(b graphql.Omittable[*bool]) bool { return b.Value() != nil && *b.Value() }

func (c *opinionConditions) states(f *model.OpinionFilter, today time.Time) {
	among(c, f.States, opinion.StateIn)
	among(c, f.WaitsOn, opinion.WaitsOnIn)
	c.either(f.Open, opinion.Open(true))
	c.either(f.Merged, opinion.StateEQ(state.OpinionMerged))
	c.either(f.Late, opinion.Late(true))
	among(c, f.Clocks, func(clocks ...model.OpinionClock) predicate.Opinion {
		var so []predicate.Opinion
		for _, clock := range clocks {
			switch clock {
			case model.OpinionClockGreen:
				so = append(so, opinion.AmberOnGT(today))
			case model.OpinionClockAmber:
				so = append(so, opinion.And(opinion.AmberOnLTE(today), opinion.DueOnGTE(today)))
			case model.OpinionClockRed:
				so = append(so, opinion.DueOnLT(today))
			}
		}
		if len(so) == 0 {
			return opinion.StateIn()
		}
		return opinion.And(opinion.Open(true), opinion.Or(so...))
	})
}

func (c *opinionConditions) facts(f *model.OpinionFilter) {
	among(c, f.Levels, opinion.LevelIn)
	among(c, f.Urgencies, opinion.UrgencyIn)
	among(c, f.Channels, opinion.ChannelIn)
	among(c, f.Ratings, opinion.RatingIn)
	among(c, f.Outcomes, opinion.OutcomeIn)
	c.either(f.Hardship, opinion.Hardship(true))
	c.either(f.Online, opinion.ChannelIn(kind.OnlineChannels...))
	c.either(f.KeyCase, opinion.KeyCase(true))
	c.either(f.Supervised, opinion.SupervisorIDNotNil())
}

// references keeps the rows that refer to things. What is out of the viewer's sight has none, though a case that is in sight may refer to it: else a
// department could find out by guessing which deputy its case came to.
func (c *opinionConditions) references(f *model.OpinionFilter) {
	c.reference(f.Station, gen.TypeStation, "station", func(id uuid.UUID) predicate.Opinion {
		return opinion.And(opinion.StationID(id), opinion.HasStationWith(station.ID(id)))
	})
	c.reference(f.Deputy, gen.TypeDeputy, "deputy", func(id uuid.UUID) predicate.Opinion {
		return opinion.And(opinion.DeputyID(id), opinion.HasDeputyWith(deputy.ID(id)))
	})
	c.reference(f.LeadOrgan, gen.TypeOrgan, "leadOrgan", func(id uuid.UUID) predicate.Opinion {
		return opinion.And(opinion.LeadOrganID(id), opinion.HasLeadOrganWith(organ.ID(id)))
	})
	among(c, f.Categories, func(ids ...string) predicate.Opinion {
		keys := make([]uuid.UUID, len(ids))
		for i, id := range ids {
			keys[i] = c.id(id, gen.TypeCategory, "categories")
		}
		return analysedAs(keys)
	})
}

func (c *opinionConditions) reference(id graphql.Omittable[*string], typ, field string, is func(uuid.UUID) predicate.Opinion) {
	if id := id.Value(); id != nil {
		c.add(is(c.id(*id, typ, field)))
	}
}

func (c *opinionConditions) id(id, typ, field string) uuid.UUID {
	key, err := keyOf(id, typ)
	if err != nil {
		c.faults.Add("MALFORMED", "编号无效", "filter", field)
	}
	return key
}

// analysedAs keeps the opinions filed under categories or branches of theirs, whose numbers begin with theirs.
func analysedAs(categories []uuid.UUID) predicate.Opinion {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.Ident(s.C(opinion.FieldCategoryID)).WriteString(` IN (SELECT branch.id FROM category AS chosen
				JOIN category AS branch ON branch.number ^@ chosen.number WHERE chosen.id = ANY (`).
				Arg(pq.Array(categories)).WriteString("::uuid[]))")
		}))
	}
}

// period keeps the rows of which something happened within some days.
func (c *opinionConditions) period(in graphql.Omittable[*model.PeriodInput], field string, from, until func(time.Time) predicate.Opinion) {
	p := in.Value()
	if p == nil {
		return
	}
	if p.To.Before(p.From) {
		c.faults.Add("REVERSED", "截止日期不能早于起始日期", "filter", field, "to")
	}
	c.add(opinion.And(from(calendar.Begin(p.From)), until(calendar.Begin(p.To.AddDate(0, 0, 1)))))
}
