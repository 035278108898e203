package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	atlas "ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"

	"github.com/lianluo/lianluo/ent/gen/migrate"
)

// diff writes the file that leads from the migrations in dir to ent/schema, worked out on an empty database.
func diff(ctx context.Context, empty *sql.DB, dir, name string, out io.Writer) error {
	local, err := atlas.NewLocalDir(dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	if err := rehash(local); err != nil {
		return err
	}
	before, err := local.Files()
	if err != nil {
		return err
	}
	planner, err := schema.NewMigrate(cascading{entsql.OpenDB(dialect.Postgres, empty)},
		schema.WithMigrationMode(schema.ModeReplay),
		schema.WithDir(local),
		schema.WithFormatter(atlas.DefaultFormatter),
		schema.WithErrNoPlan(true),
	)
	if err != nil {
		return err
	}
	if err := planner.NamedDiff(ctx, name, migrate.Tables...); err != nil {
		if errors.Is(err, atlas.ErrNoPlan) {
			_, _ = fmt.Fprintln(out, "ent/schema and migrations agree; nothing to write")
			return nil
		}
		return fmt.Errorf("compare ent/schema with migrations: %w", err)
	}
	after, err := local.Files()
	if err != nil {
		return err
	}
	for _, f := range after[len(before):] {
		_, _ = fmt.Fprintln(out, f.Name())
	}
	return nil
}

// rehash brings atlas.sum up to date, so that a hand-written file needs no step of its own. What was applied
// somewhere is guarded by the sums that every database keeps.
func rehash(dir *atlas.LocalDir) error {
	sum, err := dir.Checksum()
	if err != nil {
		return fmt.Errorf("checksum of migrations: %w", err)
	}
	return atlas.WriteSumFile(dir, sum)
}

// cascading drops tables with what depends on them. Atlas clears the throw-away database table by table and knows nothing of
// the policies and functions that tie them together.
type cascading struct{ *entsql.Driver }

// Exec runs a statement, a DROP TABLE with CASCADE.
func (d cascading) Exec(ctx context.Context, query string, args, result any) error {
	if strings.HasPrefix(query, "DROP TABLE ") && !strings.HasSuffix(query, " CASCADE") {
		query += " CASCADE"
	}
	return d.Driver.Exec(ctx, query, args, result)
}
