package workflow_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// eighteen are items as 炎陵县 has them: what the platform counts by itself, what is claimed, and what takes points away.
func eighteen() []workflow.NewPointItem {
	year, month := kind.PeriodYear, kind.PeriodMonth
	filter := func(deed kind.Deed, ways ...kind.Way) duty.Filter { return duty.Filter{Deed: deed, Ways: ways} }
	record := func(k kind.Record) duty.Filter {
		return duty.Filter{Deed: kind.DeedRecord, Records: []kind.Record{k}}
	}
	capped := func(key, name string, f duty.Filter, points, most float64, period *kind.Period) workflow.NewPointItem {
		return workflow.NewPointItem{Key: key, Name: name, Filter: f, Points: points, Cap: &most, CapPeriod: period}
	}
	free := func(key, name string, f duty.Filter, points float64) workflow.NewPointItem {
		return workflow.NewPointItem{Key: key, Name: name, Filter: f, Points: points}
	}
	return []workflow.NewPointItem{
		capped("RECEPTION", "进站接待群众", filter(kind.DeedAttendance, kind.WayReception), 2, 4, &month),
		free("HOUSEHOLD", "入户走访", filter(kind.DeedAttendance, kind.WayHousehold), 1),
		free("SUPERVISION", "参加督事", filter(kind.DeedAttendance, kind.WaySupervision), 2),
		free("HELP", "帮忙办事", filter(kind.DeedAttendance, kind.WayHelp), 1.5),
		free("REPORT", "述职", filter(kind.DeedAttendance, kind.WayReport), 5),
		capped("LECTURE", "宣讲", filter(kind.DeedAttendance, kind.WayLecture), 2, 10, &year),
		free("RESEARCH", "参加调研", filter(kind.DeedAttendance, kind.WayResearch), 2),
		free("INSPECTION", "参加视察", filter(kind.DeedAttendance, kind.WayInspection), 2),
		free("VOLUNTEER", "志愿服务", filter(kind.DeedAttendance, kind.WayVolunteer), 0.5),
		capped("OPINION", "反映社情民意", filter(kind.DeedOpinion), 0.5, 10, &year),
		free("SUGGESTION", "提出建议", filter(kind.DeedSuggestion), 3),
		free("TRAINING", "参加培训", filter(kind.DeedTraining), 2),
		capped("CONTACT", "结对联系", filter(kind.DeedContact), 0.2, 5, &year),
		free("JOURNAL", "民情日志", record(kind.RecordJournal), 1),
		free("STORY", "履职故事", record(kind.RecordStory), 2),
		free("LIVELIHOOD", "民生实事", record(kind.RecordLivelihood), 5),
		capped("HONOUR", "受到表彰", filter(kind.DeedClaim), 5, 10, &year),
		capped("ABSENT", "无故缺席会议", filter(kind.DeedClaim), -2, 6, &year),
	}
}

func (h *house) scheme(from string, items []workflow.NewPointItem) *gen.PointScheme {
	h.Helper()
	s, err := h.desk.SetPointScheme(h.county(), workflow.SetPointScheme{
		NewEdition: workflow.NewEdition{Congress: h.congress[county], Level: kind.County, Name: "代表履职积分办法", FromOn: day(from)}, Items: items,
	})
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func (h *house) clockwork() *workflow.Clockwork { return h.clockworkAt(now) }

// sums are what the ledger of a mandate adds up to, by item, deed, year and place.
func (h *house) sums(m uuid.UUID) map[string]int {
	h.Helper()
	rows, err := h.owner.QueryContext(h.Context(), `SELECT item || ' ' || deed_id || ' ' || extract(year FROM day) || ' ' || code, sum(points) FROM point_entry
		WHERE mandate_id = $1 GROUP BY 1 HAVING sum(points) <> 0`, m)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string]int{}
	for rows.Next() {
		var key string
		var n int
		if err := rows.Scan(&key, &n); err != nil {
			h.Fatal(err)
		}
		out[key] = n
	}
	if err := rows.Err(); err != nil {
		h.Fatal(err)
	}
	return out
}

