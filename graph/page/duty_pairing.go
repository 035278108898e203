package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/gen/evaluationcampaign"
	"github.com/lianluo/lianluo/ent/gen/pairing"
	"github.com/lianluo/lianluo/ent/gen/pairingcontact"
	"github.com/lianluo/lianluo/ent/gen/standard"
	"github.com/lianluo/lianluo/ent/gen/training"
	"github.com/lianluo/lianluo/ent/gen/trainingattendance"
	"github.com/lianluo/lianluo/ent/rollup"
)

// Pairings, courses and evaluations.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	PairingConnection            = Connection[gen.Pairing]
	PairingEdge                  = Edge[gen.Pairing]
	PairingContactConnection     = Connection[gen.PairingContact]
	PairingContactEdge           = Edge[gen.PairingContact]
	PairingLeaderConnection      = Connection[rollup.PairingRow]
	PairingLeaderEdge            = Edge[rollup.PairingRow]
	TrainingConnection           = Connection[gen.Training]
	TrainingEdge                 = Edge[gen.Training]
	TrainingAttendanceConnection = Connection[gen.TrainingAttendance]
	TrainingAttendanceEdge       = Edge[gen.TrainingAttendance]
	StandardConnection           = Connection[gen.Standard]
	StandardEdge                 = Edge[gen.Standard]
	EvaluationCampaignConnection = Connection[gen.EvaluationCampaign]
	EvaluationCampaignEdge       = Edge[gen.EvaluationCampaign]
	EvaluationConnection         = Connection[gen.Evaluation]
	EvaluationEdge               = Edge[gen.Evaluation]
)

// Ranked answers a page of rows that a report puts in order, by a number and then a key, both falling. Load reads at most limit of them past a place, or, in reverse,
// before it and from the end; total counts them all. Name stands in the cursors, as with ByNumber.
func Ranked[T any](ctx context.Context, a Args, name byte, place func(*T) (int64, uuid.UUID),
	load func(ctx context.Context, number *int64, id uuid.UUID, reverse bool, limit int) ([]*T, error), total func(context.Context) (int, error),
) (*Connection[T], error) {
	q := Query[T]{Order: Order[T]{name: name, number: func(row *T) int64 {
		n, _ := place(row)
		return n
	}}}
	q.Entity.id = func(row *T) uuid.UUID {
		_, id := place(row)
		return id
	}
	w, err := read(a, q.Order)
	if err != nil {
		return nil, err
	}
	var (
		number *int64
		id     uuid.UUID
	)
	if w.from != nil {
		number, id = &w.from.number, w.from.id
	}
	rows, err := load(ctx, number, id, w.reverse, w.size+1)
	if err != nil {
		return nil, err
	}
	c := q.connection(rows, w)
	c.total = total
	return c, nil
}

// Falling sorts the other way round: the greatest number first.
func (o Order[T]) Falling() Order[T] {
	o.desc = true
	return o
}

// Trainings reads courses.
func Trainings(c *gen.Client) Entity[gen.Training] {
	return Entity[gen.Training]{
		client: c, table: training.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Training, error) {
			return c.Training.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Training) uuid.UUID { return row.ID },
		extra: func(row *gen.Training, name string) (any, error) { return row.Value(name) },
	}
}

// TrainingAttendances reads deputies' parts in courses.
func TrainingAttendances(c *gen.Client) Entity[gen.TrainingAttendance] {
	return Entity[gen.TrainingAttendance]{
		client: c, table: trainingattendance.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.TrainingAttendance, error) {
			return c.TrainingAttendance.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.TrainingAttendance) uuid.UUID { return row.ID },
		extra: func(row *gen.TrainingAttendance, name string) (any, error) { return row.Value(name) },
	}
}

// Pairings reads pairings.
func Pairings(c *gen.Client) Entity[gen.Pairing] {
	return Entity[gen.Pairing]{
		client: c, table: pairing.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Pairing, error) {
			return c.Pairing.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Pairing) uuid.UUID { return row.ID },
		extra: func(row *gen.Pairing, name string) (any, error) { return row.Value(name) },
	}
}

// PairingContacts reads contacts within pairings.
func PairingContacts(c *gen.Client) Entity[gen.PairingContact] {
	return Entity[gen.PairingContact]{
		client: c, table: pairingcontact.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.PairingContact, error) {
			return c.PairingContact.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.PairingContact) uuid.UUID { return row.ID },
		extra: func(row *gen.PairingContact, name string) (any, error) { return row.Value(name) },
	}
}

// Standards reads checklists.
func Standards(c *gen.Client) Entity[gen.Standard] {
	return Entity[gen.Standard]{
		client: c, table: standard.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Standard, error) {
			return c.Standard.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Standard) uuid.UUID { return row.ID },
		extra: func(row *gen.Standard, name string) (any, error) { return row.Value(name) },
	}
}

// EvaluationCampaigns reads evaluation campaigns.
func EvaluationCampaigns(c *gen.Client) Entity[gen.EvaluationCampaign] {
	return Entity[gen.EvaluationCampaign]{
		client: c, table: evaluationcampaign.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.EvaluationCampaign, error) {
			return c.EvaluationCampaign.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.EvaluationCampaign) uuid.UUID { return row.ID },
		extra: func(row *gen.EvaluationCampaign, name string) (any, error) { return row.Value(name) },
	}
}

// Evaluations reads evaluations.
func Evaluations(c *gen.Client) Entity[gen.Evaluation] {
	return Entity[gen.Evaluation]{
		client: c, table: evaluation.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Evaluation, error) {
			return c.Evaluation.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Evaluation) uuid.UUID { return row.ID },
		extra: func(row *gen.Evaluation, name string) (any, error) { return row.Value(name) },
	}
}
