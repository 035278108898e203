package audit

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// sealLock is the advisory lock under which one sealer at a time adds to the chain of a database.
const sealLock = 0x6c6c7365616c // "llseal"

// sealBatch is how many lines one transaction seals.
const sealBatch = 1000

// ErrAnchor is that the chain does not lead to the head that the anchor has last: it was cut, brought back from a backup, or made anew. Nothing is added to
// such a chain.
var ErrAnchor = errors.New("the audit's chain does not lead to the last head of its anchor")

// Sealer adds to the chain what is not sealed yet.
type Sealer struct {
	// DB follows the context's viewer, which must be the platform's own, or is the owner's.
	DB     *sql.DB
	Anchor Anchor
	// Suite is what new seals are made with; SHA256 if nil.
	Suite Suite
}

// Seal seals all lines whose transactions are through, brings the anchor up to the chain's head, and answers how many lines that were. Of several at once one
// seals; each brings its own anchor up. What it did not come to before it was cut off, the anchor included, the next one makes up for.
func (s *Sealer) Seal(ctx context.Context) (sealed int, err error) {
	last, err := s.Anchor.Last()
	if err != nil {
		return 0, fmt.Errorf("audit: anchor: %w", err)
	}
	if err := s.check(ctx, last); err != nil {
		return 0, err
	}
	for {
		n, err := s.batch(ctx)
		if err != nil {
			return sealed, fmt.Errorf("audit: seal: %w", err)
		}
		sealed += n
		head, err := headOf(ctx, s.DB)
		if err != nil {
			return sealed, fmt.Errorf("audit: head: %w", err)
		}
		if head.Position > last.Position {
			if err := s.Anchor.Append(head); err != nil {
				return sealed, fmt.Errorf("audit: anchor: %w", err)
			}
			last = head
		}
		if n < sealBatch {
			return sealed, nil
		}
	}
}

// check tells whether the chain leads to a head.
func (s *Sealer) check(ctx context.Context, head Head) error {
	if head.Position == 0 {
		return nil
	}
	var hash []byte
	err := s.DB.QueryRowContext(ctx, `SELECT hash FROM audit_seal WHERE position = $1`, head.Position).Scan(&hash)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("audit: anchor: %w", err)
	case !bytes.Equal(hash, head.Hash):
		return fmt.Errorf("%w, at position %d", ErrAnchor, head.Position)
	}
	return nil
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func headOf(ctx context.Context, db querier) (h Head, err error) {
	err = db.QueryRowContext(ctx, `SELECT position, hash, suite, sealed_at FROM audit_seal ORDER BY position DESC LIMIT 1`).
		Scan(&h.Position, &h.Hash, &h.Suite, &h.SealedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return Head{}, nil
	}
	return h, err
}

// batch seals some lines in a transaction. Each of its statements sees what was through when it began, so the head is that of the sealer before.
func (s *Sealer) batch(ctx context.Context) (n int, err error) {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }()
	var mine bool
	var now time.Time
	if err := tx.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock($1), now()`, int64(sealLock)).Scan(&mine, &now); err != nil || !mine {
		return 0, err
	}
	head, err := headOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	seals, queued, err := s.next(ctx, tx, head, now)
	if err != nil || len(seals) == 0 {
		return 0, err
	}
	if err := store(ctx, tx, seals); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM audit_unsealed WHERE n = ANY ($1)`, pq.Array(queued)); err != nil {
		return 0, err
	}
	return len(seals), tx.Commit()
}

// next makes the seals of lines that are queued, in the order in which they were, and tells their places in the queue.
func (s *Sealer) next(ctx context.Context, tx *sql.Tx, head Head, now time.Time) (seals []Seal, queued []int64, err error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT u.n, e.code, e.province_code, e.city_code, e.county_code, e.township_code, `+entryColumns+`
		FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id ORDER BY u.n LIMIT $1`, sealBatch)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	suite := s.Suite
	if suite == nil {
		suite = SHA256
	}
	before := head.Hash
	for rows.Next() {
		var n int64
		var entry Entry
		seal := Seal{Position: head.Position + int64(len(seals)) + 1, SealedAt: now, Suite: suite.Name()}
		if err := rows.Scan(append(append([]any{&n}, seal.Place.fields()...), entry.fields()...)...); err != nil {
			return nil, nil, err
		}
		seal.Entry = entry.ID
		if seal.Digest, err = entry.digest(suite); err != nil {
			return nil, nil, fmt.Errorf("entry %s: %w", entry.ID, err)
		}
		seal.Hash = seal.link(suite, before)
		before = seal.Hash
		seals, queued = append(seals, seal), append(queued, n)
	}
	return seals, queued, rows.Err()
}

// fields are where the codes of a place are read to.
func (p *Place) fields() []any {
	out := make([]any, len(p))
	for i := range p {
		out[i] = &p[i]
	}
	return out
}

// store writes seals in one statement.
func store(ctx context.Context, tx *sql.Tx, seals []Seal) error {
	positions, entries, places := make([]int64, len(seals)), make([]string, len(seals)), make([]string, len(seals))
	digests, hashes := make([][]byte, len(seals)), make([][]byte, len(seals))
	for i, seal := range seals {
		place, err := pq.Array(seal.Place[:]).Value()
		if err != nil {
			return err
		}
		positions[i], entries[i], places[i] = seal.Position, seal.Entry.String(), fmt.Sprint(place)
		digests[i], hashes[i] = seal.Digest, seal.Hash
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit_seal (position, entry_id, place, digest, hash, suite, sealed_at)
		SELECT v.position, v.entry, v.place::bigint[], v.digest, v.hash, $6, $7
		FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[]) AS v (position, entry, place, digest, hash)`,
		pq.Array(positions), pq.Array(entries), pq.Array(places), pq.Array(digests), pq.Array(hashes), seals[0].Suite, seals[0].SealedAt)
	return err
}
