package workflow

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// nth is which try a transaction's answer is of.
type nth int

func (n nth) Unwrap() nth { return n }

// Two transactions that meet in a deadlock are both done, each once, and answer what the last try made.
func TestDeadlockIsTriedAgain(t *testing.T) {
	d := pgtest.New(t)
	db, err := postgres.Open(d.AppURL, postgres.Options{MaxOpen: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	desk := NewDesk(postgres.Client(db), Options{})
	v, err := viewer.For("someone", viewer.NationAdmin, place.Nation)
	if err != nil {
		t.Fatal(err)
	}
	ctx := viewer.NewContext(t.Context(), v)
	entity := uuid.New()

	var met, finished sync.WaitGroup
	met.Add(2)
	var tries atomic.Int32
	answers, errs := [2]nth{}, [2]error{}
	for i, order := range [2][2]string{{"left", "right"}, {"right", "left"}} {
		finished.Add(1)
		go func() {
			defer finished.Done()
			own := nth(0)
			answers[i], errs[i] = transact(ctx, desk, VerbRenameDivision, v, func(t *task) (nth, error) {
				tries.Add(1)
				own++
				if err := t.lock(ctx, order[0]); err != nil {
					return own, err
				}
				if own == 1 {
					met.Done()
					met.Wait()
				}
				if err := t.audit(ctx, gen.TypeDivision, entity, area{}, nil); err != nil {
					return own, err
				}
				return own, t.lock(ctx, order[1])
			})
		}()
	}
	finished.Wait()
	if errs != [2]error{} || tries.Load() != 3 || answers[0]+answers[1] != 3 {
		t.Errorf("errors %v, %d tries, answers %v", errs, tries.Load(), answers)
	}
	var n int
	if err := d.Owner(t).QueryRowContext(t.Context(), `SELECT count(*) FROM audit_entry WHERE entity_id = $1`, entity).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d lines in the audit, %v", n, err)
	}

	// It is not tried for ever, not for other reasons, and not for someone who has gone.
	gone, leave := context.WithCancel(ctx)
	for name, c := range map[string]struct {
		ctx   context.Context
		fails error
		tries int
		want  error
	}{
		"always in the way": {ctx, &pq.Error{Code: pqerror.TRDeadlockDetected}, mostTries, fault.ErrConflict},
		"serialization":     {ctx, &pq.Error{Code: pqerror.TRSerializationFailure}, mostTries, fault.ErrConflict},
		"a refusal":         {ctx, fault.NotFound("不存在", "input"), 1, fault.ErrNotFound},
		"another failure":   {ctx, &pq.Error{Code: pqerror.CheckViolation}, 1, fault.ErrInvalid},
		"the caller left":   {gone, &pq.Error{Code: pqerror.TRDeadlockDetected}, 1, fault.ErrConflict},
	} {
		tries := 0
		_, err := transact(c.ctx, desk, VerbRenameDivision, v, func(*task) (nth, error) {
			tries++
			if c.ctx == gone {
				leave()
			}
			return 0, c.fails
		})
		if tries != c.tries || !errors.Is(err, c.want) {
			t.Errorf("%s: %d tries, %v", name, tries, err)
		}
	}
	leave()
}
