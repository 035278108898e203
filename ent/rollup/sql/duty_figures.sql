-- What confirmed activities on days of the period counted, by key figure.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key, f.figure_id, sum(f.value)::bigint
    FROM activity t
    JOIN activity_figure f ON f.activity_id = t.id
    {join}
    WHERE {area t} AND t.day BETWEEN $3 AND $4 AND t.state = 'CONFIRMED'{only}
    GROUP BY 1, 2
) sums
