package app_test

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The sums of a division, counted once more by the oracle.

// rollupField is a field of sums that is one measure, or a list or a rate made of several.
type rollupField struct {
	name string
	// typ is that of a list or a rate; words are what the rows of a list are, by what begins the names of their measures.
	typ, begins string
	words       []string
	// part and whole are the measures that a rate is made from; what begins with - is taken off.
	part, whole []string
}

func rateOf(name, part string, whole ...string) rollupField {
	return rollupField{name: name, typ: "Rate", part: strings.Fields(part), whole: whole}
}

// rollupFields are the fields of sums: what every grouping tells that has stations (atStations) or opinions (ofOpinions), and what only divisions do.
var (
	ofOpinions = append(singles("opinionsReceived", "opinionsDeclined", "opinionsAccepted", "opinionsOnline", "opinionsOpen", "opinionsOverdue", "opinionsLate",
		"opinionsClosed", "opinionsSolved", "opinionsConverted", "opinionsMerged", "opinionsAnswered", "opinionsReworked", "hardships", "hardshipsSolved", "opinionsRated"),
		rollupField{name: "ratings", typ: "OpinionRatingCount", begins: "OPINIONS_", words: []string{"SATISFIED", "BASICALLY_SATISFIED", "DISSATISFIED"}},
		rateOf("closingRate", "OPINIONS_CLOSED", "OPINIONS_ACCEPTED"), rateOf("onTimeRate", "OPINIONS_ACCEPTED -OPINIONS_LATE", "OPINIONS_ACCEPTED"),
		rateOf("solvedRate", "OPINIONS_SOLVED", "OPINIONS_CLOSED"),
		rateOf("satisfactionRate", "OPINIONS_SATISFIED OPINIONS_BASICALLY_SATISFIED", "OPINIONS_RATED"),
		rateOf("reworkRate", "OPINIONS_REWORKED", "OPINIONS_ANSWERED"), rateOf("hardshipsSolvedRate", "HARDSHIPS_SOLVED", "HARDSHIPS"))
	atStations = slices.Concat(ofOpinions, singles("stations", "onlineStations", "stationsOpened", "stationsClosed", "postings", "deputiesPosted",
		"visitDaysPlanned", "visitDaysHeld", "visitDaysMissed", "visitDaysCancelled", "activities", "activitiesRecorded", "attendances", "guests", "officials",
		"deputiesAttended", "peopleReceived", "peopleVisited", "peopleReached", "lectures", "problemsSolved"), []rollupField{
		{name: "stationsByKind", typ: "StationKindCount", begins: "STATIONS_", words: oracle.Kinds},
		{name: "attendancesByLevel", typ: "LevelCount", begins: "ATTENDANCES_", words: oracle.Levels},
		rateOf("visitDayRate", "VISIT_DAYS_HELD", "VISIT_DAYS_HELD", "VISIT_DAYS_MISSED"),
		rateOf("confirmedRate", "ACTIVITIES", "ACTIVITIES", "ACTIVITIES_RECORDED"),
	})
	rollupFields = slices.Concat(atStations, singles("mandates", "deputies", "points", "normsMet", "normsMissing", "suggestionsMade", "suggestionsAdopted"), []rollupField{
		{name: "mandatesByLevel", typ: "LevelCount", begins: "MANDATES_", words: oracle.Levels},
		rateOf("normRate", "NORMS_MET", "NORMS_MET", "NORMS_MISSING"), rateOf("adoptionRate", "SUGGESTIONS_ADOPTED", "SUGGESTIONS_MADE"),
		{name: "coverage", typ: "Coverage"},
	})
	coverageFields = append(singles("townships", "townshipsCovered", "villages", "villagesCovered", "constituencies", "constituenciesCovered"),
		rateOf("townshipRate", "TOWNSHIPS_COVERED", "TOWNSHIPS"), rateOf("villageRate", "VILLAGES_COVERED", "VILLAGES"),
		rateOf("constituencyRate", "CONSTITUENCIES_COVERED", "CONSTITUENCIES"))
	// someFields are a few of each sort, for trends.
	someFields = singles("stations", "mandates", "deputies", "deputiesPosted", "postings", "deputiesAttended", "attendances", "visitDaysHeld", "peopleReached",
		"points", "normsMissing", "opinionsReceived", "opinionsLate")
)

