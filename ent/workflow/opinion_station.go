package workflow

import (
	"bytes"
	"context"
	"slices"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// The verbs of the station: from the entry to the analysis, and the feedback.

// AcceptOpinion is which opinion is accepted (受理).
type AcceptOpinion struct {
	OpinionRef
	Text *string
}

// AcceptOpinion accepts a submitted opinion.
func (d *Desk) AcceptOpinion(ctx context.Context, in AcceptOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbAcceptOpinion, step: state.StepAccept, on: in.OpinionRef, check: note(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = in.Text
			return nil
		},
	})
}

// DeclineOpinion is why an opinion is not accepted (不予受理).
type DeclineOpinion struct {
	OpinionRef
	Reason kind.DeclineReason
	Text   string
}

// DeclineOpinion refuses to accept a submitted opinion, with a reason from the list and one in words, which the citizen is shown.
func (d *Desk) DeclineOpinion(ctx context.Context, in DeclineOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbDeclineOpinion, step: state.StepDecline, on: in.OpinionRef,
		check: func(c *checker) {
			word(c, at("不予受理原因", "reason"), in.Reason)
			reason(&in.Text)(c)
		},
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.decline, do.text = &in.Reason, &in.Text
			return nil
		},
	})
}

// AnswerOpinion is an answer on the spot (当场答复).
type AnswerOpinion struct {
	OpinionRef
	Text    string
	Outcome kind.Outcome
	Files   []string
}

// AnswerOpinion accepts and answers a submitted opinion at once.
func (d *Desk) AnswerOpinion(ctx context.Context, in AnswerOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbAnswerOpinion, step: state.StepAnswer, on: in.OpinionRef, check: answer(&in.Text, in.Outcome, in.Files),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text, do.files, do.facts.Outcome = &in.Text, in.Files, in.Outcome
			return nil
		},
	})
}

// answer checks the parts of an answer.
func answer(text *string, outcome kind.Outcome, files []string) func(*checker) {
	return func(c *checker) {
		*text = c.text(at("答复内容", "text"), *text, 5, longestReply)
		word(c, at("办理结果", "outcome"), outcome)
		c.files(attached, files)
	}
}

// mergeable are the states of a main opinion that others may still be merged into, or taken out of: those before it is replied.
var mergeable = []state.Opinion{
	state.OpinionAccepted, state.OpinionAnalysed, state.OpinionAssigned, state.OpinionReturnRequested,
	state.OpinionEscalated, state.OpinionHandling, state.OpinionRework,
}

func canMerge(main *gen.Opinion) bool {
	return slices.Contains(mergeable, main.State) || slices.Contains(mergeable, deref(main.ResumeState))
}

// MergeOpinion is which opinion is merged into which (并件).
type MergeOpinion struct {
	OpinionRef
	Main uuid.UUID
	Text *string
}

// MergeOpinion merges an opinion into another one about the same matter, which must not be replied yet. Each submitter keeps number, reply
// and rating. One that others are merged into is not merged itself.
func (d *Desk) MergeOpinion(ctx context.Context, in MergeOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbMergeOpinion, step: state.StepMerge, on: in.OpinionRef,
		check: func(c *checker) {
			note(&in.Text)(c)
			if in.Main == in.ID {
				c.add(at("主件", "main"), "MISMATCH", "不能是该意见本身")
			}
		},
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			main, err := t.lockMain(ctx, o, in.Main, "input", "main")
			if err != nil {
				return err
			}
			if !canMerge(main) {
				return fault.Conflict("MAIN_STATE", "主件当前为“"+main.State.Title()+"”,不能并入", "input", "main")
			}
			has, err := t.tx.Opinion.Query().Where(opinion.MainID(o.ID)).Exist(ctx)
			if err != nil {
				return err
			}
			if has {
				return fault.Conflict("HAS_MERGED", "已有其他意见并入该意见,应以其为主件", "input", "id")
			}
			do.text, do.facts.Main, do.facts.Follows = in.Text, &main.ID, main.Events
			return nil
		},
	})
}

// lockMain locks the opinion that another, locked already, is merged into. Whoever merges two opinions into each other at once would wait for
// the other for ever: the one with the greater id gives way.
func (t *task) lockMain(ctx context.Context, o *gen.Opinion, id uuid.UUID, path ...string) (*gen.Opinion, error) {
	q := t.tx.Opinion.Query().Where(opinion.ID(id))
	if bytes.Compare(o.ID[:], id[:]) < 0 {
		q.ForUpdate()
	} else {
		q.ForUpdate(sql.WithLockAction(sql.NoWait))
	}
	main, err := q.Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("主件不存在或不在查看范围内", path...)
	}
	return main, err
}

