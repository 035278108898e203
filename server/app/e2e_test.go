package app_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/gateway"
	"github.com/lianluo/lianluo/server/jobs"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// story is one opinion from the code to the end, told by people with accounts of their own, over HTTP alone, while the jobs run.
type story struct {
	*loop
	citizen *browser
	water   *apitest.Caller // the department that helps
	// special is a special committee, city the level above.
	special, above, portal *apitest.Caller
	aboveAccount           string
	// messages are those to the citizen.
	messages outbox
}

// outbox is a gateway that keeps what it is given.
type outbox struct {
	mu    sync.Mutex
	taken []gateway.Message
}

func (o *outbox) Send(_ context.Context, m gateway.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.taken = append(o.taken, m)
	return nil
}

func newStory(t *testing.T) *story {
	t.Helper()
	db := pgtest.New(t)
	server, world := apitest.On(t, db), apitest.NewWorld()
	world.Load(t, server.Owner)
	s := &story{loop: &loop{flow: &flow{Server: server, t: t, world: world}}, citizen: newBrowser(server, t)}
	village, county, town := world.Spot("430121102201"), world.Spot("430121"), world.Spot("430121102")
	s.station, s.department = globalID("Station", village.Station), globalID("Organ", county.Department)
	s.keeper, _ = s.account("keeper", viewer.StationKeeper, "430121102201", "station_id", village.Station)
	s.town, _ = s.account("town", viewer.TownshipAdmin, "430121102", "", "")
	s.county, _ = s.account("county", viewer.CountyAdmin, "430121", "", "")
	s.building, _ = s.account("building", viewer.Department, "430121", "organ_id", county.Department)
	s.water, _ = s.account("water", viewer.Department, "430121", "organ_id", county.Bureau)
	s.deputy, _ = s.account("deputy", viewer.Deputy, "430121102", "deputy_id", town.Deputy)
	s.special, _ = s.account("special", viewer.Supervisor, "430121", "", "")
	s.above, s.aboveAccount = s.account("above", viewer.CityAdmin, "4301", "", "")
	s.portal = s.As(viewer.Portal, place.MustParse("43"))
	s.work(db)
	return s
}

// account makes an account with what its role needs, and signs in.
func (s *story) account(name string, role viewer.Role, division, column, id string) (c *apitest.Caller, subject string) {
	s.t.Helper()
	account := s.Account(name, "correct horse", role, place.MustParse(division))
	if column != "" {
		if _, err := s.Owner.ExecContext(s.t.Context(), `UPDATE account SET `+column+` = $1 WHERE id = $2`, uuid.MustParse(id), account); err != nil {
			s.t.Fatal(err)
		}
	}
	return s.With(granted(s.t, signIn(s.Nobody(), name, "correct horse")).AccessToken), account.String()
}

// work runs the jobs as the server does.
func (s *story) work(db *pgtest.Database) {
	s.t.Helper()
	pool, err := postgres.Open(db.AppURL, postgres.Options{MaxOpen: jobs.Connections})
	if err != nil {
		s.t.Fatal(err)
	}
	runner, err := jobs.New(pool, jobs.Options{
		Log: slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Gateway: &s.messages, PollEvery: 100 * time.Millisecond,
		Clockwork: workflow.NewClockwork(postgres.Client(pool), workflow.ClockworkOptions{Messages: true, StatusPage: "https://lianluo.example.cn/receipt"}),
	})
	if err == nil {
		err = runner.Start(s.t.Context())
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := runner.Stop(ctx); err != nil {
			s.t.Error(err)
		}
		_ = pool.Close()
	})
}

// settle waits until the jobs have caught up.
func (s *story) settle() {
	s.t.Helper()
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var left int
		err := s.Owner.QueryRowContext(s.t.Context(), `SELECT count(*) FROM river_job WHERE kind IN ('opinion_step', 'message')
			AND state NOT IN ('completed', 'discarded', 'cancelled')`).Scan(&left)
		if err != nil {
			s.t.Fatal(err)
		}
		if left == 0 {
			return
		}
	}
	s.t.Fatal("the jobs do not catch up")
}

