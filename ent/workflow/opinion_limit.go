package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinionlimit"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// LimitSource is where a limit comes from (时限来源).
type LimitSource string

// The sources: 本级自定, 沿用上级, 系统默认.
const (
	LimitOwn       LimitSource = "OWN"
	LimitInherited LimitSource = "INHERITED"
	LimitDefault   LimitSource = "DEFAULT"
)

// StateLimit is the limit that holds with a congress for the cases of its organ in a state.
type StateLimit struct {
	State  state.Opinion
	Source LimitSource
	state.Limit
}

// The bounds of a limit, in working days.
const (
	shortestLimit = 1
	longestLimit  = 250
)

// SetOpinionLimit is how long cases of a congress may stay in a state (办理时限).
type SetOpinionLimit struct {
	Congress uuid.UUID
	State    state.Opinion
	// Days are working days; on the last AmberDays of them the case is amber (预警).
	Days, AmberDays int
}

func (in *SetOpinionLimit) check() error {
	var c checker
	if _, ok := in.State.DefaultLimit(); !ok {
		c.add(at("状态", "state"), "UNKNOWN_VALUE", "没有办理时限")
	}
	if in.Days < shortestLimit || in.Days > longestLimit {
		c.add(at("办理时限", "days"), "OUT_OF_RANGE", fmt.Sprintf("应为 %d 至 %d 个工作日", shortestLimit, longestLimit))
	}
	if in.AmberDays < 0 || in.AmberDays >= in.Days {
		c.add(at("预警天数", "amberDays"), "OUT_OF_RANGE", "不能为负,且应少于办理时限")
	}
	return c.list.Err()
}

// SetOpinionLimit sets the limit of a state for the viewer's own congress, and for those below that have set none. It holds for cases that come
// into the state from now on; a clock that runs already is left alone. Answered are the limits that hold now.
func (d *Desk) SetOpinionLimit(ctx context.Context, in SetOpinionLimit) ([]*StateLimit, error) {
	v, err := d.admit(ctx, VerbSetOpinionLimit)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if _, err := transact(ctx, d, VerbSetOpinionLimit, v, func(t *task) (*gen.OpinionLimit, error) {
		return t.setLimit(ctx, in)
	}); err != nil {
		return nil, err
	}
	return d.OpinionLimits(ctx, in.Congress)
}

func (t *task) setLimit(ctx context.Context, in SetOpinionLimit) (*gen.OpinionLimit, error) {
	// There may be no row to lock yet.
	if err := t.lock(ctx, "opinion limit "+in.Congress.String()); err != nil {
		return nil, err
	}
	congress, err := t.ownCongress(ctx, in.Congress, "办理时限")
	if err != nil {
		return nil, err
	}
	old, err := t.tx.OpinionLimit.Query().
		Where(opinionlimit.CongressID(congress.ID), opinionlimit.StateEQ(in.State)).Only(ctx)
	if err != nil && !gen.IsNotFound(err) {
		return nil, err
	}
	detail := map[string]any{"state": in.State, "days": move{To: in.Days}, "amberDays": move{To: in.AmberDays}}
	var l *gen.OpinionLimit
	if old == nil {
		create := t.tx.OpinionLimit.Create().
			SetCongressID(congress.ID).SetState(in.State).SetDays(in.Days).SetAmberDays(in.AmberDays)
		areaOfCongress(congress).put(create.Mutation())
		l, err = create.Save(ctx)
	} else {
		detail["days"], detail["amberDays"] = move{old.Days, in.Days}, move{old.AmberDays, in.AmberDays}
		l, err = t.tx.OpinionLimit.UpdateOne(old).SetDays(in.Days).SetAmberDays(in.AmberDays).AddVersion(1).Save(ctx)
	}
	if err != nil {
		return nil, err
	}
	return l, t.audit(ctx, gen.TypeOpinionLimit, l.ID, areaOfCongress(congress), detail)
}

// OpinionLimits lists the limits that hold with a congress in view, for each state that has one, in the order of an opinion's life.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, who alone see whose limit it is.
func (d *Desk) OpinionLimits(ctx context.Context, congress uuid.UUID) ([]*StateLimit, error) {
	v := viewer.FromContext(ctx)
	switch {
	case v == nil:
		return nil, fault.Unauthenticated("请先登录")
	case v.Kind != viewer.Area:
		return nil, fault.Forbidden("当前角色不能查看办理时限")
	}
	of, err := d.client.Congress.Get(ctx, congress)
	if gen.IsNotFound(err) {
		return nil, noCongress("congress")
	}
	if err != nil {
		return nil, err
	}
	var out []*StateLimit
	var states []string
	for _, s := range state.Opinions {
		if standard, ok := s.DefaultLimit(); ok {
			out, states = append(out, &StateLimit{s, LimitDefault, standard}), append(states, string(s))
		}
	}
	rows, err := d.client.QueryContext(ctx, `
		SELECT s.n - 1, l.days, l.amber_days, own.id IS NOT NULL
		FROM unnest($1::text[]) WITH ORDINALITY s (state, n)
		CROSS JOIN LATERAL opinion_clock($2, s.state) l
		LEFT JOIN opinion_limit own ON own.congress_id = $3 AND own.state = s.state`, pq.Array(states), of.Code, of.ID)
	if err != nil {
		return nil, fmt.Errorf("limits of %s: %w", of.Code, err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		var (
			i   int
			l   state.Limit
			own bool
		)
		if err := rows.Scan(&i, &l.Days, &l.Amber, &own); err != nil {
			return nil, fmt.Errorf("limits of %s: %w", of.Code, err)
		}
		out[i].Limit, out[i].Source = l, LimitInherited
		if own {
			out[i].Source = LimitOwn
		}
	}
	return out, rows.Err()
}

func noCongress(path ...string) error {
	return fault.NotFound("人民代表大会不存在或不在辖区内", path...)
}
