package workflow

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql/sqlgraph"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// Attendances is who came to an activity, at one of its stations.
type Attendances struct {
	// Station is the host if there is none; a keeper's own station, of a keeper.
	Station   *uuid.UUID
	Deputies  []AttendingDeputy
	Officials []AttendingOfficial
}

// AttendingDeputy is a deputy who came. One who is not posted at the station must be said to be a guest (列席).
type AttendingDeputy struct {
	Deputy uuid.UUID
	Guest  bool
	Note   *string
}

// AttendingOfficial is an official who came, known by organ and name.
type AttendingOfficial struct {
	Organ uuid.UUID
	Name  string
	Title *string
}

// mostAttending bounds how many are entered at once.
const mostAttending = 200

func (in *Attendances) empty() bool { return len(in.Deputies)+len(in.Officials) == 0 }

// check looks at the list, which stands at a path below the input.
func (in *Attendances) check(c *checker, path ...string) {
	in.Deputies, in.Officials = append([]AttendingDeputy(nil), in.Deputies...), append([]AttendingOfficial(nil), in.Officials...)
	below := func(label string, rest ...string) field {
		return at(label, append(append([]string(nil), path...), rest...)...)
	}
	deputies := map[uuid.UUID]bool{}
	for i := range in.Deputies {
		p := &in.Deputies[i]
		if deputies[p.Deputy] {
			c.add(below("代表", "deputies", strconv.Itoa(i), "deputy"), "REPEATED", "不能重复")
		}
		deputies[p.Deputy] = true
		p.Note = c.optional(below("备注", "deputies", strconv.Itoa(i), "note"), p.Note, 200)
	}
	officials := map[AttendingOfficial]bool{}
	for i := range in.Officials {
		p := &in.Officials[i]
		name := below("姓名", "officials", strconv.Itoa(i), "name")
		p.Name = c.text(name, p.Name, 2, 40)
		p.Title = c.optional(below("职务", "officials", strconv.Itoa(i), "title"), p.Title, 40)
		key := AttendingOfficial{Organ: p.Organ, Name: p.Name}
		if officials[key] {
			c.add(name, "REPEATED", "不能重复")
		}
		officials[key] = true
	}
	if len(in.Deputies)+len(in.Officials) > mostAttending {
		c.add(below("出席人员", "deputies"), "TOO_MANY", "一次最多 200 人")
	}
}

// RecordAttendance is who came to an activity (登记出席).
type RecordAttendance struct {
	ActivityRef
	Attendances
	// Reason is why a record is changed.
	Reason *string
}

// RecordAttendance enters deputies and officials who came to an activity, each once: by the host, or by a station that takes part for those who came
// there, or an administrator in whose area it lies. To an activity that is recorded already they are added with a reason.
func (d *Desk) RecordAttendance(ctx context.Context, in RecordAttendance) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbRecordAttendance, on: in.ActivityRef, partners: true,
		check: func(c *checker) {
			in.check(c)
			if in.empty() {
				c.add(at("出席人员", "deputies"), "REQUIRED", "不能为空")
			}
			in.Reason = c.optional(at("原因", "reason"), in.Reason, longestNote)
		},
		do: func(ctx context.Context, t *task, a *gen.Activity, do *arranging) error {
			if a.State == state.ActivityRecorded && in.Reason == nil {
				return fault.Invalid("REQUIRED", "该活动已记录,补登出席应说明原因", "input", "reason")
			}
			if err := t.attend(ctx, a, in.Attendances, do); err != nil {
				return err
			}
			if in.Reason != nil {
				text := *do.text + ":" + *in.Reason
				do.text, do.detail["reason"] = &text, *in.Reason
			}
			return nil
		},
	})
}

