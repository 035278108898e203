package rollup

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// OpinionMeasures are the sums of opinions (社情民意). What happened counts on the day in Asia/Shanghai on which it did;
// all else tells what has become by now of the opinions accepted within the period. A merged opinion (并件) counts as one of its own:
// each submitter's does. In the maps, what is absent is none.
//
// The definitions follow the domain's "The closed loop of an opinion"; what it leaves open is settled here.
type OpinionMeasures struct {
	// Submitted counts the opinions submitted within the period, Declined those declined (不予受理) within it.
	Submitted, Declined int
	// Accepted counts those accepted (受理) within the period, which all that follows is part of. One that is answered on the spot
	// is accepted by that.
	Accepted int
	// Online counts those that came in online (线上).
	Online int
	// Open counts those that are not closed yet, so that Accepted is Open and Closed. One that is merged stays open as long as its
	// main one does.
	Open int
	// Overdue counts those whose last day in the present state is over, Late (超期) those and the ones that were overdue in any state
	// before. The citizen's own time, WAITING and FED_BACK, makes nothing overdue.
	Overdue, Late int
	// Closed counts those closed (办结): CLOSED, CONVERTED, or merged and closed with the main one.
	Closed int
	// Solved counts the closed ones whose outcome is SOLVED (已解决).
	Solved int
	// Converted counts those that have become a suggestion (转建议), Merged those that are merged at present.
	Converted, Merged int
	// Answered counts those that were answered, by a reply, on the spot or with their main one; Reworked (重办) those of them that were
	// taken up again.
	Answered, Reworked int
	// Hardship counts those that are urgent hardships (急难愁盼), HardshipSolved those of them that are Solved.
	Hardship, HardshipSolved int
	// Ratings counts those that are rated (满意度), by rating. A new answer voids the rating of the one before.
	Ratings map[kind.Rating]int

	// MedianDays is, for each state that has a limit, the median of how long opinions stayed in it, in days of 24 hours, working or
	// not, with one decimal. It is taken over the stays that began within the period and are over, of all opinions, whenever they were
	// accepted; one that a question to the citizen interrupts is two. It does not add up over rows.
	MedianDays map[state.Opinion]float64
}

// ClosingRate is 办结率: closed among those accepted in the period, from 0 to 1; nil when none was accepted.
func (m *OpinionMeasures) ClosingRate() *float64 { return share(m.Closed, m.Accepted) }

// OnTimeRate is 按时办理率: not late in any state among those accepted in the period, from 0 to 1; nil when none was accepted.
func (m *OpinionMeasures) OnTimeRate() *float64 { return share(m.Accepted-m.Late, m.Accepted) }

// Satisfaction is 满意率: satisfied or basically satisfied among the rated, from 0 to 1; nil when none is rated.
func (m *OpinionMeasures) Satisfaction() *float64 {
	content := m.Ratings[kind.RatingSatisfied] + m.Ratings[kind.RatingBasically]
	return share(content, content+m.Ratings[kind.RatingDissatisfied])
}

// ReworkRate is 重办率: taken up again among the answered, from 0 to 1; nil when none is answered.
func (m *OpinionMeasures) ReworkRate() *float64 { return share(m.Reworked, m.Answered) }

func share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}

// empty tells whether there is nothing in the area.
func (m *OpinionMeasures) empty() bool {
	return m.Submitted == 0 && m.Declined == 0 && m.Accepted == 0 && len(m.MedianDays) == 0
}

// OpinionQuestion is which opinions are summed, and how.
type OpinionQuestion struct {
	// Period must be valid.
	Period Period
	// Today is the calendar day that decides what is overdue.
	Today time.Time
	// Station narrows to the opinions of one station, Category to those filed under a category or a branch of it; uuid.Nil is all.
	Station, Category uuid.UUID
	// Medians asks for MedianDays, which cost several times as much as all the rest.
	Medians bool
}

// Opinions sums the opinions of each of the divisions with everything below it. Every division asked has an entry; one that the viewer
// does not see sums to nothing.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, who see an area.
func Opinions(ctx context.Context, c *gen.Client, divisions []Place, q OpinionQuestion) (map[place.Code]*OpinionMeasures, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	sums := newOpinionSheet(len(divisions))
	out := make(map[place.Code]*OpinionMeasures, len(divisions))
	for _, d := range divisions {
		out[d.Code] = sums.at(opinionKey{area: d.Code})
	}
	for _, g := range groups {
		if err := sumOpinions(ctx, c, opinionReport{areas: g, grouping: ungrouped, OpinionQuestion: q}, sums); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// OpinionsOfOrgan sums the cases that the viewer's own department has or had, as lead or co-handler.
//
// It is a fault.ErrForbidden for all but departments.
func OpinionsOfOrgan(ctx context.Context, c *gen.Client, q OpinionQuestion) (*OpinionMeasures, error) {
	v, err := sees(ctx, "只有承办单位可以查看本单位的汇总", viewer.Organ)
	if err != nil {
		return nil, err
	}
	anywhere := areas{level: place.LevelNation, codes: []place.Code{place.Nation}}
	sums := newOpinionSheet(1)
	err = sumOpinions(ctx, c, opinionReport{areas: anywhere, grouping: ungrouped, organ: v.Organ, OpinionQuestion: q}, sums)
	if err != nil {
		return nil, err
	}
	return sums.at(opinionKey{area: place.Nation}), nil
}
