// Package rollup holds the sums (汇总): how many stations, mandates and postings there are in a division and everything
// below it, which places have a station, what deputies do, what becomes of opinions.
//
// [Self] sums divisions and [Rows] the parts of one, by any grouping, over any days, compared and as a trend; [Records] lists what is behind a number. All
// three know the same [Measures]. [Roster] counts mandates as they are now. [Opinions] and [OpinionsBy] sum opinions in detail, [Boards] counts them by state
// as they are now, [OpinionsOfOrgan] sums a department's cases. [Duty] and [DutyRows] sum deputies' work in detail, [Reported] what of it goes to a
// committee, [OfficialVisits] the visits of officials. Each costs a number of statements that does not depend on how many divisions are
// asked, or rows answered.
//
// # Scope
//
// Row-level security decides which rows the context's viewer sees, so a sum is exact over those. Each
// statement also names its area by a plain condition, which is what makes it fast; areaPredicate writes it for every level. A
// division outside the viewer's area sums to nothing, also where single rows of it are visible because a deputy is posted across:
// part of a sum is worse than none. A department sees no area, but its cases, and sums those.
//
// # Reading a statement
//
// Every report is one file in sql. It answers one row an area, by a LATERAL query that takes the areas one at a time: so each of them is read
// through the index of its level, and several cost what they cost singly. In it, {area t} stands for the condition that a row of
// table t lies in the area, and {reach t} for the division that the area belongs to, with all below it. The counts of one level
// or kind each are columns rather than groups, because planners sort millions of rows to make five groups.
//
// In the reports of opinions, {key} stands for what the rows are grouped by, {join} for what that needs beside the opinions, and
// {only} for what narrows them; grouping and opinionReport write these. The time of what happened has the same name in them, so that one
// key serves. The reports of work have {key}, {join} and {only} too, which dutyGrouping and sumDuty write.
//
// # Sums that are kept
//
// What each record counts for is said once, in the database, by functions named after its table (opinion_measures …). Writers append to fact_delta what they
// change of the sums, a job folds that into fact (see fold.go), and a reader takes both, so a sum is exact at once. There are sums for every division from the
// county up, with all below it, by month, quarter and year. They answer periods of whole months, one statement for any number of divisions and periods
// (fact.go). Villages, townships, what stands at a division itself, other days, and parts by station, zone, department or category are
// counted from the records, by the same functions (record.go), one statement for each source. sum in rollup.go chooses; measure.go says what
// a measure adds up from, column.go where its columns come from. A state is kept as its changes: at the end of a month it is the total less the
// changes of later months. What the calendar alone makes overdue is always asked of the records; an index holds just those few.
//
// # The tree of the time
//
// A record of work keeps the code that its place had when it was written, beside its present place. By TreeThen sums are those by the tree as it is and, in one
// more statement for all divisions and periods, the difference: what was written in a division and lies elsewhere now, less what came to it from elsewhere
// (sums_then, then.go). Rows are found by the codes that divisions have lost (then_rows.go). An area keeps the sums of what was written there, never the
// records: these are listed as far as they lie in the viewer's area, the rest of them as one sum.
//
// A division that a viewer does not see whole (the keeper of a county's own station) is counted from the records that are seen.
//
// Room: ent. It may import calendar, duty, fault, gen, kind, place, state, tally and viewer, never graph or server.
package rollup
