package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// fiveStandards are 五个标准 of 长沙县: a station in each constituency, a place to receive, a board, a liaison officer, a fixed day each month.
var fiveStandards = []workflow.StandardItem{
	{Key: "1", Name: "每个选区设立一个代表联系群众工作站", Points: 20},
	{Key: "2", Name: "设置一个代表接待选民群众的场所", Points: 20, Evidence: true},
	{Key: "3", Name: "设立一个宣传公示栏", Points: 20},
	{Key: "4", Name: "配备一名联络人作为民情信息员", Points: 20},
	{Key: "5", Name: "每月相对固定一天组织进站开展活动", Points: 20},
}

var stars = []workflow.StandardStar{{Stars: 3, From: 60}, {Stars: 4, From: 80}, {Stars: 5, From: 95}}

// given are scores for the five, the last of them one's own, with evidence.
func given(last float64) []workflow.Score {
	var out []workflow.Score
	for _, item := range fiveStandards {
		out = append(out, workflow.Score{Key: item.Key, Points: item.Points, Text: ptr("有照片为证")})
	}
	out[4].Points = last
	return out
}

// evalHouse is a house with a checklist for each subject, stations, and deputies.
type evalHouse struct {
	*pairHouse
	standard map[kind.Evaluated]*gen.Standard
}

func newEvalHouse(t *testing.T) *evalHouse {
	t.Helper()
	h := &evalHouse{newPairHouse(t), map[kind.Evaluated]*gen.Standard{}}
	for subject, name := range map[kind.Evaluated]string{
		kind.EvaluatedStation: "五个标准", kind.EvaluatedDeputy: "履职考评", kind.EvaluatedTownship: "五有四公开",
	} {
		s, err := h.desk.SetStandard(h.county(), workflow.SetStandard{
			Congress: h.congress[county], Subject: subject, Name: name, Items: fiveStandards, Stars: stars, FromOn: day("2026-01-01"),
		})
		if err != nil {
			t.Fatal(err)
		}
		h.standard[subject] = s
	}
	return h
}

func (h *evalHouse) opening(subject kind.Evaluated) workflow.OpenEvaluation {
	in := workflow.OpenEvaluation{
		Congress: h.congress[county], Standard: h.standard[subject].ID, Name: "2026年上半年考评",
		FromOn: day("2026-01-01"), ToOn: day("2026-06-30"), SelfUntil: day("2026-06-20"),
	}
	if subject == kind.EvaluatedDeputy {
		in.Level = ptr(kind.County)
	}
	return in
}

func (h *evalHouse) opened(subject kind.Evaluated) (*gen.EvaluationCampaign, []*gen.Evaluation) {
	h.Helper()
	c, err := h.desk.OpenEvaluation(h.county(), h.opening(subject))
	if err != nil {
		h.Fatal(err)
	}
	found, err := h.client.Evaluation.Query().Where(evaluation.CampaignID(c.ID)).Order(evaluation.ByCode(), evaluation.ByID()).All(h.county())
	if err != nil {
		h.Fatal(err)
	}
	return c, found
}

func (h *evalHouse) keeper(station *gen.Station) context.Context {
	ctx := h.as(viewer.StationKeeper, station.Code)
	viewer.FromContext(ctx).Station = station.ID
	return ctx
}

