package archive

import (
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// What things are called in an archive.
var (
	sectionNames = map[Section]string{
		SectionAttendance: "参加活动", SectionVisit: "代表接待日", SectionOpinion: "社情民意", SectionSuggestion: "代表建议", SectionTraining: "培训",
		SectionRecord: "履职记录", SectionPoint: "履职积分", SectionContact: "结对联系", SectionEvaluation: "考评",
	}
	visitNames = map[VisitOutcome]string{
		VisitKept: "已到岗", VisitMissed: "缺席", VisitOpen: "待确认", VisitNotHeld: "未开展", VisitCancelled: "已取消", VisitReplaced: "已替班", VisitToCome: "未到期",
	}
	wayNames = map[kind.Way]string{
		kind.WayReception: "接待", kind.WayHousehold: "入户", kind.WaySupervision: "督事", kind.WayHelp: "帮忙", kind.WayReport: "述职",
		kind.WayLecture: "宣讲", kind.WayResearch: "调研", kind.WayInspection: "视察", kind.WayStudy: "学习培训", kind.WayLegislation: "立法征询",
		kind.WayVolunteer: "双岗或志愿服务",
	}
	modeNames    = map[kind.Mode]string{kind.ModeReceiving: "接访", kind.ModeVisiting: "下访", kind.ModeAppointed: "约访"}
	outcomeNames = map[kind.Outcome]string{
		kind.OutcomeSolved: "已解决", kind.OutcomeUnderWay: "正在解决", kind.OutcomePlanned: "列入计划", kind.OutcomeExplained: "解释说明",
	}
	ratingNames = map[kind.Rating]string{
		kind.RatingSatisfied: "满意", kind.RatingBasically: "基本满意", kind.RatingDissatisfied: "不满意",
	}
	recordNames = map[kind.Record]string{
		kind.RecordJournal: "民情日志", kind.RecordLivelihood: "民生实事", kind.RecordStory: "履职故事", kind.RecordDutyReport: "述职报告", kind.RecordOther: "其他",
	}
	suggestionNames = map[state.Suggestion]string{state.SuggestionDraft: "草稿"}
	pairingNames    = map[kind.Pairing]string{
		kind.PairingLeaderTownship: "常委会领导包联乡镇", kind.PairingLeaderStation: "常委会领导联系站点", kind.PairingMemberDeputy: "常委会组成人员联系代表",
		kind.PairingLeaderDeputy: "领导干部代表联系基层代表", kind.PairingReelectedNew: "连任代表联系新任代表", kind.PairingUpperLower: "上级代表联系下级代表",
		kind.PairingCommitteeDeputy: "专工委联系专业代表",
	}
	contactNames = map[kind.ContactWay]string{
		kind.ContactVisit: "走访", kind.ContactMeeting: "座谈", kind.ContactTelephone: "电话", kind.ContactOnline: "线上", kind.ContactActivity: "共同参加活动",
	}
	levelNames = map[kind.CongressLevel]string{
		kind.National: "全国人民代表大会", kind.Provincial: "省级人民代表大会", kind.City: "市级人民代表大会", kind.County: "县级人民代表大会", kind.Township: "乡镇人民代表大会",
	}
	periodNames = map[kind.Period]string{kind.PeriodMonth: "每月", kind.PeriodQuarter: "每季度", kind.PeriodYear: "每年"}
)

// Name is what the section is called.
func (s Section) Name() string { return sectionNames[s] }

// Name is what the outcome is called.
func (o VisitOutcome) Name() string { return visitNames[o] }

// WayName is what a way is called.
func WayName(w kind.Way) string { return wayNames[w] }

// ModeName is what a mode is called; empty for none.
func ModeName(m *kind.Mode) string { return named(modeNames, m) }

// OutcomeName is what an outcome is called; empty for none.
func OutcomeName(o *kind.Outcome) string { return named(outcomeNames, o) }

// RatingName is what a rating is called; empty for none.
func RatingName(r *kind.Rating) string { return named(ratingNames, r) }

// RecordName is what a kind of record is called.
func RecordName(r kind.Record) string { return recordNames[r] }

// PairingName is what a kind of pairing is called.
func PairingName(p kind.Pairing) string { return pairingNames[p] }

// ContactName is what a way of contact is called.
func ContactName(c kind.ContactWay) string { return contactNames[c] }

// SuggestionName is what a state of a suggestion is called.
func SuggestionName(s state.Suggestion) string { return suggestionNames[s] }

// LevelName is what a congress of a level is called when its own name is out of sight.
func LevelName(l kind.CongressLevel) string { return levelNames[l] }

// PeriodName is what a period is called.
func PeriodName(p kind.Period) string { return periodNames[p] }

func named[T comparable](names map[T]string, value *T) string {
	if value == nil {
		return ""
	}
	return names[*value]
}
