-- Opinions accepted on a day of each span whose last day in their state is over, though the clock has not marked them yet: they are overdue, and late if
-- they never were before. There are hardly any at a time, so they are looked for first: area by area, the index of the area would be gone through whole.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first and last day of each span
WITH unmarked AS MATERIALIZED (
    SELECT t.* FROM opinion t WHERE t.open AND NOT t.overdue AND t.due_on < {today} AND t.waits_on <> 'SUBMITTER'
)
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key, span.n, count(*), count(*) FILTER (WHERE NOT t.late)
    FROM unmarked t{join}
    JOIN unnest($3::date[], $4::date[]) WITH ORDINALITY AS span (first, last, n) ON day_of(t.accepted_at) BETWEEN span.first AND span.last
    WHERE {area t}{only}
    GROUP BY 1, 2
) sums