// A campaign from its opening to its publication, for each subject: who evaluates oneself, who reviews, and what the evaluated see when.
func TestEvaluation(t *testing.T) {
	h := newEvalHouse(t)
	beside := h.house.station(guoyuan, "果园镇花果人大代表联络点")
	for _, test := range []struct {
		subject kind.Evaluated
		count   int
		// self are those who may evaluate themselves in one of the campaign's rows, others those who may not.
		of           func(*gen.Evaluation) bool
		self, others []context.Context
	}{
		{
			kind.EvaluatedStation, 2, func(e *gen.Evaluation) bool { return *e.StationID == h.station.ID },
			[]context.Context{h.keeper(h.station), h.township()},
			[]context.Context{h.keeper(beside), h.county(), h.member(h.first)},
		},
		{
			kind.EvaluatedDeputy, 5, func(e *gen.Evaluation) bool { return *e.DeputyID == h.first },
			[]context.Context{h.member(h.first)},
			[]context.Context{h.member(h.second), h.township(), h.county(), h.keeper(h.station)},
		},
		{
			kind.EvaluatedTownship, 18, func(e *gen.Evaluation) bool { return e.Code == guoyuan },
			[]context.Context{h.township()},
			[]context.Context{h.as(viewer.TownshipAdmin, huangxin), h.county(), h.member(h.first), h.keeper(h.station)},
		},
	} {
		t.Run(string(test.subject), func(t *testing.T) {
			h := &evalHouse{&pairHouse{house: h.sub(t), station: h.station, first: h.first}, h.standard}
			campaign, rows := h.opened(test.subject)
			if len(rows) != test.count || h.count(`river_job WHERE kind = 'notice' AND args->>'id' = $1`, campaign.ID.String()) != 1 {
				t.Fatalf("%d evaluations", len(rows))
			}
			i := slices.IndexFunc(rows, test.of)
			e := rows[i]
			for n, by := range test.others {
				if _, err := h.desk.EvaluateSelf(by, workflow.EvaluateSelf{ID: e.ID, Scores: given(15)}); !errors.Is(err, fault.ErrForbidden) && !errors.Is(err, fault.ErrNotFound) {
					t.Errorf("another (%d): %v", n, err)
				}
			}
			for _, by := range test.self {
				got, err := h.desk.EvaluateSelf(by, workflow.EvaluateSelf{ID: e.ID, Scores: given(15)})
				if err != nil {
					t.Fatal(err)
				}
				if got.State != state.EvaluationSelf || *got.SelfTotal != 950 || got.SelfScores[1].Evidence != "有照片为证" {
					t.Errorf("%v", got)
				}
			}
			ref := workflow.CampaignRef{ID: campaign.ID}
			if _, err := h.desk.ReviewCampaign(h.county(), ref); err != nil {
				t.Fatal(err)
			}
			h.refused(conflict("input.id NOT_REVIEWED"), func() error {
				_, err := h.desk.PublishEvaluation(h.county(), ref)
				return err
			})
			for n, row := range rows {
				for _, last := range []float64{0, float64(n)} { // a second review takes the place of the first
					if _, err := h.desk.ReviewEvaluation(h.county(), workflow.ReviewEvaluation{ID: row.ID, Scores: given(last), Note: ptr("总体较好")}); err != nil {
						t.Fatal(err)
					}
				}
			}
			hidden := func(by context.Context) *gen.Evaluation {
				got, err := h.client.Evaluation.Get(by, e.ID)
				if err != nil {
					t.Fatal(err)
				}
				reviews, err := h.client.EvaluationReview.Query().Count(by)
				if err != nil || reviews != 0 {
					t.Errorf("%d reviews seen: %v", reviews, err)
				}
				return got
			}
			for _, by := range test.self {
				if got := hidden(by); got.Total != nil || got.Stars != nil || got.Scores != nil || got.PublishedAt != nil {
					t.Errorf("before publication %v", got)
				}
			}
			published, err := h.desk.PublishEvaluation(h.county(), ref)
			if err != nil {
				t.Fatal(err)
			}
			for _, by := range test.self {
				got := hidden(by)
				total, reached := 800+10*i, 4
				if total >= 950 {
					reached = 5
				}
				if *got.Total != total || *got.Stars != reached || len(got.Scores) != 5 || !got.PublishedAt.Equal(*published.PublishedAt) {
					t.Errorf("after publication %v", got)
				}
			}
			if n := h.count(`river_job WHERE kind = 'notice' AND args->>'id' = $1`, campaign.ID.String()); n != 2 {
				t.Errorf("%d notices", n)
			}
		})
	}
}

