package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
)

// CloseStation is how a station is closed.
type CloseStation struct {
	ID              uuid.UUID
	ExpectedVersion *int
	ClosedOn        time.Time // first day closed
	Reason          string
}

func (in *CloseStation) check() error {
	var c checker
	in.ClosedOn = calendar.Day(in.ClosedOn)
	in.Reason = c.text(at("撤站原因", "reason"), in.Reason, 2, 500)
	return c.list.Err()
}

// CloseStation closes a station and ends its postings and offices; who had the home here is grouped anew. A station with open
// branches is a conflict.
func (d *Desk) CloseStation(ctx context.Context, in CloseStation) (*gen.Station, error) {
	v, err := d.admit(ctx, VerbCloseStation)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCloseStation, v, func(t *task) (*gen.Station, error) {
		return t.closeStation(ctx, in)
	})
}

func (t *task) closeStation(ctx context.Context, in CloseStation) (*gen.Station, error) {
	old, err := t.lockStation(ctx, in.ID, "input", "id")
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if old.ClosedOn != nil {
		return nil, closedStation("input", "id")
	}
	if err := oneDay(at("撤站日期", "closedOn"), in.ClosedOn, calendar.Day(old.OpenedOn), t.desk.today()); err != nil {
		return nil, err
	}
	var branches bool
	if err := scalar(ctx, t.tx, &branches, `SELECT station_has_branches($1)`, old.ID); err != nil {
		return nil, err
	}
	if branches {
		return nil, fault.Conflict("HAS_BRANCHES", "该站点尚有在用的分站", "input", "id")
	}
	postings, err := t.endPostingsAt(ctx, old.ID, in.ClosedOn)
	if err != nil {
		return nil, err
	}
	offices, err := t.tx.ExecContext(ctx, `UPDATE station_staff
		SET ended_on = greatest($2::date, started_on), version = version + 1, updated_at = now()
		WHERE station_id = $1 AND ended_on IS NULL`, old.ID, in.ClosedOn)
	if err != nil {
		return nil, fmt.Errorf("end the offices: %w", err)
	}
	ended, err := offices.RowsAffected()
	if err != nil {
		return nil, err
	}
	s, err := t.tx.Station.UpdateOne(old).SetClosedOn(in.ClosedOn).SetCloseReason(in.Reason).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypeStation, s.ID, areaOfStation(s), map[string]any{
		"closedOn": in.ClosedOn.Format(time.DateOnly), "postingsEnded": postings, "officesEnded": ended,
	})
}

// endPostingsAt ends the postings of a station, which is locked, so that there come no more.
func (t *task) endPostingsAt(ctx context.Context, id uuid.UUID, closedOn time.Time) (int, error) {
	current, err := t.tx.Posting.Query().Where(posting.StationID(id), posting.EndedOnIsNil()).All(ctx)
	if err != nil || len(current) == 0 {
		return 0, err
	}
	deputies := make([]uuid.UUID, len(current))
	for i, p := range current {
		deputies[i] = p.DeputyID
	}
	if err := t.lockPersons(ctx, deputies...); err != nil {
		return 0, err
	}
	result, err := t.tx.ExecContext(ctx, `UPDATE posting
		SET ended_on = greatest($2::date, started_on), end_reason = '站点撤销', version = version + 1, updated_at = now()
		WHERE station_id = $1 AND ended_on IS NULL`, id, closedOn)
	if err != nil {
		return 0, fmt.Errorf("end the postings: %w", err)
	}
	ended, err := result.RowsAffected()
	if err != nil {
		return 0, err
	}
	return int(ended), t.regroup(ctx, deputies...)
}

// regroup puts deputies and their mandates where the postings in force say, also outside the viewer's area, where they may
// have a second home posting. The persons must be locked.
func (t *task) regroup(ctx context.Context, deputies ...uuid.UUID) error {
	ids := make([]string, len(deputies))
	for i, id := range deputies {
		ids[i] = id.String()
	}
	_, err := t.tx.ExecContext(ctx,
		`SELECT regroup_deputy(id) FROM (SELECT DISTINCT unnest($1::uuid[]) AS id ORDER BY id) deputy`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("regroup: %w", err)
	}
	// Where mandates are grouped decides whose point scheme they are under.
	return t.settle(ctx, deputies...)
}