func (h *house) points(m uuid.UUID, year int) (sum int) {
	h.Helper()
	if err := h.owner.QueryRowContext(h.Context(), `SELECT coalesce(sum(points), 0) FROM point_entry WHERE mandate_id = $1 AND extract(year FROM day) = $2`,
		m, year).Scan(&sum); err != nil {
		h.Fatal(err)
	}
	return sum
}

func (h *dutyHouse) settle() {
	h.Helper()
	if err := h.clockwork().Settle(h.Context(), h.deputy); err != nil {
		h.Fatal(err)
	}
}

// The ledger follows the evidence: what counts brings points up to the cap, what counts no more is taken back, and what is settled stays.
func TestSettle(t *testing.T) {
	h := newDutyHouse(t)
	s := h.scheme("2026-01-01", eighteen())
	if len(s.Items) != 18 || s.Items[3].Points != 15 || *s.Items[0].Cap != 40 {
		t.Errorf("items %v", s.Items)
	}
	for _, on := range []string{"2026-04-01", "2026-04-02", "2026-04-03", "2026-05-01"} {
		h.worked(h.station, h.mandate, on, kind.WayReception) // 2 + 2 + 0 (over the cap of the month) + 2
	}
	h.worked(h.station, h.mandate, "2025-12-31", kind.WayReception) // before the scheme
	h.worked(h.station, h.mandate, "2026-05-02", kind.WayHelp)      // 1.5
	r := h.submit("2026-05-03")                                     // 2, once it is confirmed
	h.settle()
	if n := h.points(h.mandate, 2026); n != 75 {
		t.Errorf("%d tenths, want 75", n)
	}
	if _, err := recordVerbs["confirmDutyRecord"](h.desk, h.township(), r.ID); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if n := h.points(h.mandate, 2026); n != 95 {
		t.Errorf("%d tenths, want 95", n)
	}
	lines := h.count(`point_entry`)
	h.settle()
	if n := h.count(`point_entry`); n != lines {
		t.Errorf("settling again appends %d lines", n-lines)
	}
	if _, err := recordVerbs["returnDutyRecord"](h.desk, h.township(), r.ID); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if h.points(h.mandate, 2026) != 75 || h.count(`point_entry WHERE deed_id = $1 AND correction AND points = -20`, r.ID) != 1 {
		t.Error("what does not count any more was not taken back")
	}
	if h.count(`point_entry WHERE code = 430121107000`) != lines+1 {
		t.Error("the lines are not at the place where the deputy is grouped")
	}
	// A deed while suspended brings nothing.
	if _, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: h.mandate, Status: state.MandateSuspended, On: ptr(day("2026-05-01"))}); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if n := h.points(h.mandate, 2026); n != 40 {
		t.Errorf("%d tenths after a suspension, want 40", n)
	}
}

// Where a mandate is grouped, its ledger stands whole.
func TestSettleAfterMoving(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	h.worked(h.station, h.mandate, "2026-04-01", kind.WayReport)
	h.settle()
	other := h.house.station(huangxin, "黄兴镇人大代表联络站")
	var posting uuid.UUID
	if err := h.owner.QueryRowContext(t.Context(), `SELECT id FROM posting`).Scan(&posting); err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.WithdrawPosting(h.county(), workflow.WithdrawPosting{ID: posting, EndedOn: today}); err != nil {
		t.Fatal(err)
	}
	h.post(h.county(), h.mandate, other.ID, kind.PostingConstituency, "2026-06-15")
	h.settle()
	here, there := 0, 0
	if err := h.owner.QueryRowContext(t.Context(), `SELECT coalesce(sum(points) FILTER (WHERE code = 430121102000), 0),
		coalesce(sum(points) FILTER (WHERE code = 430121107000), 0) FROM point_entry`).Scan(&here, &there); err != nil {
		t.Fatal(err)
	}
	if here != 50 || there != 0 {
		t.Errorf("%d at the new place and %d at the old one", here, there)
	}
}