// UnmergeOpinion is which opinion is taken out again (撤销并件).
type UnmergeOpinion struct {
	OpinionRef
	Text string
}

// UnmergeOpinion takes a merged opinion out again while its main one is not replied. It goes on as accepted.
func (d *Desk) UnmergeOpinion(ctx context.Context, in UnmergeOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbUnmergeOpinion, step: state.StepUnmerge, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			main, err := t.lockMain(ctx, o, *o.MainID, "input", "id")
			if err != nil {
				return err
			}
			if !canMerge(main) {
				return fault.Conflict("MAIN_STATE", "主件当前为“"+main.State.Title()+"”,不能撤销并件", "input", "id")
			}
			do.text = &in.Text
			return nil
		},
	})
}

// AnalyseOpinion is what an opinion is (分析: 分级分类).
type AnalyseOpinion struct {
	OpinionRef
	Category uuid.UUID
	Level    place.Level
	Urgency  kind.Urgency
	Hardship bool
	Text     *string
}

// AnalyseOpinion says what an accepted opinion is about and which level's organ is to deal with it: that of the station's own place or the one
// above. What belongs higher is escalated level by level.
func (d *Desk) AnalyseOpinion(ctx context.Context, in AnalyseOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbAnalyseOpinion, step: state.StepAnalyse, on: in.OpinionRef,
		check: func(c *checker) {
			word(c, at("层级", "level"), in.Level)
			word(c, at("紧急程度", "urgency"), in.Urgency)
			note(&in.Text)(c)
		},
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			if _, err := t.tx.Category.Get(ctx, in.Category); gen.IsNotFound(err) {
				return fault.NotFound("问题分类不存在", "input", "category")
			} else if err != nil {
				return err
			}
			holder, ok := ownerAt(o, in.Level)
			if !ok {
				return fault.Invalid("MISMATCH", "只能定为本级或上一级,更高层级须逐级提级", "input", "level")
			}
			do.text = in.Text
			do.facts = dossier.Facts{
				Holder: &holder, Level: in.Level, Category: &in.Category, Urgency: in.Urgency, Hardship: &in.Hardship,
			}
			return nil
		},
	})
}

// ownerAt is the place whose organ deals with an opinion of a level: that responsible for the station or that of the next level there is. One
// that was taken out of another again begins there too, whoever had it before.
func ownerAt(o *gen.Opinion, l place.Level) (place.Code, bool) {
	where := areaOfOpinion(o).grouped()
	home := levelOf(where)
	if l == home {
		return where.Code, true
	}
	for depth := home.Depth() - 1; depth >= 0; depth-- {
		if code, ok := where.at(place.Levels[depth]); ok {
			return code, place.Levels[depth] == l
		}
	}
	return 0, false
}

// FeedBackOpinion is how the answer is given back (反馈).
type FeedBackOpinion struct {
	OpinionRef
	Text *string
}

// FeedBackOpinion gives the citizen the answer, with a word of the officer's own if there is one.
func (d *Desk) FeedBackOpinion(ctx context.Context, in FeedBackOpinion) (*gen.Opinion, error) {
	var reply *gen.OpinionEvent
	return d.conduct(ctx, conduct{
		verb: VerbFeedBackOpinion, step: state.StepFeedBack, on: in.OpinionRef, check: note(&in.Text),
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) (err error) {
			reply, err = t.lastEvent(ctx, o.ID, state.StepReply, state.StepAnswer)
			if err != nil || reply == nil || reply.Text == nil {
				return err
			}
			text := *reply.Text
			if in.Text != nil {
				text += "\n" + *in.Text
			}
			if utf8.RuneCountInString(text) > longestReply {
				return fault.Invalid("TOO_LONG", "说明与答复内容合计最多 2000 个字", "input", "text")
			}
			do.text = &text
			return nil
		},
		after: func(ctx context.Context, t *task, o *gen.Opinion, e *gen.OpinionEvent) error {
			if reply == nil || reply.Shown {
				return nil
			}
			return t.showFiles(ctx, o, reply, e)
		},
	})
}
