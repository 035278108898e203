-- Postings in force on the last day, and the persons posted.
--
-- $1, $2  first code of each area, and the first one after it
-- $3      last day
-- $4      whether to count persons, which costs as much as all the rest
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(*), count(DISTINCT t.deputy_id) FILTER (WHERE $4::boolean)
    FROM posting t
    WHERE {area t} AND t.started_on <= $3 AND (t.ended_on IS NULL OR t.ended_on > $3)
) sums
