// Package rollup holds the sums (汇总): how many stations, mandates and postings there are in a division and everything
// below it, which places have a station, the five-level roster, what becomes of opinions, and what deputies do.
//
// [Self] sums divisions, [Children] the divisions directly below one, [Roster] counts mandates as they are now. [Opinions] and
// [OpinionsBy] sum opinions, [Boards] counts them by state as they are now, [OpinionsOfOrgan] sums a department's cases. [Duty] and
// [DutyRows] sum deputies' work, [Reported] what of it goes to a committee, [OfficialVisits] the visits of officials. Each costs a
// number of statements that does not depend on how many divisions are asked, or rows answered.
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
// # Sums at national size
//
// A source answers one group of measures for areas of one level; those of today count records, which takes about 1 ms for a county,
// 10 ms for a city, 0.2 s for a province and seconds for the nation. The medians of opinions read their timelines and cost four
// times as much as the counts. Sums that are kept (facts by month and county, to which each
// write adds a delta) are to be another source of the same group, for counties and above and periods that end with a
// month; the records stay the source for townships, villages and other days. What chooses between them is sourcesFor; callers and
// SQL of the other groups do not change.
//
// Room: ent. It may import calendar, duty, fault, gen, kind, place, state, tally and viewer, never graph or server.
package rollup