// TestEvaluationPairs does every verb in every state of a campaign and of an evaluation, as everyone, and holds it against the tables.
func TestEvaluationPairs(t *testing.T) {
	h := newEvalHouse(t)
	campaign, rows := h.opened(kind.EvaluatedStation)
	e := rows[0]
	ref := workflow.CampaignRef{ID: campaign.ID}
	verbs := map[workflow.Verb]func(context.Context) error{
		workflow.VerbReviewCampaign:    func(ctx context.Context) error { _, err := h.desk.ReviewCampaign(ctx, ref); return err },
		workflow.VerbPublishEvaluation: func(ctx context.Context) error { _, err := h.desk.PublishEvaluation(ctx, ref); return err },
		workflow.VerbCancelEvaluation: func(ctx context.Context) error {
			_, err := h.desk.CancelEvaluation(ctx, workflow.CancelEvaluation{CampaignRef: ref, Reason: "另行组织"})
			return err
		},
		workflow.VerbEvaluateSelf: func(ctx context.Context) error {
			_, err := h.desk.EvaluateSelf(ctx, workflow.EvaluateSelf{ID: e.ID, Scores: given(15)})
			return err
		},
		workflow.VerbReviewEvaluation: func(ctx context.Context) error {
			_, err := h.desk.ReviewEvaluation(ctx, workflow.ReviewEvaluation{ID: e.ID, Scores: given(15)})
			return err
		},
	}
	actors := map[string]struct {
		ctx          context.Context
		organ, judge bool // evaluated, or of the campaign
	}{
		"county": {h.county(), false, true}, "township": {h.township(), true, false}, "keeper": {h.keeper(h.station), true, false},
		"city": {h.city(), false, false}, "beside": {h.beihu(), false, false}, "deputy": {h.member(h.first), false, false},
		"staff": {h.as(viewer.CommitteeStaff, county), false, false}, "portal": {h.as(viewer.Portal, county), false, false},
	}
	tried := 0
	for _, c := range state.Campaigns.States {
		for _, s := range state.Evaluations.States {
			for verb, do := range verbs {
				next, ok := state.Campaigns.Next(c, string(verb))
				switch verb {
				case workflow.VerbEvaluateSelf, workflow.VerbReviewEvaluation:
					_, ok = state.Evaluations.Next(s, string(verb))
					next = c
					ok = ok && (verb == workflow.VerbEvaluateSelf && c == state.CampaignOpen || verb == workflow.VerbReviewEvaluation && c == state.CampaignReviewing)
				case workflow.VerbPublishEvaluation:
					ok = ok && s == state.EvaluationReviewed
				}
				for name, a := range actors {
					tried++
					// As it stands, with what belongs to it; and back to it afterwards.
					for _, statement := range []string{
						`DELETE FROM evaluation_review`,
						fmt.Sprintf(`UPDATE evaluation_campaign SET state = '%s', published_at = NULL, version = 1`, c),
						fmt.Sprintf(`UPDATE evaluation SET state = '%s', total = NULL, stars = NULL, scores = NULL, published_at = NULL, version = 1`, s),
						fmt.Sprintf(`INSERT INTO evaluation_review (id, version, created_at, updated_at, code, evaluation_id, campaign_id, scores, total)
							SELECT gen_random_uuid(), 1, now(), now(), %d, id, campaign_id, '[]', 0 FROM evaluation WHERE state = 'REVIEWED'`, int64(county)),
					} {
						if _, err := h.owner.ExecContext(t.Context(), statement); err != nil {
							t.Fatal(err)
						}
					}
					before := h.count(`audit_entry`)
					err := do(a.ctx)
					party := a.judge
					if verb == workflow.VerbEvaluateSelf {
						party = a.organ
					}
					where := fmt.Sprintf("%s by %s with the campaign %s, the evaluation %s", verb, name, c, s)
					var f *fault.Fault
					switch {
					case party && ok:
						if err != nil {
							t.Fatalf("%s: %v", where, err)
						}
						if n := h.count(`evaluation_campaign WHERE state = $1`, string(next)); n != 1 {
							t.Errorf("%s does not lead to %s", where, next)
						}
					case !errors.As(err, &f):
						t.Errorf("%s: %v", where, err)
					case party && !errors.Is(err, fault.ErrConflict):
						t.Errorf("%s: %v, not a conflict", where, err)
					case !party && !errors.Is(err, fault.ErrForbidden) && !errors.Is(err, fault.ErrNotFound):
						t.Errorf("%s: %v, not refused to the actor", where, err)
					case h.count(`audit_entry`) != before:
						t.Errorf("%s was refused, and is in the audit", where)
					}
				}
			}
		}
	}
	if want := len(state.Campaigns.States) * len(state.Evaluations.States) * len(verbs) * len(actors); tried != want {
		t.Errorf("%d of %d tried", tried, want)
	}
}

