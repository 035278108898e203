package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

const heading = "外部编号,站点,来源渠道,内容,地点,问题分类,姓名,电话,提交日期\n"

func (h *loopHouse) importing(csv string, dry bool) (*workflow.Import, error) {
	return h.desk.ImportOpinions(h.township(), workflow.ImportOpinions{CSV: csv, DryRun: dry, Consent: "2026-1"})
}

func TestImportOpinions(t *testing.T) {
	h := newLoopHouse(t)
	table := "\ufeff" + heading +
		`A-1,果园镇花果村人大代表联络站,来站,"村口桥面破损,雨天积水",花果村桥头,0101,赵甲,13800001234,2026-06-10` + "\r\n" +
		`A-2,果园镇花果村人大代表联络站,TELEPHONE,路灯不亮已有一周,,路灯与公共设施,,,` + "\n"
	before := h.state()
	tried, err := h.importing(table, true)
	if err != nil || tried.Rows != 2 || tried.Created != 0 || len(tried.Errors) != 0 || h.state() != before {
		t.Fatalf("tried: %+v %v", tried, err)
	}
	made, err := h.importing(table, false)
	if err != nil || made.Created != 2 || made.Known != 0 {
		t.Fatalf("made: %+v %v", made, err)
	}
	o, err := h.client.Opinion.Query().All(h.township())
	if err != nil || len(o) != 2 {
		t.Fatal(o, err)
	}
	first := o[0]
	if *first.ExternalID != "A-1" {
		first = o[1]
	}
	if first.Channel != kind.ChannelInPerson || first.Content != "村口桥面破损,雨天积水" || *first.CategoryHintID != h.category("0101") ||
		*first.PhoneMasked != "138****1234" || !first.SubmittedAt.Equal(time.Date(2026, 6, 10, 4, 0, 0, 0, time.UTC)) ||
		first.DueOn.Format(time.DateOnly) != "2026-06-15" {
		t.Errorf("imported %v", first)
	}
	again, err := h.importing(table, false)
	if err != nil || again.Created != 0 || again.Known != 2 || h.count("opinion") != 2 {
		t.Errorf("again: %+v %v", again, err)
	}
	more, err := h.importing(table+`A-3,果园镇花果村人大代表联络站,走访,垃圾清运不及时`+strings.Repeat(",", 5)+"\n", false)
	if err != nil || more.Created != 1 || more.Known != 2 {
		t.Errorf("more: %+v %v", more, err)
	}
	h.replayed()
}

// What is wrong is named by row and column, and one wrong cell keeps everything out.
func TestImportOpinionsErrors(t *testing.T) {
	h := newLoopHouse(t)
	if _, err := h.importing(heading+"A-0,果园镇花果村人大代表联络站,来站,原来的内容如此,,,,,\n", false); err != nil {
		t.Fatal(err)
	}
	const s = "果园镇花果村人大代表联络站"
	table := heading + strings.Join([]string{
		"A-1," + s + ",来站,路灯不亮已有一周,,,,,",
		"," + s + ",来站,路灯不亮已有一周,,,,,",
		"A-3,黄兴镇人大代表联络站,来站,路灯不亮已有一周,,,,,",
		"A-4," + s + ",飞鸽,路灯,,没有这一类,,=1+1,2026-13-40",
		"A-1," + s + ",来站,路灯不亮已有一周,,,,,",
		"A-6," + s + ",来站,路灯不亮已有一周,,,,,2030-01-01",
		"A-7," + s + ",来站,路灯不亮已有一周,,,,,2020-01-01",
		"A-0," + s + ",来站,现在是另一个内容,,,,,",
		"A-8," + s + ",来站",
	}, "\n")
	before := h.state()
	got, err := h.importing(table, false)
	if err != nil {
		t.Fatal(err)
	}
	var errs []string
	for _, e := range got.Errors {
		errs = append(errs, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Code))
		if e.Message == "" {
			t.Error("no message for", e)
		}
	}
	want := []string{
		"10  MALFORMED", "3 external_id REQUIRED", "4 station NOT_FOUND", "5 content TOO_SHORT", "5 phone MALFORMED", "5 channel UNKNOWN_VALUE",
		"5 category NOT_FOUND", "5 submitted_on MALFORMED", "6 external_id REPEATED", "7 submitted_on IMPOSSIBLE_DATE",
		"8 submitted_on IMPOSSIBLE_DATE", "10 content REQUIRED", "9 content CONFLICT",
	}
	if diff := cmp.Diff(want, errs); diff != "" {
		t.Error(diff)
	}
	if got.Created != 0 || got.Rows != 9 || h.state() != before {
		t.Errorf("something was written: %+v", got)
	}

	for name, c := range map[string]struct {
		csv  string
		want refusal
	}{
		"nothing":        {"", invalid("input.csv REQUIRED")},
		"unknown column": {"外部编号,站点,来源渠道,内容,身份证\n", invalid("input.csv UNKNOWN_COLUMN")},
		"missing column": {"外部编号,站点,内容\n", invalid("input.csv MISSING_COLUMN")},
		"column twice":   {"外部编号,external_id,站点,来源渠道,内容\n", invalid("input.csv REPEATED")},
		"no table":       {"外部编号,站点,来源渠道,内容\n\"a", invalid("input.csv MALFORMED")},
		"too many":       {heading + strings.Repeat("a,b,c,d,,,,,\n", 1001), invalid("input.csv TOO_MANY")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.importing(c.csv, false)
				return err
			})
		})
	}
	h.refused(invalid("input.consent REQUIRED"), func() error {
		_, err := h.desk.ImportOpinions(h.township(), workflow.ImportOpinions{CSV: heading})
		return err
	})
	h.refused(denied("input"), func() error {
		_, err := h.desk.ImportOpinions(h.keeper(uuid.Nil), workflow.ImportOpinions{CSV: heading, Consent: "2026-1"})
		return err
	})
}

