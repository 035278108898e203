-- Mandates on the roll on the last day by level, and the persons who hold them.
--
-- $1, $2  first code of each area, and the first one after it
-- $3      last day
-- $4      whether to count persons, which costs as much as all the rest
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE t.level = 'NATIONAL'),
           count(*) FILTER (WHERE t.level = 'PROVINCIAL'),
           count(*) FILTER (WHERE t.level = 'CITY'),
           count(*) FILTER (WHERE t.level = 'COUNTY'),
           count(*) FILTER (WHERE t.level = 'TOWNSHIP'),
           count(DISTINCT t.deputy_id) FILTER (WHERE $4::boolean)
    FROM mandate t
    WHERE {area t} AND t.elected_on <= $3 AND (t.ended_on IS NULL OR t.ended_on > $3)
) sums
