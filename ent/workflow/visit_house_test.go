package workflow_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
)

// visitHouse is a house with a station in a township, its keeper, and deputies posted there.
type visitHouse struct {
	*house
	station  *gen.Station
	keeper   context.Context
	mandates []uuid.UUID
	deputies []uuid.UUID
}

func newVisitHouse(t *testing.T, deputies int) *visitHouse {
	t.Helper()
	h := &visitHouse{house: newHouse(t)}
	h.station = h.house.station(guoyuan, "果园镇人大代表联络站")
	h.keeper = h.officer(h.station)
	for i := range deputies {
		h.join(fmt.Sprintf("江%d帆", i), h.station.ID)
	}
	return h
}

// join posts a new deputy of the township's congress to a station.
func (h *visitHouse) join(name string, station uuid.UUID) uuid.UUID {
	h.Helper()
	m := h.register(h.county(), name, h.congress[county], nil)
	h.post(h.county(), m, station, kind.PostingProximity, "2024-01-01")
	h.mandates, h.deputies = append(h.mandates, m), append(h.deputies, h.deputyOf(m))
	return h.deputies[len(h.deputies)-1]
}

// monthly is the rule of 长沙县: the 15th of each month.
func monthly(change func(*workflow.CreateVisitRule)) workflow.CreateVisitRule {
	in := workflow.CreateVisitRule{
		Division: &county, Name: "每月15日代表接待日", Begins: "09:00", Ends: "11:30", PerDay: 1, Theme: ptr("听民声"),
		When: workflow.VisitRecurrence{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNext, FromOn: today},
	}
	if change != nil {
		change(&in)
	}
	return in
}

// ofStation makes a rule one of the house's station.
func (h *visitHouse) ofStation(in *workflow.CreateVisitRule) {
	in.Division, in.Station = nil, &h.station.ID
}

func (h *visitHouse) rule(ctx context.Context, in workflow.CreateVisitRule) *gen.VisitRule {
	h.Helper()
	r, err := h.desk.CreateVisitRule(ctx, in)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

func (h *visitHouse) plan(ctx context.Context, in workflow.PlanVisitDays) int {
	h.Helper()
	n, err := h.desk.PlanVisitDays(ctx, in)
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// at is a plan for a station up to a day.
func planAt(station uuid.UUID, until string) workflow.PlanVisitDays {
	return workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Station: &station}, Until: day(until)}
}

// days are the visit days of a station, in order.
func (h *visitHouse) days(station uuid.UUID) []*gen.VisitDay {
	h.Helper()
	days, err := h.client.VisitDay.Query().Where(visitday.StationID(station)).Order(visitday.ByDay(), visitday.ByID()).All(h.nation())
	if err != nil {
		h.Fatal(err)
	}
	return days
}

// told lists the days of a station as month-day, with the state of those that are not planned.
func (h *visitHouse) told(station uuid.UUID) string {
	h.Helper()
	var out []string
	for _, d := range h.days(station) {
		text := d.Day.Format("01-02")
		if d.State != "PLANNED" {
			text += " " + string(d.State)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// duty counts the duties of deputies that stand, each by the deputy.
func (h *visitHouse) duty(of ...uuid.UUID) map[uuid.UUID]int {
	h.Helper()
	all, err := h.client.VisitDuty.Query().Where(visitduty.Replaced(false), visitduty.DeputyIDIn(of...)).All(h.nation())
	if err != nil {
		h.Fatal(err)
	}
	out := map[uuid.UUID]int{}
	for _, d := range all {
		out[d.DeputyID]++
	}
	return out
}

// on are the duties of a day, in order.
func (h *visitHouse) on(visit uuid.UUID) []*gen.VisitDuty {
	h.Helper()
	all, err := h.client.VisitDuty.Query().Where(visitduty.VisitDayID(visit)).Order(visitduty.ByID()).All(h.nation())
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// notices lists the notices that wait to be told, in order.
func (h *visitHouse) notices() string {
	h.Helper()
	rows, err := h.owner.QueryContext(h.Context(), `SELECT args->>'notice' || ' ' || (args->>'entity') FROM river_job WHERE kind = 'notice' ORDER BY id`)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			h.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		h.Fatal(err)
	}
	return strings.Join(out, ", ")
}

// keep keeps the rota at noon of a day.
func (h *visitHouse) keep(on string) workflow.Kept {
	h.Helper()
	k, err := h.clockworkAt(noon(on)).KeepRota(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return k
}

func (h *visitHouse) publish(ctx context.Context, ids ...uuid.UUID) {
	h.Helper()
	n, err := h.desk.PublishVisitDays(ctx, workflow.PublishVisitDays{IDs: ids})
	if err != nil || n != len(ids) {
		h.Fatal(n, err)
	}
}

// spread is by how much the busiest and the idlest of some deputies differ.
func spread(count map[uuid.UUID]int, of []uuid.UUID) int {
	var all []int
	for _, d := range of {
		all = append(all, count[d])
	}
	return slices.Max(all) - slices.Min(all)
}

// appointment adds an appointment with a deputy on a visit day.
func (h *visitHouse) appointment(d *gen.VisitDay, state string) uuid.UUID {
	h.Helper()
	return h.row("appointment", guoyuan, map[string]any{
		"number": "YJ" + uuid.NewString()[:8], "station_id": d.StationID, "visit_day_id": d.ID, "deputy_id": h.deputies[0], "topic": "路灯", "state": state,
		"moves": 0, "requested_at": now,
	})
}

// clockAt is a moment of a day in China.
func clockAt(on, clock string) time.Time {
	t, err := time.Parse(time.RFC3339, on+"T"+clock+":00+08:00")
	if err != nil {
		panic(err)
	}
	return t
}
