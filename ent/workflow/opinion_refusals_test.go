package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// ref names an opinion at the version it was read.
func ref(o *gen.Opinion) workflow.OpinionRef {
	return workflow.OpinionRef{ID: o.ID, ExpectedVersion: &o.Version}
}

// deskAt is a desk whose clock shows another time.
func (h *house) deskAt(at time.Time) *workflow.Desk {
	return workflow.NewDesk(h.client, workflow.Options{Clock: func() time.Time { return at }})
}

func TestRecordOpinionRefusals(t *testing.T) {
	h := newLoopHouse(t)
	good := func(change func(*workflow.RecordOpinion)) workflow.RecordOpinion {
		in := workflow.RecordOpinion{
			Station: h.station.ID, Channel: kind.ChannelInPerson,
			OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Consent: "2026-1"},
		}
		change(&in)
		return in
	}
	for name, c := range map[string]struct {
		ctx    context.Context
		change func(*workflow.RecordOpinion)
		want   refusal
	}{
		"only spaces":                  {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Content = " \n\t  " }, invalid("input.content REQUIRED")},
		"too short":                    {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Content = "路灯" }, invalid("input.content TOO_SHORT")},
		"100,000 letters":              {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Content = strings.Repeat("长", 100_000) }, invalid("input.content TOO_LONG")},
		"turned writing":               {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Content = "路灯\u202e不亮已久" }, invalid("input.content MALFORMED")},
		"no text":                      {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Content = "\xff\xfe\x00 abc" }, invalid("input.content MALFORMED")},
		"call back":                    {h.officer(h.station), func(in *workflow.RecordOpinion) { in.CallBack = true }, invalid("input.phone REQUIRED")},
		"phone":                        {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Phone = ptr("=1+1") }, invalid("input.phone MALFORMED")},
		"no consent":                   {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Consent = "" }, invalid("input.consent REQUIRED")},
		"scanned":                      {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Channel = kind.ChannelStationCode }, invalid("input.channel UNKNOWN_VALUE")},
		"too many files":               {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Files = make([]string, 10) }, invalid("input.files TOO_MANY")},
		"no such file":                 {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Files = []string{"guess"} }, notFound("input.files.0")},
		"no such category":             {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Category = ptr(uuid.New()) }, notFound("input.category")},
		"another station":              {h.officer(h.station), func(in *workflow.RecordOpinion) { in.Station = h.elsewhere.ID }, notFound("input.station")},
		"beside the deputy's stations": {h.member(h.stranger), func(*workflow.RecordOpinion) {}, notFound("input.station")},
		"a deputy of another station":  {h.township(), func(in *workflow.RecordOpinion) { in.Deputy = &h.stranger }, notFound("input.deputy")},
		"another county":               {h.beihu(), func(*workflow.RecordOpinion) {}, notFound("input.station")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.RecordOpinion(c.ctx, good(c.change))
				return err
			})
		})
	}

	// What looks like a script or a formula is text, kept as it is.
	text := `=HYPERLINK("http://x","点我") <script>alert(1)</script> '; DROP TABLE opinion; --`
	b, err := h.desk.RecordOpinion(h.member(h.deputy), good(func(in *workflow.RecordOpinion) { in.Content = text }))
	if err != nil {
		t.Fatal(err)
	}
	if o := h.read(b.Opinion.ID); o.Content != text || *o.DeputyID != h.deputy || len(b.Token) != 22 {
		t.Errorf("recorded %v", o)
	}
	h.replayed()
}

func TestRecordOpinionOnce(t *testing.T) {
	h := newLoopHouse(t)
	in := workflow.RecordOpinion{
		IdempotencyKey: ptr("k"), Station: h.station.ID, Channel: kind.ChannelTelephone,
		OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Name: ptr("周丁"), Phone: ptr("139 0000 1111"), Consent: "2026-1"},
	}
	first, err := h.desk.RecordOpinion(h.officer(h.station), in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.desk.RecordOpinion(h.officer(h.station), in)
	if err != nil || again.Opinion.ID != first.Opinion.ID || again.Token == first.Token {
		t.Errorf("again: %v %v", again, err)
	}
	if h.count("opinion") != 1 || h.count("opinion_event") != 1 || h.count("opinion_receipt") != 2 || h.count("river_job WHERE kind = 'opinion_step'") != 1 {
		t.Error("the retry made more than a receipt")
	}
	o := first.Opinion
	if *o.SubmitterMasked != "周**" || *o.PhoneMasked != "139****1111" || h.count(`opinion_submitter WHERE phone_digits = '13900001111'`) != 1 {
		t.Errorf("masked %v", o)
	}
	in.Content = "另一件事,另一个地方"
	h.refused(conflict("input.idempotencyKey IDEMPOTENCY_KEY_REUSED"), func() error {
		_, err := h.desk.RecordOpinion(h.officer(h.station), in)
		return err
	})
}

