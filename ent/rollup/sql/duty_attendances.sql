-- Attendances at confirmed activities on days of the period. They lie at the station at which each one was, which with
-- a joint activity need not be the one that holds it.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key,
           count(t.deputy_id),
           count(*) FILTER (WHERE t.guest AND t.deputy_id IS NOT NULL),
           count(DISTINCT t.deputy_id),
           count(t.organ_id),
           count(DISTINCT t.organ_id)
    FROM attendance t
    JOIN activity v ON v.id = t.activity_id
    {join}
    WHERE {area t} AND t.day BETWEEN $3 AND $4 AND v.state = 'CONFIRMED'{only}
    GROUP BY 1
) sums
