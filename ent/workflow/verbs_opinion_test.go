package workflow_test

import (
	"context"
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// The roles that the domain names for the loop: organs (机关), stations with their organs, and others one by one.
var (
	organs   = []viewer.Role{viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin}
	stations = append(slices.Clone(organs), viewer.StationKeeper)
)

// opinionRoles tells which roles may do a verb of the loop at all.
var opinionRoles = map[workflow.Verb][]viewer.Role{
	workflow.VerbAcceptOpinion:    stations,
	workflow.VerbDeclineOpinion:   stations,
	workflow.VerbAnswerOpinion:    stations,
	workflow.VerbMergeOpinion:     stations,
	workflow.VerbUnmergeOpinion:   stations,
	workflow.VerbAskSubmitter:     append(slices.Clone(stations), viewer.Department),
	workflow.VerbResumeOpinion:    append(slices.Clone(stations), viewer.Department),
	workflow.VerbAnalyseOpinion:   stations,
	workflow.VerbAssignOpinion:    organs,
	workflow.VerbTakeOpinion:      {viewer.Department},
	workflow.VerbRequestReturn:    {viewer.Department},
	workflow.VerbEscalateOpinion:  organs,
	workflow.VerbTakeUpOpinion:    organs,
	workflow.VerbSendBackOpinion:  organs,
	workflow.VerbNoteProgress:     {viewer.Department},
	workflow.VerbExplainOpinion:   {viewer.Deputy},
	workflow.VerbExtendOpinion:    {viewer.Department},
	workflow.VerbReplyOpinion:     {viewer.Department},
	workflow.VerbFeedBackOpinion:  stations,
	workflow.VerbReworkOpinion:    organs,
	workflow.VerbCloseOpinion:     organs,
	workflow.VerbConvertOpinion:   {viewer.Deputy},
	workflow.VerbReopenOpinion:    organs,
	workflow.VerbSuperviseOpinion: append(slices.Clone(organs), viewer.Supervisor),
	workflow.VerbUrgeOpinion:      append(slices.Clone(organs), viewer.Supervisor),
	workflow.VerbEndSupervision:   append(slices.Clone(organs), viewer.Supervisor),
	workflow.VerbMarkKeyOpinion:   append(slices.Clone(organs), viewer.Supervisor),
	workflow.VerbPublishOpinion:   organs,
	workflow.VerbWithdrawCase:     append(slices.Clone(organs), viewer.Supervisor),
	workflow.VerbRevealSubmitter:  organs,
	workflow.VerbRecordOpinion:    append(slices.Clone(stations), viewer.Deputy),
	workflow.VerbImportOpinions:   stations,
	workflow.VerbReplaceCode:      stations,
	workflow.VerbRevokeCode:       stations,
	workflow.VerbSetOpinionLimit:  organs,
	workflow.VerbImportCalendar:   {viewer.NationAdmin},
	workflow.VerbReadNotifications: {
		viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin, viewer.CommitteeStaff,
		viewer.Supervisor, viewer.StationKeeper, viewer.Deputy, viewer.Department,
	},
}

// opinionVerbs try the verbs of the loop with inputs in which everything is wrong.
var opinionVerbs = map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbAcceptOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.AcceptOpinion(ctx, workflow.AcceptOpinion{})
		return err
	},
	workflow.VerbDeclineOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.DeclineOpinion(ctx, workflow.DeclineOpinion{})
		return err
	},
	workflow.VerbAnswerOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.AnswerOpinion(ctx, workflow.AnswerOpinion{})
		return err
	},
	workflow.VerbMergeOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.MergeOpinion(ctx, workflow.MergeOpinion{})
		return err
	},
	workflow.VerbUnmergeOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.UnmergeOpinion(ctx, workflow.UnmergeOpinion{})
		return err
	},
	workflow.VerbAskSubmitter: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.AskSubmitter(ctx, workflow.AskSubmitter{})
		return err
	},
	workflow.VerbResumeOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ResumeOpinion(ctx, workflow.ResumeOpinion{})
		return err
	},
	workflow.VerbAnalyseOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.AnalyseOpinion(ctx, workflow.AnalyseOpinion{})
		return err
	},
	workflow.VerbAssignOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.AssignOpinion(ctx, workflow.AssignOpinion{})
		return err
	},
	workflow.VerbTakeOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.TakeOpinion(ctx, workflow.TakeOpinion{})
		return err
	},
	workflow.VerbRequestReturn: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.RequestReturn(ctx, workflow.RequestReturn{})
		return err
	},
	workflow.VerbEscalateOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.EscalateOpinion(ctx, workflow.EscalateOpinion{})
		return err
	},
	workflow.VerbTakeUpOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.TakeUpOpinion(ctx, workflow.TakeUpOpinion{})
		return err
	},
	workflow.VerbSendBackOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.SendBackOpinion(ctx, workflow.SendBackOpinion{})
		return err
	},
	workflow.VerbNoteProgress: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.NoteProgress(ctx, workflow.NoteProgress{})
		return err
	},
	workflow.VerbExplainOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ExplainOpinion(ctx, workflow.ExplainOpinion{})
		return err
	},
	workflow.VerbExtendOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ExtendOpinion(ctx, workflow.ExtendOpinion{})
		return err
	},
	workflow.VerbReplyOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ReplyOpinion(ctx, workflow.ReplyOpinion{})
		return err
	},
	workflow.VerbFeedBackOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.FeedBackOpinion(ctx, workflow.FeedBackOpinion{})
		return err
	},
	workflow.VerbReworkOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ReworkOpinion(ctx, workflow.ReworkOpinion{})
		return err
	},
	workflow.VerbCloseOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.CloseOpinion(ctx, workflow.CloseOpinion{})
		return err
	},
	workflow.VerbConvertOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ConvertOpinion(ctx, workflow.ConvertOpinion{})
		return err
	},
	workflow.VerbReopenOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ReopenOpinion(ctx, workflow.ReopenOpinion{})
		return err
	},
	workflow.VerbSuperviseOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.SuperviseOpinion(ctx, workflow.SuperviseOpinion{})
		return err
	},
	workflow.VerbUrgeOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.UrgeOpinion(ctx, workflow.UrgeOpinion{})
		return err
	},
	workflow.VerbEndSupervision: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.EndSupervision(ctx, workflow.EndSupervision{})
		return err
	},
	workflow.VerbMarkKeyOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.MarkKeyOpinion(ctx, workflow.MarkKeyOpinion{})
		return err
	},
	workflow.VerbPublishOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.PublishOpinion(ctx, workflow.PublishOpinion{})
		return err
	},
	workflow.VerbWithdrawCase: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.WithdrawCase(ctx, workflow.WithdrawCase{})
		return err
	},
	workflow.VerbRevealSubmitter: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.RevealSubmitter(ctx, workflow.RevealSubmitter{})
		return err
	},
	workflow.VerbRecordOpinion: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.RecordOpinion(ctx, workflow.RecordOpinion{})
		return err
	},
	workflow.VerbImportOpinions: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ImportOpinions(ctx, workflow.ImportOpinions{})
		return err
	},
	workflow.VerbReplaceCode: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ReplaceCode(ctx, workflow.ReplaceCode{})
		return err
	},
	workflow.VerbRevokeCode: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.RevokeCode(ctx, workflow.RevokeCode{})
		return err
	},
	workflow.VerbSetOpinionLimit: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.SetOpinionLimit(ctx, workflow.SetOpinionLimit{})
		return err
	},
	workflow.VerbImportCalendar: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ImportCalendar(ctx, workflow.ImportCalendar{})
		return err
	},
	workflow.VerbReadNotifications: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ReadNotifications(ctx, workflow.ReadNotifications{})
		return err
	},
}