func TestEvaluationRefusals(t *testing.T) {
	h := newEvalHouse(t)
	_, rows := h.opened(kind.EvaluatedStation)
	e := rows[0]
	for name, test := range map[string]struct {
		scores []workflow.Score
		want   refusal
	}{
		"an item left out":   {given(15)[:4], invalid("input.scores REQUIRED")},
		"an item twice":      {append(given(15), workflow.Score{Key: "1"}), invalid("input.scores.5.key DUPLICATE")},
		"an unknown item":    {append(given(15), workflow.Score{Key: "9"}), invalid("input.scores.5.key UNKNOWN_VALUE")},
		"more than there is": {given(20.1), invalid("input.scores.4.points OUT_OF_RANGE")},
		"less than nothing":  {given(-1), invalid("input.scores.4.points OUT_OF_RANGE")},
		"parts of tenths":    {given(1.25), invalid("input.scores.4.points MALFORMED")},
		"no evidence": {func() []workflow.Score {
			out := given(15)
			out[1].Text = nil
			return out
		}(), invalid("input.scores.1.evidence REQUIRED")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(test.want, func() error {
				_, err := h.desk.EvaluateSelf(h.township(), workflow.EvaluateSelf{ID: e.ID, Scores: test.scores})
				return err
			})
		})
	}
	h.refused(notFound("input.files.0"), func() error {
		_, err := h.desk.EvaluateSelf(h.township(), workflow.EvaluateSelf{ID: e.ID, Scores: given(15), Files: []string{"nothing"}})
		return err
	})
	h.refused(conflict("input.expectedVersion VERSION"), func() error {
		_, err := h.desk.EvaluateSelf(h.township(), workflow.EvaluateSelf{ID: e.ID, ExpectedVersion: ptr(7), Scores: given(15)})
		return err
	})
	if _, err := h.owner.ExecContext(t.Context(), `UPDATE evaluation_campaign SET self_until = '2026-06-14'`); err != nil {
		t.Fatal(err)
	}
	h.refused(conflict("input.id TOO_LATE"), func() error {
		_, err := h.desk.EvaluateSelf(h.township(), workflow.EvaluateSelf{ID: e.ID, Scores: given(15)})
		return err
	})
	for name, test := range map[string]struct {
		change func(*workflow.OpenEvaluation)
		want   refusal
	}{
		"a level of stations":  {func(in *workflow.OpenEvaluation) { in.Level = ptr(kind.County) }, invalid("input.level MISMATCH")},
		"deputies of no level": {func(in *workflow.OpenEvaluation) { in.Standard = h.standard[kind.EvaluatedDeputy].ID }, invalid("input.level REQUIRED")},
		"no such deputies": {func(in *workflow.OpenEvaluation) {
			in.Standard, in.Level = h.standard[kind.EvaluatedDeputy].ID, ptr(kind.National)
		}, conflict("input.standard NOBODY")},
		"no standard":           {func(in *workflow.OpenEvaluation) { in.Standard = uuid.New() }, notFound("input.standard")},
		"self-evaluated by now": {func(in *workflow.OpenEvaluation) { in.SelfUntil = day("2026-06-14") }, invalid("input.selfUntil IMPOSSIBLE_DATE")},
		"ends before":           {func(in *workflow.OpenEvaluation) { in.ToOn = day("2025-12-31") }, invalid("input.toOn IMPOSSIBLE_DATE")},
		"the township's":        {func(in *workflow.OpenEvaluation) { in.Congress = h.congress[guoyuan] }, denied("input.congress")},
	} {
		t.Run(name, func(t *testing.T) {
			in := h.opening(kind.EvaluatedStation)
			test.change(&in)
			h.sub(t).refused(test.want, func() error {
				_, err := h.desk.OpenEvaluation(h.county(), in)
				return err
			})
		})
	}
}

