package seed

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"github.com/lianluo/lianluo/ent/place"
)

// demoStep is what progress calls the work on the demonstration.
const demoStep = "loading the demonstration (演示数据)"

// Demo stores the demonstration in a database that holds nothing but the tree, and does nothing in one that holds it already, or
// anything else. Called at every start, it makes good a start that was cut off, and accounts that are missing. The connection
// is that of the tables' owner; the divisions must be loaded (ErrNoDivisions).
func Demo(ctx context.Context, db *sql.DB, o Options) error {
	is, err := held(ctx, db)
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	switch is {
	case nothing:
		err = store(ctx, db, o, func(is content) (bool, error) { return is == nothing, nil })
	case demonstration:
		err = completeAccounts(ctx, db, o)
	}
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	return nil
}

// Reload stores the demonstration anew: whatever was changed since is undone. Accounts keep their passwords, unless Options
// gives new ones. In a database that holds other data it returns ErrOccupied, unless Options allows to replace it.
func Reload(ctx context.Context, db *sql.DB, o Options) error {
	err := store(ctx, db, o, func(is content) (bool, error) {
		if is != nothing && is != demonstration && !o.Replace {
			return false, ErrOccupied
		}
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	return nil
}

// Present tells whether the database holds the demonstration.
func Present(ctx context.Context, db *sql.DB) (bool, error) {
	is, err := held(ctx, db)
	return is == demonstration, err
}

// store makes the demonstration and stores it, if wanted says so once no one else can.
func store(ctx context.Context, db *sql.DB, o Options, wanted func(content) (bool, error)) error {
	return transact(ctx, db, func(s *session) error {
		is, err := held(ctx, s)
		if err != nil {
			return err
		}
		if yes, err := wanted(is); !yes || err != nil {
			return err
		}
		hashes, err := storedHashes(ctx, s)
		if err != nil {
			return err
		}
		w, all, accounts, err := makeDemo(ctx, s, o)
		if err != nil {
			return err
		}
		if err := w.fillOpinions(ctx, s, all, accounts); err != nil {
			return fmt.Errorf("opinions: %w", err)
		}
		if err := w.fillDuties(ctx, s, all, accounts); err != nil {
			return fmt.Errorf("deputies' work: %w", err)
		}
		// Passwords take about as long to hash as the rows take to store.
		var hashed []*account
		var failed error
		var hashing sync.WaitGroup
		hashing.Go(func() { hashed, failed = withHashes(accounts, o, hashes) })
		defer hashing.Wait()
		return refill(ctx, s, func(w *writer) error {
			if err := w.write(all); err != nil {
				return err
			}
			if hashing.Wait(); failed != nil {
				return failed
			}
			return w.write(&rows{accounts: hashed})
		}, func(done, total int) {
			o.progress(demoStep, len(demoPlaces)+done*len(demoPlaces)/total, 2*len(demoPlaces))
		})
	})
}

// demoPlace is a place of the demonstration and how it is filled.
type demoPlace struct {
	code place.Code
	fill func(w *world, code place.Code) ([]*rows, error)
}

// demoPlaces are the places of the accounts, in the order of the table of figures.
var demoPlaces = []demoPlace{
	{changshaCounty, one(fillChangshaCounty)},
	{changsha, fillChangsha},
	{beihu, one(fillBeihu)},
	{guiyang, one(fillGuiyang)},
	{hetang, one(fillHetang)},
	{yanling, one(fillYanling)},
	{heshun, one(fillHeshun)},
	{shenzhen, fillShenzhen},
}

// one makes the filling of a place of one county.
func one(fill func(w *world) (*builder, error)) func(*world, place.Code) ([]*rows, error) {
	return func(w *world, _ place.Code) ([]*rows, error) {
		b, err := fill(w)
		if err != nil {
			return nil, err
		}
		return []*rows{&b.rows}, nil
	}
}

// makeDemo makes the rows of the demonstration but for the opinions, and apart its accounts, which have no passwords yet.
func makeDemo(ctx context.Context, q querier, o Options) (*world, *rows, []*account, error) {
	var roots []place.Code
	for _, p := range demoPlaces {
		roots = append(roots, p.code)
	}
	t, err := readTree(ctx, q, roots...)
	if err != nil {
		return nil, nil, nil, err
	}
	w := newWorld(t, demoMark)
	var all rows
	for i, p := range demoPlaces {
		filled, err := p.fill(w, p.code)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("%s: %w", p.code, err)
		}
		for _, r := range filled {
			all.add(r)
		}
		o.progress(demoStep, i+1, 2*len(demoPlaces))
	}
	all.constituencies = slices.Concat(all.constituencies, w.units)
	w.deputyCodes(&all)
	accounts, err := w.accounts(&all)
	return w, &all, accounts, err
}
