package workflow_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/postgres"
)

// wrongPass is the one refusal of every pass that is not right.
func wrongPass(t *testing.T, err error) {
	t.Helper()
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(f, fault.ErrNotFound) || f.Message != "编号或凭证不正确" || len(f.Fields) != 0 {
		t.Errorf("refused with %v", err)
	}
}

func TestPass(t *testing.T) {
	w := newWindow(t)
	b := w.submit(func(in *workflow.SubmitOpinion) { in.Phone = ptr("139-0000 1111") })
	other := w.submit(nil)
	number := b.Opinion.Number
	bare := strings.ReplaceAll(number, "-", "")
	for name, p := range map[string]workflow.Pass{
		"as given out":         {Number: number, Token: &b.Token},
		"small letters":        {Number: strings.ToLower(number), Token: &b.Token},
		"without the hyphen":   {Number: bare, Token: &b.Token},
		"with spaces":          {Number: " " + bare[:6] + " " + bare[6:10] + " " + bare[10:] + "\n", Token: &b.Token},
		"other hyphens":        {Number: strings.ReplaceAll(number, "-", "——"), Token: &b.Token},
		"letters for digits":   {Number: strings.NewReplacer("0", "o", "1", "l").Replace(number), Token: &b.Token},
		"capitals for digits":  {Number: strings.NewReplacer("0", "O", "1", "I").Replace(number), Token: &b.Token},
		"phone as given":       {Number: number, Phone: ptr("139-0000 1111")},
		"phone without spaces": {Number: number, Phone: ptr("13900001111")},
	} {
		if r, err := w.counter.Status(t.Context(), p); err != nil || r.Number != number {
			t.Errorf("%s: %v %v", name, r, err)
		}
	}
	for name, p := range map[string]workflow.Pass{
		"guessed number":       {Number: "260615-ABCDEFGH", Token: &b.Token},
		"no number at all":     {Number: "您好", Token: &b.Token},
		"number too long":      {Number: number + "0", Token: &b.Token},
		"very long number":     {Number: strings.Repeat(number, 10_000), Token: &b.Token},
		"number of another":    {Number: other.Opinion.Number, Token: &b.Token},
		"token of another":     {Number: number, Token: &other.Token},
		"guessed token":        {Number: number, Token: ptr(strings.Repeat("A", 22))},
		"empty token":          {Number: number, Token: ptr("")},
		"hash for the token":   {Number: number, Token: ptr(string(workflow.SecretHash(b.Token)))},
		"guessed phone":        {Number: number, Phone: ptr("13900001112")},
		"empty phone":          {Number: number, Phone: ptr("")},
		"no digits":            {Number: number, Phone: ptr("139'OR''='")},
		"end of the phone":     {Number: number, Phone: ptr("1111")},
		"masked phone":         {Number: number, Phone: ptr("139****1111")},
		"there is no phone":    {Number: other.Opinion.Number, Phone: ptr("13900001111")},
		"no phone, none given": {Number: other.Opinion.Number, Phone: ptr("")},
		"no text":              {Number: "\x00\xff", Token: ptr("\x00\xff")},
		"no text, phone":       {Number: number, Phone: ptr("\x00\xff")},
	} {
		before := w.state()
		_, err := w.counter.Status(t.Context(), p)
		if wrongPass(t, err); t.Failed() {
			t.Fatal(name)
		}
		_, err = w.counter.SupplementOpinion(t.Context(), workflow.SupplementOpinion{Pass: p, Text: "村口第二盏"})
		wrongPass(t, err)
		_, err = w.counter.RateOpinion(t.Context(), workflow.RateOpinion{Pass: p, Rating: kind.RatingSatisfied})
		if wrongPass(t, err); w.state() != before || t.Failed() {
			t.Fatal(name)
		}
	}
	for name, c := range map[string]struct {
		pass workflow.Pass
		want []string
	}{
		"nothing":         {workflow.Pass{}, []string{"number REQUIRED", "token REQUIRED"}},
		"number alone":    {workflow.Pass{Number: number}, []string{"token REQUIRED"}},
		"token and phone": {workflow.Pass{Number: number, Token: &b.Token, Phone: ptr("13900001111")}, []string{"token REQUIRED"}},
		"no number":       {workflow.Pass{Number: "  ", Token: &b.Token}, []string{"number REQUIRED"}},
	} {
		_, err := w.counter.Status(t.Context(), c.pass)
		invalid(c.want...).check(t, err)
		for i := range c.want {
			c.want[i] = "input." + c.want[i]
		}
		_, err = w.counter.RateOpinion(t.Context(), workflow.RateOpinion{Pass: c.pass, Rating: kind.RatingSatisfied})
		if invalid(c.want...).check(t, err); t.Failed() {
			t.Fatal(name)
		}
	}
}