// attend enters who came to an activity. The path leads to the list, below the input.
func (t *task) attend(ctx context.Context, a *gen.Activity, in Attendances, do *arranging, path ...string) error {
	path = append([]string{"input"}, path...)
	s, err := t.stationOf(ctx, a, t.whereTo(a, in.Station), append(path, "station")...)
	if err != nil {
		return err
	}
	rows, err := t.deputiesAttending(ctx, a, s, in.Deputies, append(path, "deputies")...)
	if err != nil {
		return err
	}
	for i, p := range in.Officials {
		at := append(append([]string(nil), path...), "officials", strconv.Itoa(i))
		row, err := t.officialAttending(ctx, a, s, p, at...)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		areaOfStation(s).put(row.Mutation())
		row.SetCodeThen(s.Code).SetActivityID(a.ID).SetStationID(s.ID).SetDay(a.Day).SetSource(kind.AttendanceRecorded)
	}
	err = t.tx.Attendance.CreateBulk(rows...).Exec(ctx)
	if sqlgraph.IsUniqueConstraintError(err) { // someone who came at a station that is not in sight
		return twice("其中有人已在其他站点登记出席该活动", append(path, "deputies")...)
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("登记 %s 出席 %d 人", s.Name, len(rows))
	do.text, do.place = &text, areaOfStation(s)
	do.detail["station"], do.detail["attendances"] = s.ID, len(rows)
	return nil
}

// whereTo is the station that people came to if none is named.
func (t *task) whereTo(a *gen.Activity, named *uuid.UUID) uuid.UUID {
	switch {
	case named != nil:
		return *named
	case t.viewer.Station != uuid.Nil:
		return t.viewer.Station
	}
	return a.StationID
}

func twice(message string, path ...string) error { return fault.Conflict("TWICE", message, path...) }

// deputiesAttending makes the rows of deputies who came to a station.
func (t *task) deputiesAttending(
	ctx context.Context, a *gen.Activity, s *gen.Station, in []AttendingDeputy, path ...string,
) ([]*gen.AttendanceCreate, error) {
	if len(in) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(in))
	for i, p := range in {
		ids[i] = p.Deputy
	}
	known, err := t.deputiesKnown(ctx, ids)
	if err != nil {
		return nil, err
	}
	ranks, err := t.ranks(ctx, ids, a.Day)
	if err != nil {
		return nil, err
	}
	posted, err := t.postedAt(ctx, s.ID, ids, a.Day)
	if err != nil {
		return nil, err
	}
	came, err := t.tx.Attendance.Query().Where(attendance.ActivityID(a.ID), attendance.DeputyIDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	there := make(map[uuid.UUID]bool, len(came))
	for _, c := range came {
		there[*c.DeputyID] = true
	}
	rows := make([]*gen.AttendanceCreate, len(in))
	for i, p := range in {
		at := append(append([]string(nil), path...), strconv.Itoa(i), "deputy")
		name, ok := known[p.Deputy]
		served := ranks[p.Deputy]
		switch {
		case !ok:
			return nil, fault.NotFound("代表不存在或不在辖区内", at...)
		case there[p.Deputy]:
			return nil, twice(name+"已登记出席该活动", at...)
		case !posted[p.Deputy] && !p.Guest:
			return nil, fault.Conflict("NOT_POSTED", name+"当日未编入该站点,只能作为列席代表登记", at...)
		case served == nil:
			return nil, notServing(name, at...)
		}
		rows[i] = t.tx.Attendance.Create().SetDeputyID(p.Deputy).SetMandateID(served.mandate).SetLevel(served.level).
			SetGuest(!posted[p.Deputy]).SetNillableNote(p.Note)
	}
	return rows, nil
}

// notServing refuses a deputy who had no mandate, or only a suspended one, on the day.
func notServing(name string, path ...string) error {
	return fault.Conflict("NOT_ON_ROLL", name+"当日没有可履行的代表职务(尚未当选、已终止或暂停,或当日不属于本辖区)", path...)
}

// deputiesKnown names the deputies among some who are in sight.
func (t *task) deputiesKnown(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	found, err := t.tx.Deputy.Query().Where(deputy.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]string, len(found))
	for _, d := range found {
		out[d.ID] = d.Name
	}
	return out, nil
}

// servingAs is as what a deputy came: the highest mandate of the day.
type servingAs struct {
	mandate uuid.UUID
	level   kind.CongressLevel
}

