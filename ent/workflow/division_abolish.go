package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// AbolishDivision is the end of a division that nothing takes over from (撤销).
type AbolishDivision struct {
	Decree
	Division place.Code
}

func (in *AbolishDivision) check(today time.Time) error {
	var c checker
	in.Decree.check(&c, today)
	return c.list.Err()
}

// AbolishDivision ends a division below the viewer's own in which there is nothing left to go on with: no division, open station, mandate on the roll, open
// case or active account. What is over stays with it.
func (d *Desk) AbolishDivision(ctx context.Context, in AbolishDivision) (*Reorganisation, error) {
	return reorganise(ctx, d, VerbAbolishDivision, &in)
}

func (in *AbolishDivision) plan(ctx context.Context, t *task) (*reform, error) {
	path := []string{"input", "division"}
	r := newReform(kind.ChangeAbolish)
	rows, err := t.changing(ctx, in.Division, path...)
	if err != nil {
		return nil, err
	}
	root := rows[0]
	r.add(rows[:1])
	for _, s := range rows[1:] {
		if s.ValidTo == nil && !s.Placeholder {
			return nil, fault.Conflict("NOT_EMPTY", "该区划尚有下级区划:"+s.Name, path...)
		}
	}
	if err := in.checkRest(ctx, t, path); err != nil {
		return nil, err
	}
	r.goals[in.Division] = &goal{code: in.Division, ends: true, heir: root.Area, path: path}
	r.before, r.after = []place.Named{root.named()}, []place.Named{}
	return r, nil
}

// checkRest refuses to abolish a division in which something goes on, also what the viewer may not see.
func (in *AbolishDivision) checkRest(ctx context.Context, t *task, path []string) (err error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT stations, mandates, opinions, accounts FROM division_rests($1)`, int64(in.Division))
	if err != nil {
		return fmt.Errorf("ask what is left: %w", err)
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	var rest []string
	for rows.Next() {
		var stations, mandates, opinions, accounts int
		if err := rows.Scan(&stations, &mandates, &opinions, &accounts); err != nil {
			return fmt.Errorf("ask what is left: %w", err)
		}
		for _, kept := range []struct {
			n    int
			what string
		}{{stations, "在用站点"}, {mandates, "在册代表职务"}, {opinions, "未办结的社情民意"}, {accounts, "在用账号"}} {
			if kept.n > 0 {
				rest = append(rest, fmt.Sprintf("%s %d 个", kept.what, kept.n))
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("ask what is left: %w", err)
	}
	if len(rest) > 0 {
		return fault.Conflict("NOT_EMPTY", "该区划尚有"+strings.Join(rest, "、"), path...)
	}
	return nil
}