// told lists the steps of the opinion that an account was notified of, by name: jobs overtake each other.
func (s *story) told(c *apitest.Caller) string {
	s.t.Helper()
	list := s.ask(c, `{ notifications(last: 100) { edges { node { event { step } opinion { id } } } } }`)
	var steps []string
	for i := 0; at(list, "edges", i) != nil; i++ {
		if at(list, "edges", i, "node", "opinion", "id") == s.id {
			steps = append(steps, fmt.Sprint(at(list, "edges", i, "node", "event", "step")))
		}
	}
	slices.Sort(steps)
	return strings.Join(steps, " ")
}

// waits tells whether the opinion is on the desk of a caller.
func (s *story) waits(c *apitest.Caller) bool {
	s.t.Helper()
	list := s.ask(c, `{ myDesk(first: 100) { edges { node { id } } } }`)
	for i := 0; at(list, "edges", i) != nil; i++ {
		if at(list, "edges", i, "node", "id") == s.id {
			return true
		}
	}
	return false
}

// on checks on whose desk the opinion is, of all who have one.
func (s *story) on(want ...*apitest.Caller) {
	s.t.Helper()
	for name, c := range map[string]*apitest.Caller{
		"keeper": s.keeper, "county": s.county, "building": s.building, "water": s.water,
	} {
		expected := false
		for _, w := range want {
			expected = expected || w == c
		}
		if s.waits(c) != expected {
			s.t.Errorf("on the desk of %s: %v, want %v", name, !expected, expected)
		}
	}
}

