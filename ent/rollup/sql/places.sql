-- Townships and villages, and those covered by a physical station open on the last day: a village by one of its
-- own, a township by one of its own or of a village in it.
--
-- Places are those of the tree as it is now, since rows stand at their present place. Their first day is not asked: the
-- national table tells only that they are there at the latest since its own date.
--
-- $1, $2  first code of each area, and the first one after it
-- $3      last day
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.level = 'TOWNSHIP'),
           count(covered.code) FILTER (WHERE d.level = 'TOWNSHIP'),
           count(*) FILTER (WHERE d.level = 'VILLAGE'),
           count(covered.code) FILTER (WHERE d.level = 'VILLAGE')
    FROM division d
    LEFT JOIN (
        SELECT DISTINCT place.code
        FROM station t
        CROSS JOIN LATERAL (VALUES (t.code), (t.township_code)) AS place (code)
        WHERE {reach t} AND t.kind <> 'ONLINE' AND t.opened_on <= $3 AND (t.closed_on IS NULL OR t.closed_on > $3)
    ) covered ON covered.code = d.code
    WHERE d.code >= area.lo AND d.code < area.hi
      AND d.level IN ('TOWNSHIP', 'VILLAGE') AND NOT d.placeholder AND d.valid_to IS NULL
) sums