func TestAcceptedAtOnce(t *testing.T) {
	h := newLoopHouse(t)
	o := h.submitted("路灯不亮已有一周")
	accept := func(ctx context.Context) func() error {
		return func() error {
			_, err := h.desk.AcceptOpinion(ctx, workflow.AcceptOpinion{OpinionRef: workflow.OpinionRef{ID: o.ID}})
			return err
		}
	}
	// Both wait for the row that the owner holds.
	tx, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM opinion WHERE id = $1 FOR UPDATE`, o.ID); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 2)
	for _, ctx := range []context.Context{h.officer(h.station), h.township()} {
		go func() { errs <- accept(ctx)() }()
	}
	h.until(2, `pg_locks WHERE NOT granted`)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	a, b := <-errs, <-errs
	if a == nil {
		a, b = b, a
	}
	if b != nil {
		t.Error("no one accepted it:", b)
	}
	conflict("input.id STATE").check(t, a)
	if h.count("opinion_event") != 2 {
		t.Error("accepted twice")
	}
	h.replayed()
}

// What the verbs refuse beyond the table: input against what is stored.
func TestOpinionRefusals(t *testing.T) {
	h := newLoopHouse(t)
	foreign := h.row("organ", beihu, map[string]any{
		"division_id": h.divisionID(beihu), "kind": kind.OrganDepartment, "name": "北湖住建局", "valid_from": "2020-01-01",
	})
	gone := h.row("organ", county, map[string]any{
		"division_id": h.divisionID(county), "kind": kind.OrganDepartment, "name": "规划局", "valid_from": "2020-01-01", "valid_to": "2024-01-01",
	})
	analysed, handling, rated := h.walk(ways["ANALYSED"], uuid.Nil), h.walk(ways["HANDLING"], uuid.Nil), h.walk(ways["RATED"], uuid.Nil)
	accepted, closed := h.walk(ways["ACCEPTED"], uuid.Nil), h.walk(ways["CLOSED"], uuid.Nil)
	replied := h.walk(ways["REPLIED"], uuid.Nil)
	main := h.walk(ways["ACCEPTED"], uuid.Nil)
	h.walk(ways["MERGED"], main.ID)
	assign := func(lead uuid.UUID, co ...uuid.UUID) func() error {
		return func() error {
			_, err := h.desk.AssignOpinion(h.county(), workflow.AssignOpinion{OpinionRef: ref(analysed), Lead: lead, Co: co})
			return err
		}
	}
	analyse := func(level place.Level, category uuid.UUID) func() error {
		return func() error {
			_, err := h.desk.AnalyseOpinion(h.officer(h.station), workflow.AnalyseOpinion{
				OpinionRef: ref(accepted), Category: category, Level: level, Urgency: kind.UrgencyNormal,
			})
			return err
		}
	}
	extend := func(days int) func() error {
		return func() error {
			_, err := h.desk.ExtendOpinion(h.department(county, h.lead), workflow.ExtendOpinion{OpinionRef: ref(handling), Days: days, Text: "等待材料"})
			return err
		}
	}
	merge := func(o *gen.Opinion, into uuid.UUID) func() error {
		return func() error {
			_, err := h.desk.MergeOpinion(h.officer(h.station), workflow.MergeOpinion{OpinionRef: ref(o), Main: into})
			return err
		}
	}
	publish := func(answer string) func() error {
		return func() error {
			_, err := h.desk.PublishOpinion(h.county(), workflow.PublishOpinion{
				OpinionRef: ref(closed), Title: "村口桥面修复", Matter: "桥面破损积水", Answer: answer,
			})
			return err
		}
	}
	supervise := func(by uuid.UUID, due time.Time) func() error {
		return func() error {
			_, err := h.desk.SuperviseOpinion(h.county(), workflow.SuperviseOpinion{OpinionRef: ref(handling), Supervisor: by, DueOn: due, Text: "限期办理"})
			return err
		}
	}
	for name, c := range map[string]struct {
		want refusal
		do   func() error
	}{
		"another county's department": {notFound("input.lead"), assign(foreign)},
		"no department":               {invalid("input.lead MISMATCH"), assign(h.organ[county])},
		"a department that is gone":   {conflict("input.lead ENDED"), assign(gone)},
		"the lead beside itself":      {invalid("input.co REPEATED"), assign(h.lead, h.lead)},
		"a co-handler twice":          {invalid("input.co REPEATED"), assign(h.lead, h.co, h.co)},
		"a foreign co-handler":        {notFound("input.co"), assign(h.lead, foreign)},
		"two levels up":               {invalid("input.level MISMATCH"), analyse(place.LevelCity, h.category("0101"))},
		"a village's organ":           {invalid("input.level MISMATCH"), analyse(place.LevelVillage, h.category("0101"))},
		"no such category":            {notFound("input.category"), analyse(place.LevelTownship, uuid.New())},
		"extended by nothing":         {invalid("input.days OUT_OF_RANGE"), extend(0)},
		"extended by more":            {invalid("input.days OUT_OF_RANGE"), extend(16)},
		"merged into itself":          {invalid("input.main MISMATCH"), merge(accepted, accepted.ID)},
		"merged into nothing":         {notFound("input.main"), merge(accepted, uuid.New())},
		"merged into a reply":         {conflict("input.main MAIN_STATE"), merge(accepted, replied.ID)},
		"merged, a main one":          {conflict("input.id HAS_MERGED"), merge(main, accepted.ID)},
		"published with a number":     {invalid("input.answer PERSONAL"), publish("请联系 138 0000 1234 办理")},
		"published in wide digits":    {invalid("input.answer PERSONAL"), publish("请联系 １３８－００００－１２３４ 办理")},
		"supervised by a department":  {invalid("input.supervisor MISMATCH"), supervise(h.lead, today)},
		"supervised by another level": {invalid("input.supervisor MISMATCH"), supervise(h.organ[guoyuan], today)},
		"supervised from outside":     {notFound("input.supervisor"), supervise(h.organ[beihu], today)},
		"supervised until yesterday":  {invalid("input.dueOn IMPOSSIBLE_DATE"), supervise(h.organ[county], today.AddDate(0, 0, -1))},
		"read before it changed": {conflict("input.expectedVersion VERSION"), func() error {
			_, err := h.desk.TakeOpinion(h.department(county, h.lead), workflow.TakeOpinion{OpinionRef: workflow.OpinionRef{
				ID: h.walk(ways["ASSIGNED"], uuid.Nil).ID, ExpectedVersion: ptr(1),
			}})
			return err
		}},
		"escalated after one": {conflict("input.id NOT_DISSATISFIED_TWICE"), func() error {
			_, err := h.desk.EscalateOpinion(h.county(), workflow.EscalateOpinion{OpinionRef: ref(rated), Text: "本级无法解决"})
			return err
		}},
		"closed while dissatisfied": {conflict("input.id DISSATISFIED"), func() error {
			_, err := h.desk.CloseOpinion(h.county(), workflow.CloseOpinion{OpinionRef: ref(rated)})
			return err
		}},
		"urged, not supervised": {conflict("input.id NOT_SUPERVISED"), func() error {
			_, err := h.desk.UrgeOpinion(h.county(), workflow.UrgeOpinion{OpinionRef: ref(handling), Text: "请尽快办理"})
			return err
		}},
		"withdrawn, not public": {conflict("input.id NOT_PUBLISHED"), func() error {
			_, err := h.desk.WithdrawCase(h.county(), workflow.WithdrawCase{OpinionRef: ref(closed), Text: "不宜公开"})
			return err
		}},
		"key again": {conflict("input.key UNCHANGED"), func() error {
			_, err := h.desk.MarkKeyOpinion(h.county(), workflow.MarkKeyOpinion{OpinionRef: ref(handling)})
			return err
		}},
		"converted as someone else": {notFound("input.mandate"), func() error {
			_, err := h.desk.ConvertOpinion(h.member(h.deputy), workflow.ConvertOpinion{
				OpinionRef: ref(rated), Mandate: uuid.New(), Title: "关于修桥的建议", Content: "建议对全镇桥梁排查修缮",
			})
			return err
		}},
		"reopened after more than a year": {conflict("input.id TOO_LATE"), func() error {
			_, err := h.deskAt(now.AddDate(1, 0, 1)).ReopenOpinion(h.county(), workflow.ReopenOpinion{OpinionRef: ref(closed), Text: "问题再次出现"})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			sub := *h
			sub.house = h.sub(t)
			if name == "read before it changed" {
				c.want.check(t, c.do()) // it makes the opinion itself
				return
			}
			sub.refused(c.want, c.do)
		})
	}
	h.replayed()
}

// A dissatisfied citizen is heard twice before the case goes up, and a case at the top is not escalated.
func TestDissatisfiedTwice(t *testing.T) {
	h := newLoopHouse(t)
	o := h.walk(ways["REWORK"], uuid.Nil)
	dept := h.department(county, h.lead)
	o = h.must(h.desk.ReplyOpinion(dept, workflow.ReplyOpinion{OpinionRef: ref(o), Text: "已重新修缮桥面", Outcome: kind.OutcomeSolved}))
	o = h.must(h.desk.FeedBackOpinion(h.officer(h.station), workflow.FeedBackOpinion{OpinionRef: ref(o)}))
	o = h.must(h.desk.Walk(h.citizen(o.ID), o.ID, state.StepRate, dossier.Facts{Rating: kind.RatingDissatisfied}))
	h.refused(conflict("input.id DISSATISFIED_TWICE"), func() error {
		_, err := h.desk.ReworkOpinion(h.county(), workflow.ReworkOpinion{OpinionRef: ref(o), Text: "再次办理"})
		return err
	})
	o = h.must(h.desk.EscalateOpinion(h.county(), workflow.EscalateOpinion{OpinionRef: ref(o), Text: "两次不满意"}))
	if o.HolderCode != changsha || o.Level != place.LevelCity || o.LeadOrganID != nil {
		t.Errorf("escalated to %v", o)
	}
	h.refused(denied("input.id"), func() error { // it is not the county's any more
		_, err := h.desk.TakeUpOpinion(h.county(), workflow.TakeUpOpinion{OpinionRef: ref(o)})
		return err
	})
	h.refused(denied("input.id"), func() error { // nor the department's, which may read it
		_, err := h.desk.NoteProgress(dept, workflow.NoteProgress{OpinionRef: ref(o), Text: "继续跟进"})
		return err
	})
	o = h.must(h.desk.TakeUpOpinion(h.city(), workflow.TakeUpOpinion{OpinionRef: ref(o)}))
	o = h.must(h.desk.EscalateOpinion(h.city(), workflow.EscalateOpinion{OpinionRef: ref(o), Text: "涉及省级事权"}))
	back := h.must(h.desk.SendBackOpinion(h.province(), workflow.SendBackOpinion{OpinionRef: ref(o), Text: "属市级事权"}))
	if back.HolderCode != changsha || back.State != state.OpinionAnalysed || back.Level != place.LevelCity {
		t.Errorf("sent back to %v", back)
	}
	o = h.must(h.desk.EscalateOpinion(h.city(), workflow.EscalateOpinion{OpinionRef: ref(back), Text: "仍需上级决定"}))
	o = h.must(h.desk.TakeUpOpinion(h.province(), workflow.TakeUpOpinion{OpinionRef: ref(o)}))
	o = h.must(h.desk.EscalateOpinion(h.province(), workflow.EscalateOpinion{OpinionRef: ref(o), Text: "涉及国家事权"}))
	o = h.must(h.desk.TakeUpOpinion(h.nation(), workflow.TakeUpOpinion{OpinionRef: ref(o)}))
	h.refused(conflict("input.id TOP_LEVEL"), func() error {
		_, err := h.desk.EscalateOpinion(h.nation(), workflow.EscalateOpinion{OpinionRef: ref(o), Text: "无处可提"})
		return err
	})
	h.replayed()
}

// A conversion leaves the draft of a suggestion, with where it came from.
func TestConvertOpinion(t *testing.T) {
	h := newLoopHouse(t)
	o := h.walk(ways["RATED"], uuid.Nil)
	m, err := h.client.Mandate.Query().Only(h.member(h.deputy))
	if err != nil {
		t.Fatal(err)
	}
	o = h.must(h.desk.ConvertOpinion(h.member(h.deputy), workflow.ConvertOpinion{
		OpinionRef: ref(o), Mandate: m.ID, Title: "关于修缮村级桥梁的建议", Content: "建议对全镇桥梁排查修缮,列入年度计划",
	}))
	s, err := h.client.Suggestion.Get(h.county(), *o.SuggestionID)
	if err != nil || s.State != state.SuggestionDraft || *s.OpinionID != o.ID || s.DeputyID != h.deputy || s.MandateID != m.ID || s.Code != o.Code {
		t.Errorf("made %v %v", s, err)
	}
	if o.State != state.OpinionConverted || o.ClosedAt == nil {
		t.Errorf("converted: %v", o)
	}
	h.replayed()
}

// Publication, and what takes it back.
func TestPublishOpinion(t *testing.T) {
	h := newLoopHouse(t)
	o := h.walk(ways["CLOSED"], uuid.Nil)
	in := workflow.PublishOpinion{Title: "村口桥面修复", Matter: "桥面破损,雨天积水。", Answer: "住建部门修复了桥面。"}
	in.OpinionRef = ref(o)
	o = h.must(h.desk.PublishOpinion(h.county(), in))
	public := h.count(`published_case WHERE withdrawn_at IS NULL AND opinion_id = $1`, o.ID)
	in.OpinionRef = ref(o)
	h.refused(conflict("input.id PUBLISHED"), func() error {
		_, err := h.desk.PublishOpinion(h.county(), in)
		return err
	})
	o = h.must(h.desk.ReopenOpinion(h.county(), workflow.ReopenOpinion{OpinionRef: ref(o), Text: "问题再次出现"}))
	if public != 1 || o.Published || h.count(`published_case WHERE withdrawn_at IS NULL`) != 0 {
		t.Error("a reopened case stays public")
	}
	h.replayed()
}

// The clock: pauses, extensions, limits of a congress, and a clock that was set back.
func TestOpinionClock(t *testing.T) {
	h := newLoopHouse(t)
	// today is Monday, 15 June 2026; 19 June is 端午节, a Friday.
	o := h.walk(ways["HANDLING"], uuid.Nil)
	dept := h.department(county, h.lead)
	expect := func(what string, o *gen.Opinion, due, amber string) {
		t.Helper()
		if o.DueOn == nil || o.DueOn.Format(time.DateOnly) != due || o.AmberOn.Format(time.DateOnly) != amber {
			t.Errorf("%s: due %v, amber %v, want %s, %s", what, o.DueOn, o.AmberOn, due, amber)
		}
	}
	expect("15 working days over a holiday", o, "2026-07-07", "2026-07-02")
	later := h.deskAt(now.AddDate(0, 0, 8)) // Tuesday, 23 June: 10 days left
	o = h.must(later.AskSubmitter(dept, workflow.AskSubmitter{OpinionRef: ref(o), Text: "是哪一座桥?"}))
	if o.DaysLeft == nil || *o.DaysLeft != 10 {
		t.Errorf("%v days left", o.DaysLeft)
	}
	expect("the citizen's own time", o, "2026-07-07", "2026-07-02")
	resumed := h.deskAt(now.AddDate(0, 0, 11)) // Friday, 26 June
	o = h.must(resumed.ResumeOpinion(dept, workflow.ResumeOpinion{OpinionRef: ref(o), Text: "电话中已说明"}))
	expect("what was left", o, "2026-07-10", "2026-07-07")
	o = h.must(resumed.ExtendOpinion(dept, workflow.ExtendOpinion{OpinionRef: ref(o), Days: 15, Text: "等待材料"}))
	expect("extended", o, "2026-07-31", "2026-07-28")
	h.refused(conflict("input.id EXTENDED"), func() error {
		_, err := resumed.ExtendOpinion(dept, workflow.ExtendOpinion{OpinionRef: ref(o), Days: 1, Text: "等待材料"})
		return err
	})
	// A clock that was set back does not turn the timeline round.
	o = h.must(h.deskAt(now.AddDate(-1, 0, 0)).NoteProgress(dept, workflow.NoteProgress{OpinionRef: ref(o), Text: "已到现场查看"}))
	if o.UpdatedAt.Before(now.AddDate(0, 0, 11)) {
		t.Errorf("the last event is of %v", o.UpdatedAt)
	}
	late := h.deskAt(now.AddDate(0, 2, 0))
	o = h.must(late.ReplyOpinion(dept, workflow.ReplyOpinion{OpinionRef: ref(o), Text: "桥面已修复", Outcome: kind.OutcomeSolved}))
	if !o.Late {
		t.Error("replied after the day, and not late")
	}
	// The county's own limit goes before the default, the township's before the county's.
	if _, err := h.desk.SetOpinionLimit(h.county(), workflow.SetOpinionLimit{
		Congress: h.congress[county], State: state.OpinionSubmitted, Days: 8, AmberDays: 2,
	}); err != nil {
		t.Fatal(err)
	}
	expect("the county's limit", h.submitted("路灯不亮已有一周"), "2026-06-26", "2026-06-24")
	if _, err := h.desk.SetOpinionLimit(h.township(), workflow.SetOpinionLimit{
		Congress: h.congress[guoyuan], State: state.OpinionSubmitted, Days: 2, AmberDays: 1,
	}); err != nil {
		t.Fatal(err)
	}
	expect("the township's limit", h.submitted("路灯不亮已有一周"), "2026-06-17", "2026-06-16")
	h.replayed()
}

// Mergers of two opinions into each other do not wait for each other for good.
func TestMergedIntoEachOther(t *testing.T) {
	h := newLoopHouse(t)
	a, b := h.walk(ways["ACCEPTED"], uuid.Nil), h.walk(ways["ACCEPTED"], uuid.Nil)
	merge := func(o, into *gen.Opinion) error {
		_, err := h.desk.MergeOpinion(h.township(), workflow.MergeOpinion{OpinionRef: workflow.OpinionRef{ID: o.ID}, Main: into.ID})
		return err
	}
	for range 5 {
		errs := make(chan error, 2)
		go func() { errs <- merge(a, b) }()
		go func() { errs <- merge(b, a) }()
		done := 0
		for range 2 {
			err := <-errs
			if err == nil {
				done++
			} else if f := (*fault.Fault)(nil); !errors.As(err, &f) {
				t.Error(err)
			}
		}
		if merged := h.count(`opinion WHERE state = 'MERGED'`); merged > 1 || done > 1 {
			t.Fatalf("%d are merged", merged)
		}
	}
	h.replayed()
}

// A merged opinion goes on by itself while the main one is not replied.
func TestUnmergeOpinion(t *testing.T) {
	h := newLoopHouse(t)
	main := h.walk(ways["HANDLING"], uuid.Nil)
	merged, kept := h.walk(ways["MERGED"], main.ID), h.walk(ways["MERGED"], main.ID)
	merged = h.must(h.desk.UnmergeOpinion(h.officer(h.station), workflow.UnmergeOpinion{OpinionRef: ref(merged), Text: "并非同一座桥"}))
	if merged.State != state.OpinionAccepted || merged.MainID != nil || merged.DueOn == nil {
		t.Errorf("unmerged: %v", merged)
	}
	h.must(h.desk.ReplyOpinion(h.department(county, h.lead), workflow.ReplyOpinion{
		OpinionRef: ref(main), Text: "桥面已修复", Outcome: kind.OutcomeSolved,
	}))
	h.refused(conflict("input.id MAIN_STATE"), func() error {
		_, err := h.desk.UnmergeOpinion(h.officer(h.station), workflow.UnmergeOpinion{OpinionRef: ref(kept), Text: "并非同一座桥"})
		return err
	})
	h.replayed()
}
