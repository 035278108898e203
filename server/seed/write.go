package seed

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/workflow"
)

// batch is the number of rows of one statement.
const batch = 5_000

// rowSize is about the number of bytes of a long row.
const rowSize = 400

// writer stores rows in bulk, by COPY. While the database stores one batch, the next is made.
type writer struct {
	ctx     context.Context //nolint:containedctx // of the one transaction that the writer lives for
	fail    context.CancelCauseFunc
	options string
	work    chan copying
	speller *spelling.Speller
}

// copying is a COPY and its data.
type copying struct {
	table, statement string
	data             string
}

// writing has work write. With fresh tables, which were emptied in the same transaction, the rows are stored as vacuumed ones
// are: there is no work left to do on them later.
func writing(ctx context.Context, s *session, fresh bool, work func(*writer) error) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	w := &writer{ctx: ctx, fail: fail, work: make(chan copying, 4), speller: spelling.NewSpeller()}
	if fresh {
		w.options = " WITH (FREEZE)"
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for c := range w.work {
			if ctx.Err() != nil {
				continue // the rest is not wanted any more
			}
			if err := s.copyIn(ctx, c); err != nil {
				fail(fmt.Errorf("store rows of %s: %w", c.table, err))
			}
		}
	}()
	err := work(w)
	close(w.work)
	<-done
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// rawCopier is what lib/pq's statement of a COPY offers besides taking values one by one, which would box each of them.
type rawCopier interface {
	driver.Stmt
	CopyData(ctx context.Context, lines string) (driver.Result, error)
}

// copyIn runs a COPY on the connection of the transaction.
func (s *session) copyIn(ctx context.Context, c copying) error {
	return s.conn.Raw(func(conn any) (err error) {
		preparer, ok := conn.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("%T cannot prepare", conn)
		}
		stmt, err := preparer.PrepareContext(ctx, c.statement)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stmt.Close()) }()
		raw, ok := stmt.(rawCopier)
		if !ok {
			return fmt.Errorf("%T cannot copy", stmt)
		}
		if _, err := raw.CopyData(ctx, strings.TrimSuffix(c.data, "\n")); err != nil {
			return err
		}
		return nil
	})
}

// write stores rows, the ones that others refer to first.
func (w *writer) write(r *rows) error {
	put(w, organTable, r.organs)
	put(w, congressTable, r.congresses)
	put(w, termTable, r.terms)
	put(w, constituencyTable, r.constituencies)
	put(w, zoneTable, r.zones)
	put(w, stationTable, r.stations)
	put(w, stationKeyTable, w.stationKeys(r.stations))
	put(w, budgetTable, r.budgets)
	put(w, deputyTable, r.deputies)
	put(w, deputyKeyTable, w.deputyKeys(r.deputies))
	put(w, contactTable, r.contacts)
	put(w, mandateTable, r.mandates)
	put(w, postingTable, r.postings)
	put(w, codeTable, r.codes)
	put(w, staffTable, r.staff)
	put(w, gridTable, r.grids)
	put(w, assignmentTable, r.assignments)
	put(w, accountTable, r.accounts)
	put(w, opinionTable, r.opinions)
	put(w, submitterTable, r.submitters)
	put(w, opinionTextTable, r.told)
	put(w, eventTable, r.events)
	put(w, partTable, r.parts)
	put(w, publishedTable, r.published)
	put(w, suggestionTable, r.suggestions)
	r.writeDuties(w)
	return context.Cause(w.ctx)
}

// put stores rows of one table. What goes wrong is told by write and writing.
func put[T any](w *writer, t table[T], rows []T) {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	statement := "COPY " + t.name + " (" + strings.Join(names, ", ") + ") FROM STDIN"
	if t.name != keyFigureTable.name { // which was not emptied wholly
		statement += w.options
	}
	for len(rows) > 0 {
		n := min(batch, len(rows))
		l := lines{text: make([]byte, 0, n*rowSize)}
		for _, row := range rows[:n] {
			for _, c := range t.columns {
				c.put(&l, row)
			}
			l.end()
		}
		select {
		case w.work <- copying{t.name, statement, string(l.text)}:
		case <-w.ctx.Done():
			return
		}
		rows = rows[n:]
	}
}

func (w *writer) stationKeys(stations []*station) []searchKey {
	var out []searchKey
	for _, s := range stations {
		township := ""
		if s.in.level == place.LevelVillage && s.in.parent != nil {
			township = s.in.parent.name
		}
		for _, key := range workflow.StationKeys(w.speller, s.name, s.brand, s.in.name, township) {
			out = append(out, searchKey{key, s.id, s.in})
		}
	}
	return out
}

func (w *writer) deputyKeys(deputies []*deputy) []searchKey {
	out := make([]searchKey, 0, 5*len(deputies))
	for _, d := range deputies {
		for _, key := range workflow.DeputyKeys(w.speller, d.name) {
			out = append(out, searchKey{key, d.id, d.in})
		}
	}
	return out
}