func singles(names ...string) []rollupField {
	out := make([]rollupField, len(names))
	for i, name := range names {
		out[i].name = name
	}
	return out
}

// namesOf are the fields as valueFields has them.
func namesOf(fields []rollupField) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		if out[i] = f.name; f.typ != "" {
			out[i] += ":" + f.typ
		}
	}
	return out
}

// selectionOfSums selects fields of sums.
func selectionOfSums(fields []rollupField) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(" " + f.name)
		if f.typ != "" {
			b.WriteString(" " + selectionOf(f.typ))
		}
	}
	return "{" + b.String() + " }"
}

// measureOf is the measure of a field: that of opinionsClosed is OPINIONS_CLOSED.
func measureOf(field string) string {
	var b strings.Builder
	for _, r := range field {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// sumsAnswer writes counts as the API does.
func sumsAnswer(n map[string]int, fields []rollupField) map[string]any {
	add := func(measures []string) (sum int) {
		for _, m := range measures {
			if of, off := strings.CutPrefix(m, "-"); off {
				sum -= n[of]
			} else {
				sum += n[m]
			}
		}
		return sum
	}
	out := map[string]any{}
	for _, f := range fields {
		switch {
		case f.typ == "Rate":
			part, whole := add(f.part), add(f.whole)
			out[f.name] = map[string]any{"numerator": part, "denominator": whole, "value": share(part, whole)}
		case f.typ == "Coverage":
			out[f.name] = sumsAnswer(n, coverageFields)
		case f.words != nil:
			rows := []any{}
			for _, word := range f.words {
				count := n[f.begins+word]
				if word == "ONLINE" {
					count = n["ONLINE_STATIONS"]
				}
				rows = append(rows, map[string]any{strings.Fields(valueFields[f.typ][0])[0]: word, "count": count})
			}
			out[f.name] = rows
		case f.name == "points": // which are counted in tenths
			out[f.name] = float64(n["POINTS"]) / 10
		default:
			out[f.name] = n[measureOf(f.name)]
		}
	}
	return out
}

// counts asks the oracle for the sums of a part, which narrowed names if it is not all of the place. All who see the whole of a place count alike.
func (c cell) counts(part oracle.Part, narrowed string, p period) map[string]int {
	who := c.name
	if oracle.SeesFacts(c.Viewer, part.Root) {
		who = ""
	}
	key := fmt.Sprint(who, " ", part.Root, part.Alone, part.ByThen, narrowed, p)
	c.mu.Lock()
	n, ok := c.sums[key]
	c.mu.Unlock()
	if !ok {
		n = c.world.Counts(c.Viewer, part, p.from, p.to)
		c.mu.Lock()
		c.sums[key] = n
		c.mu.Unlock()
	}
	return n
}

// sums are the sums of a place as the API answers them.
func (c cell) sumsOf(root string, alone bool, p period, fields []rollupField) any {
	return sumsAnswer(c.counts(oracle.Part{Root: root, Alone: alone}, "", p), fields)
}

// point is a part of a period, and what it is compared with.
type point struct {
	period
	compared period
}

// sumQuestion is one way to ask for rows of sums.
type sumQuestion struct {
	by   string
	args string // beside the grouping
	point
	// points are the parts of the trend.
	points  []point
	ordered string // the measure by which rows are ranked
	then    bool   // by the tree of the time
	fields  []rollupField
}

// sumRow is what the oracle expects of a row.
type sumRow struct {
	// named are the fields of the row that say what it is of.
	named    map[string]any
	part     oracle.Part
	narrowed string
	// kept: the row is there even if it has nothing to tell.
	kept bool
}

// selection asks for all fields of the rows.
func (q sumQuestion) selection() string {
	s := selectionOfSums(q.fields)
	out := "{ division { code name level } ownOnly key station { id } department { id } category { id } zone { id } rank rollup " + s
	if q.compared.from != "" {
		out += " compared " + s
	}
	if q.points != nil {
		s = selectionOfSums(someFields)
		out += " trend { from to rollup " + s
		if q.compared.from != "" {
			out += " compared " + s
		}
		out += " }"
	}
	return out + " }"
}

// answer is what must come for rows.
func (q sumQuestion) answer(c cell, rows []sumRow) any {
	type counted struct {
		row map[string]any
		n   int
	}
	var found []counted
	for _, r := range rows {
		n := c.counts(r.part, r.narrowed, q.period)
		something := func(n map[string]int) bool {
			for _, x := range n {
				if x != 0 {
					return true
				}
			}
			return false
		}
		row := map[string]any{"ownOnly": false, "key": nil, "station": nil, "department": nil, "category": nil, "zone": nil, "rank": nil}
		for k, v := range r.named {
			row[k] = v
		}
		tells := r.kept || something(n)
		row["rollup"] = sumsAnswer(n, q.fields)
		if q.compared.from != "" {
			before := c.counts(r.part, r.narrowed, q.compared)
			tells = tells || something(before)
			row["compared"] = sumsAnswer(before, q.fields)
		}
		if q.points != nil {
			trend := []any{}
			for _, p := range q.points {
				at := map[string]any{"from": p.from, "to": p.to, "rollup": sumsAnswer(c.counts(r.part, r.narrowed, p.period), someFields)}
				if q.compared.from != "" {
					at["compared"] = sumsAnswer(c.counts(r.part, r.narrowed, p.compared), someFields)
				}
				trend = append(trend, at)
			}
			row["trend"] = trend
		}
		if tells {
			found = append(found, counted{row, n[q.ordered]})
		}
	}
	out := []any{}
	for _, f := range found {
		if q.ordered != "" {
			rank := 1
			for _, other := range found {
				if other.n > f.n {
					rank++
				}
			}
			f.row["rank"] = rank
		}
		out = append(out, f.row)
	}
	return out
}

// rows are those of a question. By the tree of the time, what lay in the place then has its rows beside what lies there now.
func (q sumQuestion) rows(c cell, root string) []sumRow {
	rows := q.rowsNow(c, root)
	if !q.then {
		return rows
	}
	level := map[string]string{"PROVINCES": "PROVINCE", "CITIES": "CITY", "COUNTIES": "COUNTY", "TOWNSHIPS": "TOWNSHIP"}[q.by]
	for _, f := range c.world.Formers {
		stood := q.to < f.Until
		was := map[string]any{"code": f.Code, "name": f.Name, "level": f.Level}
		at := slices.IndexFunc(rows, func(r sumRow) bool { return r.part.Root == f.Code })
		switch {
		case at >= 0 && stood:
			rows[at].named["division"] = was
		case at < 0 && oracle.Holds(root, f.Code) && oracle.Reaches(c.Viewer, f.Code) && (f.Level == level || q.by == "CHILDREN" && f.Parent == root):
			rows = append(rows, sumRow{named: map[string]any{"division": was}, part: oracle.Part{Root: f.Code}, kept: stood})
		}
	}
	for i := range rows {
		rows[i].part.ByThen = true
	}
	return rows
}

// rowsNow are those of a grouping.
func (q sumQuestion) rowsNow(c cell, root string) []sumRow {
	at := func(code string) map[string]any { return map[string]any{"division": c.refUnchecked(code)} }
	whole := func(code string) sumRow { return sumRow{named: at(code), part: oracle.Part{Root: code}, kept: true} }
	below := func(level string) (out []sumRow) {
		for _, p := range c.world.Places {
			if p.Level == level && oracle.Holds(root, p.Code) && c.world.Sees(c.Viewer, p.ID) {
				out = append(out, whole(p.Code))
			}
		}
		return out
	}
	of := func(field, id string, part oracle.Part) sumRow {
		row := sumRow{named: at(root), part: part, narrowed: field + id}
		if id != "" {
			row.named["key"] = c.globalID(id)
			if c.world.Sees(c.Viewer, id) {
				row.named[field] = map[string]any{"id": c.globalID(id)}
			}
		}
		return row
	}
	byOpinion := func(field string, key func(*oracle.Opinion) string) (out []sumRow) {
		seen := map[string]bool{}
		for _, o := range c.world.Opinions {
			if k := key(o); !seen[k] && oracle.Holds(root, o.At) {
				seen[k] = true
				out = append(out, of(field, k, oracle.Part{Root: root, Opinion: func(o *oracle.Opinion) bool { return key(o) == k }}))
			}
		}
		return out
	}
	switch q.by {
	case "CHILDREN":
		own := whole(root)
		own.named["ownOnly"], own.part.Alone, own.kept = true, true, false
		out := []sumRow{own}
		for _, id := range c.seen(childVariants()[0].rows(c, root)) {
			out = append(out, whole(c.world.At(id)))
		}
		return out
	case "PROVINCES":
		return below("PROVINCE")
	case "CITIES":
		return below("CITY")
	case "COUNTIES":
		return below("COUNTY")
	case "TOWNSHIPS":
		return below("TOWNSHIP")
	case "STATIONS":
		var out []sumRow
		for _, s := range c.world.Stations {
			if oracle.Holds(root, s.At) {
				out = append(out, of("station", s.ID, oracle.Part{Root: s.At, Station: func(x *oracle.Station) bool { return x == s }}))
			}
		}
		return out
	case "ZONES":
		var out []sumRow
		for _, z := range c.world.Zones {
			if oracle.Holds(root, z.At) {
				out = append(out, of("zone", z.ID, oracle.Part{Root: z.At, Station: func(x *oracle.Station) bool { return x.Zone == z.ID }}))
			}
		}
		return out
	case "DEPARTMENTS":
		return byOpinion("department", func(o *oracle.Opinion) string { return o.Lead })
	case "CATEGORIES":
		return byOpinion("category", func(o *oracle.Opinion) string {
			return map[string]string{
				"": "", apitest.Category("0102"): apitest.Category("01"), apitest.Category("0701"): apitest.Category("07"), apitest.Category("07"): apitest.Category("07"),
			}[o.Category]
		})
	}
	return []sumRow{whole(root)}
}

var (
	may = period{"2024-05-01", "2024-05-31"}
	// beforeChanges ends while places were what they were before the world's changes.
	beforeChanges = period{"2022-01-01", "2022-04-30"}

	quarter  = point{period{"2024-04-01", "2024-06-30"}, period{"2024-01-01", "2024-03-31"}}
	oddDays  = point{period{"2024-03-02", "2024-05-20"}, period{"2023-03-02", "2023-05-20"}}
	inMonths = []point{
		{period{"2024-04-01", "2024-04-30"}, period{"2024-03-01", "2024-03-31"}},
		{may, period{"2024-04-01", "2024-04-30"}},
		{period{"2024-06-01", "2024-06-30"}, may},
	}
	inQuarters = []point{
		{period{"2024-03-02", "2024-03-31"}, period{"2023-03-02", "2023-03-31"}}, {period{"2024-04-01", "2024-05-20"}, period{"2023-04-01", "2023-05-20"}},
	}
	inYears = []point{{period: period{"2023-01-01", "2023-12-31"}}, {period: period{"2024-01-01", "2024-12-31"}}}
)

// sumQuestions are the ways to ask for rows of sums, over whole months, for which sums are kept, and over other days.
var sumQuestions = []sumQuestion{
	{by: "SELF", point: point{period: periods[0]}, fields: rollupFields},
	{by: "SELF", args: "compareWith: PREVIOUS, interval: MONTH, ", point: quarter, points: inMonths, fields: rollupFields},
	{by: "SELF", args: "compareWith: LAST_YEAR, interval: QUARTER, ", point: oddDays, points: inQuarters, fields: rollupFields},
	{by: "SELF", args: "interval: YEAR, ", point: point{period: period{"2023-01-01", "2024-12-31"}}, points: inYears, fields: someFields},
	{by: "CHILDREN", point: point{period: may}, fields: rollupFields},
	{by: "CHILDREN", args: "orderBy: {measure: OPINIONS_RECEIVED}, ", point: point{period: oddDays.period}, ordered: "OPINIONS_RECEIVED", fields: rollupFields},
	{by: "PROVINCES", args: "compareWith: PREVIOUS, ", point: quarter, fields: someFields},
	{by: "CITIES", point: point{period: quarter.period}, fields: someFields},
	{by: "COUNTIES", args: "orderBy: {measure: ATTENDANCES, direction: DESC}, ", point: point{period: quarter.period}, ordered: "ATTENDANCES", fields: someFields},
	{by: "TOWNSHIPS", point: point{period: oddDays.period}, fields: someFields},
	{by: "SELF", args: "tree: THEN, compareWith: PREVIOUS, interval: MONTH, ", point: quarter, points: inMonths, fields: rollupFields, then: true},
	{by: "CHILDREN", args: "tree: THEN, ", point: point{period: may}, fields: rollupFields, then: true},
	{by: "CHILDREN", args: "tree: THEN, orderBy: {measure: VISIT_DAYS_HELD}, ", point: point{period: oddDays.period}, ordered: "VISIT_DAYS_HELD", fields: someFields, then: true},
	{by: "COUNTIES", args: "tree: THEN, compareWith: LAST_YEAR, ", point: oddDays, fields: someFields, then: true},
	{by: "COUNTIES", args: "tree: THEN, ", point: point{period: beforeChanges}, fields: someFields, then: true},
	{by: "TOWNSHIPS", args: "tree: THEN, ", point: point{period: beforeChanges}, fields: someFields, then: true},
	{by: "STATIONS", point: point{period: may}, fields: atStations},
	{by: "STATIONS", args: "orderBy: {measure: OPINIONS_ACCEPTED}, ", point: point{period: oddDays.period}, ordered: "OPINIONS_ACCEPTED", fields: atStations},
	{by: "ZONES", point: point{period: quarter.period}, fields: atStations},
	{by: "DEPARTMENTS", point: point{period: period{"2024-03-01", "2024-03-31"}}, fields: ofOpinions},
	{by: "CATEGORIES", args: "compareWith: PREVIOUS, ", point: point{period{"2024-03-01", "2024-03-31"}, period{"2024-02-01", "2024-02-29"}}, fields: ofOpinions},
	{by: "CATEGORIES", point: point{period: oddDays.period}, fields: ofOpinions},
}

// tooWide are the groupings that are not told of the whole nation.
var tooWide = map[string]string{"STATIONS": "NATION", "ZONES": "NATION", "DEPARTMENTS": "NATION"}

// sumRoots asks for rows of sums, and for the records behind them.
func sumRoots(w *world) []rootProbe {
	var out []rootProbe
	for _, q := range sumQuestions {
		first := 12
		switch q.by {
		case "SELF":
			first = 1
		case "STATIONS":
			first = 100
		case "ZONES", "DEPARTMENTS", "TOWNSHIPS":
			first = 40
		}
		asked := len(strings.FieldsFunc(q.selection(), func(r rune) bool { return strings.ContainsRune("{ }", r) }))
		if q.points != nil {
			asked *= 12
		}
		out = append(out, rootProbe{
			field: "rollup", args: fmt.Sprintf("division: %%s, by: %s, first: %d, %s%s", q.by, first, q.args, q.period.args()), selection: q.selection(),
			cost: min(2*first*asked, costPerRequest/2), notOf: tooWide[q.by], judge: func(c cell, got any) {
				c.same(sorted(got), sorted(q.answer(c, q.rows(c, c.world.At(c.id)))))
			},
		})
	}
	return append(out, recordRoots(w)...)
}
