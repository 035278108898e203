package seed

import (
	"context"
	"database/sql"
	"fmt"
)

// What progress calls the steps of a load.
const (
	loadStep    = "loading counties"
	rebuildStep = "making indexes, constraints and sums"
)

// pending is the number of rows that are made before they are written.
const pending = 20_000

// Load fills a database that holds nothing but the tree with invented data at the size of a county, a province or the nation,
// of the shape that the demonstration has: for the nation about 290,000 stations and 2.7 million mandates, each posted. It has the
// accounts of the demonstration that stand for a place. In the 24 months from January 2024 on, the nation's deputies meet citizens
// three million times, which ten million attend, and citizens submit five million opinions. Of each opinion there is the row, as its
// timeline has left it, and the parts that departments have in it; the timeline itself, the words by which it could be found and who
// submitted it are left out, as are the histories of activities. The connection is that of the tables' owner; the divisions must be
// loaded (ErrNoDivisions). Until it ends no one else can read the tables.
//
// In a database that holds other data it returns ErrOccupied, unless Options allows to replace it.
func Load(ctx context.Context, db *sql.DB, scale Scale, o Options) error {
	root, err := scale.root()
	if err != nil {
		return err
	}
	err = transact(ctx, db, func(s *session) error {
		is, err := held(ctx, s)
		if err != nil {
			return err
		}
		if is != nothing && !o.Replace {
			return ErrOccupied
		}
		hashes, err := storedHashes(ctx, s)
		if err != nil {
			return err
		}
		t, err := readTree(ctx, s, root)
		if err != nil {
			return err
		}
		top, err := t.find(root)
		if err != nil {
			return err
		}
		days, err := readAlmanac(ctx, s)
		if err != nil {
			return err
		}
		return refill(ctx, s, func(out *writer) error {
			return newWorld(t, loadMark).load(out, unitsOf(top), hashes, days, o)
		}, func(done, total int) { o.progress(rebuildStep, done, total) })
	})
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

// load fills the units one after the other.
func (w *world) load(out *writer, units []*division, hashes map[string]string, days *almanac, o Options) error {
	var ready rows
	q, offices := newQuotas(), offices{}
	for i, unit := range units {
		p, all := q.plan(unit)
		b := w.fill(unit, p)
		b.employAll()
		done, err := w.labour(b, days, offices).work(all)
		if err != nil {
			return fmt.Errorf("%s: %w", unit.name, err)
		}
		ready.add(&b.rows)
		ready.add(done)
		if ready.len() >= pending {
			if err := out.write(&ready); err != nil {
				return err
			}
			ready = rows{}
		}
		o.progress(loadStep, i+1, len(units))
	}
	ready.constituencies = append(ready.constituencies, w.units...)
	accounts, err := w.accounts(nil)
	if err != nil {
		return err
	}
	if ready.accounts, err = withHashes(accounts, o, hashes); err != nil {
		return err
	}
	return out.write(&ready)
}
