package workflow_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/gen/formerdivision"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

var (
	chunhua  = place.MustParse("430121106") // 春华镇
	shennong = place.MustParse("429021")    // 神农架林区, directly under its province
)

func TestRenameDivision(t *testing.T) {
	l := newLand(t)
	in := workflow.RenameDivision{Decree: decree(), Division: guoyuan, Name: "果园街道"}
	done := tryFirst(l.county(), l, l.desk.RenameDivision, in, func(in *workflow.RenameDivision) { in.DryRun = true })
	if len(done.Moved) != 0 || done.Event.Code != guoyuan {
		t.Errorf("%v at %s", done.Moved, done.Event.Code)
	}
	l.audited(workflow.VerbRenameDivision, "DivisionEvent", done.Event.ID, "COUNTY_ADMIN@430121000000", guoyuan)
	l.liesAt(guoyuan, huaguo)
	for key, want := range map[string]int{"guoyuanzhen": 1, "guoyuanjiedao": 1, "gyjd": 1} {
		if n := l.count(`division_key WHERE key = $1 AND code = $2`, key, int64(guoyuan)); n != want {
			t.Errorf("%d divisions are found by %s", n, key)
		}
		if n := l.count(`station_key WHERE key = $1`, key); n != 2*want {
			t.Errorf("%d stations are found by %s", n, key)
		}
	}
	if n := l.count(`station WHERE name_uniform`); n != 0 {
		t.Errorf("%d names of stations are uniform still", n)
	}
	was, err := l.client.FormerDivision.Query().WithDivision().WithEvent().Only(l.township())
	if err != nil {
		t.Fatal(err)
	}
	if was.Name != "果园镇" || was.CodeThen != guoyuan || !was.ValidTo.Equal(today) || was.Edges.Division.Name != "果园街道" || was.Edges.Event == nil {
		t.Errorf("%v", was)
	}
	// The name of before is not what it is any more, and no day before the change is its own.
	l.refused(conflict("input.name NO_CHANGE"), func() error {
		_, err := l.desk.RenameDivision(l.county(), in)
		return err
	})
	in.Name, in.Day = "果园镇", today.AddDate(0, 0, -1)
	l.refused(invalid("input.day IMPOSSIBLE_DATE"), func() error {
		_, err := l.desk.RenameDivision(l.county(), in)
		return err
	})
}

