-- Townships and villages, and those covered by a physical station open on the last day: a village by one of its
-- own, a township by one of its own or of a village in it.
--
-- Places are those of the tree as it is now, since rows stand at their present place. Their first day is not asked: the
-- national table tells only that they are there at the latest since its own date.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first and last day of each span; the last one counts
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT NULL::uuid, span.n,
           count(*) FILTER (WHERE d.level = 'TOWNSHIP'),
           count(covered.code) FILTER (WHERE d.level = 'TOWNSHIP'),
           count(*) FILTER (WHERE d.level = 'VILLAGE'),
           count(covered.code) FILTER (WHERE d.level = 'VILLAGE')
    FROM unnest($3::date[], $4::date[]) WITH ORDINALITY AS span (first, last, n)
    CROSS JOIN division d
    LEFT JOIN (
        SELECT DISTINCT place.code, ending.n
        FROM station t
        CROSS JOIN LATERAL (VALUES (t.code), (t.township_code)) AS place (code)
        JOIN unnest($3::date[], $4::date[]) WITH ORDINALITY AS ending (first, last, n)
            ON t.opened_on <= ending.last AND (t.closed_on IS NULL OR t.closed_on > ending.last)
        WHERE {reach t} AND t.kind <> 'ONLINE'
    ) covered ON covered.code = d.code AND covered.n = span.n
    WHERE d.code >= area.lo AND d.code < area.hi
      AND d.level IN ('TOWNSHIP', 'VILLAGE') AND NOT d.placeholder AND d.valid_to IS NULL
    GROUP BY 2
) sums
