package workflow

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/tally"
)

// RemindDeputies is who is to be reminded of what the norms still ask for (履职提醒).
type RemindDeputies struct {
	Mandates []uuid.UUID
}

// mostReminded is how many mandates one reminder may name: a page of the list.
const mostReminded = 100

// Reminded is what a reminder came to.
type Reminded struct {
	// Mandates counts those of whom something is still asked in a period that is under way, and who were reminded; the others have done it all.
	Mandates int
}

// Unwrap returns itself.
func (r *Reminded) Unwrap() *Reminded { return r }

// RemindDeputies tells deputies grouped in the viewer's area that the norms still ask something of them in the periods that are under way.
// Who has done everything is not told.
func (d *Desk) RemindDeputies(ctx context.Context, in RemindDeputies) (*Reminded, error) {
	v, err := d.admit(ctx, VerbRemindDeputies)
	if err != nil {
		return nil, err
	}
	var c checker
	switch f := at("代表职务", "mandates"); {
	case len(in.Mandates) == 0:
		c.add(f, "REQUIRED", "不能为空")
	case len(in.Mandates) > mostReminded:
		c.add(f, "TOO_MANY", fmt.Sprintf("最多 %d 个", mostReminded))
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRemindDeputies, v, func(t *task) (*Reminded, error) { return t.remind(ctx, in.Mandates) })
}

func (t *task) remind(ctx context.Context, ids []uuid.UUID) (*Reminded, error) {
	found, err := t.tx.Mandate.Query().Where(mandate.IDIn(ids...)).Order(mandate.ByCode(), mandate.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		at := slices.IndexFunc(found, func(m *gen.Mandate) bool { return m.ID == id })
		if at < 0 || !tally.Counted(t.viewer, found[at]) {
			return nil, fault.NotFound("代表职务不存在或不在辖区内", "input", "mandates", strconv.Itoa(i))
		}
	}
	today := t.desk.today()
	checks, err := tally.Checks(ctx, t.tx, found, today.Year(), today)
	if err != nil {
		return nil, err
	}
	var lacking []uuid.UUID
	for _, m := range found {
		if m.Status.OnRoll() && len(tally.Lacking(checks[m.ID], today)) > 0 {
			lacking = append(lacking, m.ID)
		}
	}
	if len(lacking) == 0 {
		return &Reminded{}, nil
	}
	if err := t.announceAll(ctx, kind.NoticeReminder, gen.TypeMandate, lacking); err != nil {
		return nil, err
	}
	own, err := t.tx.Division.Query().Where(division.Code(t.viewer.Division)).Only(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.audit(ctx, gen.TypeDivision, own.ID, areaOfDivision(own), map[string]any{"mandates": lacking}); err != nil {
		return nil, err
	}
	return &Reminded{len(lacking)}, nil
}

// announceAll is announce for several things, with one statement.
func (t *task) announceAll(ctx context.Context, notice kind.Notice, entity string, ids []uuid.UUID) error {
	_, err := t.tx.ExecContext(ctx, `SELECT enqueue_notice($1, $2, id) FROM unnest($3::uuid[]) id`, string(notice), entity, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}