func TestRecodeDivision(t *testing.T) {
	l := newLand(t)
	to := place.MustParse("430121117")
	in := workflow.RecodeDivision{Decree: decree(), Division: guoyuan, Code: to}
	done := tryFirst(l.county(), l, l.desk.RecodeDivision, in, func(in *workflow.RecodeDivision) { in.DryRun = true })
	l.liesAt(to, to+204)
	if done.Event.Code != county || done.Moved["station"] != 2 || done.Moved["account"] != 1 || done.Moved["opinion.open"] != 1 ||
		done.Moved["opinion.holder_code"] != 1 || done.Moved["qr_code"] != 3 || done.Moved["mandate.seat_code"] != 1 {
		t.Errorf("at %s: %v", done.Event.Code, done.Moved)
	}
	if n := l.count(`division WHERE code >= $1 AND code < $2`, int64(guoyuan), int64(guoyuan+1000)); n != 0 {
		t.Errorf("%d divisions stayed", n)
	}
	if n := l.count(`former_division WHERE event_id = $1`, done.Event.ID); n != done.Moved["division"] || n < 2 {
		t.Errorf("%d former divisions of %d", n, done.Moved["division"])
	}
	// What was written stays as it was written.
	for _, table := range []string{"opinion", "attendance", "activity"} {
		if n := l.count(table + ` WHERE code_then = 430121107204 AND code = 430121117204`); n != 1 {
			t.Errorf("%s: %d", table, n)
		}
	}
	// Codes that go round.
	a, b := to+201, to+207
	_, err := l.desk.RecodeDivision(l.county(), workflow.RecodeDivision{
		Decree: decree(), Division: to, Code: to, Children: []workflow.NewCode{{a, b}, {b, to + 204}, {to + 204, a}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.consistent()
	l.liesAt(to, a)
}

// A county goes to another city with all that lies in it: the old city sees none of it any more, the new one all.
func TestTransferDivision(t *testing.T) {
	l := newLand(t)
	to := place.MustParse("431099")
	move := to - county
	in := workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: county, Code: to, Name: ptr("星沙市")}, Parent: chenzhou,
	}
	cityOld, cityNew := l.as(viewer.CityAdmin, changsha), l.as(viewer.CityAdmin, chenzhou)
	if n := l.client.Opinion.Query().CountX(cityOld); n != 1 {
		t.Errorf("the old city sees %d opinions before", n)
	}
	done := tryFirst(l.province(), l, l.desk.TransferDivision, in, func(in *workflow.TransferDivision) { in.DryRun = true })
	l.liesAt(guoyuan+move, huaguo+move)
	if done.Event.Code != hunan || done.Event.Kind != kind.ChangeTransfer {
		t.Errorf("%v", done.Event)
	}
	for ctx, want := range map[string]int{"old": 0, "new": 1} {
		who := cityOld
		if ctx == "new" {
			who = cityNew
		}
		if n := l.client.Opinion.Query().CountX(who); n != want {
			t.Errorf("the %s city sees %d opinions", ctx, n)
		}
		if n := l.client.Station.Query().CountX(who); n != 2*want {
			t.Errorf("the %s city sees %d stations", ctx, n)
		}
		if n := l.client.FormerDivision.Query().Where(formerdivision.CodeThen(county)).CountX(who); n != want {
			t.Errorf("the %s city sees %d former counties", ctx, n)
		}
	}
	// An account works on where it has come to; who signs in anew is there.
	accounts := workflow.NewAccounts(l.client, workflow.AccountOptions{})
	v, err := accounts.Viewer(t.Context(), l.account)
	if err != nil || v.Division != guoyuan+move {
		t.Error(v, err)
	}
}

// Into a province without cities and back: the levels that a tree lacks are gone, and come again.
func TestTransferAcrossGaps(t *testing.T) {
	l := newLand(t)
	under := place.MustParse("429022")
	_, err := l.desk.TransferDivision(l.nation(), workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: county, Code: under}, Parent: place.MustParse("42"),
	})
	if err != nil {
		t.Fatal(err)
	}
	l.consistent()
	if n := l.count(`station WHERE province_code = 420000000000 AND city_code IS NULL AND county_code = 429022000000`); n != 2 {
		t.Errorf("%d stations", n)
	}
	// A township of a city without counties.
	dongcheng := place.MustParse("441900003")
	_, err = l.desk.TransferDivision(l.nation(), workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: dongcheng, Code: place.MustParse("429021901")}, Parent: shennong,
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := l.count(`division WHERE township_code = 429021901000 AND county_code = 429021000000 AND city_code IS NULL`); n < 10 {
		t.Errorf("%d divisions came", n)
	}
	_, err = l.desk.TransferDivision(l.nation(), workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: under, Code: county}, Parent: changsha,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.consistent()
	l.liesAt(guoyuan, huaguo)
	if n := l.client.FormerDivision.Query().Where(formerdivision.NameEQ("长沙县")).CountX(l.county()); n != 2 {
		t.Errorf("the county was %d others", n)
	}
}

