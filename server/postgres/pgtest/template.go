package pgtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/migrations"
)

// step is one part of making the template.
type step struct {
	// name is for error messages.
	name string
	// fingerprint changes whenever the step would give another result.
	fingerprint func() (string, error)
	// run changes the database as its owner.
	run func(ctx context.Context, owner *sql.DB) error
}

// steps make the template, in this order.
func steps() []step {
	return []step{
		{"migrations", func() (string, error) { return hashFiles(migrations.Files) }, migrate},
		{"divisions", fingerprintDivisions, loadDivisions},
	}
}

func migrate(ctx context.Context, owner *sql.DB) error {
	return migrations.Up(ctx, owner, nil)
}

// hashFiles is the fingerprint of files: their names and contents.
func hashFiles(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%q %d\n%s", path, len(content), content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// The template gets its name when it is whole; a process that is killed leaves but a draft.
const (
	templateName = "lianluo_template"
	draftName    = "lianluo_draft"
)

// template makes the template unless another process has made it.
func (m *member) template() error {
	m.once.Do(func() { m.failed = m.makeTemplate() })
	return m.failed
}

func (m *member) makeTemplate() (err error) {
	turn, err := lock(m.file("template.lock"), exclusive)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, turn.Close()) }()

	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	var made bool
	err = with(m.address.URL("postgres"), func(db *sql.DB) error {
		const find = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
		return db.QueryRowContext(ctx, find, templateName).Scan(&made)
	})
	if err != nil || made {
		return err
	}
	if err := m.drop(ctx, draftName); err != nil {
		return err
	}
	if err := m.clone(ctx, draftName, "template0"); err != nil {
		return err
	}
	err = with(m.address.URL(draftName), func(db *sql.DB) error {
		for _, s := range m.steps {
			if err := s.run(ctx, db); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		// The clones have no autovacuum to learn about their rows from.
		_, err := db.ExecContext(ctx, "VACUUM (FREEZE, ANALYZE)")
		return err
	})
	if err != nil {
		return err
	}
	// Nobody may connect to a template: that would keep it from being cloned.
	return administer(ctx, m.address,
		"ALTER DATABASE "+pq.QuoteIdentifier(draftName)+" ALLOW_CONNECTIONS false",
		"ALTER DATABASE "+pq.QuoteIdentifier(draftName)+" RENAME TO "+pq.QuoteIdentifier(templateName),
	)
}

// with opens a database for one piece of work.
func with(url string, work func(db *sql.DB) error) (err error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return work(db)
}