// Recomputing a ledger from its evidence gives the same ledger: after verbs and changes of the scheme in any order, settled now and then, cut off in between.
func TestRecomputedLedgerIsTheSame(t *testing.T) {
	h := newDutyHouse(t)
	random := rand.New(rand.NewPCG(7, 4))
	pick := func(n int) int { return random.IntN(n) }
	on := func() string { return day("2025-01-01").AddDate(0, 0, pick(520)).Format(time.DateOnly) }
	var records, attended []uuid.UUID
	from := 0
	h.scheme("2025-01-01", eighteen())
	for range 200 {
		switch pick(8) {
		case 0, 1, 2:
			attended = append(attended, h.worked(h.station, h.mandate, on(), kind.Ways[pick(len(kind.Ways))]))
		case 3:
			records = append(records, h.submit(on()).ID)
		case 4:
			if len(records) > 0 {
				verb := []string{"confirmDutyRecord", "returnDutyRecord", "reviseDutyRecord"}[pick(3)]
				ctx := h.township()
				if verb == "reviseDutyRecord" {
					ctx = h.own()
				}
				if _, err := recordVerbs[verb](h.desk, ctx, records[pick(len(records))]); err != nil && !errors.Is(err, fault.ErrConflict) {
					t.Fatal(err)
				}
			}
		case 5: // an attendance is taken back
			if len(attended) > 0 {
				if _, err := h.owner.ExecContext(t.Context(), `DELETE FROM attendance WHERE id = $1`, attended[pick(len(attended))]); err != nil {
					t.Fatal(err)
				}
			}
		case 6:
			if pick(3) == 0 && from < 400 {
				from += 60 + pick(60)
				items := eighteen()
				items = items[pick(4):]
				items[0].Points = float64(1+pick(30)) / 10
				items[0].Cap, items[0].CapPeriod = nil, nil
				h.scheme(day("2025-01-01").AddDate(0, 0, from).Format(time.DateOnly), items)
			}
		case 7:
			if pick(2) == 0 {
				h.settle()
				continue
			}
			// Cut off somewhere: all of it is done or nothing.
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+pick(12))*time.Millisecond)
			_ = h.clockwork().Settle(ctx, h.deputy)
			cancel()
		}
	}
	h.settle()
	kept, lines := h.sums(h.mandate), h.count(`point_entry`)
	if len(kept) < 20 || h.count(`point_entry WHERE correction`) == 0 || h.count(`point_scheme`) < 2 {
		t.Fatalf("the trial is too small: %d sums in %d lines", len(kept), lines)
	}
	if _, err := h.owner.ExecContext(t.Context(), `DELETE FROM point_entry`); err != nil {
		t.Fatal(err)
	}
	if n, err := h.clockwork().SettleAll(t.Context()); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	again := h.sums(h.mandate)
	for key, n := range kept {
		if again[key] != n {
			t.Errorf("%s: %d, recomputed %d", key, n, again[key])
		}
	}
	if len(again) != len(kept) || h.count(`point_entry WHERE correction`) != 0 {
		t.Errorf("%d sums, recomputed %d", len(kept), len(again))
	}
}

