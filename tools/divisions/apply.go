package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// readTree reads the divisions that are in being, as the owner.
func readTree(ctx context.Context, db *sql.DB) ([]*stored, error) {
	rows, err := db.QueryContext(ctx, `SELECT code, parent_code, level, name FROM division
		WHERE NOT placeholder AND valid_to IS NULL AND parent_code IS NOT NULL ORDER BY code`)
	if err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	defer rows.Close()
	var out []*stored
	for rows.Next() {
		var s stored
		if err := rows.Scan(&s.code, &s.parent, &s.level, &s.name); err != nil {
			return nil, fmt.Errorf("read the tree: %w", err)
		}
		out = append(out, &s)
	}
	return out, rows.Err()
}

// applier makes steps.
type applier struct {
	owner   *sql.DB
	desk    *workflow.Desk
	decree  workflow.Decree
	speller *spelling.Speller
}

// apply makes the steps one after the other, each in a transaction of its own. What is refused is told and left; the others go on.
func apply(ctx context.Context, b bases, steps []step, day time.Time, document string, out io.Writer) error {
	v, err := viewer.For("operator:divisions", viewer.NationAdmin, place.Nation)
	if err != nil {
		return err
	}
	ctx = viewer.NewContext(ctx, v)
	a := applier{b.owner, workflow.NewDesk(postgres.Client(b.app), workflow.Options{}), workflow.Decree{Day: day}, spelling.NewSpeller()}
	if document != "" {
		a.decree.Document = &document
	}
	left := 0
	for _, s := range steps {
		err := a.make(ctx, s)
		var refused *fault.Fault
		switch {
		case errors.As(err, &refused):
			left++
			_, _ = fmt.Fprintf(out, "未办 (refused) %s:%s\n", s, refused.Message)
		case err != nil:
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	_, _ = fmt.Fprintf(out, "已办 %d 项,未办 %d 项\n", len(steps)-left, left)
	if left > 0 {
		return errLeft
	}
	return nil
}

func (a *applier) make(ctx context.Context, s step) (err error) {
	switch s := s.(type) {
	case rename:
		_, err = a.desk.RenameDivision(ctx, workflow.RenameDivision{Decree: a.decree, Division: s.code, Name: s.to})
	case recode:
		if s.parent == place.Nation { // the nation itself is not to be changed, so each of its provinces by itself
			for _, c := range s.children {
				if _, err := a.desk.RecodeDivision(ctx, workflow.RecodeDivision{Decree: a.decree, Division: c.from, Code: c.to}); err != nil {
					return err
				}
			}
			return nil
		}
		in := workflow.RecodeDivision{Decree: a.decree, Division: s.parent, Code: s.parent}
		for _, c := range s.children {
			in.Children = append(in.Children, workflow.NewCode{Division: c.from, Code: c.to})
		}
		_, err = a.desk.RecodeDivision(ctx, in)
	case transfer:
		_, err = a.desk.TransferDivision(ctx, workflow.TransferDivision{
			RecodeDivision: workflow.RecodeDivision{Decree: a.decree, Division: s.from, Code: s.to}, Parent: s.parent,
		})
	case add:
		err = a.add(ctx, s.row)
	case abolish:
		_, err = a.desk.AbolishDivision(ctx, workflow.AbolishDivision{Decree: a.decree, Division: s.code})
	}
	return err
}

// add enters a division that is new, with what it is found by. Its id is that of its code, unless the division that first had the code lives on under another.
func (a *applier) add(ctx context.Context, r divisions.Row) error {
	tx, err := a.owner.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	result, err := tx.ExecContext(ctx, `
		INSERT INTO division (id, created_at, updated_at, code, level, name, parent_id, parent_code, province_code, city_code, county_code, township_code, valid_from)
		SELECT CASE WHEN EXISTS (SELECT FROM division d WHERE d.id = $1) THEN $2::uuid ELSE $1 END, now(), now(), $3, $4, $5, p.id, p.code,
			$6, $7, $8, $9, $10
		FROM division p WHERE p.code = $11 AND p.valid_to IS NULL AND NOT EXISTS (SELECT FROM division d WHERE d.code = $3)`,
		r.ID, uuid.Must(uuid.NewV7()), int64(r.Code), r.Level, r.Name, orNull(r.Province), orNull(r.City), orNull(r.County), orNull(r.Township), a.decree.Day, int64(*r.Parent))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.Conflict("CODE_TAKEN", "该代码已被其他区划使用,或其上级不存在"))
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO division_key (key, code) SELECT DISTINCT unnest($1::text[]), $2::bigint`, pq.Array(a.speller.Keys(r.Name)), int64(r.Code))
	if err != nil {
		return err
	}
	return tx.Commit()
}

func orNull(code *place.Code) any {
	if code == nil {
		return nil
	}
	return int64(*code)
}
