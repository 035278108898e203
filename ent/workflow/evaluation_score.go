package workflow

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/gen/evaluationcampaign"
	"github.com/lianluo/lianluo/ent/gen/evaluationreview"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Score is what an item of the checklist is given.
type Score struct {
	Key    string
	Points float64
	// Text is the evidence, of a self-evaluation, or the remark of who reviews.
	Text *string
}

// longestEvidence is how long evidence in words, or a remark on an item, may be.
const longestEvidence = 500

func scoreField(label string, i int, name string) field {
	return at(fmt.Sprintf("第 %d 项%s", i+1, label), "scores", strconv.Itoa(i), name)
}

// scores holds the scores given against a checklist: each item is scored once, within its points. They are answered in the order of the checklist.
func (c *checker) scores(items []duty.StandardItem, given []Score, self bool) []duty.Score {
	label, name := "说明", "note"
	if self {
		label, name = "佐证", "evidence"
	}
	byKey := make(map[string]*duty.Score, len(given))
	for i, s := range given {
		n := slices.IndexFunc(items, func(item duty.StandardItem) bool { return item.Key == s.Key })
		switch {
		case n < 0:
			c.add(scoreField("编号", i, "key"), "UNKNOWN_VALUE", "不是该标准的项目")
			continue
		case byKey[s.Key] != nil:
			c.add(scoreField("编号", i, "key"), "DUPLICATE", "重复")
			continue
		}
		kept := &duty.Score{Key: s.Key, Points: c.decimal(scoreField("得分", i, "points"), s.Points, 0, items[n].Points)}
		byKey[s.Key] = kept
		switch text := c.optional(scoreField(label, i, name), s.Text, longestEvidence); {
		case self && text != nil:
			kept.Evidence = *text
		case self && items[n].Evidence:
			c.add(scoreField(label, i, name), "REQUIRED", "不能为空")
		case text != nil:
			kept.Note = *text
		}
	}
	out := make([]duty.Score, 0, len(items))
	for _, item := range items {
		if s := byKey[item.Key]; s != nil {
			out = append(out, *s)
		} else {
			c.add(at("得分", "scores"), "REQUIRED", "缺少项目:"+item.Name)
		}
	}
	return out
}

// EvaluateSelf is how those who are evaluated judge themselves (自评).
type EvaluateSelf struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Scores          []Score
	// Files are secrets of uploads.
	Files []string
}

// EvaluateSelf evaluates oneself, once or again, until the campaign's last day for it: the deputy; the keeper of the station or the organ responsible for its place; the
// organ of the township.
func (d *Desk) EvaluateSelf(ctx context.Context, in EvaluateSelf) (*gen.Evaluation, error) {
	v, err := d.admit(ctx, VerbEvaluateSelf)
	if err != nil {
		return nil, err
	}
	var c checker
	c.files(attached, in.Files)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbEvaluateSelf, v, func(t *task) (*gen.Evaluation, error) { return t.evaluateSelf(ctx, in) })
}

func (t *task) evaluateSelf(ctx context.Context, in EvaluateSelf) (*gen.Evaluation, error) {
	old, err := t.lockEvaluation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := t.mayEvaluateSelf(ctx, old); err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	campaign, err := t.tx.EvaluationCampaign.Get(ctx, old.CampaignID)
	if err != nil {
		return nil, err
	}
	next, ok := state.Evaluations.Next(old.State, string(VerbEvaluateSelf))
	if !ok || campaign.State != state.CampaignOpen {
		return nil, campaignState(campaign.State, "input", "id")
	}
	if t.desk.today().After(calendar.Day(campaign.SelfUntil)) {
		return nil, fault.Conflict("TOO_LATE", "自评已截止", "input", "id")
	}
	scores, _, err := t.scored(ctx, campaign, in.Scores, true)
	if err != nil {
		return nil, err
	}
	total := duty.Total(scores)
	e, err := t.tx.Evaluation.UpdateOne(old).SetState(next).
		SetSelfScores(scores).SetSelfTotal(total).SetSelfAt(t.desk.clock()).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.attachTo(ctx, ofEvaluation(e), attached, in.Files); err != nil {
		return nil, err
	}
	return e, t.audit(ctx, gen.TypeEvaluation, e.ID, areaOfEvaluation(e), map[string]any{"total": total, "files": len(in.Files)})
}

