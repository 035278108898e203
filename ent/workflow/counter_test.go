package workflow_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/qrcode"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// window is a house with a counter, and the codes that hang at the station.
type window struct {
	*office
	counter             *workflow.Counter
	code, deputysCode   string
	codeID, deputysCard uuid.UUID
}

func newWindow(t *testing.T) *window {
	t.Helper()
	w := &window{office: newOffice(t)}
	w.counter = workflow.NewCounter(w.desk, workflow.CounterOptions{})
	for _, c := range w.codes() {
		if c.PostingID == nil {
			w.code, w.codeID = c.Text, c.ID
		} else {
			w.deputysCode, w.deputysCard = c.Text, c.ID
		}
	}
	return w
}

// codes are the codes of the station that are not revoked.
func (w *window) codes() []*gen.QRCode {
	w.Helper()
	all, err := w.client.QRCode.Query().Where(qrcode.StationID(w.station.ID), qrcode.RevokedAtIsNil()).All(w.job())
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// in is the window in a subtest.
func (w *window) in(t *testing.T) *window {
	inner, office, loop := *w, *w.office, *w.loopHouse
	loop.house, office.loopHouse, inner.office = w.sub(t), &loop, &office
	return &inner
}

// filled is a submission with everything that must be given.
func (w *window) filled(change func(*workflow.SubmitOpinion)) workflow.SubmitOpinion {
	in := workflow.SubmitOpinion{
		Code: w.code, OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Consent: "2026-1"},
	}
	if change != nil {
		change(&in)
	}
	return in
}

func (w *window) submit(change func(*workflow.SubmitOpinion)) *workflow.Booked {
	w.Helper()
	b, err := w.counter.SubmitOpinion(w.Context(), w.filled(change))
	if err != nil {
		w.Fatal(err)
	}
	return b
}

// pass is the pass that comes with a submission.
func pass(b *workflow.Booked) workflow.Pass {
	return workflow.Pass{Number: b.Opinion.Number, Token: &b.Token}
}

func TestSubmitOpinion(t *testing.T) {
	w := newWindow(t)
	// What looks like a script or a formula is text, kept as it is.
	text := `=HYPERLINK("http://x","点我") <script>alert(1)</script> '; DROP TABLE opinion; -- {{.}}`
	b := w.submit(func(in *workflow.SubmitOpinion) {
		in.Content, in.Location, in.Name, in.Phone = "  "+text+"\n", ptr("村口"), ptr("周丁"), ptr("139 0000 1111")
		in.CallBack, in.Category, in.Files = true, ptr(w.category("0101")), []string{w.upload("a")}
	})
	w.audited(workflow.VerbSubmitOpinion, gen.TypeOpinion, b.Opinion.ID, "code:"+w.codeID.String(), huaguo)
	o := w.read(b.Opinion.ID)
	if o.Content != text || *o.Location != "村口" || o.Channel != kind.ChannelStationCode || o.DeputyID != nil || o.StationID != w.station.ID ||
		o.Code != huaguo || o.HolderCode != guoyuan || *o.CategoryHintID != w.category("0101") || o.State != state.OpinionSubmitted ||
		*o.SubmitterMasked != "周**" || *o.PhoneMasked != "139****1111" || o.DueOn == nil || o.DueOn.Format("2006-01-02") != "2026-06-18" {
		t.Errorf("booked %v", o)
	}
	if e := w.last(o.ID); e.Step != state.StepSubmit || e.Party != state.PartySubmitter || e.Role != nil || !e.Shown || e.Sequence != 1 {
		t.Errorf("the first event %v", e)
	}
	for what, rows := range map[string]int{
		`opinion_submitter WHERE name = '周丁' AND phone = '139 0000 1111' AND phone_digits = '13900001111' AND call_back
			AND consent_version = '2026-1' AND consent_purpose <> '' AND consented_at = '2026-06-14 16:30Z'`: 1,
		`opinion_text`: 1, `river_job WHERE kind = 'opinion_step'`: 1, `upload`: 0,
		`attachment WHERE shown AND storage_key = 'a'`:                                          1,
		`opinion_receipt WHERE position('` + b.Token + `' IN encode(token_hash, 'escape')) > 0`: 0, // the token itself is not kept
	} {
		if n := w.count(what); n != rows {
			t.Errorf("%d of %s", n, what)
		}
	}

	// Nothing but what is needed, to a deputy.
	b = w.submit(func(in *workflow.SubmitOpinion) { in.Code = w.deputysCode })
	if o := w.read(b.Opinion.ID); o.Channel != kind.ChannelDeputyCode || *o.DeputyID != w.deputy || o.SubmitterMasked != nil || o.PhoneMasked != nil {
		t.Errorf("to the deputy: %v", o)
	}
	w.replayed()
}