// TestEndToEnd takes one opinion through a citizen, a liaison officer, the township, the county, two departments, a deputy, a special
// committee, the city and the public.
func TestEndToEnd(t *testing.T) {
	s := newStory(t)

	// The county posts the deputy to the station, and has the code printed.
	posted := s.do(s.county, "postDeputy", "posting { qrCode { text url } deputy { name } }", map[string]any{
		"mandate": globalID("Mandate", s.world.Spot("430121102").Mandate), "station": s.station, "basis": "GRID", "startedOn": "2025-02-01",
	})
	deputysName, path := at(posted, "posting", "deputy", "name").(string), at(posted, "posting", "qrCode", "url").(string)

	// The citizen scans it, and submits with a photo.
	f := s.citizen.get(path).is(http.StatusOK, deputysName).form(path)
	done := f.fill("content", "村口的桥面破损,雨天积水,孩子上学绕行").fill("category", "排水与内涝").fill("location", "东头桥").
		fill("name", "赵甲").fill("phone", "13800001234").tick("consent").choose(located()).send().is(http.StatusCreated)
	number, token := done.receipt("受理编号"), done.receipt("查询凭证")
	look := func() *page { t.Helper(); return s.citizen.look(number, token).is(http.StatusOK) }
	s.at(number)
	s.settle()
	s.equal("the officer is told", []any{s.told(s.keeper), s.told(s.deputy)}, []any{"SUBMIT", "SUBMIT"})
	s.on(s.keeper)

	// The officer looks at the photo, and accepts; the township organ analyses.
	photo := s.fetch(http.MethodGet, at(s.attachments(s.keeper), 0, "url").(string))
	if photo.status != http.StatusOK || bytes.Contains(photo.body, whereTaken) {
		t.Errorf("the photo: %d", photo.status)
	}
	s.step(s.keeper, "acceptOpinion", nil, map[string]any{"state": "ACCEPTED"})
	look().is(http.StatusOK, "已受理")
	s.step(s.town, "analyseOpinion", map[string]any{"category": s.category("0101"), "level": "COUNTY", "urgency": "URGENT", "hardship": true}, map[string]any{
		"state": "ANALYSED", "waitsOn": "ORGAN", "level": "COUNTY", "holder": map[string]any{"code": "430121000000"},
		"category": map[string]any{"number": "0101"}, "urgency": "URGENT", "hardship": true,
	})
	s.on(s.county)

	// The county assigns; the department sees the case only now, and asks the citizen, who answers by the telephone number.
	s.equal("unseen by the department", s.attachments(s.building), nil)
	s.step(s.county, "assignOpinion", map[string]any{"lead": s.department, "co": []string{globalID("Organ", s.world.Spot("430121").Bureau)}},
		map[string]any{"state": "ASSIGNED", "leadOrgan": map[string]any{"id": s.department}})
	s.on(s.building)
	s.step(s.building, "takeOpinion", nil, map[string]any{"state": "HANDLING"})
	s.on(s.building, s.water)
	s.step(s.building, "askSubmitter", map[string]any{"text": "是哪一座桥?"}, map[string]any{"state": "WAITING", "resumeState": "HANDLING", "waitsOn": "SUBMITTER"})
	s.on()
	s.citizen.look(number, "13800001234").is(http.StatusOK, "是哪一座桥?").
		form("/receipt/supplement").fill("text", "东头第二座").send().is(http.StatusOK, "东头第二座")

	// The departments work, the deputy explains, the special committee supervises and urges.
	s.step(s.water, "noteProgress", map[string]any{"text": "已到现场查看排水", "files": []string{s.sent(s.water, "", snapshot(4))}}, nil)
	s.step(s.building, "extendOpinion", map[string]any{"days": 5, "text": "等待材料"}, map[string]any{"extended": true})
	s.step(s.deputy, "explainOpinion", map[string]any{"text": "按规定由县住建局维护"}, nil)
	s.step(s.special, "superviseOpinion", map[string]any{
		"supervisor": globalID("Organ", s.world.Spot("430121").Organ), "dueOn": tomorrow(), "text": "限期办理",
	}, map[string]any{"supervisor": map[string]any{"id": globalID("Organ", s.world.Spot("430121").Organ)}, "supervisionDueOn": tomorrow()})
	s.step(s.special, "urgeOpinion", map[string]any{"text": "汛期将至,请抓紧"}, nil)
	s.step(s.building, "replyOpinion", map[string]any{"text": "桥面已修复,排水已疏通", "outcome": "SOLVED", "files": []string{s.sent(s.building, "", snapshot(5)), s.sent(s.building, "", pdf())}},
		map[string]any{"state": "REPLIED", "outcome": "SOLVED"})
	s.on(s.keeper)
	if p := look(); strings.Contains(p.text(), "桥面已修复") || strings.Contains(p.text(), "已到现场查看排水") || len(p.all("img")) != 1 {
		t.Error("the citizen is shown the answer before it is given back, or a note of the department's")
	}

	// The answer is given back; the citizen is not satisfied, the county has it done again.
	s.step(s.keeper, "feedBackOpinion", map[string]any{"text": "请您评价"}, map[string]any{"state": "FED_BACK", "waitsOn": "SUBMITTER"})
	p := look().is(http.StatusOK, "桥面已修复,排水已疏通", "按规定由县住建局维护", "附件 (PDF)")
	if len(p.all("img")) != 2 {
		t.Errorf("%d pictures", len(p.all("img")))
	}
	p.form("/receipt/rate").tick("rating", "DISSATISFIED").fill("comment", "一下雨又积水").send().is(http.StatusOK, "一下雨又积水")
	s.on(s.county)
	s.step(s.county, "reworkOpinion", map[string]any{"text": "请重新疏通"}, map[string]any{"state": "REWORK", "reworks": 1})
	s.step(s.building, "replyOpinion", map[string]any{"text": "已加装雨水箅并清淤", "outcome": "SOLVED"}, map[string]any{"state": "REPLIED"})
	s.step(s.keeper, "feedBackOpinion", nil, map[string]any{"state": "FED_BACK", "rating": nil})
	look().form("/receipt/rate").tick("rating", "SATISFIED").send().is(http.StatusOK, "您的评价满意")
	s.step(s.county, "closeOpinion", map[string]any{"text": "办结归档"}, map[string]any{
		"state": "CLOSED", "open": false, "waitsOn": "NONE", "clock": nil, "supervisor": nil, "supervisionDueOn": nil,
	})
	s.on()
	s.equal("the citizen reads", look().receipt("状态"), "办结")

	s.published()
	s.revealed()
	s.settle()
	s.timeline()
	s.notified(number)
	s.measured()
}