// Two settlements at once append each line once.
func TestSettleAtOnce(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	h.worked(h.station, h.mandate, "2026-04-01", kind.WayReport)
	settle := func() error { return h.clockwork().Settle(t.Context(), h.deputy) }
	if errs := h.atOnce("points of "+h.deputy.String(), settle, settle); errs[0] != nil || errs[1] != nil {
		t.Fatal(errs)
	}
	if n := h.count(`point_entry`); n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestSchemeEditions(t *testing.T) {
	h := newDutyHouse(t)
	first := h.scheme("2026-01-01", eighteen())
	if n := h.count(`river_job WHERE kind = 'settlement' AND args->>'deputy' = $1`, h.deputy); n == 0 {
		t.Error("no one's ledger follows the scheme")
	}
	h.worked(h.station, h.mandate, "2026-03-01", kind.WayReport)
	h.worked(h.station, h.mandate, "2026-05-01", kind.WayReport)
	h.settle()
	items := eighteen()
	items[4].Points = 7.5
	second := h.scheme("2026-04-01", items)
	h.settle()
	if n := h.points(h.mandate, 2026); n != 50+75 {
		t.Errorf("%d tenths", n)
	}
	if second.Edition != 2 || h.count(`point_scheme WHERE id = $1 AND until_on = '2026-03-31'`, first.ID) != 1 {
		t.Error("the editions do not follow each other")
	}
	end := workflow.EndEdition{ID: second.ID, UntilOn: day("2026-04-30")}
	for ctx, want := range map[context.Context]refusal{h.township(): denied("input.id"), h.beihu(): notFound("input.id")} {
		h.refused(want, func() error { _, err := h.desk.EndPointScheme(ctx, end); return err })
	}
	if _, err := h.desk.EndPointScheme(h.county(), end); err != nil {
		t.Fatal(err)
	}
	h.audited(workflow.VerbEndPointScheme, "PointScheme", second.ID, "COUNTY_ADMIN@430121000000", county)
	h.refused(conflict("input.id ENDED"), func() error { _, err := h.desk.EndPointScheme(h.county(), end); return err })
	h.settle()
	if n := h.points(h.mandate, 2026); n != 50 {
		t.Errorf("%d tenths once it has ended", n)
	}
}

func TestSchemeRefusals(t *testing.T) {
	h := newHouse(t)
	year := kind.PeriodYear
	item := func(change func(*workflow.NewPointItem)) []workflow.NewPointItem {
		items := eighteen()[1:3]
		change(&items[1])
		return items
	}
	for name, c := range map[string]struct {
		ctx   context.Context
		items []workflow.NewPointItem
		want  refusal
	}{
		"no items":          {h.county(), nil, invalid("input.items REQUIRED")},
		"half a tenth":      {h.county(), item(func(i *workflow.NewPointItem) { i.Points = 0.05 }), invalid("input.items.1.points MALFORMED")},
		"nothing":           {h.county(), item(func(i *workflow.NewPointItem) { i.Points = 0 }), invalid("input.items.1.points OUT_OF_RANGE")},
		"too much":          {h.county(), item(func(i *workflow.NewPointItem) { i.Points = 1000.1 }), invalid("input.items.1.points OUT_OF_RANGE")},
		"without end":       {h.county(), item(func(i *workflow.NewPointItem) { i.Points = 1e300 }), invalid("input.items.1.points MALFORMED")},
		"a negative cap":    {h.county(), item(func(i *workflow.NewPointItem) { i.Cap, i.CapPeriod = ptr(-1.0), &year }), invalid("input.items.1.cap OUT_OF_RANGE")},
		"a cap of when":     {h.county(), item(func(i *workflow.NewPointItem) { i.Cap = ptr(1.0) }), invalid("input.items.1.capPeriod REQUIRED")},
		"a period of what":  {h.county(), item(func(i *workflow.NewPointItem) { i.CapPeriod = &year }), invalid("input.items.1.capPeriod MISMATCH")},
		"a key twice":       {h.county(), item(func(i *workflow.NewPointItem) { i.Key = "HOUSEHOLD" }), invalid("input.items.1.key DUPLICATE")},
		"from above":        {h.city(), eighteen(), denied("input.congress")},
		"from elsewhere":    {h.beihu(), eighteen(), notFound("input.congress")},
		"from the township": {h.township(), eighteen(), notFound("input.congress")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.SetPointScheme(c.ctx, workflow.SetPointScheme{
					NewEdition: workflow.NewEdition{Congress: h.congress[county], Level: kind.County, Name: "办法", FromOn: day("2026-01-01")}, Items: c.items,
				})
				return err
			})
		})
	}
	for _, role := range []viewer.Role{viewer.CommitteeStaff, viewer.Supervisor, viewer.StationKeeper, viewer.Deputy, viewer.Department, viewer.Portal} {
		if _, err := h.desk.SetPointScheme(h.as(role, county), workflow.SetPointScheme{}); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}
