package audit_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/server/anchor"
)

// Writers of all kinds of speed, some of whom take back what they wrote, and two servers that seal meanwhile: each line is sealed once, none that was taken
// back is, and both servers' anchors hold.
func TestLinesAreSealedOnceWhileOthersWrite(t *testing.T) {
	h := newHouse(t)
	const writers, transactions = 8, 25
	var (
		sealers, writing sync.WaitGroup
		done             = make(chan struct{})
		mu               sync.Mutex
		kept             int
	)
	other := anchor.New(filepath.Join(t.TempDir(), "other"))
	for _, a := range []audit.Anchor{h.anchor, other} {
		sealers.Go(func() {
			sealer := audit.Sealer{DB: h.pool, Anchor: a}
			for {
				if _, err := sealer.Seal(t.Context()); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-done:
					return
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
	var pools [writers]*sql.DB
	for w := range writers {
		pools[w] = h.open(h.as(map[string]string{"role": "lianluo_area", "app.subject": fmt.Sprint("operator:", w)}))
	}
	for w := range writers {
		writing.Go(func() {
			random := rand.New(rand.NewPCG(2026, uint64(w)))
			subject := fmt.Sprint("operator:", w)
			pool := pools[w]
			for range transactions {
				err := func() error {
					tx, err := pool.BeginTx(t.Context(), nil)
					if err != nil {
						return err
					}
					defer func() { _ = tx.Rollback() }()
					lines := 1 + random.IntN(3)
					for range lines {
						if _, err := tx.ExecContext(t.Context(), lineSQL, uuid.Must(uuid.NewV7()), subject); err != nil {
							return err
						}
						time.Sleep(time.Duration(random.IntN(4)) * time.Millisecond)
					}
					if random.IntN(4) == 0 {
						return nil
					}
					mu.Lock()
					kept += lines
					mu.Unlock()
					return tx.Commit()
				}()
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writing.Wait()
	close(done)
	sealers.Wait()
	h.seal()
	h.whole(kept)
	if n := h.count(`(SELECT entry_id FROM audit_seal GROUP BY 1) s JOIN audit_entry e ON e.id = s.entry_id`); n != kept || h.count(`audit_entry`) != kept {
		t.Errorf("%d lines have a seal of %d", n, kept)
	}
	if _, err := (&audit.Sealer{DB: h.pool, Anchor: other}).Seal(t.Context()); err != nil {
		t.Errorf("the other server's anchor: %v", err)
	}
}

// A line whose transaction began first and ends last is sealed after those that were written later.
func TestLateCommitIsNotPassedOver(t *testing.T) {
	h := newHouse(t)
	early := uuid.Must(uuid.NewV7())
	tx, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), lineSQL, early, "operator:甲"); err != nil {
		t.Fatal(err)
	}
	h.rounds(1, 3)
	h.whole(3)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if r := h.verify(); r.Chain != nil || r.Unsealed != 1 {
		t.Errorf("%d lines wait; %v", r.Unsealed, r.Chain)
	}
	if n := h.seal(); n != 1 || h.count(`audit_seal WHERE position = 4 AND entry_id = $1`, early) != 1 {
		t.Errorf("%d lines were sealed", n)
	}
	h.whole(4)
}

// More lines than one transaction seals, with none to seal after.
func TestManyLines(t *testing.T) {
	h := newHouse(t)
	const n = 2500
	h.exec(`INSERT INTO audit_entry (id, created_at, updated_at, code, subject, viewer_code, verb, entity, entity_id)
		SELECT gen_random_uuid(), now() - interval '2 hours', now(), 0, 'job:test', 0, 'x', 'X', gen_random_uuid() FROM generate_series(1, $1)`, n)
	if sealed := h.seal(); sealed != n {
		t.Errorf("%d lines were sealed", sealed)
	}
	h.whole(n)
	if r := h.verify(); r.Anchored != 3 || r.Late != n || r.FirstLate != 1 || r.Head.Position != n || r.Head.Suite != "SHA-256" {
		t.Errorf("%+v", r)
	}
	if sealed := h.seal(); sealed != 0 {
		t.Errorf("%d lines were sealed again", sealed)
	}
}

func TestUnsealedLinesAreTold(t *testing.T) {
	h := newHouse(t)
	h.rounds(1, 1)
	h.exec(`INSERT INTO audit_entry (id, created_at, updated_at, code, subject, viewer_code, verb, entity, entity_id)
		VALUES (gen_random_uuid(), now() - interval '2 hours', now(), 0, 'job:test', 0, 'x', 'X', gen_random_uuid())`)
	h.write(1)
	if r := h.verify(); r.Chain != nil || r.Anchor != nil || r.Checked != 1 || r.Unsealed != 2 || r.Oldest < 2*time.Hour {
		t.Errorf("%+v", r)
	}
}

// A server that is killed when the seals are there and the anchor is not loses nothing: the next one goes on.
func TestKilledBeforeTheAnchor(t *testing.T) {
	h := newHouse(t)
	h.rounds(1, 2)
	h.write(3)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), self)
	server.Env = append(os.Environ(), urlEnv+"="+h.systemURL(), anchorEnv+"="+h.path)
	out, err := server.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the server was not killed: %v\n%s", err, out)
	}
	if n := h.count(`audit_seal`); n != 5 {
		t.Errorf("%d seals", n)
	}
	if r := h.verify(); r.Chain != nil || r.Anchor != nil || r.Anchored != 1 {
		t.Errorf("before the next seal: %+v", r)
	}
	if n := h.seal(); n != 0 {
		t.Errorf("%d lines were sealed again", n)
	}
	if r := h.verify(); r.Anchored != 2 || r.Checked != 5 {
		t.Errorf("after it: %+v", r)
	}
	h.rounds(1, 1)
	h.whole(6)
}

// Nothing is added to a chain that does not lead to the anchor's last head, nor where the anchor cannot be written.
func TestSealerMindsTheAnchor(t *testing.T) {
	h := newHouse(t)
	h.rounds(2, 2)
	h.exec(`CREATE TABLE kept AS SELECT * FROM audit_seal WHERE position = 4`)
	for name, change := range map[string]string{
		"cut":       `DELETE FROM audit_seal WHERE position = 4`,
		"made anew": `UPDATE audit_seal SET hash = sha256(hash) WHERE position = 4`,
	} {
		h.exec(change)
		h.write(1)
		before := h.count(`audit_seal`)
		_, err := (&audit.Sealer{DB: h.pool, Anchor: h.anchor}).Seal(t.Context())
		if !errors.Is(err, audit.ErrAnchor) || h.count(`audit_seal`) != before {
			t.Errorf("%s: %v", name, err)
		}
		h.exec(`DELETE FROM audit_seal WHERE position = 4`)
		h.exec(`INSERT INTO audit_seal SELECT * FROM kept`)
	}
	if _, err := (&audit.Sealer{DB: h.pool, Anchor: full{h.anchor}}).Seal(t.Context()); !errors.Is(err, errFull) {
		t.Errorf("with a full anchor: %v", err)
	}
	if n := h.seal(); n != 0 { // the seals were there already
		t.Errorf("%d lines were sealed again", n)
	}
	h.whole(6)
}

// Another suite goes on with the chain, and is needed to check it.
func TestSuites(t *testing.T) {
	h := newHouse(t)
	h.rounds(1, 2)
	h.write(2)
	if _, err := (&audit.Sealer{DB: h.pool, Anchor: h.anchor, Suite: longer{}}).Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.rounds(1, 2)
	if r := h.verify(); r.Chain == nil || r.Chain.Damage != audit.SuiteUnknown || r.Chain.Position != 3 {
		t.Errorf("without the suite: %v", r.Chain)
	}
	if r := h.check(audit.Check{Suites: []audit.Suite{longer{}}}); r.Chain != nil || r.Checked != 6 {
		t.Errorf("with it: %+v", r)
	}
}
