package rollup

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
)

// NormSum is how many deputies stand how with an item of a set of norms in one period (达标统计).
type NormSum struct {
	Set    uuid.UUID
	Item   duty.NormItem
	Period duty.Span
	// Counts are of mandates.
	Counts tally.Counts
}

// From is the first day of the period.
func (s *NormSum) From() time.Time { return s.Period.From }

// To is the last day of the period.
func (s *NormSum) To() time.Time { return s.Period.To }

// Share is how many of those who can be judged have met the item, from 0 to 1; nil when none can. Who has met it before the period is over is judged.
func (s *NormSum) Share() *float64 {
	judged := s.Counts.Met + s.Counts.Missing
	if judged == 0 {
		return nil
	}
	share := float64(s.Counts.Met) / float64(judged)
	return &share
}

// normBatch is how many mandates are held against the norms at once. So many deputies of one level a county never has, so its sums cost
// three statements; those of a city or a province cost three for each batch.
const normBatch = 2000

// NormsOfArea counts how the deputies of a level who are grouped in a division or below it stand with the norms of a year: sets in the order of their
// coming into force, items as they stand there, periods in order. Only periods that have begun by today are told. A division that the viewer does not
// see counts nobody.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations.
func NormsOfArea(ctx context.Context, c *gen.Client, of place.Code, level kind.CongressLevel, year int, today time.Time) ([]*NormSum, error) {
	v, err := sees(ctx, "当前角色不能查看达标统计", viewer.Area, viewer.System)
	if err != nil || !v.Sees(of) {
		return nil, err
	}
	lo, hi := of.Range()
	return normSums(ctx, c, year, today, mandate.LevelEQ(level), mandate.CodeGTE(lo), mandate.CodeLT(hi))
}

// NormsOfStation is NormsOfArea for the deputies posted to a station now, of all levels. Those who are grouped out of the viewer's area are left out.
func NormsOfStation(ctx context.Context, c *gen.Client, station uuid.UUID, year int, today time.Time) ([]*NormSum, error) {
	v, err := sees(ctx, "当前角色不能查看达标统计", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	return normSums(ctx, c, year, today, mandate.CodeGTE(v.Lo), mandate.CodeLT(v.Hi),
		mandate.HasPostingsWith(posting.StationID(station), posting.EndedOnIsNil()))
}

func normSums(ctx context.Context, c *gen.Client, year int, today time.Time, where ...predicate.Mandate) ([]*NormSum, error) {
	var sums normSheet
	asked := tally.Year(year)
	where = append(where, mandate.ElectedOnLTE(asked.To), mandate.Or(mandate.EndedOnIsNil(), mandate.EndedOnGT(asked.From)))
	err := inBatches(ctx, c, uuid.Nil, place.Nation, where, func(mandates []*gen.Mandate) (bool, error) {
		checks, err := tally.Checks(ctx, c, mandates, year, today)
		if err != nil {
			return false, err
		}
		for _, m := range mandates {
			for _, check := range checks[m.ID] {
				sums.add(check)
			}
		}
		return true, nil
	})
	return sums.rows, err
}

// inBatches hands over the mandates that meet conditions in the order of their places, beyond a given one, batch by batch until it is told to stop.
func inBatches(ctx context.Context, c *gen.Client, after uuid.UUID, code place.Code, where []predicate.Mandate,
	work func([]*gen.Mandate) (more bool, err error),
) error {
	for {
		found, err := c.Mandate.Query().Where(where...).
			Where(mandate.Or(mandate.CodeGT(code), mandate.And(mandate.Code(code), mandate.IDGT(after)))).
			Order(mandate.ByCode(), mandate.ByID()).Limit(normBatch).All(ctx)
		if err != nil || len(found) == 0 {
			return err
		}
		more, err := work(found)
		if err != nil || !more || len(found) < normBatch {
			return err
		}
		code, after = found[len(found)-1].Code, found[len(found)-1].ID
	}
}

// normSheet adds up checks, in the order in which the first of each kind comes.
type normSheet struct {
	rows []*NormSum
	at   map[normKey]*NormSum
}

type normKey struct {
	set  uuid.UUID
	item string
	from time.Time
}

func (s *normSheet) add(c *tally.Check) {
	key := normKey{c.Set, c.Item.Key, c.Period.From}
	row, ok := s.at[key]
	if !ok {
		if s.at == nil {
			s.at = map[normKey]*NormSum{}
		}
		row = &NormSum{Set: c.Set, Item: c.Item, Period: c.Period}
		s.rows, s.at[key] = append(s.rows, row), row
	}
	row.Counts.Add(c.Standing)
}

// Reminder is a mandate of which the norms still ask something in the periods that are under way (履职提醒).
type Reminder struct {
	Mandate *gen.Mandate
	Lacking []*tally.Check
}

// ReminderPage is a part of a list of reminders.
type ReminderPage struct {
	Rows []*Reminder
	// More tells that there are rows after it.
	More bool
}

// Reminders lists, in the order of their places, the mandates grouped in a division or below it of which the norms still ask something today: so many beyond
// the one at a place. Without a level it is all levels. A division that the viewer does not see has none.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations.
func Reminders(ctx context.Context, c *gen.Client, of place.Code, level *kind.CongressLevel, today time.Time,
	first int, code place.Code, after uuid.UUID,
) (*ReminderPage, error) {
	v, err := sees(ctx, "当前角色不能查看履职提醒", viewer.Area, viewer.System)
	if err != nil || !v.Sees(of) {
		return &ReminderPage{}, err
	}
	lo, hi := of.Range()
	where := []predicate.Mandate{mandate.CodeGTE(lo), mandate.CodeLT(hi), mandate.StatusNEQ(state.MandateEnded)}
	if level != nil {
		where = append(where, mandate.LevelEQ(*level))
	}
	today = calendar.Day(today)
	out := &ReminderPage{}
	err = inBatches(ctx, c, after, code, where, func(mandates []*gen.Mandate) (bool, error) {
		checks, err := tally.Checks(ctx, c, mandates, today.Year(), today)
		if err != nil {
			return false, err
		}
		for _, m := range mandates {
			lacking := tally.Lacking(checks[m.ID], today)
			switch {
			case len(lacking) == 0:
			case len(out.Rows) == first:
				out.More = true
				return false, nil
			default:
				out.Rows = append(out.Rows, &Reminder{m, lacking})
			}
		}
		return true, nil
	})
	return out, err
}
