package kind

// Way is what deputies do in an activity (履职方式).
type Way string

// The five ways of 长沙县 (接待, 入户, 督事, 帮忙, 述职), and 宣讲, 调研, 视察, 学习培训, 立法征询, 双岗或志愿服务.
const (
	WayReception   Way = "RECEPTION"
	WayHousehold   Way = "HOUSEHOLD"
	WaySupervision Way = "SUPERVISION"
	WayHelp        Way = "HELP"
	WayReport      Way = "REPORT"
	WayLecture     Way = "LECTURE"
	WayResearch    Way = "RESEARCH"
	WayInspection  Way = "INSPECTION"
	WayStudy       Way = "STUDY"
	WayLegislation Way = "LEGISLATION"
	WayVolunteer   Way = "VOLUNTEER"
)

// Ways lists the ways.
var Ways = []Way{
	WayReception, WayHousehold, WaySupervision, WayHelp, WayReport, WayLecture, WayResearch, WayInspection, WayStudy,
	WayLegislation, WayVolunteer,
}

// Values lists the ways as text.
func (Way) Values() []string { return vocabulary(Ways...) }

// Setting is where an activity takes place (开展形式).
type Setting string

// The settings: 站内, 站外, 线上, 跨区域联合.
const (
	SettingInStation Setting = "IN_STATION"
	SettingOutside   Setting = "OUT_OF_STATION"
	SettingOnline    Setting = "ONLINE"
	SettingJoint     Setting = "JOINT"
)

// Values lists the settings as text.
func (Setting) Values() []string {
	return vocabulary(SettingInStation, SettingOutside, SettingOnline, SettingJoint)
}

// Mode is how deputies and citizens meet (联系群众方式).
type Mode string

// The modes: 接访, 下访, 约访.
const (
	ModeReceiving Mode = "RECEIVING"
	ModeVisiting  Mode = "VISITING"
	ModeAppointed Mode = "APPOINTED"
)

// Modes lists the modes.
var Modes = []Mode{ModeReceiving, ModeVisiting, ModeAppointed}

// Values lists the modes as text.
func (Mode) Values() []string { return vocabulary(Modes...) }

// Recurrence is how the days of a rule for visit days recur (接待日规则).
type Recurrence string

// The recurrences: 每月固定日, 每周固定日, 农历固定日 (as 逢三逢八的赶集日), 每隔若干天, 指定日期.
const (
	OnMonthDays  Recurrence = "MONTH_DAYS"
	OnWeekdays   Recurrence = "WEEKDAYS"
	OnLunarDays  Recurrence = "LUNAR_DAYS"
	EverySoMany  Recurrence = "EVERY_N_DAYS"
	OnGivenDates Recurrence = "DATES"
)

// Values lists the recurrences as text.
func (Recurrence) Values() []string {
	return vocabulary(OnMonthDays, OnWeekdays, OnLunarDays, EverySoMany, OnGivenDates)
}

// Shift is what becomes of a day of a rule that is not worked (遇节假日).
type Shift string

// The shifts: 不调整, 顺延至下一工作日, 提前至上一工作日, 取消.
const (
	ShiftNone     Shift = "NONE"
	ShiftNext     Shift = "NEXT_WORKDAY"
	ShiftPrevious Shift = "PREVIOUS_WORKDAY"
	ShiftSkip     Shift = "SKIP"
)

// Values lists the shifts as text.
func (Shift) Values() []string {
	return vocabulary(ShiftNone, ShiftNext, ShiftPrevious, ShiftSkip)
}

// AttendanceSource is how an attendance became known (签到方式).
type AttendanceSource string

// 扫码签到, 站点登记.
const (
	AttendanceCheckIn  AttendanceSource = "CHECK_IN"
	AttendanceRecorded AttendanceSource = "RECORDED"
)

// Values lists the sources as text.
func (AttendanceSource) Values() []string { return vocabulary(AttendanceCheckIn, AttendanceRecorded) }

// Figure is what a key figure counts, and so how its value is read (指标类型).
type Figure string

// A count (计数), an amount of money (金额), kept in fen and told in yuan, and a quantity with two digits (数量), kept in hundredths.
const (
	FigureCount    Figure = "COUNT"
	FigureAmount   Figure = "AMOUNT"
	FigureQuantity Figure = "QUANTITY"
)

// Values lists the types as text.
func (Figure) Values() []string { return vocabulary(FigureCount, FigureAmount, FigureQuantity) }

// Scale is by how much a stored value is greater than the one that is told.
func (f Figure) Scale() float64 {
	if f == FigureCount {
		return 1
	}
	return 100
}

// Deed is something that a deputy did and that counts, for norms and points (履职事项).
type Deed string

// The deeds: 参加活动, 反映社情民意, 提出建议, 参加培训, 履职记录, 结对联系, 申报认定.
const (
	DeedAttendance Deed = "ATTENDANCE"
	DeedOpinion    Deed = "OPINION"
	DeedSuggestion Deed = "SUGGESTION"
	DeedTraining   Deed = "TRAINING"
	DeedRecord     Deed = "RECORD"
	DeedContact    Deed = "CONTACT"
	DeedClaim      Deed = "CLAIM"
)

// Deeds lists the deeds.
var Deeds = []Deed{
	DeedAttendance, DeedOpinion, DeedSuggestion, DeedTraining, DeedRecord, DeedContact, DeedClaim,
}