// shown writes what a citizen sees of the timeline.
func shown(r *workflow.Receipt) string {
	var lines []string
	for _, e := range r.Events {
		line := e.Title + "/" + e.By
		if e.Text != nil {
			line += ": " + *e.Text
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// One opinion from the scan to the end, as its citizen sees it.
func TestReceipt(t *testing.T) {
	w := newWindow(t)
	b := w.submit(func(in *workflow.SubmitOpinion) {
		in.Code, in.Location, in.Files = w.deputysCode, ptr("村口"), []string{w.upload("before")}
	})
	status := func() *workflow.Receipt {
		t.Helper()
		r, err := w.counter.Status(t.Context(), pass(b))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := status()
	if r.Number != b.Opinion.Number || r.State != state.OpinionSubmitted || r.StateTitle != "已提交" || r.Content != "路灯不亮已有一周" ||
		*r.Location != "村口" || r.Station != w.station.Name || r.Deputy == nil || *r.Deputy != "钱乙" || !r.SubmittedAt.Equal(now) ||
		r.DueOn.Format("2006-01-02") != "2026-06-18" || r.MayRate || r.MaySupplement || r.Question != nil || r.Rating != nil ||
		shown(r) != "提交/反映人" || len(r.Events[0].Files) != 1 || r.Events[0].Files[0].StorageKey != "before" {
		t.Errorf("at first: %+v\n%s", r, shown(r))
	}
	supplement := func(change func(*workflow.SupplementOpinion)) func() error {
		in := workflow.SupplementOpinion{Pass: pass(b), Text: "村口第二盏"}
		change(&in)
		return func() error { _, err := w.counter.SupplementOpinion(t.Context(), in); return err }
	}
	rate := func(change func(*workflow.RateOpinion)) func() error {
		in := workflow.RateOpinion{Pass: pass(b), Rating: kind.RatingBasically, Comment: ptr("  来得慢了些 ")}
		change(&in)
		return func() error { _, err := w.counter.RateOpinion(t.Context(), in); return err }
	}
	asIs, asIsToo := func(*workflow.SupplementOpinion) {}, func(*workflow.RateOpinion) {}
	w.refused(conflict("input.number STATE"), supplement(asIs))
	w.refused(conflict("input.number STATE"), rate(asIsToo))

	on := func() workflow.OpinionRef { return workflow.OpinionRef{ID: b.Opinion.ID} }
	w.must(w.desk.AcceptOpinion(w.officer(w.station), workflow.AcceptOpinion{OpinionRef: on()}))
	w.must(w.desk.AskSubmitter(w.officer(w.station), workflow.AskSubmitter{OpinionRef: on(), Text: "是哪一盏?"}))
	if r = status(); r.State != state.OpinionWaiting || r.StateTitle != "待补充" || !r.MaySupplement || *r.Question != "是哪一盏?" || r.DueOn == nil {
		t.Errorf("asked: %+v", r)
	}
	for name, c := range map[string]struct {
		change func(*workflow.SupplementOpinion)
		want   refusal
	}{
		"only spaces":    {func(in *workflow.SupplementOpinion) { in.Text = " \n " }, invalid("input.text REQUIRED")},
		"too short":      {func(in *workflow.SupplementOpinion) { in.Text = "是" }, invalid("input.text TOO_SHORT")},
		"too long":       {func(in *workflow.SupplementOpinion) { in.Text = strings.Repeat("长", 2001) }, invalid("input.text TOO_LONG")},
		"too many files": {func(in *workflow.SupplementOpinion) { in.Files = make([]string, 10) }, invalid("input.files TOO_MANY")},
		"no such file":   {func(in *workflow.SupplementOpinion) { in.Files = []string{"guess"} }, notFound("input.files.0")},
	} {
		t.Run(name, func(t *testing.T) { w.in(t).refused(c.want, supplement(c.change)) })
	}
	text, files := "=1+1 <b>第二盏</b>"+strings.Repeat("长", 1900), []string{w.upload("more")}
	r, err := w.counter.SupplementOpinion(t.Context(), workflow.SupplementOpinion{Pass: pass(b), Text: text, Files: files})
	if err != nil || r.State != state.OpinionAccepted || r.MaySupplement || r.Question != nil || *r.Events[3].Text != text || len(r.Events[3].Files) != 1 {
		t.Errorf("supplemented: %+v %v", r, err)
	}
	w.audited(workflow.VerbSupplementOpinion, "Opinion", b.Opinion.ID, "receipt:"+b.Opinion.ID.String(), huaguo)
	if e := w.last(b.Opinion.ID); e.Party != state.PartySubmitter || e.Subject != "receipt:"+b.Opinion.ID.String() || e.Role != nil {
		t.Errorf("the event %v", e)
	}
	w.refused(conflict("input.number STATE"), supplement(asIs))

	w.handle(b.Opinion.ID)
	if r = status(); r.State != state.OpinionFedBack || !r.MayRate || r.MaySupplement || r.Rating != nil {
		t.Errorf("fed back: %+v", r)
	}
	const first = "提交/反映人\n受理/该意见的联络站\n请群众补充/该意见的联络站: 是哪一盏?\n群众补充/反映人: "
	const then = "\n分析/该意见的联络站\n交办/当前主管机关\n承办/主办单位\n反馈/该意见的联络站: 桥面已修复,排水已疏通"
	if diff := cmp.Diff(first+text+then, shown(r)); diff != "" { // neither the notes of the work nor the reply before it is fed back
		t.Errorf("the citizen is shown: %s", diff)
	}
	if last := r.Events[len(r.Events)-1]; len(last.Files) != 1 || last.Files[0].StorageKey != "after" {
		t.Errorf("the files of the answer: %v", last.Files)
	}
	for name, c := range map[string]struct {
		change func(*workflow.RateOpinion)
		want   refusal
	}{
		"no rating":                {func(in *workflow.RateOpinion) { in.Rating = "" }, invalid("input.rating UNKNOWN_VALUE")},
		"another rating":           {func(in *workflow.RateOpinion) { in.Rating = "VERY" }, invalid("input.rating UNKNOWN_VALUE")},
		"long comment":             {func(in *workflow.RateOpinion) { in.Comment = ptr(strings.Repeat("长", 501)) }, invalid("input.comment TOO_LONG")},
		"dissatisfied without why": {func(in *workflow.RateOpinion) { in.Rating, in.Comment = kind.RatingDissatisfied, nil }, invalid("input.comment REQUIRED")},
		"dissatisfied, spaces":     {func(in *workflow.RateOpinion) { in.Rating, in.Comment = kind.RatingDissatisfied, ptr("  ") }, invalid("input.comment REQUIRED")},
		"dissatisfied, too short":  {func(in *workflow.RateOpinion) { in.Rating, in.Comment = kind.RatingDissatisfied, ptr("差") }, invalid("input.comment TOO_SHORT")},
	} {
		t.Run(name, func(t *testing.T) { w.in(t).refused(c.want, rate(c.change)) })
	}
	if err := rate(asIsToo)(); err != nil {
		t.Fatal(err)
	}
	if r = status(); r.State != state.OpinionRated || *r.Rating != kind.RatingBasically || r.MayRate || !strings.HasSuffix(shown(r), "\n评价/反映人: 来得慢了些") {
		t.Errorf("rated: %+v\n%s", r, shown(r))
	}
	w.refused(conflict("input.number STATE"), rate(asIsToo)) // twice
	w.must(w.desk.CloseOpinion(w.county(), workflow.CloseOpinion{OpinionRef: on()}))
	w.refused(conflict("input.number STATE"), rate(asIsToo))
	if r = status(); r.StateTitle != "办结" || r.DueOn != nil {
		t.Errorf("closed: %+v", r)
	}
	w.replayed()
}

// handle leads an accepted opinion to the feedback by everyone who has a part in it.
func (w *window) handle(id uuid.UUID) {
	w.Helper()
	on := workflow.OpinionRef{ID: id}
	w.must(w.desk.AnalyseOpinion(w.township(), workflow.AnalyseOpinion{
		OpinionRef: on, Category: w.category("0101"), Level: "COUNTY", Urgency: kind.UrgencyNormal,
	}))
	w.must(w.desk.AssignOpinion(w.county(), workflow.AssignOpinion{OpinionRef: on, Lead: w.lead}))
	at := w.department(county, w.lead)
	w.must(w.desk.TakeOpinion(at, workflow.TakeOpinion{OpinionRef: on}))
	w.must(w.desk.NoteProgress(at, workflow.NoteProgress{OpinionRef: on, Text: "内部记录:已到现场", Files: []string{w.upload("internal")}}))
	w.must(w.desk.ReplyOpinion(at, workflow.ReplyOpinion{
		OpinionRef: on, Text: "桥面已修复,排水已疏通", Outcome: kind.OutcomeSolved, Files: []string{w.upload("after")},
	}))
	w.must(w.desk.FeedBackOpinion(w.officer(w.station), workflow.FeedBackOpinion{OpinionRef: on}))
}

// Dissatisfied, with a reason: the organ takes it up again, and the citizen rates the new answer.
func TestRateDissatisfied(t *testing.T) {
	w := newWindow(t)
	b := w.submit(nil)
	w.must(w.desk.AnswerOpinion(w.officer(w.station), workflow.AnswerOpinion{
		OpinionRef: workflow.OpinionRef{ID: b.Opinion.ID}, Text: "路灯已报修,请等待", Outcome: kind.OutcomeUnderWay,
	}))
	w.must(w.desk.FeedBackOpinion(w.officer(w.station), workflow.FeedBackOpinion{OpinionRef: workflow.OpinionRef{ID: b.Opinion.ID}}))
	r, err := w.counter.RateOpinion(t.Context(), workflow.RateOpinion{Pass: pass(b), Rating: kind.RatingDissatisfied, Comment: ptr("没修")})
	if err != nil || *r.Rating != kind.RatingDissatisfied || r.StateTitle != "已评价" {
		t.Errorf("%+v %v", r, err)
	}
	if o := w.read(b.Opinion.ID); o.Dissatisfied != 1 || o.WaitsOn != state.PartyOrgan {
		t.Errorf("rated %v", o)
	}
	w.audited(workflow.VerbRateOpinion, "Opinion", b.Opinion.ID, "receipt:"+b.Opinion.ID.String(), huaguo)
}

// Each citizen whose opinion was merged keeps number, answer and rating.
func TestRateMerged(t *testing.T) {
	w := newWindow(t)
	m := &merging{office: w.office}
	m.main = m.walk(ways["HANDLING"], uuid.Nil)
	booked := [2]*workflow.Booked{w.submit(nil), w.submit(nil)}
	for _, b := range booked {
		o := w.must(w.desk.AcceptOpinion(w.officer(w.station), workflow.AcceptOpinion{OpinionRef: ref(b.Opinion)}))
		w.must(w.desk.MergeOpinion(w.officer(w.station), workflow.MergeOpinion{OpinionRef: ref(o), Main: m.main.ID}))
	}
	rate := func(b *workflow.Booked, r kind.Rating) func() error {
		return func() error {
			_, err := w.counter.RateOpinion(t.Context(), workflow.RateOpinion{Pass: pass(b), Rating: r, Comment: ptr("谢谢")})
			return err
		}
	}
	stands := func(b *workflow.Booked, title string, mayRate bool) {
		t.Helper()
		r, err := w.counter.Status(t.Context(), pass(b))
		if err != nil || r.State != state.OpinionMerged || r.StateTitle != title || r.MayRate != mayRate || r.Number != b.Opinion.Number {
			t.Errorf("want %s: %+v %v", title, r, err)
		}
	}
	stands(booked[0], "并件办理中", false)
	w.refused(conflict("input.number STATE"), rate(booked[0], kind.RatingSatisfied))
	m.reply("桥面已修复,排水已疏通", kind.OutcomeSolved)
	m.announced(m.feedBack())
	stands(booked[0], "已反馈", true)
	if err := rate(booked[0], kind.RatingDissatisfied)(); err != nil {
		t.Fatal(err)
	}
	stands(booked[0], "已评价", false)
	w.refused(conflict("input.number ALREADY_RATED"), rate(booked[0], kind.RatingSatisfied))
	m.announced(m.rateAndClose())
	stands(booked[0], "办结", false)
	stands(booked[1], "办结", true) // who did not come in time may still say so
	m.announced(m.reopen())
	stands(booked[0], "重办", false)
	m.reply("已加固桥面", kind.OutcomeSolved)
	m.announced(m.feedBack())
	stands(booked[0], "已反馈", true) // another answer, another rating
	if err := rate(booked[0], kind.RatingSatisfied)(); err != nil {
		t.Error(err)
	}
	if o := w.read(booked[0].Opinion.ID); *o.Rating != kind.RatingSatisfied || o.Dissatisfied != 1 {
		t.Errorf("rated %v", o)
	}
	w.replayed()
}

// Two ratings at once: one counts.
func TestRateAtOnce(t *testing.T) {
	w := newWindow(t)
	b := w.submit(nil)
	w.must(w.desk.AcceptOpinion(w.officer(w.station), workflow.AcceptOpinion{OpinionRef: ref(b.Opinion)}))
	w.handle(b.Opinion.ID)
	errs := make(chan error)
	for range 4 {
		go func() {
			_, err := w.counter.RateOpinion(t.Context(), workflow.RateOpinion{Pass: pass(b), Rating: kind.RatingSatisfied})
			errs <- err
		}()
	}
	rated := 0
	for range 4 {
		if err := <-errs; err == nil {
			rated++
		} else {
			conflict("input.number STATE").check(t, err)
		}
	}
	if rated != 1 || w.count(`opinion_event WHERE step = 'RATE'`) != 1 {
		t.Errorf("%d rated", rated)
	}
	w.replayed()
}

// A citizen sees the own opinion, what of it is shown, and what is everyone's; of each table nothing else.
func TestReceiptSeesItsOwn(t *testing.T) {
	w := newWindow(t)
	mine := w.submit(func(in *workflow.SubmitOpinion) {
		in.Phone, in.Files, in.IdempotencyKey = ptr("13900001111"), []string{w.upload("mine")}, ptr("k")
	})
	others := w.submit(func(in *workflow.SubmitOpinion) {
		in.Phone, in.Files, in.IdempotencyKey = ptr("13900002222"), []string{w.upload("others")}, ptr("l")
	})
	for _, b := range []*workflow.Booked{mine, others} {
		w.must(w.desk.AcceptOpinion(w.officer(w.station), workflow.AcceptOpinion{OpinionRef: ref(b.Opinion)}))
		w.handle(b.Opinion.ID)
	}
	w.announced(mine)
	ctx, err := w.counter.Open(t.Context(), pass(mine))
	if err != nil {
		t.Fatal(err)
	}
	if v := viewer.FromContext(ctx); v.Kind != viewer.Receipt || v.Receipt != mine.Opinion.ID || v.Division != huaguo || v.Role != "" {
		t.Errorf("the viewer is %+v", v)
	}
	db, err := postgres.Open(w.database.AppURL, postgres.Options{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	everyones := map[string]int{"calendar_day": w.count("calendar_day"), "category": w.count("category")}
	want := map[string]int{
		"opinion":       1,
		"opinion_event": w.count(`opinion_event WHERE shown AND opinion_id = $1`, mine.Opinion.ID),
		"attachment":    w.count(`attachment WHERE shown AND opinion_id = $1`, mine.Opinion.ID),
	}
	if want["opinion_event"] == w.count(`opinion_event WHERE opinion_id = $1`, mine.Opinion.ID) || want["attachment"] != 2 {
		t.Fatal("nothing is hidden:", want)
	}
	seen := 0
	for _, table := range w.everyTable() {
		var n int
		err := db.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n)
		said := pq.As(err)
		switch {
		case said != nil && said.Code == "42501": // may not even ask
		case err != nil:
			t.Fatal(table, err)
		case n != want[table]+everyones[table]:
			t.Errorf("%s: sees %d, want %d", table, n, want[table]+everyones[table])
		default:
			seen++
		}
	}
	if seen < 20 {
		t.Errorf("only %d tables were asked", seen)
	}
	for table := range want {
		column := "opinion_id"
		if table == "opinion" {
			column = "id"
		}
		var n int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM `+table+` WHERE `+column+` <> $1`, mine.Opinion.ID).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: sees %d of others, %v", table, n, err)
		}
	}
	w.writesNothingElse(ctx, db, mine.Opinion.ID, others.Opinion.ID)
}

// announced makes rows for others to read: notifications and messages.
func (w *window) announced(b *workflow.Booked) {
	w.Helper()
	if err := w.clockwork.Announce(w.Context(), w.last(b.Opinion.ID).ID); err != nil {
		w.Fatal(err)
	}
	if w.count("message") == 0 {
		w.Fatal("no one is told")
	}
}

// everyTable are the tables of the database, by name.
func (w *window) everyTable() (out []string) {
	w.Helper()
	err := w.owner.QueryRowContext(w.Context(), `SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`).Scan((*pq.StringArray)(&out))
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// writesNothingElse tries, with the rights of one opinion's receipt, to write what belongs to another, and what no one may write.
func (w *window) writesNothingElse(ctx context.Context, db *sql.DB, mine, others uuid.UUID) {
	w.Helper()
	area := `430121107204, 430000000000, 430100000000, 430121000000, 430121107000`
	columns := `id, created_at, updated_at, code, province_code, city_code, county_code, township_code`
	subject := viewer.FromContext(ctx).Subject
	for name, statement := range map[string]string{
		"another's state":        fmt.Sprintf(`UPDATE opinion SET version = 9, rating = 'SATISFIED' WHERE id = '%s'`, others),
		"everyone's state":       fmt.Sprintf(`UPDATE opinion SET version = 9 WHERE id <> '%s'`, mine),
		"the own content":        fmt.Sprintf(`UPDATE opinion SET content = '别的' WHERE id = '%s'`, mine),
		"the own number":         fmt.Sprintf(`UPDATE opinion SET number = 'x' WHERE id = '%s'`, mine),
		"the own place":          fmt.Sprintf(`UPDATE opinion SET code = 0 WHERE id = '%s'`, mine),
		"deletes the own":        fmt.Sprintf(`DELETE FROM opinion WHERE id = '%s'`, mine),
		"changes the timeline":   fmt.Sprintf(`UPDATE opinion_event SET text = '别的' WHERE opinion_id = '%s'`, mine),
		"shortens the timeline":  fmt.Sprintf(`DELETE FROM opinion_event WHERE opinion_id = '%s'`, mine),
		"adds to another's":      fmt.Sprintf(`INSERT INTO opinion_event (%s, opinion_id, sequence, step, to_state, occurred_at, party, subject, shown) VALUES (gen_random_uuid(), now(), now(), %s, '%s', 99, 'RATE', 'RATED', now(), 'SUBMITTER', '%s', true)`, columns, area, others, subject),
		"adds in another's name": fmt.Sprintf(`INSERT INTO opinion_event (%s, opinion_id, sequence, step, to_state, occurred_at, party, subject, shown) VALUES (gen_random_uuid(), now(), now(), %s, '%s', 99, 'ACCEPT', 'ACCEPTED', now(), 'STATION', 'someone', true)`, columns, area, mine),
		"a receipt of another's": fmt.Sprintf(`INSERT INTO opinion_receipt (id, created_at, updated_at, opinion_id, token_hash) VALUES (gen_random_uuid(), now(), now(), '%s', '\x00')`, others),
		"a file of another's":    fmt.Sprintf(`INSERT INTO attachment (%s, opinion_id, event_id, shown, storage_key, media_type, size, sha256) SELECT gen_random_uuid(), now(), now(), %s, '%s', id, true, 'k', 'image/jpeg', 1, '\x00' FROM opinion_event LIMIT 1`, columns, area, others),
		"a word of another's":    fmt.Sprintf(`INSERT INTO opinion_text (opinion_id, code, body, grams, words) VALUES ('%s', 1, 'x', '{}', '')`, others),
		"a phone of another's":   fmt.Sprintf(`INSERT INTO opinion_submitter (%s, opinion_id, station_id, consent_version, consent_purpose, consented_at) VALUES (gen_random_uuid(), now(), now(), %s, '%s', '%s', 'x', 'x', now())`, columns, area, others, w.station.ID),
		"a job":                  `INSERT INTO river_job (kind, args) VALUES ('opinion_step', '{}')`,
		"the audit":              fmt.Sprintf(`INSERT INTO audit_entry (%s, subject, viewer_code, verb, entity, entity_id) VALUES (gen_random_uuid(), now(), now(), %s, 'someone', 0, 'x', 'x', '%s')`, columns, area, mine),
		"another's key":          `INSERT INTO idempotency_key (id, created_at, updated_at, subject, key, verb, request_hash, entity_id) VALUES (gen_random_uuid(), now(), now(), 'someone', 'x', 'x', '\x00', gen_random_uuid())`,
		"reveals the submitter":  fmt.Sprintf(`SELECT FROM reveal_submitter('%s', 'x', 'x', 0)`, mine),
	} {
		before := w.state()
		result, err := db.ExecContext(ctx, statement)
		if said := pq.As(err); err != nil && (said == nil || said.Code != "42501") {
			w.Errorf("%s: %v", name, err)
		}
		if err == nil {
			if n, _ := result.RowsAffected(); n != 0 || strings.HasPrefix(statement, "SELECT") {
				w.Errorf("%s: %d rows", name, n)
			}
		}
		if w.state() != before {
			w.Errorf("%s: is written", name)
		}
	}
}
