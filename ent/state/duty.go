package state

// VisitDay is the state of a visit day (代表接待日).
type VisitDay string

// The states: 已排班, 已公布, 已开展, 未开展, 已取消.
const (
	VisitDayPlanned   VisitDay = "PLANNED"
	VisitDayPublished VisitDay = "PUBLISHED"
	VisitDayHeld      VisitDay = "HELD"
	VisitDayMissed    VisitDay = "MISSED"
	VisitDayCancelled VisitDay = "CANCELLED"
)

// Values lists the states as text.
func (VisitDay) Values() []string { return texts(VisitDays.States) }

// VisitDays is the table of visit days. A day of which nobody has said that it was held is missed a week later, and may still be made good.
var VisitDays = Table[VisitDay]{
	Name: "VisitDay", Title: "代表接待日",
	States: []VisitDay{VisitDayPlanned, VisitDayPublished, VisitDayHeld, VisitDayMissed, VisitDayCancelled},
	Titles: map[VisitDay]string{
		VisitDayPlanned: "已排班", VisitDayPublished: "已公布", VisitDayHeld: "已开展", VisitDayMissed: "未开展", VisitDayCancelled: "已取消",
	},
	Lines: []Line[VisitDay]{
		{"planVisitDay", "安排接待日", nil, VisitDayPlanned, by(PartyStation, PartyOrgan, PartyClock)},
		{"assignDuty", "排班", among(VisitDayPlanned, VisitDayPublished), "", by(PartyStation, PartyOrgan)},
		{"substituteDuty", "替班", among(VisitDayPlanned, VisitDayPublished), "", by(PartyStation, PartyOrgan)},
		{"changeVisitDay", "调整接待日", among(VisitDayPlanned, VisitDayPublished), "", by(PartyStation, PartyOrgan)},
		{"publishVisitDay", "公布接待日", among(VisitDayPlanned), VisitDayPublished, by(PartyStation, PartyOrgan)},
		{"cancelVisitDay", "取消接待日", among(VisitDayPlanned, VisitDayPublished), VisitDayCancelled, by(PartyStation, PartyOrgan, PartyClock)},
		{"releaseDuty", "撤下轮值", among(VisitDayPlanned, VisitDayPublished), "", by(PartyClock)},
		{"recordActivity", "记录活动", among(VisitDayPlanned, VisitDayPublished, VisitDayMissed, VisitDayHeld), VisitDayHeld, by(PartyStation, PartyOrgan)},
		{"cancelActivity", "取消活动", among(VisitDayHeld), VisitDayMissed, by(PartyStation, PartyOrgan)},
		{"missVisitDay", "逾期未开展", among(VisitDayPlanned, VisitDayPublished), VisitDayMissed, by(PartyClock)},
	},
}

// Open tells whether a visit day is still to come about.
func (s VisitDay) Open() bool { return s == VisitDayPlanned || s == VisitDayPublished }

// Appointment is the state of an appointment with a deputy or an official (约见).
type Appointment string

// The states: 待确认, 已接受, 已婉拒, 已撤回, 已见面, 未赴约, 随接待日取消.
const (
	AppointmentRequested Appointment = "REQUESTED"
	AppointmentAccepted  Appointment = "ACCEPTED"
	AppointmentDeclined  Appointment = "DECLINED"
	AppointmentWithdrawn Appointment = "WITHDRAWN"
	AppointmentKept      Appointment = "KEPT"
	AppointmentMissed    Appointment = "MISSED"
	AppointmentCancelled Appointment = "CANCELLED"
)

// Values lists the states as text.
func (Appointment) Values() []string { return texts(Appointments.States) }

// Appointments is the table of appointments. A cancelled visit day cancels those that were not moved before.
var Appointments = Table[Appointment]{
	Name: "Appointment", Title: "约见",
	States: []Appointment{
		AppointmentRequested, AppointmentAccepted, AppointmentDeclined, AppointmentWithdrawn, AppointmentKept, AppointmentMissed,
		AppointmentCancelled,
	},
	Titles: map[Appointment]string{
		AppointmentRequested: "待确认", AppointmentAccepted: "已接受", AppointmentDeclined: "已婉拒", AppointmentWithdrawn: "已撤回",
		AppointmentKept: "已见面", AppointmentMissed: "未赴约", AppointmentCancelled: "随接待日取消",
	},
	Lines: []Line[Appointment]{
		{"requestAppointment", "申请约见", nil, AppointmentRequested, by(PartySubmitter, PartyOrgan)},
		{"acceptAppointment", "接受约见", among(AppointmentRequested), AppointmentAccepted, by(PartyStation, PartyOrgan, PartyDeputy, PartyHandler)},
		{"moveAppointment", "改约", among(AppointmentRequested, AppointmentAccepted), AppointmentAccepted, by(PartyStation, PartyOrgan)},
		{"declineAppointment", "婉拒约见", among(AppointmentRequested, AppointmentAccepted), AppointmentDeclined, by(PartyStation, PartyOrgan, PartyDeputy, PartyHandler)},
		{"withdrawAppointment", "撤回约见", among(AppointmentRequested, AppointmentAccepted), AppointmentWithdrawn, by(PartySubmitter, PartyOrgan)},
		{"concludeAppointment", "登记已见面", among(AppointmentAccepted), AppointmentKept, by(PartyStation, PartyOrgan)},
		{"missAppointment", "登记未赴约", among(AppointmentAccepted), AppointmentMissed, by(PartyStation, PartyOrgan)},
		{"cancelVisitDay", "取消接待日", among(AppointmentRequested, AppointmentAccepted), AppointmentCancelled, by(PartyStation, PartyOrgan)},
	},
}

