-- Activities on days of the period: confirmed ones, and recorded ones that nobody has confirmed yet.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key,
           count(*) FILTER (WHERE t.state = 'CONFIRMED'),
           count(*) FILTER (WHERE t.state = 'RECORDED')
    FROM activity t
    {join}
    WHERE {area t} AND t.day BETWEEN $3 AND $4 AND t.state IN ('CONFIRMED', 'RECORDED'){only}
    GROUP BY 1
) sums