func TestSplitDivision(t *testing.T) {
	village := func(n place.Code) workflow.PartChild { return workflow.PartChild{Division: guoyuan + n} }
	t.Run("some leave", func(t *testing.T) {
		l := newLand(t)
		part := place.MustParse("430121118")
		in := workflow.SplitDivision{Decree: decree(), Division: guoyuan, Parts: []workflow.DivisionPart{
			{Code: part, Name: "花果镇", Children: []workflow.PartChild{{Division: huaguo, Code: ptr(part + 1)}, village(201)}},
		}}
		done := tryFirst(l.county(), l, l.desk.SplitDivision, in, func(in *workflow.SplitDivision) { in.DryRun = true })
		l.liesAt(guoyuan, part+1)
		if diff := cmp.Diff([]place.Named{{Code: guoyuan, Name: "果园镇", Level: place.LevelTownship}, {Code: part, Name: "花果镇", Level: place.LevelTownship}},
			done.Successors); diff != "" {
			t.Error(diff)
		}
		if n := l.count(`division_key WHERE key = 'huaguozhen' AND code = $1`, int64(part)); n != 1 {
			t.Error("the new township is not found")
		}
		if n := l.count(`station_key WHERE key = 'huaguozhen' AND station_id = $1`, l.below.ID); n != 1 {
			t.Error("its station is not found by it")
		}
	})
	t.Run("all leave", func(t *testing.T) {
		l := newLand(t)
		first, second := workflow.DivisionPart{Code: place.MustParse("430121118"), Name: "花果镇"}, workflow.DivisionPart{Code: place.MustParse("430121119"), Name: "果红镇"}
		rows, err := l.owner.QueryContext(t.Context(), `SELECT code FROM division WHERE parent_code = $1 ORDER BY code`, int64(guoyuan))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for n := 0; rows.Next(); n++ {
			var code place.Code
			if err := rows.Scan(&code); err != nil {
				t.Fatal(err)
			}
			part := &first
			if n%2 == 0 || code == huaguo {
				part = &second
			}
			part.Children = append(part.Children, workflow.PartChild{Division: code})
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		in := workflow.SplitDivision{Decree: decree(), Division: guoyuan, Ends: true, Parts: []workflow.DivisionPart{first, second}}
		tryFirst(l.county(), l, l.desk.SplitDivision, in, func(in *workflow.SplitDivision) { in.DryRun = true })
		l.liesAt(first.Code, second.Code+204)
		if n := l.count(`division WHERE code = $1 AND valid_to = $2`, int64(guoyuan), today); n != 1 {
			t.Error("the township goes on")
		}
		if n := l.count(`congress c JOIN division d ON d.id = c.division_id WHERE d.code = $1`, int64(first.Code)); n != 1 {
			t.Error("the first part has no congress")
		}
	})
}

func TestMergeDivisions(t *testing.T) {
	t.Run("into one that is there", func(t *testing.T) {
		l := newLand(t)
		in := workflow.MergeDivisions{
			Decree: decree(), Divisions: []place.Code{guoyuan}, Into: huangxin, Name: ptr("黄兴街道"), Children: l.renumbered(guoyuan, huangxin),
		}
		done := tryFirst(l.county(), l, l.desk.MergeDivisions, in, func(in *workflow.MergeDivisions) { in.DryRun = true })
		l.liesAt(huangxin, huangxin+604)
		if len(done.Predecessors) != 2 || len(done.Successors) != 1 || done.Successors[0].Name != "黄兴街道" {
			t.Errorf("%v → %v", done.Predecessors, done.Successors)
		}
		// Each has its congress still, and the deputies sit on till the end of the term.
		if n := l.count(`congress WHERE code = $1`, int64(huangxin)); n != 2 {
			t.Errorf("%d congresses", n)
		}
		if n := l.count(`division_key WHERE key = 'guoyuanzhen' AND code = $1`, int64(huangxin)); n != 1 {
			t.Error("the former name does not lead there")
		}
		if n := l.client.Opinion.Query().CountX(l.as(viewer.TownshipAdmin, huangxin)); n != 1 {
			t.Errorf("who takes over sees %d cases", n)
		}
		if n := l.client.Opinion.Query().CountX(l.as(viewer.TownshipAdmin, guoyuan)); n != 0 {
			t.Errorf("%d cases are left", n)
		}
		l.refused(conflict("input.division CLOSED"), func() error {
			_, err := l.desk.RenameDivision(l.county(), workflow.RenameDivision{Decree: decree(), Division: guoyuan, Name: "果园街道"})
			return err
		})
	})
	t.Run("into a new one", func(t *testing.T) {
		l := newLand(t)
		to := place.MustParse("430121120")
		in := workflow.MergeDivisions{
			Decree: decree(), Divisions: []place.Code{guoyuan, huangxin}, Into: to, Name: ptr("黄园镇"), Children: l.renumbered(guoyuan, to),
		}
		tryFirst(l.county(), l, l.desk.MergeDivisions, in, func(in *workflow.MergeDivisions) { in.DryRun = true })
		l.liesAt(to, to+604)
		if n := l.count(`organ o JOIN division d ON d.id = o.division_id WHERE d.code = $1`, int64(to)); n != 1 {
			t.Errorf("%d organs of the same name", n)
		}
	})
	t.Run("digits that collide", func(t *testing.T) {
		l := newLand(t)
		l.refused(conflict("input.children CODE_TAKEN"), func() error {
			_, err := l.desk.MergeDivisions(l.county(), workflow.MergeDivisions{Decree: decree(), Divisions: []place.Code{guoyuan}, Into: huangxin})
			return err
		})
	})
}

// renumbered gives the villages of a township codes from 400 on in another one.
func (l *land) renumbered(from, to place.Code) (out []workflow.NewCode) {
	l.Helper()
	rows, err := l.owner.QueryContext(l.Context(), `SELECT code FROM division WHERE parent_code = $1`, int64(from))
	if err != nil {
		l.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var code place.Code
		if err := rows.Scan(&code); err != nil {
			l.Fatal(err)
		}
		out = append(out, workflow.NewCode{Division: code, Code: to + 400 + code - from})
	}
	if err := rows.Err(); err != nil {
		l.Fatal(err)
	}
	return out
}

func TestAbolishDivision(t *testing.T) {
	l := newLand(t)
	do := func(code place.Code) func() error {
		return func() error {
			_, err := l.desk.AbolishDivision(l.county(), workflow.AbolishDivision{Decree: decree(), Division: code})
			return err
		}
	}
	l.refused(conflict("input.division NOT_EMPTY"), do(guoyuan)) // villages
	l.refused(conflict("input.division NOT_EMPTY"), do(huaguo))  // a station, a case
	empty := guoyuan + 201
	done := tryFirst(l.county(), l, l.desk.AbolishDivision, workflow.AbolishDivision{Decree: decree(), Division: empty},
		func(in *workflow.AbolishDivision) { in.DryRun = true })
	if len(done.Successors) != 0 || len(done.Moved) != 0 {
		t.Errorf("%v", done)
	}
	if n := l.count(`division WHERE code = $1 AND valid_to = $2`, int64(empty), today); n != 1 {
		t.Error("it goes on")
	}
	l.refused(conflict("input.division CLOSED"), do(empty))
	_, err := l.desk.CreateStation(l.county(), newStation(empty, "果园镇某某村人大代表联络站"))
	conflict("input.division CLOSED").check(t, err)
}

// A change is made once for a key, whoever asks again.
func TestReorganiseOnce(t *testing.T) {
	l := newLand(t)
	in := workflow.RenameDivision{Decree: decree(), Division: guoyuan, Name: "果园街道"}
	in.IdempotencyKey = ptr("rename")
	first, err := l.desk.RenameDivision(l.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := l.desk.RenameDivision(l.county(), in)
	if err != nil || again.Event.ID != first.Event.ID {
		t.Fatal(again, err)
	}
	if n := l.count("division_event"); n != 1 {
		t.Errorf("%d events", n)
	}
}

// Of two at once that want the same code one is late.
func TestReorganiseAtOnce(t *testing.T) {
	l := newLand(t)
	to := place.MustParse("430121117")
	errs := l.atOnce("changes of the tree",
		func() error {
			_, err := l.desk.RecodeDivision(l.county(), workflow.RecodeDivision{Decree: decree(), Division: guoyuan, Code: to})
			return err
		},
		func() error {
			_, err := l.desk.RecodeDivision(l.county(), workflow.RecodeDivision{Decree: decree(), Division: chunhua, Code: to})
			return err
		})
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatal(errs)
	}
	for _, err := range errs {
		if err != nil {
			conflict("input.code CODE_TAKEN").check(t, err)
		}
	}
	l.consistent()
}

// Who reads while a county moves waits for nothing, and sees the old tree until it is done.
func TestReadsGoOn(t *testing.T) {
	l := newLand(t)
	tx, err := l.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	// Someone holds the last thing that the change needs, so that it stands still in its midst.
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM deputy_key FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := l.desk.TransferDivision(l.province(), workflow.TransferDivision{
			RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: county, Code: place.MustParse("431099")}, Parent: chenzhou,
		})
		done <- err
	}()
	l.until(1, `pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'SELECT reorganise%' AND datname = current_database()`)
	// What waits for the change waits for the end of the one that holds it up, which does not come before these have read.
	meanwhile, cancel := context.WithTimeout(l.county(), patience)
	defer cancel()
	if n, err := l.client.Opinion.Query().Count(meanwhile); err != nil || n != 1 {
		t.Errorf("%d opinions meanwhile: %v", n, err)
	}
	if n, err := l.client.Division.Query().Count(meanwhile); err != nil || n < 200 {
		t.Errorf("%d divisions meanwhile: %v", n, err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := l.client.Opinion.Query().CountX(l.county()); n != 0 {
		t.Errorf("%d opinions afterwards", n)
	}
	l.consistent()
}

// What someone writes at the old code, having read it before the change, is taken along a moment later.
func TestGatherStrays(t *testing.T) {
	l := newLand(t)
	to := place.MustParse("430121117")
	if _, err := l.desk.RecodeDivision(l.county(), workflow.RecodeDivision{Decree: decree(), Division: guoyuan, Code: to}); err != nil {
		t.Fatal(err)
	}
	into := workflow.MergeDivisions{Decree: decree(), Divisions: []place.Code{huangxin}, Into: to, Children: l.renumbered(huangxin, to)}
	division := l.divisionID(huangxin)
	if _, err := l.desk.MergeDivisions(l.county(), into); err != nil {
		t.Fatal(err)
	}
	late := l.worked(l.below, l.mandate, "2026-06-01", kind.WayReception) // as it was read before the change
	account := l.row("account", huangxin, map[string]any{
		"division_id": division, "username": "huangxin", "password_hash": "x", "display_name": "黄兴镇", "role": viewer.TownshipAdmin,
	})
	clock := workflow.NewClockwork(l.client, workflow.ClockworkOptions{})
	moved, err := clock.Gather(t.Context())
	if err != nil || moved != 3 { // an activity, an attendance, an account
		t.Errorf("%d rows, %v", moved, err)
	}
	if at := l.codeOf("attendance", late); at != to+204 {
		t.Errorf("the attendance lies at %s", at)
	}
	if at := l.codeOf("account", account); at != to {
		t.Errorf("the account lies at %s", at)
	}
	l.consistent()
	if moved, err := clock.Gather(t.Context()); err != nil || moved != 0 {
		t.Errorf("once more: %d rows, %v", moved, err)
	}
}