// Open tells whether something is still to come of an appointment.
func (s Appointment) Open() bool { return s == AppointmentRequested || s == AppointmentAccepted }

// Activity is the state of an activity (进站活动).
type Activity string

// The states: 计划, 已开展, 已记录, 已确认, 已取消.
const (
	ActivityPlanned   Activity = "PLANNED"
	ActivityHeld      Activity = "HELD"
	ActivityRecorded  Activity = "RECORDED"
	ActivityConfirmed Activity = "CONFIRMED"
	ActivityCancelled Activity = "CANCELLED"
)

// Values lists the states as text.
func (Activity) Values() []string { return texts(Activities.States) }

// Activities is the table of activities. What counts in sums, norms and points is what is confirmed.
var Activities = Table[Activity]{
	Name: "Activity", Title: "进站活动",
	States: []Activity{ActivityPlanned, ActivityHeld, ActivityRecorded, ActivityConfirmed, ActivityCancelled},
	Titles: map[Activity]string{
		ActivityPlanned: "计划", ActivityHeld: "已开展", ActivityRecorded: "已记录", ActivityConfirmed: "已确认", ActivityCancelled: "已取消",
	},
	Lines: []Line[Activity]{
		{"planActivity", "计划活动", nil, ActivityPlanned, by(PartyStation, PartyOrgan)},
		{"changeActivity", "调整活动", among(ActivityPlanned), "", by(PartyStation, PartyOrgan)},
		{"joinActivity", "安排联合站点", among(ActivityPlanned, ActivityHeld), "", by(PartyOrgan)},
		{"openActivity", "开始活动", among(ActivityPlanned), ActivityHeld, by(PartyStation, PartyOrgan)},
		{"checkIn", "扫码签到", among(ActivityPlanned, ActivityHeld), "", by(PartyDeputy)},
		{"recordAttendance", "登记出席", among(ActivityHeld, ActivityRecorded), "", by(PartyStation, PartyOrgan)},
		{"removeAttendance", "撤销出席", among(ActivityHeld, ActivityRecorded), "", by(PartyStation, PartyOrgan)},
		{"recordActivity", "记录活动", among(ActivityHeld, ActivityRecorded), ActivityRecorded, by(PartyStation, PartyOrgan)},
		{"returnActivity", "退回补正", among(ActivityRecorded), ActivityHeld, by(PartyOrgan)},
		{"confirmActivity", "确认活动", among(ActivityRecorded), ActivityConfirmed, by(PartyOrgan)},
		{"amendActivity", "更正活动", among(ActivityConfirmed), ActivityRecorded, by(PartyOrgan)},
		{"cancelActivity", "取消活动", among(ActivityPlanned, ActivityHeld), ActivityCancelled, by(PartyStation, PartyOrgan)},
	},
}

// Record is the state of a deputy's own record of work (履职记录).
type Record string

// The states: 已提交, 已确认, 已退回, 已撤回.
const (
	RecordSubmitted Record = "SUBMITTED"
	RecordConfirmed Record = "CONFIRMED"
	RecordReturned  Record = "RETURNED"
	RecordWithdrawn Record = "WITHDRAWN"
)

// Values lists the states as text.
func (Record) Values() []string { return texts(Records.States) }

// Records is the table of deputies' records of work.
var Records = Table[Record]{
	Name: "DutyRecord", Title: "履职记录",
	States: []Record{RecordSubmitted, RecordConfirmed, RecordReturned, RecordWithdrawn},
	Titles: map[Record]string{
		RecordSubmitted: "已提交", RecordConfirmed: "已确认", RecordReturned: "已退回", RecordWithdrawn: "已撤回",
	},
	Lines: []Line[Record]{
		{"submitDutyRecord", "提交履职记录", nil, RecordSubmitted, by(PartyDeputy)},
		{"reviseDutyRecord", "修改履职记录", among(RecordSubmitted, RecordReturned), RecordSubmitted, by(PartyDeputy)},
		{"withdrawDutyRecord", "撤回履职记录", among(RecordSubmitted, RecordReturned), RecordWithdrawn, by(PartyDeputy)},
		{"confirmDutyRecord", "确认履职记录", among(RecordSubmitted), RecordConfirmed, by(PartyOrgan)},
		{"returnDutyRecord", "退回履职记录", among(RecordSubmitted, RecordConfirmed), RecordReturned, by(PartyOrgan)},
	},
}