func TestSubmitOpinionRefusals(t *testing.T) {
	w := newWindow(t)
	for name, c := range map[string]struct {
		change func(*workflow.SubmitOpinion)
		want   refusal
	}{
		"nothing":          {func(in *workflow.SubmitOpinion) { *in = workflow.SubmitOpinion{} }, invalid("input.content REQUIRED", "input.consent REQUIRED")},
		"only spaces":      {func(in *workflow.SubmitOpinion) { in.Content = " \n\t 　 " }, invalid("input.content REQUIRED")},
		"too short":        {func(in *workflow.SubmitOpinion) { in.Content = "路灯" }, invalid("input.content TOO_SHORT")},
		"100,000 letters":  {func(in *workflow.SubmitOpinion) { in.Content = strings.Repeat("长", 100_000) }, invalid("input.content TOO_LONG")},
		"turned writing":   {func(in *workflow.SubmitOpinion) { in.Content = "路灯\u202e不亮已久" }, invalid("input.content MALFORMED")},
		"no text":          {func(in *workflow.SubmitOpinion) { in.Content = "\xff\xfe\x00 abc" }, invalid("input.content MALFORMED")},
		"long location":    {func(in *workflow.SubmitOpinion) { in.Location = ptr(strings.Repeat("村", 201)) }, invalid("input.location TOO_LONG")},
		"long name":        {func(in *workflow.SubmitOpinion) { in.Name = ptr(strings.Repeat("赵", 41)) }, invalid("input.name TOO_LONG")},
		"call back":        {func(in *workflow.SubmitOpinion) { in.CallBack = true }, invalid("input.phone REQUIRED")},
		"phone":            {func(in *workflow.SubmitOpinion) { in.Phone = ptr("=1+1") }, invalid("input.phone MALFORMED")},
		"no consent":       {func(in *workflow.SubmitOpinion) { in.Consent = "" }, invalid("input.consent REQUIRED")},
		"unknown consent":  {func(in *workflow.SubmitOpinion) { in.Consent = "2025-1" }, invalid("input.consent REQUIRED")},
		"empty key":        {func(in *workflow.SubmitOpinion) { in.IdempotencyKey = ptr("") }, invalid("input.idempotencyKey REQUIRED")},
		"long key":         {func(in *workflow.SubmitOpinion) { in.IdempotencyKey = ptr(strings.Repeat("k", 101)) }, invalid("input.idempotencyKey TOO_LONG")},
		"too many files":   {func(in *workflow.SubmitOpinion) { in.Files = make([]string, 10) }, invalid("input.files TOO_MANY")},
		"no such file":     {func(in *workflow.SubmitOpinion) { in.Files = []string{"guess"} }, notFound("input.files.0")},
		"no such category": {func(in *workflow.SubmitOpinion) { in.Category = ptr(uuid.New()) }, notFound("input.category")},
		"no code":          {func(in *workflow.SubmitOpinion) { in.Code = "" }, notFound("input.code")},
		"unknown code":     {func(in *workflow.SubmitOpinion) { in.Code = strings.Repeat("A", 26) }, notFound("input.code")},
		"long code":        {func(in *workflow.SubmitOpinion) { in.Code = strings.Repeat("A", 100_000) }, notFound("input.code")},
		"no text of code":  {func(in *workflow.SubmitOpinion) { in.Code = "a\x00\xff" }, notFound("input.code")},
		"script for code":  {func(in *workflow.SubmitOpinion) { in.Code = "' OR ''='" }, notFound("input.code")},
	} {
		t.Run(name, func(t *testing.T) {
			w.in(t).refused(c.want, func() error {
				_, err := w.counter.SubmitOpinion(t.Context(), w.filled(c.change))
				return err
			})
		})
	}
	// A file is used once, and not used up by what is refused.
	file := w.upload("a")
	w.refused(notFound("input.files.1"), func() error {
		_, err := w.counter.SubmitOpinion(t.Context(), w.filled(func(in *workflow.SubmitOpinion) { in.Files = []string{file, file} }))
		return err
	})
	w.submit(func(in *workflow.SubmitOpinion) { in.Files = []string{file} })
}

