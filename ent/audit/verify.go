package audit

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Damage is what is wrong with a chain.
type Damage string

// What Verify finds.
const (
	// EntryGone is a line that was queued or sealed, and is not there.
	EntryGone Damage = "ENTRY_GONE"
	// EntryChanged is a line that is not what was sealed.
	EntryChanged Damage = "ENTRY_CHANGED"
	// EntryMoved is a line at a place to which no change of the tree leads from where it was sealed.
	EntryMoved Damage = "ENTRY_MOVED"
	// EntrySmuggled is a line that is neither sealed nor queued: it came in past the queue, or its seal was taken out.
	EntrySmuggled Damage = "ENTRY_SMUGGLED"
	// SealGone is a position without a seal, with more behind it.
	SealGone Damage = "SEAL_GONE"
	// SealChanged is a seal that does not follow from the one before: one of them, or their order, was changed.
	SealChanged Damage = "SEAL_CHANGED"
	// SuiteUnknown is a seal whose suite this program does not have.
	SuiteUnknown Damage = "SUITE_UNKNOWN"
	// ChainCut is a head of the anchor that the chain ends before: it was cut, or brought back from a backup.
	ChainCut Damage = "CHAIN_CUT"
	// ChainRemade is a head of the anchor that is another one than the chain's at that position: from the head before on the chain was made anew.
	ChainRemade Damage = "CHAIN_REMADE"
	// AnchorBehind is an anchor that ends long before the chain.
	AnchorBehind Damage = "ANCHOR_BEHIND"
	// AnchorChanged is an anchor that cannot be read to its end, or whose heads do not follow each other.
	AnchorChanged Damage = "ANCHOR_CHANGED"
)

// Fault is one thing that is wrong.
type Fault struct {
	Damage Damage
	// Position is that of the first link concerned; 0 for what has none.
	Position int64
	// Entry is the line concerned; uuid.Nil where that is not known.
	Entry uuid.UUID
	// Detail tells a person more.
	Detail string
}

func (f Fault) String() string {
	out := string(f.Damage)
	if f.Position > 0 {
		out += fmt.Sprintf(" at position %d", f.Position)
	}
	if f.Entry != uuid.Nil {
		out += fmt.Sprintf(", entry %s", f.Entry)
	}
	return out + ": " + f.Detail
}

// Report is what Verify finds.
type Report struct {
	// Checked counts the links that hold, Anchored the heads of the anchor that they lead to.
	Checked, Anchored int64
	// Head is the last link that holds.
	Head Head
	// Chain is the first link that does not hold; nil when all do.
	Chain *Fault
	// Anchor is how the anchor and the chain differ; nil when they do not.
	Anchor *Fault
	// Unsealed counts the lines that wait to be sealed, Oldest tells for how long the first of them has.
	Unsealed int64
	Oldest   time.Duration
	// Late counts lines that were sealed longer after they were written, as they say, than patience allows: the platform stood still, or they were written
	// with an earlier time. FirstLate is the position of the first.
	Late, FirstLate int64
}

// Check says how Verify works.
type Check struct {
	// Heads are the anchor's, nil without one, in the order in which they were added. They must have been taken before Verify is called: what is added meanwhile may lie
	// behind what it looks at.
	Heads iter.Seq2[Head, error]
	// Patience is how long a line may wait to be sealed, and a seal to be anchored.
	Patience time.Duration
	// Suites are what seals may be made with; SHA256 alone if empty.
	Suites []Suite
}

// verifyBatch is how many links are read at once.
const verifyBatch = 1000