// Values lists the deeds as text.
func (Deed) Values() []string { return vocabulary(Deeds...) }

// Record is the kind of a deputy's own record of work (履职记录类型).
type Record string

// The kinds: 民情日志, 民生实事, 履职故事, 述职报告, 其他.
const (
	RecordJournal    Record = "JOURNAL"
	RecordLivelihood Record = "LIVELIHOOD"
	RecordStory      Record = "STORY"
	RecordDutyReport Record = "DUTY_REPORT"
	RecordOther      Record = "OTHER"
)

// Values lists the kinds as text.
func (Record) Values() []string {
	return vocabulary(RecordJournal, RecordLivelihood, RecordStory, RecordDutyReport, RecordOther)
}

// Period is a stretch of the calendar that something is counted in (周期).
type Period string

// 每月, 每季度, 每年.
const (
	PeriodMonth   Period = "MONTH"
	PeriodQuarter Period = "QUARTER"
	PeriodYear    Period = "YEAR"
)

// Values lists the periods as text.
func (Period) Values() []string { return vocabulary(PeriodMonth, PeriodQuarter, PeriodYear) }

// Claim is what a deputy claims of the points (积分申报类型).
type Claim string

// An award for something that no record tells (申报加分), and an appeal against an entry of the ledger (积分申诉).
const (
	ClaimAward  Claim = "AWARD"
	ClaimAppeal Claim = "APPEAL"
)

// Values lists the kinds as text.
func (Claim) Values() []string { return vocabulary(ClaimAward, ClaimAppeal) }

// Pairing is who is paired with whom (结对类型).
type Pairing string

// The kinds: 常委会领导包联乡镇, 常委会领导联系站点, 常委会组成人员联系代表, 领导干部代表联系基层代表, 连任代表联系新任代表, 上级代表联系下级代表, 专工委联系专业代表.
const (
	PairingLeaderTownship  Pairing = "LEADER_TOWNSHIP"
	PairingLeaderStation   Pairing = "LEADER_STATION"
	PairingMemberDeputy    Pairing = "MEMBER_DEPUTY"
	PairingLeaderDeputy    Pairing = "LEADER_DEPUTY"
	PairingReelectedNew    Pairing = "REELECTED_NEW"
	PairingUpperLower      Pairing = "UPPER_LOWER"
	PairingCommitteeDeputy Pairing = "COMMITTEE_DEPUTY"
)

// Pairings lists the kinds.
var Pairings = []Pairing{
	PairingLeaderTownship, PairingLeaderStation, PairingMemberDeputy, PairingLeaderDeputy, PairingReelectedNew,
	PairingUpperLower, PairingCommitteeDeputy,
}

// Values lists the kinds as text.
func (Pairing) Values() []string { return vocabulary(Pairings...) }

// ContactWay is how a contact of a pairing was made (联系方式).
type ContactWay string

// 走访, 座谈, 电话, 线上, 共同参加活动.
const (
	ContactVisit     ContactWay = "VISIT"
	ContactMeeting   ContactWay = "MEETING"
	ContactTelephone ContactWay = "TELEPHONE"
	ContactOnline    ContactWay = "ONLINE"
	ContactActivity  ContactWay = "ACTIVITY"
)

// Values lists the ways as text.
func (ContactWay) Values() []string {
	return vocabulary(ContactVisit, ContactMeeting, ContactTelephone, ContactOnline, ContactActivity)
}

// Evaluated is what an evaluation is of (考评对象).
type Evaluated string

// 代表, 站点, 乡镇人大工作.
const (
	EvaluatedDeputy   Evaluated = "DEPUTY"
	EvaluatedStation  Evaluated = "STATION"
	EvaluatedTownship Evaluated = "TOWNSHIP"
)

// Values lists what may be evaluated as text.
func (Evaluated) Values() []string {
	return vocabulary(EvaluatedDeputy, EvaluatedStation, EvaluatedTownship)
}

// Notice is what a notification tells of (通知事由).
type Notice string

// The notices: 意见办理, 接待日安排, 接待日调整, 接待日取消, 约见申请, 约见结果, 活动退回, 履职记录结果, 积分申报结果, 履职提醒, 考评.
const (
	NoticeOpinion     Notice = "OPINION_STEP"
	NoticeRota        Notice = "VISIT_DAY_PUBLISHED"
	NoticeRotaChanged Notice = "VISIT_DAY_CHANGED"
	NoticeCancelled   Notice = "VISIT_DAY_CANCELLED"
	NoticeRequested   Notice = "APPOINTMENT_REQUESTED"
	NoticeDecided     Notice = "APPOINTMENT_DECIDED"
	NoticeReturned    Notice = "ACTIVITY_RETURNED"
	NoticeRecord      Notice = "RECORD_REVIEWED"
	NoticeClaim       Notice = "CLAIM_DECIDED"
	NoticeReminder    Notice = "NORM_REMINDER"
	NoticeEvaluation  Notice = "EVALUATION"
)

// Notices lists the notices.
var Notices = []Notice{
	NoticeOpinion, NoticeRota, NoticeRotaChanged, NoticeCancelled, NoticeRequested, NoticeDecided, NoticeReturned, NoticeRecord,
	NoticeClaim, NoticeReminder, NoticeEvaluation,
}

// Values lists the notices as text.
func (Notice) Values() []string { return vocabulary(Notices...) }