// published tells the public, and reads it as the public does.
func (s *story) published() {
	s.t.Helper()
	s.step(s.county, "publishOpinion", map[string]any{"title": "村口桥面修好了", "matter": "桥面破损,雨天积水", "answer": "加装雨水箅并清淤"}, map[string]any{"published": true})
	list := s.ask(s.portal, `{ publishedCases(division: "430121102", first: 10) { edges { node { title matter answer category { number } station { id } division { code } opinion { id } } } } }`)
	s.equal("the portal reads", at(list, "edges", 0, "node"), map[string]any{
		"title": "村口桥面修好了", "matter": "桥面破损,雨天积水", "answer": "加装雨水箅并清淤", "category": map[string]any{"number": "0101"},
		"station": map[string]any{"id": s.station}, "division": map[string]any{"code": "430121102201"}, "opinion": nil,
	})
	s.equal("the portal reads nothing else", s.ask(s.portal, `{ node(id: "`+s.id+`") { id } }`), nil)
}

// revealed has the city look up who it was, which the audit tells with the reason.
func (s *story) revealed() {
	s.t.Helper()
	s.equal("the city is shown what is masked", s.ask(s.above, `{ node(id: "`+s.id+`") { ... on Opinion { submitterMasked phoneMasked submitter { name } } } }`),
		map[string]any{"submitterMasked": "赵**", "phoneMasked": "138****1234", "submitter": nil})
	s.equal("revealed", s.do(s.above, "revealSubmitter", "name phone callBack", map[string]any{"id": s.id, "reason": "回访核实情况"}),
		map[string]any{"name": "赵甲", "phone": "13800001234", "callBack": false})
	var reason string
	err := s.Owner.QueryRowContext(s.t.Context(), `SELECT detail->>'reason' FROM audit_entry WHERE subject = $1 AND verb = 'revealSubmitter'
		AND role = 'CITY_ADMIN' AND entity = 'Opinion' AND entity_id = (SELECT id FROM opinion WHERE number = $2)`, s.aboveAccount, s.number).Scan(&reason)
	if err != nil || reason != "回访核实情况" {
		s.t.Errorf("the audit: %q %v", reason, err)
	}
}

// timeline checks every step of the opinion, as the county reads it.
func (s *story) timeline() {
	s.t.Helper()
	read := s.ask(s.county, `{ node(id: "`+s.id+`") { ... on Opinion { timeline { sequence step from to party role shown attachments { mediaType } } } } }`)
	for i, want := range []string{
		"SUBMIT <nil> SUBMITTED SUBMITTER <nil> true 1", "ACCEPT SUBMITTED ACCEPTED STATION STATION_KEEPER true 0",
		"ANALYSE ACCEPTED ANALYSED STATION TOWNSHIP_ADMIN true 0", "ASSIGN ANALYSED ASSIGNED ORGAN COUNTY_ADMIN true 0",
		"TAKE ASSIGNED HANDLING LEAD DEPARTMENT true 0", "ASK HANDLING WAITING LEAD DEPARTMENT true 0",
		"SUPPLEMENT WAITING HANDLING SUBMITTER <nil> true 0", "NOTE HANDLING HANDLING HANDLER DEPARTMENT false 1",
		"EXTEND HANDLING HANDLING LEAD DEPARTMENT true 0", "EXPLAIN HANDLING HANDLING DEPUTY DEPUTY true 0",
		"SUPERVISE HANDLING HANDLING ABOVE SUPERVISOR false 0", "URGE HANDLING HANDLING ABOVE SUPERVISOR false 0",
		"REPLY HANDLING REPLIED LEAD DEPARTMENT false 2", "FEED_BACK REPLIED FED_BACK STATION STATION_KEEPER true 2",
		"RATE FED_BACK RATED SUBMITTER <nil> true 0", "REWORK RATED REWORK ORGAN COUNTY_ADMIN true 0",
		"REPLY REWORK REPLIED LEAD DEPARTMENT false 0", "FEED_BACK REPLIED FED_BACK STATION STATION_KEEPER true 0",
		"RATE FED_BACK RATED SUBMITTER <nil> true 0", "CLOSE RATED CLOSED ORGAN COUNTY_ADMIN true 0",
		"PUBLISH CLOSED CLOSED ORGAN COUNTY_ADMIN false 0",
	} {
		e := at(read, "timeline", i)
		files, _ := at(e, "attachments").([]any)
		got := fmt.Sprintln(at(e, "step"), at(e, "from"), at(e, "to"), at(e, "party"), at(e, "role"), at(e, "shown"), len(files))
		if strings.TrimSpace(got) != want || at(e, "sequence") != float64(i+1) {
			s.t.Errorf("step %d: %s, want %s", i+1, strings.TrimSpace(got), want)
		}
	}
	s.equal("no more steps", at(read, "timeline", 21), nil)
}