// Verify walks the chain from its beginning to the first link that is broken, holding as much in memory as one batch takes however long it is. It looks at
// one moment, whatever is written meanwhile, and makes nobody wait. It needs the owner of the database.
func Verify(ctx context.Context, db *sql.DB, c Check) (r Report, err error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return r, fmt.Errorf("audit: verify: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	w := walk{tx: tx, suites: map[string]Suite{SHA256.Name(): SHA256}, patience: c.Patience, anchored: c.Heads != nil}
	for _, s := range c.Suites {
		w.suites[s.Name()] = s
	}
	heads := c.Heads
	if heads == nil {
		heads = func(func(Head, error) bool) {}
	}
	var stop func()
	w.pull, stop = iter.Pull2(heads)
	defer stop()
	if err := w.run(ctx); err != nil {
		return w.Report, fmt.Errorf("audit: verify: %w", err)
	}
	return w.Report, nil
}

// walk is one way along the chain.
type walk struct {
	Report
	tx       *sql.Tx
	suites   map[string]Suite
	patience time.Duration
	now      time.Time

	// pull hands out the anchor's heads; head is the next one, when there is.
	pull     func() (Head, error, bool)
	anchored bool // there is an anchor
	head     Head
	heads    bool
	last     Head      // of the anchor, so far
	exposed  time.Time // when the first seal was made of those behind the anchor's last head
}

func (w *walk) run(ctx context.Context) error {
	if err := w.tx.QueryRowContext(ctx, `SELECT now()`).Scan(&w.now); err != nil {
		return err
	}
	w.nextHead()
	for w.Chain == nil {
		n, err := w.batch(ctx)
		if err != nil {
			return err
		}
		if n < verifyBatch {
			break
		}
	}
	if w.Chain == nil {
		if err := w.finish(ctx); err != nil {
			return err
		}
	}
	return w.waiting(ctx)
}

// link is what is stored of one link.
type link struct {
	Seal
	at    Place // where the line is now
	line  Entry
	there bool // the line is
	fits  bool // the place it is at follows from the one it was sealed at
}

// linksSQL reads links with their lines. A line that moved is where its division went: that is noted as a former division, at the code that it had, with the
// code that it has now or that of the one which took over.
const linksSQL = `
SELECT s.position, s.entry_id, s.place, s.digest, s.hash, s.suite, s.sealed_at, e.id IS NOT NULL,
    e.code, e.province_code, e.city_code, e.county_code, e.township_code,
    ARRAY[e.code, e.province_code, e.city_code, e.county_code, e.township_code] = s.place
        OR EXISTS (SELECT FROM former_division f JOIN division d ON d.code = f.code
            WHERE f.code_then = s.place[1] AND f.code = e.code
              AND (d.province_code, d.city_code, d.county_code, d.township_code)
                  IS NOT DISTINCT FROM (e.province_code, e.city_code, e.county_code, e.township_code)),
    coalesce(e.id, s.entry_id), coalesce(e.version, 0), coalesce(e.created_at, s.sealed_at), coalesce(e.updated_at, s.sealed_at), coalesce(e.subject, ''), e.role,
    coalesce(e.viewer_code, 0), coalesce(e.verb, ''), coalesce(e.entity, ''), coalesce(e.entity_id, s.entry_id), e.detail
FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id
WHERE s.position > $1 ORDER BY s.position LIMIT $2`

func (w *walk) batch(ctx context.Context) (n int, err error) {
	n, last, err := w.read(ctx)
	if err != nil || w.Chain == nil || w.Chain.Damage != EntryChanged {
		return n, err
	}
	return n, w.whose(ctx, last)
}

// read takes links up to the first that is broken, and answers how many those were and the last of them.
func (w *walk) read(ctx context.Context) (n int, last *link, err error) {
	rows, err := w.tx.QueryContext(ctx, linksSQL, w.Head.Position, verifyBatch)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() && w.Chain == nil {
		n++
		var l link
		var codes []sql.NullInt64
		fields := []any{&l.Position, &l.Entry, pq.Array(&codes), &l.Digest, &l.Hash, &l.Suite, &l.SealedAt, &l.there}
		fields = append(append(append(fields, l.at.fields()...), &l.fits), l.line.fields()...)
		if err := rows.Scan(fields...); err != nil {
			return n, nil, err
		}
		copy(l.Place[:], codes)
		if err := w.take(&l); err != nil {
			return n, nil, err
		}
		last = &l
	}
	return n, last, rows.Err()
}

// take holds a link against the one before and against the anchor.
func (w *walk) take(l *link) error {
	fault := func(d Damage, detail string) { w.Chain = &Fault{d, l.Position, l.Entry, detail} }
	if want := w.Head.Position + 1; l.Position != want {
		w.Chain = &Fault{SealGone, want, uuid.Nil, fmt.Sprintf("the next seal is at position %d", l.Position)}
		return nil
	}
	suite := w.suites[l.Suite]
	if suite == nil {
		fault(SuiteUnknown, fmt.Sprintf("the suite %q is not known here", l.Suite))
		return nil
	}
	if !l.there {
		fault(EntryGone, "the line was removed")
		return nil
	}
	digest, err := l.line.digest(suite)
	switch {
	case err != nil:
		return fmt.Errorf("entry %s: %w", l.Entry, err)
	case !bytes.Equal(digest, l.Digest):
		fault(EntryChanged, "the line is not what was sealed")
	case !bytes.Equal(l.link(suite, w.Head.Hash), l.Hash):
		fault(SealChanged, "the seal does not follow from the one before: it, its order or the one before was changed")
	case !l.fits:
		fault(EntryMoved, fmt.Sprintf("the line lies at %d, which no change of the tree leads to from %d", l.at[0].Int64, l.Place[0].Int64))
	}
	if w.Chain != nil {
		return nil
	}
	return w.hold(l)
}

// hold takes a link as good, and looks whether it is what the anchor has.
func (w *walk) hold(l *link) error {
	if late := l.SealedAt.Sub(l.line.CreatedAt); late > w.patience {
		if w.Late++; w.FirstLate == 0 {
			w.FirstLate = l.Position
		}
	}
	for w.heads && w.head.Position == l.Position {
		if !bytes.Equal(w.head.Hash, l.Hash) {
			w.Chain = &Fault{ChainRemade, w.last.Position + 1, uuid.Nil, fmt.Sprintf(
				"the chain leads to the anchor's head at %d, and to another one than the anchor's at %d: between them it was made anew", w.last.Position, l.Position)}
			return nil
		}
		w.Anchored++
		w.last, w.exposed = w.head, time.Time{}
		w.nextHead()
	}
	if l.Position > w.last.Position && w.exposed.IsZero() {
		w.exposed = l.SealedAt
	}
	w.Checked++
	w.Head = Head{l.Position, l.Hash, l.Suite, l.SealedAt}
	return nil
}

// nextHead goes on to the anchor's next head. What is wrong with the anchor itself is told once.
func (w *walk) nextHead() {
	before := w.head
	var err error
	w.head, err, w.heads = w.pull()
	switch {
	case !w.heads:
		return
	case err != nil:
		w.heads = false
		w.Anchor = &Fault{AnchorChanged, before.Position, uuid.Nil, err.Error()}
	case w.head.Position < before.Position || w.head.Position == before.Position && !bytes.Equal(w.head.Hash, before.Hash) || w.head.Position < 1:
		w.heads = false
		w.Anchor = &Fault{AnchorChanged, w.head.Position, uuid.Nil, fmt.Sprintf("the head at %d comes after the one at %d", w.head.Position, before.Position)}
	}
}

// finish holds the chain's end against the anchor's.
func (w *walk) finish(ctx context.Context) error {
	if w.heads {
		w.Chain = &Fault{ChainCut, w.Head.Position + 1, uuid.Nil, fmt.Sprintf("the chain ends before the anchor's head at %d", w.head.Position)}
		return nil
	}
	// The anchor may lack what was sealed last: the sealer may be about to add it.
	if w.anchored && w.Anchor == nil && !w.exposed.IsZero() && !w.exposed.Equal(w.Head.SealedAt) && w.now.Sub(w.exposed) > w.patience {
		w.Anchor = &Fault{AnchorBehind, w.last.Position + 1, uuid.Nil, fmt.Sprintf("what was sealed since %s is not in the anchor", w.exposed.UTC().Format(time.RFC3339))}
	}
	return w.unsealed(ctx)
}

// unsealed looks for lines that are neither sealed nor queued, and for those queued that are gone.
func (w *walk) unsealed(ctx context.Context) error {
	for _, look := range []struct {
		query  string
		damage Damage
		detail string
	}{
		{
			`SELECT u.entry_id FROM audit_unsealed u WHERE NOT EXISTS (SELECT FROM audit_entry e WHERE e.id = u.entry_id) ORDER BY u.n LIMIT 1`,
			EntryGone, "the line was removed before it was sealed",
		},
		{
			`SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id)
			AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.entry_id = e.id) ORDER BY e.created_at, e.id LIMIT 1`,
			EntrySmuggled, "the line is neither sealed nor about to be",
		},
	} {
		var id uuid.UUID
		err := w.tx.QueryRowContext(ctx, look.query).Scan(&id)
		switch {
		case err == nil:
			w.Chain = &Fault{look.damage, 0, id, look.detail}
			return nil
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
	}
	return nil
}

// waiting counts the lines that wait to be sealed.
func (w *walk) waiting(ctx context.Context) error {
	var seconds float64
	err := w.tx.QueryRowContext(ctx, `
		SELECT count(*), coalesce(extract(epoch FROM now() - min(e.created_at)), 0)
		FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id`).Scan(&w.Unsealed, &seconds)
	w.Oldest = time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)
	return err
}

// whose tells of a line that was changed whether it is what was sealed for another one.
func (w *walk) whose(ctx context.Context, l *link) error {
	digest, err := l.line.digest(w.suites[l.Suite])
	if err != nil {
		return err
	}
	var position int64
	err = w.tx.QueryRowContext(ctx, `SELECT position FROM audit_seal WHERE digest = $1 ORDER BY position LIMIT 1`, digest).Scan(&position)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	w.Chain.Detail = fmt.Sprintf("the line is the one that was sealed at position %d", position)
	return nil
}
