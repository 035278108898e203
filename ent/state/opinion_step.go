package state

import "slices"

// Step is something that happens to an opinion; each is one line of its timeline (办理过程).
type Step string

// The steps of the loop itself.
const (
	StepSubmit        Step = "SUBMIT"         // 提交
	StepAccept        Step = "ACCEPT"         // 受理
	StepDecline       Step = "DECLINE"        // 不予受理
	StepAnswer        Step = "ANSWER"         // 当场答复
	StepMerge         Step = "MERGE"          // 并件
	StepUnmerge       Step = "UNMERGE"        // 撤销并件
	StepAsk           Step = "ASK"            // 请群众补充
	StepSupplement    Step = "SUPPLEMENT"     // 群众补充
	StepResume        Step = "RESUME"         // 恢复办理
	StepAnalyse       Step = "ANALYSE"        // 分析
	StepAssign        Step = "ASSIGN"         // 交办
	StepTake          Step = "TAKE"           // 承办
	StepRequestReturn Step = "REQUEST_RETURN" // 申退
	StepEscalate      Step = "ESCALATE"       // 提级
	StepTakeUp        Step = "TAKE_UP"        // 接收提级
	StepSendBack      Step = "SEND_BACK"      // 退回提级
	StepReply         Step = "REPLY"          // 答复
	StepFeedBack      Step = "FEED_BACK"      // 反馈
	StepRate          Step = "RATE"           // 评价
	StepLapse         Step = "LAPSE"          // 逾期未评价办结
	StepRework        Step = "REWORK"         // 重办
	StepClose         Step = "CLOSE"          // 办结
	StepConvert       Step = "CONVERT"        // 转建议
	StepReopen        Step = "REOPEN"         // 重新办理
)

// The steps beside it, which leave the state as it is.
const (
	StepNote           Step = "NOTE"            // 办理进展
	StepExplain        Step = "EXPLAIN"         // 代表解释说明
	StepExtend         Step = "EXTEND"          // 延期
	StepSupervise      Step = "SUPERVISE"       // 督办
	StepUrge           Step = "URGE"            // 催办
	StepEndSupervision Step = "END_SUPERVISION" // 解除督办
	StepMarkKey        Step = "MARK_KEY"        // 列为重点
	StepUnmarkKey      Step = "UNMARK_KEY"      // 取消重点
	StepPublish        Step = "PUBLISH"         // 公开案例
	StepWithdraw       Step = "WITHDRAW"        // 撤回公开
	StepAmber          Step = "AMBER"           // 预警
	StepOverdue        Step = "OVERDUE"         // 超期
	// The steps of a merged opinion that its main one brings about.
	StepFollowFeedback Step = "FOLLOW_FEEDBACK" // 随主件反馈
	StepFollowClose    Step = "FOLLOW_CLOSE"    // 随主件办结
	StepFollowReopen   Step = "FOLLOW_REOPEN"   // 随主件重办
)

// Move is one line of the table of transitions: who may do the step in which states, and what it leads to.
type Move struct {
	Step Step
	// Title is the step's name in Chinese.
	Title string
	// From are the states in which the step may be done; empty for the first step.
	From []Opinion
	// To is the state it leads to; empty when it leaves the state, or leads back to the one before WAITING.
	To Opinion
	// Back: it leads back to the state before WAITING.
	Back bool
	// By are the parties that may do it.
	By []Party
	// Shown: the citizen is shown the step in the timeline.
	Shown bool
	// While is a state in which the step may be done beside From, without leading anywhere.
	While Opinion
}

// askable are the states in which whoever holds the case may ask the citizen. In FED_BACK and WAITING the citizen is asked already.
var askable = slices.DeleteFunc(slices.Clone(openStates), func(o Opinion) bool {
	return o == OpinionFedBack || o == OpinionWaiting
})

// limited are the states that have a clock.
var limited = slices.DeleteFunc(slices.Clone(openStates), func(o Opinion) bool {
	_, ok := limits[o]
	return !ok
})