// notified checks what everyone was told, and what was sent to the citizen.
func (s *story) notified(number string) {
	s.t.Helper()
	for name, x := range map[string]struct {
		caller *apitest.Caller
		want   string
	}{
		"keeper":   {s.keeper, "REPLY REPLY SUBMIT"},
		"town":     {s.town, ""},
		"county":   {s.county, "ANALYSE RATE RATE REPLY REPLY"},
		"building": {s.building, "ASSIGN EXPLAIN NOTE REWORK SUPERVISE SUPPLEMENT URGE"},
		"water":    {s.water, "ASSIGN SUPERVISE URGE"},
		"deputy":   {s.deputy, "CLOSE FEED_BACK FEED_BACK RATE RATE REPLY REPLY SUBMIT"},
		"special":  {s.special, "REPLY REPLY"},
		"above":    {s.above, ""},
	} {
		s.equal(name+" is told", s.told(x.caller), x.want)
	}
	s.equal("the county has not read them", s.ask(s.county, `{ unreadNotifications }`), 5)

	s.messages.mu.Lock()
	defer s.messages.mu.Unlock()
	happened := map[string]int{"已收到": 1, "需要您补充": 1, "请查看并评价": 2, "已办结": 1}
	for _, m := range s.messages.taken {
		if m.To != "13800001234" || !strings.Contains(m.Text, number) || strings.Contains(m.Text, "赵") || strings.Contains(m.Text, m.To) || strings.Contains(m.Text, "桥") {
			s.t.Errorf("to %s: %s", m.To, m.Text)
		}
		for what := range happened {
			if strings.Contains(m.Text, what) {
				happened[what]--
			}
		}
	}
	s.equal("messages that are missing", happened, map[string]int{"已收到": 0, "需要您补充": 0, "请查看并评价": 0, "已办结": 0})
	s.equal("messages", len(s.messages.taken), 5)
}

// measured checks what the opinion adds to the sums.
func (s *story) measured() {
	s.t.Helper()
	day := time.Now().In(time.FixedZone("Asia/Shanghai", 8*60*60))
	period := fmt.Sprintf(`{from: %q, to: %q}`, day.AddDate(0, 0, -1).Format(time.DateOnly), day.Format(time.DateOnly))
	const sums = `submitted accepted online open closed solved answered reworked hardship hardshipSolved late closingRate onTimeRate satisfaction reworkRate
		ratings { rating count }`
	want := map[string]any{
		"submitted": 1, "accepted": 1, "online": 1, "open": 0, "closed": 1, "solved": 1, "answered": 1, "reworked": 1, "hardship": 1, "hardshipSolved": 1,
		"late": 0, "closingRate": 1, "onTimeRate": 1, "satisfaction": 1, "reworkRate": 1,
		"ratings": []any{
			map[string]any{"rating": "SATISFIED", "count": 1},
			map[string]any{"rating": "BASICALLY_SATISFIED", "count": 0},
			map[string]any{"rating": "DISSATISFIED", "count": 0},
		},
	}
	for name, c := range map[string]*apitest.Caller{"county": s.county, "township": s.town, "city": s.above} {
		rows := s.ask(c, `{ opinionMeasures(division: "430121102", period: `+period+`) { measures { `+sums+` } } }`)
		list, _ := rows.([]any)
		s.equal("the "+name+" counts", at(list, 0, "measures"), want)
	}
	own, _ := s.ask(s.building, `{ departmentMeasures(period: `+period+`) { closed closingRate reworkRate satisfaction } }`).(map[string]any)
	s.equal("the department counts", own, map[string]any{"closed": 1, "closingRate": 1, "reworkRate": 1, "satisfaction": 1})
}