// Claim is the state of a claim to points (积分申报).
type Claim string

// The states: 待认定, 已认定, 不予认定, 复核中, 维持原决定, 已撤回.
const (
	ClaimSubmitted Claim = "SUBMITTED"
	ClaimApproved  Claim = "APPROVED"
	ClaimRefused   Claim = "REFUSED"
	ClaimAppealed  Claim = "APPEALED"
	ClaimUpheld    Claim = "UPHELD"
	ClaimWithdrawn Claim = "WITHDRAWN"
)

// Values lists the states as text.
func (Claim) Values() []string { return texts(Claims.States) }

// Claims is the table of claims. A refusal may be appealed once; what is decided then stands.
var Claims = Table[Claim]{
	Name: "PointClaim", Title: "积分申报",
	States: []Claim{ClaimSubmitted, ClaimApproved, ClaimRefused, ClaimAppealed, ClaimUpheld, ClaimWithdrawn},
	Titles: map[Claim]string{
		ClaimSubmitted: "待认定", ClaimApproved: "已认定", ClaimRefused: "不予认定", ClaimAppealed: "复核中", ClaimUpheld: "维持原决定",
		ClaimWithdrawn: "已撤回",
	},
	Lines: []Line[Claim]{
		{"claimPoints", "申报积分", nil, ClaimSubmitted, by(PartyDeputy, PartyOrgan)},
		{"withdrawClaim", "撤回申报", among(ClaimSubmitted, ClaimAppealed), ClaimWithdrawn, by(PartyDeputy)},
		{"approveClaim", "认定积分", among(ClaimSubmitted, ClaimAppealed), ClaimApproved, by(PartyOrgan)},
		{"refuseClaim", "不予认定", among(ClaimSubmitted), ClaimRefused, by(PartyOrgan)},
		{"appealClaim", "申请复核", among(ClaimRefused), ClaimAppealed, by(PartyDeputy)},
		{"upholdRefusal", "维持原决定", among(ClaimAppealed), ClaimUpheld, by(PartyOrgan)},
	},
}

// Campaign is the state of an evaluation campaign (考评活动).
type Campaign string

// The states: 自评, 评审, 已公布, 已撤销.
const (
	CampaignOpen      Campaign = "OPEN"
	CampaignReviewing Campaign = "REVIEWING"
	CampaignPublished Campaign = "PUBLISHED"
	CampaignCancelled Campaign = "CANCELLED"
)

// Values lists the states as text.
func (Campaign) Values() []string { return texts(Campaigns.States) }

// Campaigns is the table of evaluation campaigns.
var Campaigns = Table[Campaign]{
	Name: "EvaluationCampaign", Title: "考评活动",
	States: []Campaign{CampaignOpen, CampaignReviewing, CampaignPublished, CampaignCancelled},
	Titles: map[Campaign]string{
		CampaignOpen: "自评", CampaignReviewing: "评审", CampaignPublished: "已公布", CampaignCancelled: "已撤销",
	},
	Lines: []Line[Campaign]{
		{"openEvaluation", "发起考评", nil, CampaignOpen, by(PartyOrgan)},
		{"reviewCampaign", "转入评审", among(CampaignOpen), CampaignReviewing, by(PartyOrgan)},
		{"publishEvaluation", "公布考评结果", among(CampaignReviewing), CampaignPublished, by(PartyOrgan)},
		{"cancelEvaluation", "撤销考评", among(CampaignOpen, CampaignReviewing), CampaignCancelled, by(PartyOrgan)},
	},
}

// Evaluation is the state of the evaluation of one deputy, station or township (考评).
type Evaluation string

// The states: 待自评, 已自评, 已评审.
const (
	EvaluationOpen     Evaluation = "OPEN"
	EvaluationSelf     Evaluation = "SELF_EVALUATED"
	EvaluationReviewed Evaluation = "REVIEWED"
)

// Values lists the states as text.
func (Evaluation) Values() []string { return texts(Evaluations.States) }

// Evaluations is the table of single evaluations. One that came without self-evaluation is reviewed all the same.
var Evaluations = Table[Evaluation]{
	Name: "Evaluation", Title: "考评",
	States: []Evaluation{EvaluationOpen, EvaluationSelf, EvaluationReviewed},
	Titles: map[Evaluation]string{EvaluationOpen: "待自评", EvaluationSelf: "已自评", EvaluationReviewed: "已评审"},
	Lines: []Line[Evaluation]{
		{"openEvaluation", "发起考评", nil, EvaluationOpen, by(PartyOrgan)},
		{"evaluateSelf", "自评", among(EvaluationOpen, EvaluationSelf), EvaluationSelf, by(PartyDeputy, PartyStation, PartyOrgan)},
		{"reviewEvaluation", "评审", among(EvaluationOpen, EvaluationSelf, EvaluationReviewed), EvaluationReviewed, by(PartyOrgan)},
	},
}
