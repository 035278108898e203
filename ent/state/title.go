package state

// Title is the state's name in Chinese.
func (o Opinion) Title() string { return opinionTitles[o] }

var opinionTitles = map[Opinion]string{
	OpinionSubmitted: "已提交", OpinionAccepted: "已受理", OpinionDeclined: "不予受理", OpinionAnswered: "当场答复",
	OpinionMerged: "并件", OpinionWaiting: "待补充", OpinionAnalysed: "已分析", OpinionAssigned: "已交办",
	OpinionReturnRequested: "申请退回", OpinionEscalated: "提级", OpinionHandling: "办理中",
	OpinionReplied: "已答复", OpinionFedBack: "已反馈", OpinionRated: "已评价", OpinionRework: "重办",
	OpinionClosed: "办结", OpinionConverted: "转建议",
}

// Title is the state's name in Chinese.
func (m Mandate) Title() string { return mandateTitles[m] }

var mandateTitles = map[Mandate]string{
	MandateElected: "当选", MandateConfirmed: "资格确认", MandateSuspended: "暂停", MandateEnded: "终止",
}

// Title is the party's name in Chinese.
func (p Party) Title() string { return partyTitles[p] }

var partyTitles = map[Party]string{
	PartySubmitter: "群众", PartyStation: "联络站", PartyOrgan: "主管机关", PartyLead: "主办单位", PartyHandler: "承办单位", PartyDeputy: "代表",
	PartyAbove: "上级或督办机关", PartyHolder: "当前承办方", PartyClock: "系统", PartyNone: "无",
}
