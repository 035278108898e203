-- Deputies with a mandate on the roll on the last day that is grouped in the area, and those of them who attended a confirmed activity
-- in it on a day of the period.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, NULL, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(DISTINCT t.deputy_id), count(DISTINCT came.deputy_id)
    FROM mandate t
    LEFT JOIN (
        SELECT DISTINCT a.deputy_id
        FROM attendance a
        JOIN activity v ON v.id = a.activity_id
        WHERE {area a} AND a.day BETWEEN $3 AND $4 AND v.state = 'CONFIRMED' AND a.deputy_id IS NOT NULL
    ) came ON came.deputy_id = t.deputy_id
    WHERE {area t} AND t.elected_on <= $4 AND (t.ended_on IS NULL OR t.ended_on > $4)
) sums