// ranks are the ranks of deputies on a day; of those who served under no mandate there is none.
func (t *task) ranks(ctx context.Context, deputies []uuid.UUID, day time.Time) (_ map[uuid.UUID]*servingAs, err error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT d.id, r.mandate, r.level
		FROM unnest($1::uuid[]) AS d (id) CROSS JOIN LATERAL deputy_rank(d.id, $2::date) r`, pq.Array(deputies), day.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("ranks of deputies: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	out := map[uuid.UUID]*servingAs{}
	for rows.Next() {
		var id uuid.UUID
		var r servingAs
		if err := rows.Scan(&id, &r.mandate, &r.level); err != nil {
			return nil, err
		}
		out[id] = &r
	}
	return out, rows.Err()
}

// postedAt tells who of some deputies was posted at a station on a day.
func (t *task) postedAt(ctx context.Context, station uuid.UUID, deputies []uuid.UUID, day time.Time) (map[uuid.UUID]bool, error) {
	postings, err := t.tx.Posting.Query().Where(posting.StationID(station), posting.DeputyIDIn(deputies...), inForceOn(day)).All(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]bool, len(postings))
	for _, p := range postings {
		out[p.DeputyID] = true
	}
	return out, nil
}

// inForceOn are the postings in force on a day.
func inForceOn(day time.Time) predicate.Posting {
	return posting.And(posting.StartedOnLTE(day), posting.Or(posting.EndedOnIsNil(), posting.EndedOnGT(day)))
}

// officialAttending makes the row of an official who came. The organ works at the station's place or above it.
func (t *task) officialAttending(
	ctx context.Context, a *gen.Activity, s *gen.Station, p AttendingOfficial, path ...string,
) (*gen.AttendanceCreate, error) {
	var over bool
	if err := scalar(ctx, t.tx, &over, `SELECT organ_over($1, $2)`, p.Organ, int64(s.Code)); err != nil {
		return nil, err
	}
	if !over {
		return nil, fault.NotFound("机关不存在,或不是站点所在地及其上级的机关", append(path, "organ")...)
	}
	came, err := t.tx.Attendance.Query().
		Where(attendance.ActivityID(a.ID), attendance.OrganID(p.Organ), attendance.OfficialName(p.Name)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if came {
		return nil, twice(p.Name+"已登记出席该活动", append(path, "name")...)
	}
	return t.tx.Attendance.Create().SetOrganID(p.Organ).SetOfficialName(p.Name).SetNillableOfficialTitle(p.Title).SetGuest(false), nil
}

// RemoveAttendance is which attendances were entered by mistake, and why (撤销出席).
type RemoveAttendance struct {
	ActivityRef
	Attendance uuid.UUID
	Reason     string
}

// RemoveAttendance takes an attendance back, by whoever may enter one there. What it was stands in the audit and, of the host's own, in the history.
func (d *Desk) RemoveAttendance(ctx context.Context, in RemoveAttendance) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbRemoveAttendance, on: in.ActivityRef, partners: true, check: because(&in.Reason),
		do: func(ctx context.Context, t *task, a *gen.Activity, do *arranging) error {
			row, err := t.tx.Attendance.Query().Where(attendance.ID(in.Attendance), attendance.ActivityID(a.ID)).Only(ctx)
			if gen.IsNotFound(err) {
				return fault.NotFound("出席记录不存在或不在辖区内", "input", "attendance")
			}
			if err != nil {
				return err
			}
			s, err := t.stationOf(ctx, a, row.StationID, "input", "attendance")
			if err != nil {
				return err
			}
			if err := t.tx.Attendance.DeleteOne(row).Exec(ctx); err != nil {
				return err
			}
			do.text, do.place = &in.Reason, areaOfStation(s)
			do.detail["station"], do.detail["attendance"], do.detail["source"] = s.ID, row.ID, row.Source
			do.detail["deputy"], do.detail["organ"], do.detail["day"] = row.DeputyID, row.OrganID, calendar.Day(row.Day).Format(time.DateOnly)
			return nil
		},
	})
}

// because checks a reason that must be given.
func because(reason *string) func(*checker) {
	return func(c *checker) { *reason = c.text(at("原因", "reason"), strings.TrimSpace(*reason), 2, longestNote) }
}
