package jobs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/anchor"
	"github.com/lianluo/lianluo/server/jobs"
	"github.com/lianluo/lianluo/server/postgres"
)

// sealing makes a runner seal at every turn, with its heads in a file.
func sealing(path string) func(*jobs.Options) {
	return func(o *jobs.Options) { o.Anchor, o.SealEvery = anchor.New(path), 5*time.Millisecond }
}

// chain is the audit's, held against the anchor in a file.
func (s *station) chain(path string) audit.Report {
	s.Helper()
	reader, err := anchor.Open(path)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	r, err := audit.Verify(s.Context(), s.owner, audit.Check{Heads: reader.Heads(), Patience: time.Hour})
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// sealed waits until the lines that there are have been sealed, and the chain leads to the anchor's heads. The runner itself may write more meanwhile.
func (s *station) sealed(path string) {
	s.Helper()
	lines := s.count(`audit_entry`)
	s.until("a head", func() bool { _, err := os.Stat(path); return err == nil })
	s.until("all sealed", func() bool {
		r := s.chain(path)
		if r.Chain != nil || r.Anchor != nil {
			s.Fatal(r.Chain, r.Anchor)
		}
		return r.Checked >= int64(lines) && r.Anchored > 0
	})
}

// Two servers seal what is written, each with heads of its own.
func TestAuditIsSealed(t *testing.T) {
	s := newStation(t)
	folder := t.TempDir()
	first, second := filepath.Join(folder, "first"), filepath.Join(folder, "second")
	s.runner(sealing(first))
	s.runner(sealing(second))
	for range 5 {
		s.submitted()
	}
	s.sealed(first)
	s.sealed(second)
	s.wellBehaved()
}

// A chain that was tampered with is not gone on with; the log tells so once, and again when all is well.
func TestTamperedAuditIsTold(t *testing.T) {
	s := newStation(t)
	path := filepath.Join(t.TempDir(), "anchor")
	r := s.runner(sealing(path))
	s.sealed(path)
	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.exec(`CREATE TABLE kept AS SELECT * FROM audit_seal`)
	s.exec(`DELETE FROM audit_seal`)
	s.runner(sealing(path))
	s.submitted()
	s.until("a refusal", func() bool {
		return strings.Contains(s.log.String(), `tried again and again" work="sealing the audit"`)
	})
	if n := s.count(`audit_seal`); n != 0 {
		t.Errorf("%d lines were sealed", n)
	}
	s.exec(`INSERT INTO audit_seal SELECT * FROM kept`)
	s.until("the log tells", func() bool { return strings.Contains(s.log.String(), `done again" work="sealing the audit"`) })
	s.sealed(path)
	if n := strings.Count(s.log.String(), `tried again and again" work="sealing the audit"`); n != 1 {
		t.Errorf("told %d times", n)
	}
	s.wellBehaved()
}

// Lines move with their division, and the chain holds; a line that lies elsewhere is found.
func TestSealedLinesMove(t *testing.T) {
	s := newStation(t)
	path := filepath.Join(t.TempDir(), "anchor")
	s.submitted()
	s.runner(sealing(path))
	s.sealed(path)
	lines := s.count(`audit_entry WHERE code = 430121107204`)
	v, err := viewer.For("operator:甲", viewer.CountyAdmin, place.MustParse("430121"))
	if err != nil {
		t.Fatal(err)
	}
	document := "湘民行批〔2026〕1号"
	_, err = s.desk.RecodeDivision(viewer.NewContext(t.Context(), v), workflow.RecodeDivision{
		Decree:   workflow.Decree{Day: monday, Document: &document},
		Division: place.MustParse("430121107"), Code: place.MustParse("430121117"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := s.count(`audit_entry WHERE code = 430121117204 AND township_code = 430121117000`); n < lines || n == 0 {
		t.Fatalf("%d lines moved of %d", n, lines)
	}
	s.sealed(path)
	for _, place := range []string{"code = 430121117205", "code = 430121117204, township_code = 430121107000"} {
		s.exec(`UPDATE audit_entry SET ` + place + ` WHERE id = (SELECT entry_id FROM audit_seal WHERE position = 1)`)
		if r := s.chain(path); r.Chain == nil || r.Chain.Damage != audit.EntryMoved || r.Chain.Position != 1 {
			t.Errorf("%s: %v", place, r.Chain)
		}
	}
}

// Lines and seals are kept, however old: cleaning removes none.
func TestAuditIsKept(t *testing.T) {
	s := newStation(t)
	path := filepath.Join(t.TempDir(), "anchor")
	for _, months := range []int{1, 6, 7, 120} {
		s.exec(`INSERT INTO audit_entry (id, created_at, updated_at, code, subject, viewer_code, verb, entity, entity_id)
			VALUES ($1, now() - make_interval(months => $2), now(), 0, 'job:test', 0, 'x', 'X', $1)`, uuid.New(), months)
	}
	s.runner(sealing(path))
	s.sealed(path)
	before := s.count(`audit_entry`)
	clockwork := workflow.NewClockwork(postgres.Client(s.pool), workflow.ClockworkOptions{
		Clock: func() time.Time { return time.Now().AddDate(20, 0, 0) },
	})
	cleaned, err := clockwork.Clean(viewer.NewContext(t.Context(), viewer.SystemJob("test")), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cleaned {
		if strings.HasPrefix(c.Table, "audit") {
			t.Errorf("%d rows of %s", c.Rows, c.Table)
		}
	}
	if n := s.count(`audit_entry`); n < before || n < 4 {
		t.Errorf("%d lines are left of %d", n, before)
	}
	s.sealed(path)
}