// mayEvaluateSelf refuses everyone but those who are evaluated.
func (t *task) mayEvaluateSelf(ctx context.Context, e *gen.Evaluation) error {
	v := t.viewer
	switch {
	case v.Role == viewer.Deputy && e.DeputyID != nil && *e.DeputyID == v.Person:
		return t.mustSit(ctx, "input", "id")
	case v.Role == viewer.StationKeeper && e.StationID != nil && *e.StationID == v.Station:
		return nil
	case slices.Contains(administrators, v.Role) && e.DeputyID == nil && v.Division == areaOfEvaluation(e).grouped().Code:
		return nil
	}
	return forbidden("应由被考评者自评", "input", "id")
}

// scored holds scores against the checklist of a campaign.
func (t *task) scored(ctx context.Context, campaign *gen.EvaluationCampaign, given []Score, self bool) ([]duty.Score, *gen.Standard, error) {
	s, err := t.tx.Standard.Get(ctx, campaign.StandardID)
	if err != nil {
		return nil, nil, err
	}
	var c checker
	scores := c.scores(s.Items, given, self)
	return scores, s, c.list.Err()
}

// lockEvaluation finds an evaluation and keeps it from being changed by others.
func (t *task) lockEvaluation(ctx context.Context, id uuid.UUID) (*gen.Evaluation, error) {
	e, err := t.tx.Evaluation.Query().Where(evaluation.ID(id)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("考评不存在或不在查看范围内", "input", "id")
	}
	return e, err
}

// ReviewEvaluation is what the organ that evaluates gives (评审).
type ReviewEvaluation struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Scores          []Score
	Note            *string
}

// ReviewEvaluation gives scores in a campaign of the viewer's own congress that is under review, once or again. Who is evaluated sees them when they are published.
func (d *Desk) ReviewEvaluation(ctx context.Context, in ReviewEvaluation) (*gen.Evaluation, error) {
	v, err := d.admit(ctx, VerbReviewEvaluation)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Note = c.optional(at("评审意见", "note"), in.Note, 500)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbReviewEvaluation, v, func(t *task) (*gen.Evaluation, error) { return t.reviewEvaluation(ctx, in) })
}

func (t *task) reviewEvaluation(ctx context.Context, in ReviewEvaluation) (*gen.Evaluation, error) {
	found, err := t.tx.Evaluation.Get(ctx, in.ID)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("考评不存在或不在查看范围内", "input", "id")
	}
	if err != nil {
		return nil, err
	}
	if _, err := t.ownCampaign(ctx, found.CampaignID, "input", "id"); err != nil {
		return nil, err
	}
	// The campaign is not published meanwhile.
	campaign, err := t.tx.EvaluationCampaign.Query().Where(evaluationcampaign.ID(found.CampaignID)).ForShare().Only(ctx)
	if err != nil {
		return nil, err
	}
	old, err := t.lockEvaluation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	next, ok := state.Evaluations.Next(old.State, string(VerbReviewEvaluation))
	if !ok || campaign.State != state.CampaignReviewing {
		return nil, campaignState(campaign.State, "input", "id")
	}
	scores, standard, err := t.scored(ctx, campaign, in.Scores, false)
	if err != nil {
		return nil, err
	}
	total := duty.Total(scores)
	if err := t.keepReview(ctx, campaign, old.ID, scores, total, duty.Stars(standard.Stars, total), in.Note); err != nil {
		return nil, err
	}
	e, err := t.tx.Evaluation.UpdateOne(old).SetState(next).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return e, t.audit(ctx, gen.TypeEvaluation, e.ID, areaOfCampaign(campaign), map[string]any{"total": total})
}

// keepReview writes what the organ gives beside the evaluation, where those who are evaluated do not see it.
func (t *task) keepReview(
	ctx context.Context, campaign *gen.EvaluationCampaign, evaluation uuid.UUID, scores []duty.Score, total int, stars *int, note *string,
) error {
	old, err := t.tx.EvaluationReview.Query().Where(evaluationreview.EvaluationID(evaluation)).Only(ctx)
	if err != nil && !gen.IsNotFound(err) {
		return err
	}
	if old == nil {
		create := t.tx.EvaluationReview.Create().SetEvaluationID(evaluation).SetCampaignID(campaign.ID).
			SetScores(scores).SetTotal(total).SetNillableStars(stars).SetNillableNote(note)
		areaOfCampaign(campaign).put(create.Mutation())
		return create.Exec(ctx)
	}
	update := t.tx.EvaluationReview.UpdateOne(old).SetScores(scores).SetTotal(total).SetNillableStars(stars).AddVersion(1)
	if note == nil {
		update.ClearNote()
	} else {
		update.SetNote(*note)
	}
	return update.Exec(ctx)
}
