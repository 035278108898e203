package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestUpdateStation(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	const subject = "TOWNSHIP_ADMIN@430121107000"
	changed, err := h.desk.UpdateStation(h.township(), workflow.UpdateStation{
		ID: s.ID, ExpectedVersion: ptr(1),
		Name: workflow.To("果园镇人大代表活动室"), Address: workflow.To("双河路 2 号"), Brand: workflow.To("麻林夜话"),
		Longitude: workflow.To(113.1), Latitude: workflow.To(28.2), Floor: workflow.To(2), AreaM2: workflow.To(60.0),
		OpeningRule: workflow.To("赶集日"), Phone: workflow.To("0731 84000000"),
		Organ: workflow.To(h.organ[guoyuan]), Zone: workflow.To(h.zone[guoyuan]), Constituency: workflow.To(h.constituency[guoyuan]),
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Version != 2 || changed.NameUniform || *changed.Address != "双河路 2 号" || *changed.OrganID != h.organ[guoyuan] ||
		*changed.Floor != 2 || changed.Kind != s.Kind || !changed.OpenedOn.Equal(s.OpenedOn) {
		t.Error("changed to", changed)
	}
	detail := h.audited(workflow.VerbUpdateStation, "Station", s.ID, subject, guoyuan)
	for _, want := range []string{`"name": {"to": "果园镇人大代表活动室", "from": "果园镇人大代表联络站"}`, `"brand"`, `"zone"`} {
		if !strings.Contains(detail, want) {
			t.Errorf("audit detail %s lacks %s", detail, want)
		}
	}
	if strings.Contains(detail, `"kind"`) {
		t.Error("the audit tells of what was not changed:", detail)
	}
	if h.count(`station_key WHERE key = 'malinyehua'`) != 1 || h.count(`station_key WHERE key LIKE '%联络站'`) != 0 {
		t.Error("the search keys are not those of the new names")
	}

	// Null empties; a kind to which the rule does not apply makes any name uniform.
	changed, err = h.desk.UpdateStation(h.township(), workflow.UpdateStation{
		ID: s.ID, Kind: workflow.To(kind.StationPoint), Address: workflow.Emptied[string](), Brand: workflow.To("  "),
		Longitude: workflow.Emptied[float64](), Latitude: workflow.Emptied[float64](), Organ: workflow.Emptied[uuid.UUID](),
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Version != 3 || !changed.NameUniform || changed.Address != nil || changed.Brand != nil ||
		changed.Longitude != nil || changed.OrganID != nil || changed.ZoneID == nil {
		t.Error("emptied to", changed)
	}
	if h.count(`station_key WHERE key = 'malinyehua'`) != 0 {
		t.Error("the station is found by a brand it no longer has")
	}

	// What equals the stored changes nothing.
	before := h.state()
	same, err := h.desk.UpdateStation(h.township(), workflow.UpdateStation{
		ID: s.ID, Name: workflow.To(changed.Name), Kind: workflow.To(kind.StationPoint), Address: workflow.Emptied[string](),
	})
	if err != nil || same.Version != 3 || h.state() != before {
		t.Error("an update to the same:", same, err)
	}
}

func TestUpdateStationRefusals(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	second := h.station(guoyuan, "第二站")
	elsewhere := h.station(beihu, "北湖区人大代表联络站")
	closed := h.station(guoyuan, "旧站")
	_, err := h.desk.CloseStation(h.nation(), workflow.CloseStation{ID: closed.ID, ClosedOn: day("2023-01-01"), Reason: "合并"})
	if err != nil {
		t.Fatal(err)
	}
	name := workflow.To("新名称")
	for title, c := range map[string]struct {
		in   workflow.UpdateStation
		want refusal
	}{
		"nothing":             {workflow.UpdateStation{ID: s.ID}, invalid("input EMPTY")},
		"name emptied":        {workflow.UpdateStation{ID: s.ID, Name: workflow.Emptied[string]()}, invalid("input.name REQUIRED")},
		"name too short":      {workflow.UpdateStation{ID: s.ID, Name: workflow.To("站")}, invalid("input.name TOO_SHORT")},
		"kind emptied":        {workflow.UpdateStation{ID: s.ID, Kind: workflow.Emptied[kind.Station]()}, invalid("input.kind REQUIRED")},
		"strange kind":        {workflow.UpdateStation{ID: s.ID, Kind: workflow.To(kind.Station("X"))}, invalid("input.kind UNKNOWN_VALUE")},
		"half of a place":     {workflow.UpdateStation{ID: s.ID, Latitude: workflow.To(28.0)}, invalid("input.longitude REQUIRED")},
		"floor 0":             {workflow.UpdateStation{ID: s.ID, Floor: workflow.To(0)}, invalid("input.floor OUT_OF_RANGE")},
		"phone":               {workflow.UpdateStation{ID: s.ID, Phone: workflow.To("12345")}, invalid("input.phone MALFORMED")},
		"version":             {workflow.UpdateStation{ID: s.ID, ExpectedVersion: ptr(2), Name: name}, conflict("input.expectedVersion VERSION")},
		"never was":           {workflow.UpdateStation{ID: uuid.New(), Name: name}, notFound("input.id")},
		"of another county":   {workflow.UpdateStation{ID: elsewhere.ID, Name: name}, notFound("input.id")},
		"closed":              {workflow.UpdateStation{ID: closed.ID, Name: name}, conflict("input.id CLOSED")},
		"another's name":      {workflow.UpdateStation{ID: s.ID, Name: workflow.To(second.Name)}, conflict("input.name DUPLICATE")},
		"organ out of sight":  {workflow.UpdateStation{ID: s.ID, Organ: workflow.To(h.organ[beihu])}, notFound("input.organ")},
		"parent out of sight": {workflow.UpdateStation{ID: s.ID, Parent: workflow.To(elsewhere.ID)}, notFound("input.parent")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.UpdateStation(h.county(), c.in)
				return err
			})
		})
	}
}

func TestTwoWriters(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	rename := func(to string) func() error {
		return func() error {
			_, err := h.desk.UpdateStation(h.county(), workflow.UpdateStation{ID: s.ID, ExpectedVersion: ptr(1), Name: workflow.To(to)})
			return err
		}
	}
	// Both have read version 1; both wait for the row.
	tx, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM station WHERE id = $1 FOR UPDATE`, s.ID); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 2)
	for _, name := range []string{"甲站", "乙站"} {
		go func() { errs <- rename(name)() }()
	}
	h.until(2, `pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	first, last := <-errs, <-errs
	if (first == nil) == (last == nil) {
		t.Fatal("of two writers:", first, last)
	}
	conflict("input.expectedVersion VERSION").check(t, errors.Join(first, last))
	if n := h.count(`audit_entry WHERE verb = 'updateStation'`); n != 1 {
		t.Errorf("%d lines in the audit, want 1", n)
	}
}

func TestCloseStation(t *testing.T) {
	h := newHouse(t)
	home, other := h.station(guoyuan, "果园镇人大代表联络站"), h.station(huangxin, "黄兴镇人大代表联络站")
	in := newStation(huaguo, "花果村联络点")
	in.Parent = &home.ID
	branch, err := h.desk.CreateStation(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	seat := h.register(h.county(), "江一帆", h.congress[county], nil)
	first := h.post(h.county(), seat, home.ID, kind.PostingProximity, "2024-01-01")
	second := h.post(h.county(), seat, other.ID, kind.PostingProximity, "2024-02-01")
	late := h.post(h.county(), h.register(h.county(), "江二帆", h.congress[county], nil), home.ID, kind.PostingProximity, "2026-06-15")
	officer := h.appoint(h.county(), home.ID, "白云", kind.StaffChief)
	if got := h.codeOf("mandate", seat); got != guoyuan {
		t.Fatal("before: grouped at", got)
	}

	closeIt := func() error {
		_, err := h.desk.CloseStation(h.township(), workflow.CloseStation{ID: home.ID, ClosedOn: day("2026-06-15"), Reason: " 撤并 "})
		return err
	}
	h.refused(conflict("input.id HAS_BRANCHES"), closeIt)
	_, err = h.desk.CloseStation(h.township(), workflow.CloseStation{ID: branch.ID, ClosedOn: day("2026-06-14"), Reason: "撤并"})
	if err != nil {
		t.Fatal(err)
	}
	if err := closeIt(); err != nil {
		t.Fatal(err)
	}
	detail := h.audited(workflow.VerbCloseStation, "Station", home.ID, "TOWNSHIP_ADMIN@430121107000", guoyuan)
	if !strings.Contains(detail, `"postingsEnded": 2`) || !strings.Contains(detail, `"officesEnded": 1`) {
		t.Error("audit detail:", detail)
	}
	for what, from := range map[string]string{
		"the station is closed":   `station WHERE id = '` + home.ID.String() + `' AND closed_on = '2026-06-15' AND close_reason = '撤并' AND version = 2`,
		"the posting ended":       `posting WHERE id = '` + first.String() + `' AND ended_on = '2026-06-15' AND end_reason = '站点撤销' AND version = 2`,
		"the late one ended":      `posting WHERE id = '` + late.String() + `' AND ended_on = started_on`,
		"the other one goes on":   `posting WHERE id = '` + second.String() + `' AND ended_on IS NULL AND version = 1`,
		"the office ended":        `station_staff WHERE id = '` + officer.String() + `' AND ended_on = '2026-06-15' AND version = 2`,
		"the mandate moved":       `mandate WHERE id = '` + seat.String() + `' AND code = 430121102000 AND township_code = 430121102000`,
		"the person moved":        `deputy WHERE name = '江一帆' AND code = 430121102000`,
		"the person's keys moved": `(SELECT DISTINCT code FROM deputy_key WHERE deputy_id = (SELECT id FROM deputy WHERE name = '江一帆')) k WHERE code = 430121102000`,
		"the other went back":     `deputy WHERE name = '江二帆' AND code = 430121000000 AND township_code IS NULL`,
	} {
		if h.count(from) != 1 {
			t.Error("not so:", what)
		}
	}
	h.refused(conflict("input.id CLOSED"), closeIt)
}

func TestCloseStationRefusals(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	for title, c := range map[string]struct {
		in   workflow.CloseStation
		want refusal
	}{
		"before it opened": {workflow.CloseStation{ID: s.ID, ClosedOn: day("2022-04-30"), Reason: "撤并"}, invalid("input.closedOn IMPOSSIBLE_DATE")},
		"tomorrow":         {workflow.CloseStation{ID: s.ID, ClosedOn: day("2026-06-16"), Reason: "撤并"}, invalid("input.closedOn IMPOSSIBLE_DATE")},
		"in 3024":          {workflow.CloseStation{ID: s.ID, ClosedOn: day("3024-06-16"), Reason: "撤并"}, invalid("input.closedOn IMPOSSIBLE_DATE")},
		"no reason":        {workflow.CloseStation{ID: s.ID, ClosedOn: today, Reason: " "}, invalid("input.reason REQUIRED")},
		"short reason":     {workflow.CloseStation{ID: s.ID, ClosedOn: today, Reason: "撤"}, invalid("input.reason TOO_SHORT")},
		"long reason":      {workflow.CloseStation{ID: s.ID, ClosedOn: today, Reason: strings.Repeat("长", 501)}, invalid("input.reason TOO_LONG")},
		"version":          {workflow.CloseStation{ID: s.ID, ExpectedVersion: ptr(9), ClosedOn: today, Reason: "撤并"}, conflict("input.expectedVersion VERSION")},
		"never was":        {workflow.CloseStation{ID: uuid.New(), ClosedOn: today, Reason: "撤并"}, notFound("input.id")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.CloseStation(h.county(), c.in)
				return err
			})
		})
	}
	h.refused(notFound("input.id"), func() error {
		_, err := h.desk.CloseStation(h.beihu(), workflow.CloseStation{ID: s.ID, ClosedOn: today, Reason: "撤并"})
		return err
	})
}

// A station is closed while a deputy is being posted to it: whichever comes first, no posting goes on at a closed station.
func TestCloseWhilePosting(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	seat := h.register(h.county(), "江一帆", h.congress[county], nil)
	h.post(h.county(), h.register(h.county(), "江二帆", h.congress[county], nil), s.ID, kind.PostingProximity, "2024-01-01")
	errs := make(chan error, 2)
	go func() {
		_, err := h.desk.PostDeputy(h.county(), workflow.PostDeputy{
			Mandate: seat, Station: s.ID, Basis: kind.PostingProximity, StartedOn: today,
		})
		errs <- err
	}()
	go func() {
		_, err := h.desk.CloseStation(h.county(), workflow.CloseStation{ID: s.ID, ClosedOn: today, Reason: "撤并"})
		errs <- err
	}()
	for range 2 {
		if err := <-errs; err != nil && !errors.Is(err, fault.ErrConflict) {
			t.Error(err)
		}
	}
	if h.count(`posting WHERE ended_on IS NULL`) != 0 || h.count(`station WHERE closed_on IS NULL`) != 0 {
		t.Error("a posting goes on at a closed station")
	}
}