// A keeper imports for the own station alone.
func TestImportOpinionsOfKeeper(t *testing.T) {
	h := newLoopHouse(t)
	table := heading + "A-1,果园镇花果村人大代表联络站,来站,路灯不亮已有一周,,,,,\n"
	other := h.house.station(huaguo, "果园镇花果村人大代表联络点")
	got, err := h.desk.ImportOpinions(h.officer(other), workflow.ImportOpinions{CSV: table, Consent: "2026-1"})
	if err != nil || len(got.Errors) != 1 || got.Errors[0].Code != "NOT_FOUND" || h.count("opinion") != 0 {
		t.Errorf("another station's: %+v %v", got, err)
	}
	got, err = h.desk.ImportOpinions(h.officer(h.station), workflow.ImportOpinions{CSV: table, Consent: "2026-1"})
	if err != nil || got.Created != 1 {
		t.Errorf("the own: %+v %v", got, err)
	}
}

// The same table sent twice at once is imported once.
func TestImportOpinionsAtOnce(t *testing.T) {
	h := newLoopHouse(t)
	tx, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, "import:"+h.station.ID.String()); err != nil {
		t.Fatal(err)
	}
	type result struct {
		*workflow.Import
		err error
	}
	results := make(chan result, 2)
	for range 2 {
		go func() {
			got, err := h.importing(heading+"A-1,果园镇花果村人大代表联络站,来站,路灯不亮已有一周,,,,,\n", false)
			results <- result{got, err}
		}()
	}
	h.until(2, `pg_locks WHERE NOT granted`)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	a, b := <-results, <-results
	if a.err != nil || b.err != nil || a.Created+b.Created != 1 || a.Known+b.Known != 1 || h.count("opinion") != 1 {
		t.Errorf("imported %+v and %+v", a, b)
	}
}

func TestImportCalendar(t *testing.T) {
	h := newLoopHouse(t)
	next := func(csv string, dry bool) (*workflow.Import, error) {
		return h.desk.ImportCalendar(h.nation(), workflow.ImportCalendar{Year: 2027, CSV: csv, DryRun: dry})
	}
	table := "日期,类型,节日\n2027-01-01,放假,元旦\n2027-01-02,OFF,元旦\n2027/01/03,上班,元旦\n"
	shipped := h.count("calendar_day")
	if got, err := next(table, true); err != nil || got.Rows != 3 || h.count("calendar_day") != shipped {
		t.Errorf("tried: %+v %v", got, err)
	}
	for range 2 { // again replaces what there is
		if got, err := next(table, false); err != nil || got.Created != 3 || h.count("calendar_day") != shipped+3 {
			t.Errorf("made: %+v %v", got, err)
		}
	}
	before := h.state()
	got, err := next("day,kind,name\n2027-02-30,放假,春节\n2026-02-01,放假,春节\n2027-02-01,休息,春节\n2027-02-01,放假,\n", false)
	if err != nil || len(got.Errors) != 5 || h.state() != before {
		t.Errorf("errors: %+v %v", got, err)
	}
	h.refused(invalid("input.csv REQUIRED"), func() error { // a heading alone would empty the year
		_, err := next("日期,类型,节日\n", false)
		return err
	})
	h.refused(invalid("input.year OUT_OF_RANGE"), func() error {
		_, err := h.desk.ImportCalendar(h.nation(), workflow.ImportCalendar{Year: 1999, CSV: table})
		return err
	})
	// Whoever sees less than the nation cannot change its calendar even beside the verb.
	if _, err := h.client.CalendarDay.Delete().Exec(h.province()); err != nil {
		t.Error(err)
	}
	if h.count("calendar_day") != shipped+3 {
		t.Error("a province changed the nation's calendar")
	}
}

