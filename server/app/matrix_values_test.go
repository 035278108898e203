package app_test

import (
	"fmt"
	"maps"
	"strings"
)

// valueFields are the fields of the types that are no Nodes and stand in an answer by value: every field is asked for wherever
// the type comes, and compared. A field with a type of its own is written field:Type.
var valueFields = func() map[string][]string {
	out := maps.Clone(dutyValueFields)
	maps.Copy(out, otherValueFields)
	return out
}()

// otherValueFields are those of everything but deputies' work.
var otherValueFields = map[string][]string{
	"DivisionRef":      {"code", "name", "level"},
	"StationBudget":    {"year", "purpose", "amountYuan"},
	"FormerName":       {"name", "until"},
	"RosterLevel":      {"level", "mandates", "posted", "suspended"},
	"StationKindCount": {"kind", "count"},
	"LevelCount":       {"level", "count"},
	"DivisionMove":     {"entity", "rows"},
	"Rate":             {"numerator", "denominator", "value"},
	"Coverage":         namesOf(coverageFields),
	"Rollup":           namesOf(rollupFields),
	"RollupPoint":      {"from", "to", "rollup:Rollup", "compared:Rollup"},
	"RollupRecord":     {"node", "value"}, // recordQuestion
	"OpinionSubmitter": {"name", "phone", "callBack", "consentVersion", "consentPurpose", "consentedAt"},
	"OpinionMeasures": {
		"submitted", "declined", "accepted", "online", "open", "overdue", "late", "closed", "solved", "converted", "merged", "answered",
		"reworked", "hardship", "hardshipSolved", "ratings:OpinionRatingCount", "closingRate", "onTimeRate", "satisfaction", "reworkRate",
		"medianDays:OpinionMedian",
	},
	"OpinionRatingCount": {"rating", "count"},
	"OpinionMedian":      {"state", "days"},
	"OpinionMeasuresRow": {"division:DivisionRef", "ownOnly", "station:Station", "department:Organ", "category:Category", "month", "measures:OpinionMeasures"},
	"OpinionBoard":       {"columns:OpinionBoardColumn", "total", "open", "amber", "red"},
	"OpinionBoardColumn": {"state", "count", "amber", "red"},
	"OpinionLimit":       {"state", "days", "amberDays", "source"},
	"SimilarOpinion":     {"opinion:Opinion", "score"},
	"CodeInfo":           {"station", "place", "deputy:CodeDeputy"},
	"CodeDeputy":         {"name", "levels"},
	"Consent":            {"version", "purpose", "text"},
	"Receipt": {
		"number", "state", "stateTitle", "submittedAt", "content", "location", "station", "deputy", "dueOn", "events:ReceiptEvent", "question",
		"maySupplement", "mayRate", "rating",
	},
	"ReceiptEvent":      {"step", "title", "by", "at", "declineReason", "text", "files:ReceiptFile"},
	"ReceiptFile":       {"id", "mediaType", "size", "width", "height", "url"},
	"OpinionAssignment": {"organ", "part", "assignedAt", "endedAt"}, // judgeAssignments
	"RollupRow": {
		"division:DivisionRef", "ownOnly", "key", "station:Station", "department:Organ", "category:Category", "zone:Zone", "rank", "rollup:Rollup",
		"compared:Rollup", "trend:RollupPoint",
	},
}

// selectionOf is a selection of all fields of such a type, of a Node its id.
func selectionOf(typ string) string {
	if valueFields[typ] == nil {
		return "{ id }"
	}
	var b strings.Builder
	b.WriteString("{")
	for _, f := range valueFields[typ] {
		name, of, object := strings.Cut(f, ":")
		if strings.HasPrefix(name, "!") {
			continue
		}
		b.WriteString(" " + name)
		if object {
			b.WriteString(" " + selectionOf(of))
		}
	}
	return b.String() + " }"
}

// period is a time for sums; the world's stations opened within the first and some closed within the second.
type period struct{ from, to string }

var periods = []period{{"2022-01-01", "2022-12-31"}, {"2024-01-01", "2025-12-31"}}

func (p period) args() string { return fmt.Sprintf("period: {from: %q, to: %q}", p.from, p.to) }

// ref is what the viewer is told of a place on the way up; nil when that is nothing.
func (c cell) ref(code string) any {
	if code == "" || !c.world.SeesName(c.Viewer, code) {
		return nil
	}
	return c.refUnchecked(code)
}

func (c cell) refUnchecked(code string) any {
	p := c.world.Place(code)
	return map[string]any{"code": p.Code, "name": p.Name, "level": p.Level}
}

func rosterAnswer(c cell, root string) any {
	levels := []any{}
	for _, l := range c.world.Roster(c.Viewer, root) {
		levels = append(levels, map[string]any{
			"level": l.Level, "mandates": l.Mandates, "posted": l.Posted, "suspended": l.Suspended,
		})
	}
	return levels
}
