package workflow

import (
	"context"
	"fmt"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// The verbs of departments, and of whoever holds a case at the time.

// TakeOpinion is which case a department takes (承办).
type TakeOpinion struct {
	OpinionRef
	Text *string
}

// TakeOpinion begins the work on a case as its lead department.
func (d *Desk) TakeOpinion(ctx context.Context, in TakeOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbTakeOpinion, step: state.StepTake, on: in.OpinionRef, check: note(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = in.Text
			return nil
		},
	})
}

// RequestReturn is why a department wants a case taken back (申退).
type RequestReturn struct {
	OpinionRef
	Text string
}

// RequestReturn asks the organ to take an assigned case back. The department keeps it until the organ decides.
func (d *Desk) RequestReturn(ctx context.Context, in RequestReturn) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbRequestReturn, step: state.StepRequestReturn, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = &in.Text
			return nil
		},
	})
}

// NoteProgress is how the work on a case goes (办理进展).
type NoteProgress struct {
	OpinionRef
	Text  string
	Files []string
}

// NoteProgress adds a note to a case at work, by the lead department or a co-handler.
func (d *Desk) NoteProgress(ctx context.Context, in NoteProgress) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbNoteProgress, step: state.StepNote, on: in.OpinionRef,
		check: func(c *checker) {
			in.Text = c.text(at("说明", "text"), in.Text, 2, longestReply)
			c.files(attached, in.Files)
		},
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text, do.files = &in.Text, in.Files
			return nil
		},
	})
}

// ExtendOpinion is by how many working days and why a limit is extended (延期).
type ExtendOpinion struct {
	OpinionRef
	Days int
	Text string
}

// ExtendOpinion extends the limit of a case at work once for each assignment, by no more than the limit itself. The citizen is shown the
// reason.
func (d *Desk) ExtendOpinion(ctx context.Context, in ExtendOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbExtendOpinion, step: state.StepExtend, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			if o.Extended {
				return fault.Conflict("EXTENDED", "只能延期一次", "input", "id")
			}
			limit, err := t.limit(ctx, o.HolderCode, o.State)
			if err != nil {
				return err
			}
			if in.Days < 1 || in.Days > limit.Days {
				return fault.Invalid("OUT_OF_RANGE", fmt.Sprintf("延期应为 1 至 %d 个工作日", limit.Days), "input", "days")
			}
			do.text, do.extension = &in.Text, in.Days
			return nil
		},
	})
}

// ReplyOpinion is a department's answer (答复).
type ReplyOpinion struct {
	OpinionRef
	Text    string
	Outcome kind.Outcome
	Files   []string
}

// ReplyOpinion answers a case as its lead department. The station gives the answer back to the citizen.
func (d *Desk) ReplyOpinion(ctx context.Context, in ReplyOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbReplyOpinion, step: state.StepReply, on: in.OpinionRef, check: answer(&in.Text, in.Outcome, in.Files),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text, do.files, do.facts.Outcome = &in.Text, in.Files, in.Outcome
			return nil
		},
	})
}

// AskSubmitter is a question to the citizen (请群众补充).
type AskSubmitter struct {
	OpinionRef
	Text string
}

// AskSubmitter asks the citizen something; the clock stands until the answer comes, or the time for it is over. Whoever holds the case asks.
func (d *Desk) AskSubmitter(ctx context.Context, in AskSubmitter) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbAskSubmitter, step: state.StepAsk, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = &in.Text
			return nil
		},
	})
}

// ResumeOpinion is why the work goes on without waiting longer (恢复办理).
type ResumeOpinion struct {
	OpinionRef
	Text string
}

// ResumeOpinion goes on with a case that waits for the citizen, who may have answered by telephone.
func (d *Desk) ResumeOpinion(ctx context.Context, in ResumeOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbResumeOpinion, step: state.StepResume, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = &in.Text
			return nil
		},
	})
}
