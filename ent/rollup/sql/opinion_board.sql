-- Opinions by state, and those among them that are amber and red today.
--
-- $1, $2  first code of each area, and the first one after it
-- $3      today
SELECT area.lo, states.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT t.state,
           count(*),
           count(*) FILTER (WHERE t.open AND t.amber_on <= $3 AND t.due_on >= $3),
           count(*) FILTER (WHERE t.open AND t.due_on < $3)
    FROM opinion t
    WHERE {area t}
    GROUP BY t.state
) states
