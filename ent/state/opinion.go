package state

import "slices"

// Opinion is the state of a citizen's opinion (社情民意) in its closed loop
// 收集 → 受理 → 分析 → 交办 → 办理 → 答复 → 反馈 → 评价 → 办结.
type Opinion string

// The states: 已提交, 已受理, 不予受理, 当场答复, 并件, 待补充, 已分析, 已交办, 申请退回, 提级, 办理中, 已答复, 已反馈, 已评价, 重办, 办结, 转建议.
const (
	OpinionSubmitted       Opinion = "SUBMITTED"
	OpinionAccepted        Opinion = "ACCEPTED"
	OpinionDeclined        Opinion = "DECLINED"
	OpinionAnswered        Opinion = "ANSWERED"
	OpinionMerged          Opinion = "MERGED"
	OpinionWaiting         Opinion = "WAITING"
	OpinionAnalysed        Opinion = "ANALYSED"
	OpinionAssigned        Opinion = "ASSIGNED"
	OpinionReturnRequested Opinion = "RETURN_REQUESTED"
	OpinionEscalated       Opinion = "ESCALATED"
	OpinionHandling        Opinion = "HANDLING"
	OpinionReplied         Opinion = "REPLIED"
	OpinionFedBack         Opinion = "FED_BACK"
	OpinionRated           Opinion = "RATED"
	OpinionRework          Opinion = "REWORK"
	OpinionClosed          Opinion = "CLOSED"
	OpinionConverted       Opinion = "CONVERTED"
)

// Opinions lists the states in the order of an opinion's life.
var Opinions = []Opinion{
	OpinionSubmitted, OpinionAccepted, OpinionDeclined, OpinionAnswered, OpinionMerged, OpinionWaiting, OpinionAnalysed,
	OpinionAssigned, OpinionReturnRequested, OpinionEscalated, OpinionHandling, OpinionReplied, OpinionFedBack,
	OpinionRated, OpinionRework, OpinionClosed, OpinionConverted,
}

// Values lists the states as text.
func (Opinion) Values() []string { return texts(Opinions) }

// Open tells whether there is still something to be done: in every state but 不予受理, 并件, 办结 and 转建议.
func (o Opinion) Open() bool {
	switch o {
	case OpinionDeclined, OpinionMerged, OpinionClosed, OpinionConverted, "":
		return false
	default:
		return true
	}
}

// openStates are the states in which something is still to be done.
var openStates = slices.DeleteFunc(slices.Clone(Opinions), func(o Opinion) bool { return !o.Open() })

// Party is who has something to do with an opinion (经办方).
type Party string

// The parties.
const (
	// PartySubmitter is the citizen (群众).
	PartySubmitter Party = "SUBMITTER"
	// PartyStation is the station that booked it (联络站): its liaison officer and chief, or the organ responsible for the station's place.
	PartyStation Party = "STATION"
	// PartyOrgan is the organ that owns the case at present (主管机关).
	PartyOrgan Party = "ORGAN"
	// PartyLead is the lead department (主办单位).
	PartyLead Party = "LEAD"
	// PartyHandler is any of the departments at work on it, lead or co-handler (承办单位).
	PartyHandler Party = "HANDLER"
	// PartyDeputy is a deputy to whom, or to whose station, it came (代表).
	PartyDeputy Party = "DEPUTY"
	// PartyAbove is any organ in whose area it lies, the owning one among them, and special committees (上级机关, 督办机关).
	PartyAbove Party = "ABOVE"
	// PartyHolder is whoever the case waits on at present, except the citizen (当前承办方).
	PartyHolder Party = "HOLDER"
	// PartyClock is the platform itself when a time is over (系统).
	PartyClock Party = "CLOCK"
	// PartyNone: it waits on no one.
	PartyNone Party = "NONE"
)

// Parties lists the parties.
var Parties = []Party{
	PartySubmitter, PartyStation, PartyOrgan, PartyLead, PartyHandler, PartyDeputy, PartyAbove, PartyHolder, PartyClock, PartyNone,
}

// Values lists the parties as text.
func (Party) Values() []string { return texts(Parties) }

// WaitsOn tells on whom a case in the state waits. A case in REWORK that no department has waits on the organ.
func (o Opinion) WaitsOn(hasLead bool) Party {
	switch o {
	case OpinionSubmitted, OpinionAccepted, OpinionAnswered, OpinionReplied:
		return PartyStation
	case OpinionAnalysed, OpinionReturnRequested, OpinionEscalated, OpinionRated:
		return PartyOrgan
	case OpinionRework:
		if !hasLead {
			return PartyOrgan
		}
		return PartyLead
	case OpinionAssigned, OpinionHandling:
		return PartyLead
	case OpinionFedBack, OpinionWaiting:
		return PartySubmitter
	default:
		return PartyNone
	}
}

// Limit is how long a case may stay in a state, in working days, and how many before the end it turns amber (预警).
type Limit struct{ Days, Amber int }

// limits are the defaults of a congress's settings (domain: the closed loop of an opinion). A state that is not named has no limit.
var limits = map[Opinion]Limit{
	OpinionSubmitted:       {3, 1},
	OpinionAccepted:        {3, 1},
	OpinionAnalysed:        {2, 1},
	OpinionAssigned:        {5, 1},
	OpinionReturnRequested: {5, 1},
	OpinionEscalated:       {3, 1},
	OpinionHandling:        {15, 3},
	OpinionAnswered:        {10, 3},
	OpinionReplied:         {10, 3},
	OpinionFedBack:         {10, 3},
	OpinionRework:          {15, 3},
	OpinionWaiting:         {10, 3},
}

// DefaultLimit is the limit of a state where no congress has set another; false where there is none.
func (o Opinion) DefaultLimit() (Limit, bool) {
	l, ok := limits[o]
	return l, ok
}

// texts lists values as text.
func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
