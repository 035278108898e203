-- Deputies' attendances at confirmed activities on days of the period that are reported to the committees of the areas: all of them, or where
-- the area is a city's only those of upper deputies and those of places without a county between.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, levels.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT COALESCE(t.level, ''), count(*), count(DISTINCT t.deputy_id)
    FROM attendance t
    JOIN activity v ON v.id = t.activity_id
    WHERE {area t} AND t.day BETWEEN $3 AND $4 AND v.state = 'CONFIRMED' AND t.deputy_id IS NOT NULL AND {reported}
    GROUP BY GROUPING SETS ((t.level), ())
) levels