// Moves is the table of transitions (domain: the closed loop of an opinion). What does not stand here is refused.
var Moves = []Move{
	{Step: StepSubmit, Title: "提交", To: OpinionSubmitted, By: []Party{PartySubmitter, PartyStation, PartyDeputy}, Shown: true},
	{Step: StepAccept, Title: "受理", From: in(OpinionSubmitted), To: OpinionAccepted, By: by(PartyStation), Shown: true},
	{Step: StepDecline, Title: "不予受理", From: in(OpinionSubmitted), To: OpinionDeclined, By: by(PartyStation), Shown: true},
	{Step: StepAnswer, Title: "当场答复", From: in(OpinionSubmitted), To: OpinionAnswered, By: by(PartyStation), Shown: true},
	{Step: StepMerge, Title: "并件", From: in(OpinionAccepted, OpinionAnalysed), To: OpinionMerged, By: by(PartyStation), Shown: true},
	{Step: StepUnmerge, Title: "撤销并件", From: in(OpinionMerged), To: OpinionAccepted, By: by(PartyStation), Shown: true},
	{Step: StepAsk, Title: "请群众补充", From: askable, To: OpinionWaiting, By: by(PartyHolder), Shown: true},
	{Step: StepSupplement, Title: "群众补充", From: in(OpinionWaiting), Back: true, By: by(PartySubmitter), Shown: true},
	{Step: StepResume, Title: "恢复办理", From: in(OpinionWaiting), Back: true, By: by(PartyHolder, PartyClock), Shown: true},
	{Step: StepAnalyse, Title: "分析", From: in(OpinionAccepted), To: OpinionAnalysed, By: by(PartyStation), Shown: true},
	{Step: StepAssign, Title: "交办", From: in(OpinionAnalysed, OpinionReturnRequested, OpinionRework), To: OpinionAssigned, By: by(PartyOrgan), Shown: true},
	{Step: StepTake, Title: "承办", From: in(OpinionAssigned), To: OpinionHandling, By: by(PartyLead), Shown: true},
	{Step: StepRequestReturn, Title: "申退", From: in(OpinionAssigned), To: OpinionReturnRequested, By: by(PartyLead)},
	{Step: StepEscalate, Title: "提级", From: in(OpinionAnalysed, OpinionReturnRequested, OpinionRated), To: OpinionEscalated, By: by(PartyOrgan), Shown: true},
	{Step: StepTakeUp, Title: "接收提级", From: in(OpinionEscalated), To: OpinionAnalysed, By: by(PartyOrgan)},
	{Step: StepSendBack, Title: "退回提级", From: in(OpinionEscalated), To: OpinionAnalysed, By: by(PartyOrgan)},
	{Step: StepReply, Title: "答复", From: in(OpinionHandling, OpinionRework), To: OpinionReplied, By: by(PartyLead)},
	{Step: StepFeedBack, Title: "反馈", From: in(OpinionAnswered, OpinionReplied), To: OpinionFedBack, By: by(PartyStation), Shown: true},
	{Step: StepRate, Title: "评价", From: in(OpinionFedBack), To: OpinionRated, By: by(PartySubmitter), Shown: true, While: OpinionMerged},
	{Step: StepLapse, Title: "逾期未评价办结", From: in(OpinionFedBack), To: OpinionClosed, By: by(PartyClock), Shown: true},
	{Step: StepRework, Title: "重办", From: in(OpinionRated), To: OpinionRework, By: by(PartyOrgan), Shown: true},
	{Step: StepClose, Title: "办结", From: in(OpinionRated), To: OpinionClosed, By: by(PartyOrgan), Shown: true},
	{Step: StepConvert, Title: "转建议", From: in(OpinionRated), To: OpinionConverted, By: by(PartyDeputy), Shown: true},
	{Step: StepReopen, Title: "重新办理", From: in(OpinionClosed), To: OpinionRework, By: by(PartyOrgan), Shown: true},

	{Step: StepNote, Title: "办理进展", From: in(OpinionHandling, OpinionRework), By: by(PartyHandler)},
	{Step: StepExplain, Title: "代表解释说明", From: openStates, By: by(PartyDeputy), Shown: true},
	{Step: StepExtend, Title: "延期", From: in(OpinionHandling), By: by(PartyLead), Shown: true},
	{Step: StepSupervise, Title: "督办", From: openStates, By: by(PartyAbove)},
	{Step: StepUrge, Title: "催办", From: openStates, By: by(PartyAbove)},
	{Step: StepEndSupervision, Title: "解除督办", From: openStates, By: by(PartyAbove)},
	{Step: StepMarkKey, Title: "列为重点", From: openStates, By: by(PartyAbove)},
	{Step: StepUnmarkKey, Title: "取消重点", From: openStates, By: by(PartyAbove)},
	{Step: StepPublish, Title: "公开案例", From: in(OpinionClosed), By: by(PartyOrgan)},
	{Step: StepWithdraw, Title: "撤回公开", From: in(OpinionClosed), By: by(PartyAbove)},
	{Step: StepAmber, Title: "预警", From: limited, By: by(PartyClock)},
	{Step: StepOverdue, Title: "超期", From: limited, By: by(PartyClock)},
	{Step: StepFollowFeedback, Title: "随主件反馈", From: in(OpinionMerged), By: by(PartyClock), Shown: true},
	{Step: StepFollowClose, Title: "随主件办结", From: in(OpinionMerged), By: by(PartyClock), Shown: true},
	{Step: StepFollowReopen, Title: "随主件重办", From: in(OpinionMerged), By: by(PartyClock), Shown: true},
}

func in(states ...Opinion) []Opinion { return states }
func by(parties ...Party) []Party    { return parties }

// Steps lists the steps in the order of the table.
var Steps = func() []Step {
	out := make([]Step, len(Moves))
	for i, m := range Moves {
		out[i] = m.Step
	}
	return out
}()

// Values lists the steps as text.
func (Step) Values() []string { return texts(Steps) }

// MoveOf is the step's line in the table; false for an unknown step.
func MoveOf(s Step) (Move, bool) {
	for _, m := range Moves {
		if m.Step == s {
			return m, true
		}
	}
	return Move{}, false
}

// Next tells which state a step leads to from a state; resume is the state before WAITING. It is false for a step that
// may not be done in that state.
func Next(from Opinion, s Step, resume Opinion) (Opinion, bool) {
	m, ok := MoveOf(s)
	switch {
	case !ok:
		return "", false
	case from != "" && from == m.While:
		return from, true
	case from == "" && len(m.From) == 0:
		return m.To, true
	case !slices.Contains(m.From, from):
		return "", false
	case m.Back:
		return resume, resume != ""
	case m.To == "":
		return from, true
	}
	return m.To, true
}

// Does tells whether a party may do the step at all.
func (m Move) Does(p Party) bool { return slices.Contains(m.By, p) }
