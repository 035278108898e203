package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/postgres"
)

// operator is a context of who changes the tree on behalf of the nation.
func operator(ctx context.Context) (context.Context, error) {
	v, err := viewer.For("operator:divisions", viewer.NationAdmin, place.Nation)
	if err != nil {
		return nil, err
	}
	return viewer.NewContext(ctx, v), nil
}

// readTree reads the divisions that are in being, and those that have ended.
func readTree(ctx context.Context, db *sql.DB) (tree []*stored, gone map[place.Code]ended, err error) {
	rows, err := db.QueryContext(ctx, `SELECT code, parent_code, level, name, valid_to,
			valid_to IS NOT NULL AND EXISTS (SELECT FROM former_division f WHERE f.division_id = d.id AND f.code_then = d.code AND f.valid_to = d.valid_to)
		FROM division d WHERE NOT placeholder AND parent_code IS NOT NULL ORDER BY code`)
	if err != nil {
		return nil, nil, fmt.Errorf("read the tree: %w", err)
	}
	defer rows.Close()
	gone = map[place.Code]ended{}
	for rows.Next() {
		var (
			s  stored
			e  ended
			on sql.NullTime
		)
		if err := rows.Scan(&s.code, &s.parent, &s.level, &s.name, &on, &e.abolished); err != nil {
			return nil, nil, fmt.Errorf("read the tree: %w", err)
		}
		if on.Valid {
			e.name, e.on = s.name, on.Time
			gone[s.code] = e
			continue
		}
		tree = append(tree, &s)
	}
	return tree, gone, rows.Err()
}

// applier makes steps.
type applier struct {
	desk   *workflow.Desk
	decree workflow.Decree
}

// apply makes the steps one after the other, each in a transaction of its own. What is refused is told and left; the others go on.
func apply(ctx context.Context, db *sql.DB, steps []step, day time.Time, document string, out io.Writer) error {
	a := applier{workflow.NewDesk(postgres.Client(db), workflow.Options{}), workflow.Decree{Day: day}}
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
		_, err = a.desk.EstablishDivision(ctx, workflow.EstablishDivision{
			ID: s.row.ID, Code: s.row.Code, Name: s.row.Name, Parent: *s.row.Parent, Day: a.decree.Day,
		})
	case abolish:
		_, err = a.desk.AbolishDivision(ctx, workflow.AbolishDivision{Decree: a.decree, Division: s.code})
	}
	return err
}
