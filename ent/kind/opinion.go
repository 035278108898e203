package kind

// Channel is the way an opinion came in (来源渠道).
type Channel string

// The channels: 站码, 代表码, 来站, 走访, 来电, 网上站.
const (
	ChannelStationCode Channel = "STATION_CODE"
	ChannelDeputyCode  Channel = "DEPUTY_CODE"
	ChannelInPerson    Channel = "IN_PERSON"
	ChannelVisit       Channel = "VISIT"
	ChannelTelephone   Channel = "TELEPHONE"
	ChannelOnline      Channel = "ONLINE"
)

// RecordedChannels lists the channels of opinions that an officer or a deputy records for a citizen.
var RecordedChannels = []Channel{ChannelInPerson, ChannelVisit, ChannelTelephone, ChannelOnline}

// OnlineChannels lists the channels that count as online (线上); the others are offline (线下).
var OnlineChannels = []Channel{ChannelStationCode, ChannelDeputyCode, ChannelOnline}

// Values lists the channels as text.
func (Channel) Values() []string {
	return vocabulary(append([]Channel{ChannelStationCode, ChannelDeputyCode}, RecordedChannels...)...)
}

// Urgency is how soon an opinion must be dealt with (紧急程度).
type Urgency string

// The urgencies: 一般, 紧急, 特急.
const (
	UrgencyNormal   Urgency = "NORMAL"
	UrgencyUrgent   Urgency = "URGENT"
	UrgencyCritical Urgency = "CRITICAL"
)

// Values lists the urgencies as text.
func (Urgency) Values() []string { return vocabulary(UrgencyNormal, UrgencyUrgent, UrgencyCritical) }

// Rating is what a citizen thinks of the answer (满意度).
type Rating string

// The ratings: 满意, 基本满意, 不满意.
const (
	RatingSatisfied    Rating = "SATISFIED"
	RatingBasically    Rating = "BASICALLY_SATISFIED"
	RatingDissatisfied Rating = "DISSATISFIED"
)

// Values lists the ratings as text.
func (Rating) Values() []string {
	return vocabulary(RatingSatisfied, RatingBasically, RatingDissatisfied)
}

// Outcome is what an answer brings about (办理结果).
type Outcome string

// The outcomes: 已解决, 正在解决, 列入计划, 解释说明.
const (
	OutcomeSolved    Outcome = "SOLVED"
	OutcomeUnderWay  Outcome = "UNDER_WAY"
	OutcomePlanned   Outcome = "PLANNED"
	OutcomeExplained Outcome = "EXPLAINED"
)

// Values lists the outcomes as text.
func (Outcome) Values() []string {
	return vocabulary(OutcomeSolved, OutcomeUnderWay, OutcomePlanned, OutcomeExplained)
}

// DeclineReason is why an opinion is not accepted (不予受理原因).
type DeclineReason string

// The reasons: 已进入诉讼、仲裁、信访等法定程序, 不属于人大代表联络站受理范围, 内容不清且无法联系, 重复提交, 与事实明显不符, 含有违法内容, 其他.
const (
	DeclineLegalProcedure DeclineReason = "LEGAL_PROCEDURE"
	DeclineOutOfScope     DeclineReason = "OUT_OF_SCOPE"
	DeclineUnclear        DeclineReason = "UNCLEAR"
	DeclineRepeated       DeclineReason = "REPEATED"
	DeclineUntrue         DeclineReason = "UNTRUE"
	DeclineUnlawful       DeclineReason = "UNLAWFUL"
	DeclineOther          DeclineReason = "OTHER"
)

// Values lists the reasons as text.
func (DeclineReason) Values() []string {
	return vocabulary(DeclineLegalProcedure, DeclineOutOfScope, DeclineUnclear, DeclineRepeated,
		DeclineUntrue, DeclineUnlawful, DeclineOther)
}

// Assignment is the part a department has in a case (承办角色).
type Assignment string

// 主办, 协办.
const (
	AssignmentLead Assignment = "LEAD"
	AssignmentCo   Assignment = "CO"
)

// Values lists the parts as text.
func (Assignment) Values() []string { return vocabulary(AssignmentLead, AssignmentCo) }

// CalendarDay is what makes a day of the working calendar an exception (工作日历).
type CalendarDay string

// A holiday on what may be a weekday (放假), and a weekend day that is worked (调休上班).
const (
	DayOff  CalendarDay = "OFF"
	DayWork CalendarDay = "WORK"
)

// Values lists the kinds as text.
func (CalendarDay) Values() []string { return vocabulary(DayOff, DayWork) }

// MessageChannel is the way a message leaves the platform (发送渠道).
type MessageChannel string

// 短信, 微信.
const (
	MessageSMS    MessageChannel = "SMS"
	MessageWeChat MessageChannel = "WECHAT"
)

// Values lists the channels as text.
func (MessageChannel) Values() []string { return vocabulary(MessageSMS, MessageWeChat) }

// MessageStatus is how far a message has come (发送状态).
type MessageStatus string

// 待发送, 已发送, 失败.
const (
	MessagePending MessageStatus = "PENDING"
	MessageSent    MessageStatus = "SENT"
	MessageFailed  MessageStatus = "FAILED"
)

// Values lists the statuses as text.
func (MessageStatus) Values() []string {
	return vocabulary(MessagePending, MessageSent, MessageFailed)
}
