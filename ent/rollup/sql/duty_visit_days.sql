-- Visit days within the period by what became of them.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key,
           count(*) FILTER (WHERE t.state IN ('PLANNED', 'PUBLISHED')),
           count(*) FILTER (WHERE t.state = 'HELD'),
           count(*) FILTER (WHERE t.state = 'MISSED'),
           count(*) FILTER (WHERE t.state = 'CANCELLED')
    FROM visit_day t
    {join}
    WHERE {area t} AND t.day BETWEEN $3 AND $4{only}
    GROUP BY 1
) sums
