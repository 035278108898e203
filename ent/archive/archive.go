// Package archive reads the duty archive of a deputy (履职档案): one person, one term, one file (一人一档, 一任一册).
//
// An [Archive] is everything that the records tell of a mandate, from the day of the election to the last day of the mandate, in the order of
// days, with sums per year and of the whole term. It is of the person: what a deputy did counts whichever of several mandates it was done
// under; points, norms and evaluations are the mandate's own, and an evaluation is told though it was published when the mandate was over. Only what is confirmed counts, as everywhere.
//
// # Scope
//
// The archive is for those in whose area the mandate is grouped, and for the deputy. To all others, also where the deputy is posted as a guest,
// there is none. It is read through the viewer's client: what a deputy did outside the viewer's area is not there, but that it was done, on
// which day and of which sort, is known to the function deeds, which counts for norms and points. Such deeds are told as outside (在辖区外), without
// anything else of them, so that the sums are complete.
//
// An archive is read in one transaction that sees one state of the records, by a number of statements that does not depend on how much there is.
//
// Room: ent. It may import calendar, duty, fault, gen, kind, state, tally and viewer. It writes nothing.
package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Archive is the duty archive of one mandate.
type Archive struct {
	Deputy  *gen.Deputy
	Mandate *gen.Mandate
	// Seat names the congress of the mandate, as 长沙县人民代表大会, or its level where it is out of sight; Place where the deputy is grouped.
	Seat, Place string
	// Mandates are all of the person that are in sight, the earliest first.
	Mandates []Seat
	// From is the first day of the mandate, To the last one that the archive tells of: the last of the mandate, or today while it lasts.
	From, To time.Time
	// MadeAt is when it was read.
	MadeAt time.Time

	Attendances []Attendance
	Visits      []Visit
	Opinions    []Opinion
	Suggestions []Suggestion
	Trainings   []Training
	Records     []Record
	Norms       []Norm
	Points      []Point
	Checks      []Check
	Pairings    []Pairing
	Contacts    []Contact
	Evaluations []Evaluation

	// Years has the sums of every year that the archive touches, Total those of the term.
	Years []Sums
	Total Sums
}

// most bounds how many rows of a sort an archive tells of: twenty a day for five years are some tens of thousands of a whole station, never of one person.
const most = 20_000

// Read reads the archive of a mandate as the context's viewer sees it. One that is not for the viewer is a fault.ErrNotFound, as one that never was.
func Read(ctx context.Context, c *gen.Client, mandate uuid.UUID, now time.Time) (*Archive, error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return nil, fault.Unauthenticated("请先登录")
	}
	tx, err := c.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	r := &reader{client: tx.Client(), today: calendar.Today(now)}
	if err := r.find(ctx, mandate, v); err != nil {
		return nil, err
	}
	if err := r.all(ctx); err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	a := r.assemble()
	a.MadeAt = now
	return a, nil
}

// missing refuses an archive that is not there for the viewer.
func missing() error { return fault.NotFound("没有这份履职档案", "mandate") }

// lastDay is the last day of a mandate that has ended.
func lastDay(m *gen.Mandate) *time.Time {
	if m.EndedOn == nil {
		return nil
	}
	day := m.EndedOn.AddDate(0, 0, -1)
	return &day
}