// The calendar that is shipped: worked weekends and holidays of each year, against a few days known by heart.
func TestShippedCalendar(t *testing.T) {
	h := newHouse(t)
	days, err := h.client.CalendarDay.Query().All(h.as(viewer.CountyAdmin, county))
	if err != nil {
		t.Fatal(err)
	}
	w := workflow.Workdays(days)
	for date, works := range map[string]bool{
		"2022-01-30": true, "2022-02-06": false, "2022-10-09": true, "2023-01-27": false, "2023-10-06": false, "2023-10-08": true,
		"2024-02-18": true, "2024-06-10": false, "2024-10-12": true, "2025-01-26": true, "2025-05-31": false, "2025-10-08": false,
		"2025-10-11": true, "2026-02-23": false, "2026-02-28": true, "2026-09-25": false, "2026-10-10": true, "2026-11-22": false,
		"2026-11-23": true,
	} {
		if w.Works(day(date)) != works {
			t.Errorf("%s works: %v", date, !works)
		}
	}
	// A year less its weekends and its public holidays, of which there are 11, since 2025 13: what is moved about comes out even.
	for year, want := range map[int]int{2022: 365 - 105 - 11, 2023: 365 - 105 - 11, 2024: 366 - 104 - 11, 2025: 365 - 104 - 13, 2026: 365 - 104 - 13} {
		first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		if n := w.Between(first.AddDate(0, 0, -1), first.AddDate(1, 0, -1)); n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
	}
}

func TestReplaceCode(t *testing.T) {
	h := newLoopHouse(t)
	var posting uuid.UUID
	if err := h.owner.QueryRowContext(t.Context(), `SELECT id FROM posting WHERE station_id = $1`, h.station.ID).Scan(&posting); err != nil {
		t.Fatal(err)
	}
	good := func(station uuid.UUID) int {
		return h.count(`qr_code WHERE station_id = $1 AND revoked_at IS NULL`, station)
	}
	if good(h.station.ID) != 2 { // the station's own and the deputy's
		t.Error("codes:", good(h.station.ID))
	}
	first, err := h.desk.ReplaceCode(h.officer(h.station), workflow.ReplaceCode{Station: &h.station.ID, Reason: "张贴件遗失"})
	if err != nil || first.PostingID != nil || good(h.station.ID) != 2 || h.count(`qr_code WHERE revoke_reason = '张贴件遗失'`) != 1 {
		t.Errorf("%v %v", first, err)
	}
	deputys, err := h.desk.ReplaceCode(h.township(), workflow.ReplaceCode{
		IdempotencyKey: ptr("k"), Posting: &posting, Reason: "张贴件遗失",
	})
	again, err2 := h.desk.ReplaceCode(h.township(), workflow.ReplaceCode{IdempotencyKey: ptr("k"), Posting: &posting, Reason: "张贴件遗失"})
	if err != nil || err2 != nil || *deputys.PostingID != posting || again.ID != deputys.ID || good(h.station.ID) != 2 {
		t.Errorf("%v %v %v", deputys, err, err2)
	}
	revoked, err := h.desk.RevokeCode(h.officer(h.station), workflow.RevokeCode{ID: deputys.ID, Reason: "代表请假"})
	if err != nil || revoked.RevokedAt == nil || good(h.station.ID) != 1 {
		t.Errorf("%v %v", revoked, err)
	}
	for name, c := range map[string]struct {
		want refusal
		do   func() error
	}{
		"revoked twice": {conflict("input.id ENDED"), func() error {
			_, err := h.desk.RevokeCode(h.officer(h.station), workflow.RevokeCode{ID: deputys.ID, Reason: "代表请假"})
			return err
		}},
		"another keeper's": {denied("input.id"), func() error {
			_, err := h.desk.RevokeCode(h.keeperAt(huaguo, uuid.New()), workflow.RevokeCode{ID: first.ID, Reason: "张贴件遗失"})
			return err
		}},
		"out of sight": {notFound("input.station"), func() error {
			_, err := h.desk.ReplaceCode(h.beihu(), workflow.ReplaceCode{Station: &h.station.ID, Reason: "张贴件遗失"})
			return err
		}},
		"neither": {invalid("input.station REQUIRED"), func() error {
			_, err := h.desk.ReplaceCode(h.township(), workflow.ReplaceCode{Reason: "张贴件遗失"})
			return err
		}},
		"no reason": {invalid("input.reason REQUIRED"), func() error {
			_, err := h.desk.ReplaceCode(h.township(), workflow.ReplaceCode{Station: &h.station.ID})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) { h.sub(t).refused(c.want, c.do) })
	}
	if first.Code != huaguo {
		t.Error("the code stands at", first.Code)
	}
}
