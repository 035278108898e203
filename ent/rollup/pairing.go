package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// PairingQuestion asks how the pairings of a kind stand (结对落实情况), in the period of the rule that a day lies in.
type PairingQuestion struct {
	// At is the division whose congress, and all congresses below, are asked about; Congress is the one asked about alone, or uuid.Nil.
	At       place.Code
	Congress uuid.UUID
	Kind     kind.Pairing
	Day      time.Time
	// Today is what decides whether a period is over.
	Today time.Time
}

// PairingRow is how one leader stands (结对联系人).
type PairingRow struct {
	// ID is the leader's among those of a congress, and the same in every answer.
	ID                  uuid.UUID
	Congress            uuid.UUID
	Deputy, Organ, Rule *uuid.UUID
	Name                string
	Title               *string
	// From and To are the period's.
	From, To time.Time
	// Paired counts the pairings that stand on the day, Least and Most are what the rule asks for.
	Paired      int
	Least, Most *int
	// Done counts the contacts of the period, Expected are those asked for, Missing those that the pairings still lack, each by itself.
	Done, Expected, Missing int
	// Pairings are those that stood at some time in the period, with what lacks most first.
	Pairings []*PairingStanding
	// Lag is the row's place in the order: how far the leader has fallen behind.
	Lag int64
}

// PairingStanding is how one pairing stands in the period.
type PairingStanding struct {
	Pairing uuid.UUID
	Done    int
	// Expected is nil where nothing is expected yet.
	Expected *int
	Standing duty.Standing
}

// PairingSum is what the rows add up to.
type PairingSum struct {
	// Leaders counts the rows, Behind those that lack contacts or are paired with too few.
	Leaders, Behind                 int
	Paired, Done, Expected, Missing int
}

// PairingMark is a row's place in the order.
type PairingMark struct {
	Lag int64
	ID  uuid.UUID
}

//go:embed sql/pairing.sql
var pairingSQL string

func (q PairingQuestion) args(ctx context.Context) ([]any, error) {
	v, err := sees(ctx, "当前角色不能查看结对落实情况", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	lo, hi := q.At.Range()
	var congress any
	if q.Congress != uuid.Nil {
		congress = q.Congress
	}
	var names, first, last pq.StringArray
	for _, p := range []kind.Period{kind.PeriodMonth, kind.PeriodQuarter, kind.PeriodYear} {
		span := duty.PeriodOf(p, q.Day)
		names, first, last = append(names, string(p)), append(first, span.From.Format(time.DateOnly)), append(last, span.To.Format(time.DateOnly))
	}
	return []any{int64(max(lo, v.Lo)), int64(min(hi, v.Hi)), congress, string(q.Kind), q.Day.Format(time.DateOnly), names, first, last}, nil
}

// Pairings answers how leaders stand, those who have fallen behind first: at most limit of them after a mark, or, in reverse, before it and from the end.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations.
func Pairings(ctx context.Context, c *gen.Client, q PairingQuestion, from *PairingMark, reverse bool, limit int) ([]*PairingRow, error) {
	args, err := q.args(ctx)
	if err != nil {
		return nil, err
	}
	op, order := "<", "DESC"
	if reverse {
		op, order = ">", "ASC"
	}
	where := ""
	if from != nil {
		where = "WHERE (lag, id) " + op + " ($9, $10)"
		args = append(args, from.Lag, from.ID)
	}
	statement := fmt.Sprintf(`%s SELECT id, congress_id, leader_deputy_id, leader_organ_id, rule, name, title, first, last, paired, least, most, times,
		done, expected, missing, lag, pairings, contacts, wholes FROM behind %s ORDER BY lag %s, id %s LIMIT %d`, pairingSQL, where, order, order, limit)
	var out []*PairingRow
	err = each(ctx, c, statement, args, func(rows *sql.Rows) error {
		row, err := q.read(rows)
		out = append(out, row)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("pairings: %w", err)
	}
	return out, nil
}

func (q PairingQuestion) read(rows *sql.Rows) (*PairingRow, error) {
	var (
		r                   PairingRow
		deputy, organ, rule uuid.NullUUID
		title               sql.NullString
		least, most, times  sql.NullInt64
		pairings            pq.StringArray
		contacts            pq.Int64Array
		wholes              pq.BoolArray
	)
	err := rows.Scan(&r.ID, &r.Congress, &deputy, &organ, &rule, &r.Name, &title, &r.From, &r.To, &r.Paired, &least, &most, &times,
		&r.Done, &r.Expected, &r.Missing, &r.Lag, &pairings, &contacts, &wholes)
	if err != nil {
		return nil, err
	}
	r.Deputy, r.Organ, r.Rule = known(deputy), known(organ), known(rule)
	r.Least, r.Most = number(least), number(most)
	if title.Valid {
		r.Title = &title.String
	}
	period := duty.Span{From: r.From, To: r.To}
	for i, text := range pairings {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, err
		}
		s := &PairingStanding{Pairing: id, Done: int(contacts[i]), Standing: duty.Stand(wholes[i], int(contacts[i]), int(times.Int64), period, q.Today)}
		if wholes[i] {
			s.Expected = number(times)
		}
		r.Pairings = append(r.Pairings, s)
	}
	return &r, nil
}

func known(id uuid.NullUUID) *uuid.UUID {
	if !id.Valid {
		return nil
	}
	return &id.UUID
}

func number(n sql.NullInt64) *int {
	if !n.Valid {
		return nil
	}
	v := int(n.Int64)
	return &v
}

// SumPairings adds up how leaders stand.
//
// It is a fault.ErrForbidden for the same roles as Pairings.
func SumPairings(ctx context.Context, c *gen.Client, q PairingQuestion) (*PairingSum, error) {
	args, err := q.args(ctx)
	if err != nil {
		return nil, err
	}
	var s PairingSum
	err = each(ctx, c, pairingSQL+` SELECT count(*), count(*) FILTER (WHERE lag > 0), coalesce(sum(paired), 0)::bigint, coalesce(sum(done), 0)::bigint,
		coalesce(sum(expected), 0)::bigint, coalesce(sum(missing), 0)::bigint FROM behind`, args, func(rows *sql.Rows) error {
		return rows.Scan(&s.Leaders, &s.Behind, &s.Paired, &s.Done, &s.Expected, &s.Missing)
	})
	if err != nil {
		return nil, fmt.Errorf("pairings summed: %w", err)
	}
	return &s, nil
}