func TestStandards(t *testing.T) {
	h := newEvalHouse(t)
	first := h.standard[kind.EvaluatedStation]
	in := workflow.SetStandard{
		Congress: h.congress[county], Subject: kind.EvaluatedStation, Name: "五个标准", Items: fiveStandards, FromOn: day("2026-07-01"),
	}
	next, err := h.desk.SetStandard(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	if next.Edition != 2 || next.Stars != nil {
		t.Errorf("%v", next)
	}
	if n := h.count(`standard WHERE id = $1 AND until_on = '2026-06-30'`, first.ID); n != 1 {
		t.Error("the former edition does not end")
	}
	open := h.opening(kind.EvaluatedStation)
	open.Standard = next.ID
	h.refused(conflict("input.standard NOT_IN_FORCE"), func() error {
		_, err := h.desk.OpenEvaluation(h.county(), open)
		return err
	})
	// A township evaluates by the checklist of its county, and not the other way round.
	below, err := h.desk.SetStandard(h.township(), workflow.SetStandard{
		Congress: h.congress[guoyuan], Subject: kind.EvaluatedStation, Name: "十有", Items: fiveStandards, FromOn: today,
	})
	if err != nil {
		t.Fatal(err)
	}
	open.Standard = below.ID
	h.refused(denied("input.standard"), func() error {
		_, err := h.desk.OpenEvaluation(h.county(), open)
		return err
	})
	open.Standard, open.Congress = first.ID, h.congress[guoyuan]
	if _, err := h.desk.OpenEvaluation(h.township(), open); err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct {
		change func(*workflow.SetStandard)
		want   refusal
	}{
		"nothing asked":      {func(in *workflow.SetStandard) { in.Items = nil }, invalid("input.items REQUIRED")},
		"a key twice":        {func(in *workflow.SetStandard) { in.Items = append(slices.Clone(fiveStandards), fiveStandards[0]) }, invalid("input.items.5.key DUPLICATE")},
		"no points":          {func(in *workflow.SetStandard) { in.Items = []workflow.StandardItem{{Key: "1", Name: "有场所"}} }, invalid("input.items.0.points OUT_OF_RANGE")},
		"stars out of reach": {func(in *workflow.SetStandard) { in.Stars = []workflow.StandardStar{{Stars: 5, From: 100.1}} }, invalid("input.stars.0.from OUT_OF_RANGE")},
		"fewer stars for more": {func(in *workflow.SetStandard) {
			in.Stars = []workflow.StandardStar{{Stars: 4, From: 60}, {Stars: 3, From: 70}}
		}, invalid("input.stars.1.stars NOT_RISING")},
		"more stars for the same": {func(in *workflow.SetStandard) {
			in.Stars = []workflow.StandardStar{{Stars: 4, From: 60}, {Stars: 5, From: 60}}
		}, invalid("input.stars.1.from NOT_RISING")},
		"six stars":         {func(in *workflow.SetStandard) { in.Stars = []workflow.StandardStar{{Stars: 6, From: 60}} }, invalid("input.stars.0.stars OUT_OF_RANGE")},
		"before the former": {func(in *workflow.SetStandard) { in.FromOn = day("2026-06-30") }, invalid("input.fromOn IMPOSSIBLE_DATE")},
		"of other things":   {func(in *workflow.SetStandard) { in.Subject = kind.EvaluatedTownship }, conflict("input.subject MISMATCH")},
		"of the township":   {func(in *workflow.SetStandard) { in.Congress = h.congress[guoyuan] }, denied("input.congress")},
	} {
		t.Run(name, func(t *testing.T) {
			in := in
			in.FromOn = day("2026-08-01")
			test.change(&in)
			h.sub(t).refused(test.want, func() error {
				_, err := h.desk.SetStandard(h.county(), in)
				return err
			})
		})
	}
}

// A township is evaluated from above: a campaign of its own has no township to evaluate.
func TestNoTownshipReviewsItself(t *testing.T) {
	h := newEvalHouse(t)
	in := h.opening(kind.EvaluatedTownship)
	in.Congress = h.congress[guoyuan]
	h.refused(conflict("input.standard NOBODY"), func() error {
		_, err := h.desk.OpenEvaluation(h.township(), in)
		return err
	})
}