func TestCode(t *testing.T) {
	w := newWindow(t)
	got, err := w.counter.Code(t.Context(), w.code)
	if err != nil || got.Station != "果园镇花果村人大代表联络站" || got.Place != "湖南省长沙市长沙县果园镇花果村委会" || got.Deputy != nil {
		t.Errorf("the station's: %+v %v", got, err)
	}
	if got, err = w.counter.Code(t.Context(), w.deputysCode); err != nil || got.Station != w.station.Name || got.Deputy == nil ||
		got.Deputy.Name != "钱乙" || fmt.Sprint(got.Deputy.Levels) != "[COUNTY]" {
		t.Errorf("the deputy's: %+v %v", got, err)
	}
}

// A code that is no longer in force is the same as none, to whoever looks and to whoever submits.
func TestBadCodes(t *testing.T) {
	for name, c := range map[string]struct {
		spoil   func(*window)
		deputys bool // the deputy's code alone goes bad
	}{
		"revoked": {func(w *window) {
			for _, id := range []uuid.UUID{w.codeID, w.deputysCard} {
				if _, err := w.desk.RevokeCode(w.county(), workflow.RevokeCode{ID: id, Reason: "二维码外泄"}); err != nil {
					w.Fatal(err)
				}
			}
		}, false},
		"replaced": {func(w *window) {
			p := w.posting()
			for _, in := range []workflow.ReplaceCode{{Station: &w.station.ID, Reason: "定期更换"}, {Posting: &p.ID, Reason: "定期更换"}} {
				made, err := w.desk.ReplaceCode(w.county(), in)
				if err != nil {
					w.Fatal(err)
				}
				if _, err := w.counter.Code(w.Context(), made.Text); err != nil {
					w.Errorf("the new code: %v", err)
				}
			}
		}, false},
		"station closed": {func(w *window) {
			if _, err := w.desk.CloseStation(w.county(), workflow.CloseStation{ID: w.station.ID, ClosedOn: today, Reason: "合并设站"}); err != nil {
				w.Fatal(err)
			}
		}, false},
		"posting ended": {func(w *window) {
			if _, err := w.desk.WithdrawPosting(w.county(), workflow.WithdrawPosting{ID: w.posting().ID, EndedOn: today}); err != nil {
				w.Fatal(err)
			}
		}, true},
		"mandate ended": {func(w *window) {
			if _, _, err := w.desk.EndMandate(w.county(), workflow.EndMandate{
				ID: w.posting().MandateID, EndedOn: today, Reason: kind.EndResigned,
			}); err != nil {
				w.Fatal(err)
			}
		}, true},
		"mandate suspended": {func(w *window) {
			if _, err := w.desk.ChangeMandate(w.county(), workflow.ChangeMandate{ID: w.posting().MandateID, Status: state.MandateSuspended}); err != nil {
				w.Fatal(err)
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWindow(t)
			w.submit(nil)
			w.submit(func(in *workflow.SubmitOpinion) { in.Code = w.deputysCode })
			c.spoil(w)
			for code, bad := range map[string]bool{w.code: !c.deputys, w.deputysCode: true} {
				look := func() error { _, err := w.counter.Code(t.Context(), code); return err }
				submit := func() error {
					_, err := w.counter.SubmitOpinion(t.Context(), w.filled(func(in *workflow.SubmitOpinion) { in.Code = code }))
					return err
				}
				if !bad {
					if err := errors.Join(look(), submit()); err != nil {
						t.Errorf("the station's code: %v", err)
					}
					continue
				}
				w.refused(notFound("text"), look)
				w.refused(notFound("input.code"), submit)
				if err := look(); err.Error() != "not found: 二维码已失效 (text NOT_FOUND)" {
					t.Errorf("looking says %q", err)
				}
			}
		})
	}
}

// A deputy who is taken up again has a good code again.
func TestCodeOfMandateTakenUpAgain(t *testing.T) {
	w := newWindow(t)
	for _, status := range []state.Mandate{state.MandateSuspended, state.MandateConfirmed} {
		if _, err := w.desk.ChangeMandate(w.county(), workflow.ChangeMandate{ID: w.posting().MandateID, Status: status}); err != nil {
			t.Fatal(err)
		}
	}
	w.submit(func(in *workflow.SubmitOpinion) { in.Code = w.deputysCode })
}

// posting is the deputy's at the station.
func (w *window) posting() *gen.Posting {
	w.Helper()
	p, err := w.client.Posting.Query().Where(posting.DeputyID(w.deputy), posting.StationID(w.station.ID)).Only(w.job())
	if err != nil {
		w.Fatal(err)
	}
	return p
}

func TestSubmitOpinionOnce(t *testing.T) {
	w := newWindow(t)
	keyed := func(in *workflow.SubmitOpinion) { in.IdempotencyKey, in.Files = ptr("k"), nil }
	// Two at once with one key, many times over: one opinion, and a receipt for each.
	var booked [6]*workflow.Booked
	var all sync.WaitGroup
	for i := range booked {
		all.Go(func() {
			var err error
			if booked[i], err = w.counter.SubmitOpinion(t.Context(), w.filled(keyed)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	if n := w.count("opinion"); n != 1 || w.count("opinion_event") != 1 || w.count(`river_job WHERE kind = 'opinion_step'`) != 1 || w.count("opinion_submitter") != 1 {
		t.Errorf("%d opinions", n)
	}
	for _, b := range booked {
		if b.Opinion.ID != booked[0].Opinion.ID {
			t.Error("another opinion is answered")
		}
		if r, err := w.counter.Status(t.Context(), pass(b)); err != nil || r.Number != b.Opinion.Number {
			t.Errorf("the receipt of a retry: %v %v", r, err)
		}
	}
	w.refused(conflict("input.idempotencyKey IDEMPOTENCY_KEY_REUSED"), func() error {
		_, err := w.counter.SubmitOpinion(t.Context(), w.filled(func(in *workflow.SubmitOpinion) {
			keyed(in)
			in.Content = "另一件事,另一个地方"
		}))
		return err
	})
	// The key is the code's: with another code it is another submission, and one that is refused does not use it up.
	other := func(in *workflow.SubmitOpinion) { keyed(in); in.Code = w.deputysCode }
	w.refused(notFound("input.category"), func() error {
		_, err := w.counter.SubmitOpinion(t.Context(), w.filled(func(in *workflow.SubmitOpinion) { other(in); in.Category = ptr(uuid.New()) }))
		return err
	})
	if b := w.submit(other); b.Opinion.ID == booked[0].Opinion.ID {
		t.Error("the key of another code")
	}
	// Without a key each is one of its own.
	if one, two := w.submit(nil), w.submit(nil); one.Opinion.ID == two.Opinion.ID {
		t.Error("two without a key are one")
	}
	// The first answer was lost and the code has been revoked: the retry still has its receipt, a new submission none.
	if _, err := w.desk.RevokeCode(w.county(), workflow.RevokeCode{ID: w.codeID, Reason: "二维码外泄"}); err != nil {
		t.Fatal(err)
	}
	if b := w.submit(keyed); b.Opinion.ID != booked[0].Opinion.ID {
		t.Error("the retry after the code's end")
	}
	w.refused(notFound("input.code"), func() error {
		_, err := w.counter.SubmitOpinion(t.Context(), w.filled(nil))
		return err
	})
}

// A clock that is set back does not turn a timeline round.
func TestCounterClockSetBack(t *testing.T) {
	w := newWindow(t)
	b := w.submit(nil)
	w.must(w.desk.AskSubmitter(w.officer(w.station), workflow.AskSubmitter{OpinionRef: workflow.OpinionRef{ID: b.Opinion.ID}, Text: "是哪一盏?"}))
	early := workflow.NewCounter(w.deskAt(now.AddDate(0, 0, -3)), workflow.CounterOptions{})
	if _, err := early.SupplementOpinion(t.Context(), workflow.SupplementOpinion{Pass: pass(b), Text: "村口第二盏"}); err != nil {
		t.Fatal(err)
	}
	events, err := w.client.OpinionEvent.Query().Where(opinionevent.OpinionID(b.Opinion.ID)).Order(opinionevent.BySequence()).All(w.job())
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(events); i++ {
		if events[i].OccurredAt.Before(events[i-1].OccurredAt) {
			t.Errorf("event %d is before event %d", i+1, i)
		}
	}
	if len(events) != 3 {
		t.Errorf("%d events", len(events))
	}
	w.replayed()
}
