package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// noon is the middle of a day in China.
func noon(text string) time.Time { return day(text).Add(4 * time.Hour) }

// sweep sweeps at noon of a day and returns how many cases were moved.
func (h *house) sweep(on string) int {
	h.Helper()
	n, err := h.clockworkAt(noon(on)).KeepTime(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// steps are the steps of an opinion from a number on, with their texts.
func (h *loopHouse) steps(id uuid.UUID, from int) string {
	h.Helper()
	events, err := h.client.OpinionEvent.Query().
		Where(opinionevent.OpinionID(id), opinionevent.SequenceGT(from)).Order(opinionevent.BySequence()).All(h.job())
	if err != nil {
		h.Fatal(err)
	}
	var out []string
	for _, e := range events {
		text := string(e.Step)
		if e.Text != nil {
			text += " " + *e.Text
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// A new opinion of Monday, 15 June 2026 has until Thursday, 18; Friday is a holiday (端午节). Each row is one look at the clock.
func TestKeepTime(t *testing.T) {
	h := newLoopHouse(t)
	x := h.submitted("村口的桥面破损,雨天积水")
	for _, c := range []struct {
		day  string
		want string
	}{
		{"2026-06-15", ""},
		{"2026-06-16", ""},
		{"2026-06-17", "AMBER"},
		{"2026-06-17", "AMBER"},
		{"2026-06-18", "AMBER"},
		{"2026-06-19", "AMBER, OVERDUE"},
		{"2026-06-20", "AMBER, OVERDUE"},
		{"2026-06-17", "AMBER, OVERDUE"}, // the clock is set back
		{"2026-06-16", "AMBER, OVERDUE"},
		{"2026-06-22", "AMBER, OVERDUE"}, // and right again
	} {
		before := h.steps(x.ID, 1)
		n := h.sweep(c.day)
		got := h.steps(x.ID, 1)
		if got != c.want || (n == 1) != (got != before) {
			t.Errorf("on %s: %q, %d moved", c.day, got, n)
		}
	}
	if now := h.read(x.ID); !now.Warned || !now.Overdue || !now.Late || now.State != state.OpinionSubmitted {
		t.Errorf("%v", now)
	}
	// In its next state the clock speaks again, once.
	x = h.must(h.deskAt(noon("2026-06-22")).AcceptOpinion(h.officer(h.station), workflow.AcceptOpinion{OpinionRef: workflow.OpinionRef{ID: x.ID}}))
	if x.Warned || x.Overdue || x.DueOn.Format(time.DateOnly) != "2026-06-25" {
		t.Errorf("accepted: %v", x)
	}
	for _, on := range []string{"2026-06-22", "2026-06-30", "2026-06-30"} {
		h.sweep(on)
	}
	if got := h.steps(x.ID, 4); got != "OVERDUE" { // no one was there to be warned
		t.Errorf("in the next state: %q", got)
	}
	events, err := h.client.OpinionEvent.Query().Where(opinionevent.OpinionID(x.ID), opinionevent.StepEQ("OVERDUE")).All(h.job())
	if err != nil || len(events) != 2 {
		t.Fatal(events, err)
	}
	for _, e := range events {
		if e.Party != state.PartyClock || e.Subject != "job:deadlines" || e.Role != nil || e.Shown {
			t.Errorf("the clock's line: %v", e)
		}
		if n := h.count(`river_job WHERE kind = 'opinion_step' AND args->>'event' = $1`, e.ID.String()); n != 1 {
			t.Errorf("%d jobs of it", n)
		}
	}
	if n := h.count(`audit_entry WHERE subject = 'job:deadlines' AND verb = 'keepTime' AND entity_id = $1`, x.ID); n != 3 {
		t.Errorf("%d lines in the audit", n)
	}
	h.replayed()
}

// What the end of the time means, state by state.
func TestKeepTimeByState(t *testing.T) {
	h := newLoopHouse(t)
	main := h.walk(ways["ACCEPTED"], uuid.Nil)
	for _, c := range []struct {
		way         string
		amber, over string
		after       state.Opinion
	}{
		{"SUBMITTED", "AMBER", "AMBER, OVERDUE", "SUBMITTED"},
		{"ACCEPTED", "AMBER", "AMBER, OVERDUE", "ACCEPTED"},
		{"ANSWERED", "AMBER", "AMBER, OVERDUE", "ANSWERED"},
		{"ANALYSED", "AMBER", "AMBER, OVERDUE", "ANALYSED"},
		{"ASSIGNED", "AMBER", "AMBER, OVERDUE", "ASSIGNED"},
		{"RETURN_REQUESTED", "AMBER", "AMBER, OVERDUE", "RETURN_REQUESTED"},
		{"ESCALATED", "AMBER", "AMBER, OVERDUE", "ESCALATED"},
		{"HANDLING", "AMBER", "AMBER, OVERDUE", "HANDLING"},
		{"REPLIED", "AMBER", "AMBER, OVERDUE", "REPLIED"},
		{"REWORK", "AMBER", "AMBER, OVERDUE", "REWORK"},
		{"FED_BACK", "AMBER", "AMBER, LAPSE", "CLOSED"},
		{"WAITING station", "AMBER", "AMBER, RESUME 群众逾期未补充", "SUBMITTED"},
		{"WAITING lead", "AMBER", "AMBER, RESUME 群众逾期未补充", "HANDLING"},
		{"RATED", "", "", "RATED"},
		{"DECLINED", "", "", "DECLINED"},
		{"MERGED", "", "", "MERGED"},
		{"CLOSED", "", "", "CLOSED"},
		{"CONVERTED", "", "", "CONVERTED"},
	} {
		x := h.walk(ways[c.way], main.ID)
		if x.DueOn != nil {
			h.sweep(x.AmberOn.AddDate(0, 0, -1).Format(time.DateOnly))
			if got := h.steps(x.ID, x.Events); got != "" {
				t.Errorf("%s the day before: %q", c.way, got)
			}
			h.sweep(x.AmberOn.Format(time.DateOnly))
			h.sweep(x.DueOn.Format(time.DateOnly))
			if got := h.steps(x.ID, x.Events); got != c.amber {
				t.Errorf("%s on the last day: %q, want %q", c.way, got, c.amber)
			}
			h.sweep(x.DueOn.AddDate(0, 0, 1).Format(time.DateOnly))
		} else {
			h.sweep("2026-12-01")
		}
		now := h.read(x.ID)
		if got := h.steps(x.ID, x.Events); got != c.over || now.State != c.after {
			t.Errorf("%s the day after: %q in %s, want %q", c.way, got, now.State, c.over)
		}
		if now.State == state.OpinionClosed && c.way == "FED_BACK" && (now.Rating != nil || now.ClosedAt == nil || now.Late) {
			t.Errorf("lapsed: %v", now)
		}
		if _, err := h.owner.ExecContext(t.Context(), `UPDATE opinion SET open = false, state = 'DECLINED', resume_state = NULL, due_on = NULL,
			amber_on = NULL WHERE id = $1 AND open`, x.ID); err != nil { // out of the way of the next
			t.Fatal(err)
		}
	}
}

// The days that were left when the citizen was asked are left when the question is dropped.
func TestDroppedQuestionKeepsTheDays(t *testing.T) {
	h := newLoopHouse(t)
	x := h.walk(ways["WAITING lead"], uuid.Nil)
	if x.DaysLeft == nil || *x.DaysLeft != 15 || x.DueOn.Format(time.DateOnly) != "2026-06-30" {
		t.Fatalf("%v", x)
	}
	if n := h.sweep("2026-07-01"); n != 1 {
		t.Fatalf("%d moved", n)
	}
	if now := h.read(x.ID); now.State != state.OpinionHandling || now.DueOn.Format(time.DateOnly) != "2026-07-22" || now.Overdue || now.DaysLeft != nil {
		t.Errorf("%v", now)
	}
	h.replayed()
}

// Four servers sweep at once, again and again: each case is marked once.
func TestKeepTimeAtOnce(t *testing.T) {
	h := newLoopHouse(t)
	const cases = 25
	for range cases {
		h.submitted("村口的桥面破损,雨天积水")
	}
	moved := make(chan int)
	for range 4 {
		go func() {
			total := 0
			for range 5 {
				n, err := h.clockworkAt(noon("2026-06-22")).KeepTime(t.Context())
				if err != nil {
					t.Error(err)
				}
				total += n
			}
			moved <- total
		}()
	}
	total := 0
	for range 4 {
		total += <-moved
	}
	if n := h.count(`opinion_event WHERE step = 'OVERDUE'`); total != cases || n != cases {
		t.Errorf("%d moved, %d marks, want %d", total, n, cases)
	}
	h.replayed()
}

// A case that someone is at work on is left alone, and one that cannot be moved stands in no other's way.
func TestKeepTimePassesBy(t *testing.T) {
	h := newLoopHouse(t)
	held, broken, free := h.submitted("路灯不亮已有一周"), h.submitted("路灯不亮已有一周"), h.submitted("路灯不亮已有一周")
	tx, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM opinion WHERE id = $1 FOR UPDATE`, held.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.owner.ExecContext(t.Context(), `UPDATE opinion SET version = 7, events = 0 WHERE id = $1`, broken.ID); err != nil {
		t.Fatal(err) // its next line would be its first once more
	}
	n, err := h.clockworkAt(noon("2026-06-22")).KeepTime(t.Context())
	if n != 1 || err == nil || !strings.HasPrefix(err.Error(), "1 of 3 cases that are due") {
		t.Errorf("%d moved, %v", n, err)
	}
	if got := h.steps(free.ID, 1); got != "OVERDUE" {
		t.Errorf("the free one: %q", got)
	}
	if got := h.steps(held.ID, 1) + h.steps(broken.ID, 1); got != "" {
		t.Errorf("the others: %q", got)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n, _ := h.clockworkAt(noon("2026-06-22")).KeepTime(t.Context()); n != 1 || h.steps(held.ID, 1) != "OVERDUE" {
		t.Errorf("after it is let go: %d", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.clockworkAt(noon("2026-07-22")).KeepTime(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// merging is a main opinion with merged ones, and how to do its steps.
type merging struct {
	*office
	main *gen.Opinion
}

func (m *merging) on() workflow.OpinionRef { return workflow.OpinionRef{ID: m.main.ID} }

// merge makes an accepted opinion and merges it into the main one.
func (m *merging) merge() *gen.Opinion {
	m.Helper()
	x := m.walk(ways["ACCEPTED"], uuid.Nil)
	return m.must(m.desk.MergeOpinion(m.officer(m.station), workflow.MergeOpinion{OpinionRef: ref(x), Main: m.main.ID}))
}

// do leads the main opinion to the answer, rating and end.
func (m *merging) reply(text string, outcome kind.Outcome, files ...string) {
	m.Helper()
	m.main = m.must(m.desk.ReplyOpinion(m.department(county, m.lead), workflow.ReplyOpinion{OpinionRef: m.on(), Text: text, Outcome: outcome, Files: files}))
}

func (m *merging) feedBack() *gen.OpinionEvent {
	m.Helper()
	m.main = m.must(m.desk.FeedBackOpinion(m.officer(m.station), workflow.FeedBackOpinion{OpinionRef: m.on(), Text: ptr("如有疑问请来站")}))
	return m.last(m.main.ID)
}

func (m *merging) rateAndClose() *gen.OpinionEvent {
	m.Helper()
	if _, err := m.desk.Walk(m.citizen(m.main.ID), m.main.ID, "RATE", dossier.Facts{Rating: kind.RatingSatisfied}); err != nil {
		m.Fatal(err)
	}
	m.main = m.must(m.desk.CloseOpinion(m.county(), workflow.CloseOpinion{OpinionRef: m.on()}))
	return m.last(m.main.ID)
}

func (m *merging) reopen() *gen.OpinionEvent {
	m.Helper()
	m.main = m.must(m.desk.ReopenOpinion(m.county(), workflow.ReopenOpinion{OpinionRef: m.on(), Text: "问题再次出现"}))
	return m.last(m.main.ID)
}

func (m *merging) announced(e *gen.OpinionEvent) {
	m.Helper()
	if err := m.clockwork.Announce(m.Context(), e.ID); err != nil {
		m.Fatal(err)
	}
}

// upload is the secret of a new file.
func (h *house) upload(key string) string {
	h.Helper()
	secret := "secret of " + key
	if _, err := h.owner.ExecContext(h.Context(), `INSERT INTO upload (id, created_at, updated_at, storage_key, media_type, size, sha256, secret_hash)
		VALUES ($1, now(), now(), $2, 'image/jpeg', 10, 'x', $3)`, uuid.Must(uuid.NewV7()), key, workflow.SecretHash(secret)); err != nil {
		h.Fatal(err)
	}
	return secret
}

func newMerging(t *testing.T) *merging {
	t.Helper()
	m := &merging{office: newOffice(t)}
	m.main = m.walk(ways["HANDLING"], uuid.Nil)
	return m
}

// Merged opinions follow the main one's answer, end and reopening: with its words and files, in order, once.
func TestMergedFollow(t *testing.T) {
	m := newMerging(t)
	one, two := m.merge(), m.merge()
	m.reply("桥面已修复,排水已疏通", kind.OutcomeSolved, m.upload("a"), m.upload("b"))
	fed := m.feedBack()
	for range 2 { // the second time there is nothing left to follow
		m.announced(fed)
	}
	const answer = "FOLLOW_FEEDBACK 桥面已修复,排水已疏通\n如有疑问请来站"
	for _, x := range []*gen.Opinion{one, two} {
		now := m.read(x.ID)
		if got := m.steps(x.ID, x.Events); got != answer || now.State != state.OpinionMerged || now.FedBackAt == nil || *now.Outcome != kind.OutcomeSolved {
			t.Errorf("after the answer: %q %v", got, now)
		}
		if n := m.count(`attachment WHERE event_id = $1 AND shown AND storage_key IN ('a', 'b')`, m.last(x.ID).ID); n != 2 {
			t.Errorf("%d files", n)
		}
	}
	if _, err := m.desk.Walk(m.citizen(one.ID), one.ID, "RATE", dossier.Facts{Rating: kind.RatingDissatisfied}); err != nil {
		t.Error(err)
	}
	// The job of the end is lost; that of the reopening makes it good.
	m.rateAndClose()
	m.announced(m.reopen())
	for _, x := range []*gen.Opinion{one, two} {
		got := m.steps(x.ID, x.Events)
		if !strings.HasSuffix(got, ", FOLLOW_CLOSE 主件已办结, FOLLOW_REOPEN 主件重新办理") || m.read(x.ID).ClosedAt != nil {
			t.Errorf("after the reopening: %q", got)
		}
	}
	// One that is merged only now has nothing to do with what was before, and one that is taken out follows no more.
	late := m.merge()
	m.must(m.desk.UnmergeOpinion(m.officer(m.station), workflow.UnmergeOpinion{OpinionRef: workflow.OpinionRef{ID: two.ID}, Text: "不是同一件事"}))
	m.reply("已加固桥面", kind.OutcomePlanned)
	m.announced(m.feedBack())
	if got := m.steps(late.ID, late.Events); got != "FOLLOW_FEEDBACK 已加固桥面\n如有疑问请来站" || *m.read(late.ID).Outcome != kind.OutcomePlanned {
		t.Errorf("the late one: %q", got)
	}
	if got := m.steps(two.ID, two.Events); !strings.HasSuffix(got, "UNMERGE 不是同一件事") {
		t.Errorf("the one taken out: %q", got)
	}
	if now := m.read(one.ID); now.Rating != nil || now.RatedAt != nil {
		t.Errorf("a new answer keeps the old rating: %v", now)
	}
	m.replayed()
}

// The other ends of a main opinion, and many at once.
func TestMergedFollowEnds(t *testing.T) {
	m := newMerging(t)
	x := m.merge()
	m.reply("桥面已修复,排水已疏通", kind.OutcomeSolved)
	fed := m.feedBack()
	if n := m.sweep("2026-07-15"); n < 1 {
		t.Fatal("nothing lapsed")
	}
	lapsed := m.last(m.main.ID)
	errs := make(chan error)
	for i := range 6 {
		go func() { errs <- m.clockwork.Announce(t.Context(), []uuid.UUID{fed.ID, lapsed.ID}[i%2]) }()
	}
	for range 6 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := m.steps(x.ID, x.Events); !strings.HasPrefix(got, "FOLLOW_FEEDBACK ") || !strings.HasSuffix(got, ", FOLLOW_CLOSE 主件逾期未评价办结") ||
		strings.Count(got, "FOLLOW") != 2 {
		t.Errorf("%q", got)
	}

	m.main = m.walk(ways["HANDLING"], uuid.Nil)
	y := m.merge()
	m.reply("桥面已修复,排水已疏通", kind.OutcomeSolved)
	m.feedBack()
	if _, err := m.desk.Walk(m.citizen(m.main.ID), m.main.ID, "RATE", dossier.Facts{Rating: kind.RatingSatisfied}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.desk.Walk(m.member(m.deputy), m.main.ID, "CONVERT", dossier.Facts{}); err != nil {
		t.Fatal(err)
	}
	m.announced(m.last(m.main.ID))
	if got := m.steps(y.ID, y.Events); !strings.HasSuffix(got, ", FOLLOW_CLOSE 主件已转为代表建议") {
		t.Errorf("%q", got)
	}
	m.replayed()
}

// gatewayLog is a gateway that notes what it is given, and refuses when told to.
type gatewayLog struct {
	taken  []string
	refuse error
}

func (g *gatewayLog) send(_ context.Context, id uuid.UUID, channel kind.MessageChannel, to, text string) error {
	if g.refuse != nil {
		return g.refuse
	}
	g.taken = append(g.taken, fmt.Sprintf("%s %s %s %s", id, channel, to, text))
	return nil
}

func TestSendMessage(t *testing.T) {
	o := newOffice(t)
	e := o.announce(o.book(ptr("138 0000 1234")).ID)
	message := func() (id uuid.UUID, is string) {
		t.Helper()
		err := o.owner.QueryRowContext(t.Context(), `SELECT id, status || ' ' || attempts || ' ' || (sent_at IS NOT NULL) FROM message WHERE event_id = $1`,
			e.ID).Scan(&id, &is)
		if err != nil {
			t.Fatal(err)
		}
		return id, is
	}
	id, _ := message()
	g := &gatewayLog{refuse: errors.New(`Post "https://sms.example/send?to=8613800001234": no route`)}
	err := o.clockwork.SendMessage(t.Context(), id, false, g.send)
	if err == nil || strings.Contains(err.Error(), "13800001234") || !strings.Contains(err.Error(), "no route") {
		t.Errorf("refused: %v", err)
	}
	if _, is := message(); is != "PENDING 1 false" {
		t.Error("after a refusal:", is)
	}
	g.refuse = nil
	errs := make(chan error)
	for range 4 { // rescued while it runs
		go func() { errs <- o.clockwork.SendMessage(t.Context(), id, false, g.send) }()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if _, is := message(); is != "SENT 2 true" || len(g.taken) != 1 {
		t.Errorf("%s, %d taken", is, len(g.taken))
	}
	if want := id.String() + " SMS 13800001234 【人大代表联络站】您反映的事项(受理编号 "; !strings.HasPrefix(g.taken[0], want) {
		t.Error(g.taken[0])
	}

	e = o.announce(o.book(ptr("138 0000 1234")).ID)
	id, _ = message()
	g.refuse = errors.New("blocked")
	if err := o.clockwork.SendMessage(t.Context(), id, true, g.send); err == nil {
		t.Error("the last refusal is no error")
	}
	if _, is := message(); is != "FAILED 1 false" {
		t.Error("after the last attempt:", is)
	}
	g.refuse = nil
	if err := o.clockwork.SendMessage(t.Context(), id, false, g.send); err != nil || len(g.taken) != 1 {
		t.Errorf("a message that has failed goes out: %v %q", err, g.taken)
	}
	if err := o.clockwork.SendMessage(t.Context(), uuid.New(), false, g.send); err != nil {
		t.Errorf("a message that was removed: %v", err)
	}
}

func TestClean(t *testing.T) {
	o := newOffice(t)
	at := noon("2026-06-15")
	ago := func(days int) time.Time { return at.AddDate(0, 0, -days) }
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := o.owner.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	token := func(name string, expires time.Time, used, revoked *time.Time) {
		exec(`INSERT INTO refresh_token (id, created_at, updated_at, account_id, family_id, token_hash, expires_at, used_at, revoked_at)
			VALUES (gen_random_uuid(), $1, $1, $2, gen_random_uuid(), $3, $4, $5, $6)`, ago(20), o.accounts["county"], name, expires, used, revoked)
	}
	token("good", ago(-10), nil, nil)
	token("used, not expired", ago(-10), ptr(ago(9)), nil)
	token("expired today", at.Add(-time.Hour), nil, nil)
	token("expired", ago(2), nil, nil)
	token("used and expired", ago(2), ptr(ago(9)), nil)
	token("revoked", ago(-10), nil, ptr(ago(2)))
	token("revoked today", ago(-10), nil, ptr(at.Add(-time.Hour)))
	for name, days := range map[string]int{"old": 31, "young": 29} {
		exec(`INSERT INTO idempotency_key (id, created_at, updated_at, subject, key, verb, request_hash, entity_id)
			VALUES (gen_random_uuid(), $1, $1, 's', $2, 'v', 'x', gen_random_uuid())`, ago(days), name)
	}
	exec(`INSERT INTO idempotency_key (id, created_at, updated_at, subject, key, verb, request_hash, entity_id)
		SELECT gen_random_uuid(), $1, $1, 's', 'many' || i, 'v', 'x', gen_random_uuid() FROM generate_series(1, 4100) i`, ago(40))
	e := o.announce(o.book(ptr("138 0000 1234")).ID)
	exec(`UPDATE message SET created_at = $1`, ago(89))
	exec(`INSERT INTO message (id, created_at, updated_at, opinion_id, event_id, channel, address, text, status)
		SELECT gen_random_uuid(), $1, $1, opinion_id, event_id, 'WECHAT', 'old', text, 'SENT' FROM message`, ago(91))
	exec(`UPDATE notification SET created_at = $1, read_at = CASE WHEN subject = $2 THEN $1::timestamptz WHEN subject = $3 THEN $4 END`,
		ago(400), o.accounts["keeper"].String(), o.accounts["deputy"].String(), ago(3))
	for name, hours := range map[string]int{"fresh": 24, "stale": 26, "stuck": 27} {
		o.upload(name)
		exec(`UPDATE upload SET created_at = $1 WHERE storage_key = $2`, at.Add(-time.Duration(hours)*time.Hour), name)
	}
	o.upload("many")
	exec(`INSERT INTO upload (id, created_at, updated_at, storage_key, media_type, size, sha256, secret_hash)
		SELECT gen_random_uuid(), $1, $1, 'many' || i, 'image/jpeg', 1, 'x', int4send(i) FROM generate_series(1, 250) i`, ago(3))
	var removed []string
	down := errors.New("the store is down")
	clean := func() (string, error) {
		done, err := o.clockworkAt(at).Clean(t.Context(), func(_ context.Context, key string) error {
			if key == "stuck" && down != nil {
				return down
			}
			removed = append(removed, key)
			return nil
		})
		return fmt.Sprint(done), err
	}
	done, err := clean()
	if want := "[{refresh_token 3} {idempotency_key 4101} {message 1} {notification 1} {upload 251}]"; done != want || !errors.Is(err, down) {
		t.Errorf("%s, %v", done, err)
	}
	slices.Sort(removed)
	if len(removed) != 251 || removed[250] != "stale" || o.count(`upload WHERE storage_key IN ('fresh', 'stuck', 'many')`) != 3 {
		t.Errorf("%d files removed, to %s", len(removed), removed[len(removed)-1])
	}
	for from, want := range map[string]int{
		`refresh_token WHERE encode(token_hash, 'escape') IN ('good', 'used, not expired', 'expired today', 'revoked today')`: 4,
		`idempotency_key WHERE key = 'young'`:       1,
		`message WHERE channel = 'SMS'`:             1,
		`notification WHERE read_at IS NULL`:        1,
		`notification WHERE read_at > '2026-06-10'`: 1,
	} {
		if n := o.count(from); n != want {
			t.Errorf("%d %s, want %d", n, from, want)
		}
	}
	if got := o.told(e.ID); len(got) != 2 {
		t.Errorf("left: %q", got)
	}
	down = nil
	if done, err = clean(); err != nil || done != "[{refresh_token 0} {idempotency_key 0} {message 0} {notification 0} {upload 1}]" {
		t.Errorf("again: %s, %v", done, err)
	}
}
