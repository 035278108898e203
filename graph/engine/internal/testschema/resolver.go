package testschema

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// ErrMissing is an error of a lower layer that a test's MapError knows.
var ErrMissing = errors.New("testschema: missing")

// Resolver answers the test schema and counts how often it is asked.
type Resolver struct {
	Calls atomic.Int64
	// Fail answers Query.fail and Division.broken.
	Fail func(ctx context.Context, how string) error
}

// New is the executable schema.
func New(r *Resolver) graphql.ExecutableSchema {
	return NewExecutableSchema(Config{Resolvers: root{r}})
}

type root struct{ r *Resolver }

func (r root) Query() QueryResolver               { return query(r) }
func (r root) Mutation() MutationResolver         { return mutation(r) }
func (r root) Subscription() SubscriptionResolver { return subscription(r) }
func (r root) Division() DivisionResolver         { return division(r) }
func (r root) Station() StationResolver           { return station(r) }

func some(code Code) *Division { return &Division{Code: code, Name: "长沙县"} }

type query struct{ r *Resolver }

func (q query) Division(_ context.Context, code Code) (*Division, error) {
	q.r.Calls.Add(1)
	return some(code), nil
}

func (q query) Node(_ context.Context, id string) (Node, error) {
	q.r.Calls.Add(1)
	return some(Code(id)), nil
}

func (q query) Nodes(_ context.Context, ids []string) ([]Node, error) {
	q.r.Calls.Add(1)
	out := make([]Node, len(ids))
	for i, id := range ids {
		out[i] = some(Code(id))
	}
	return out, nil
}

func (q query) Find(context.Context, Lookup) (*Division, error) {
	q.r.Calls.Add(1)
	return some("430121000000"), nil
}

func (q query) Search(context.Context, *string, *Level, *int, *bool, *float64, *Filter) ([]*Division, error) {
	q.r.Calls.Add(1)
	return []*Division{some("430121000000")}, nil
}

func (q query) Place(context.Context) (Place, error) {
	q.r.Calls.Add(1)
	return some("430121000000"), nil
}

func (q query) Heavy(context.Context) (int, error) {
	q.r.Calls.Add(1)
	return 1, nil
}

func (q query) Fail(ctx context.Context, how string) (*Division, error) {
	q.r.Calls.Add(1)
	return nil, q.r.Fail(ctx, how)
}

func (q query) Failing(context.Context) ([]*Division, error) {
	q.r.Calls.Add(1)
	out := make([]*Division, 300)
	for i := range out {
		out[i] = some(Code(fmt.Sprintf("4301%08d", i)))
	}
	return out, nil
}

func (q query) Echo(_ context.Context, text string) (string, error) {
	q.r.Calls.Add(1)
	return text, nil
}

type mutation struct{ r *Resolver }

func (m mutation) Rename(_ context.Context, input Rename) (*Division, error) {
	m.r.Calls.Add(1)
	return &Division{Code: input.Code, Name: input.Name}, nil
}

func (m mutation) SignIn(_ context.Context, name string) (string, error) {
	m.r.Calls.Add(1)
	return name, nil
}

type subscription struct{ r *Resolver }

func (s subscription) Ticks(context.Context) (<-chan int, error) {
	s.r.Calls.Add(1)
	return nil, errors.New("testschema: no ticks")
}

type division struct{ r *Resolver }

func (division) ID(_ context.Context, d *Division) (string, error) { return string(d.Code), nil }
func (division) FullName(_ context.Context, d *Division) (string, error) {
	return "湖南省" + d.Name, nil
}
func (division) Level(context.Context, *Division) (Level, error) { return LevelCounty, nil }

func (v division) Parent(context.Context, *Division) (*Division, error) {
	v.r.Calls.Add(1)
	return some("430100000000"), nil
}

func (v division) Ancestors(context.Context, *Division) ([]*Division, error) {
	v.r.Calls.Add(1)
	return []*Division{some("430000000000")}, nil
}

func (v division) Children(_ context.Context, _ *Division, first, last *int, _ *string) (*DivisionConnection, error) {
	v.r.Calls.Add(1)
	n := 0
	for _, given := range []*int{first, last} {
		if given != nil {
			n = *given
		}
	}
	out := &DivisionConnection{TotalCount: n, PageInfo: &PageInfo{}}
	for i := range n {
		child := some(Code(fmt.Sprintf("4301%08d", i)))
		out.Nodes = append(out.Nodes, child)
		out.Edges = append(out.Edges, &DivisionEdge{Node: child})
	}
	return out, nil
}

func (v division) Stations(context.Context, *Division, *int) (*StationConnection, error) {
	v.r.Calls.Add(1)
	return &StationConnection{PageInfo: &PageInfo{}, Edges: []*StationEdge{{Node: &Station{ID: "s", Kind: "HOME"}}}}, nil
}

func (v division) Roster(context.Context, *Division) ([]*RosterRow, error) {
	v.r.Calls.Add(1)
	return []*RosterRow{{Level: LevelCounty, Mandates: 305}}, nil
}

func (v division) Siblings(context.Context, *Division) ([]*Division, error) {
	v.r.Calls.Add(1)
	return nil, nil
}

func (v division) Value(_ context.Context, _ *Division, of *string) (*string, error) {
	v.r.Calls.Add(1)
	return of, nil
}

func (v division) Broken(ctx context.Context, d *Division) (*string, error) {
	v.r.Calls.Add(1)
	return nil, v.r.Fail(ctx, string(d.Code))
}

type station struct{ r *Resolver }

func (s station) Division(context.Context, *Station) (*Division, error) {
	s.r.Calls.Add(1)
	return some("430121000000"), nil
}

func (s station) Value(context.Context, *Station) (*int, error) {
	s.r.Calls.Add(1)
	return nil, nil
}
