-- Deputies who attended a confirmed activity on a day of each span, each once in it.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first and last day of each span
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key, span.n, count(DISTINCT t.deputy_id)
    FROM unnest($3::date[], $4::date[]) WITH ORDINALITY AS span (first, last, n)
    JOIN attendance t ON t.day BETWEEN span.first AND span.last
    JOIN activity v ON v.id = t.activity_id{join}
    WHERE {area t} AND v.state = 'CONFIRMED' AND t.deputy_id IS NOT NULL{only}
    GROUP BY 1, 2
) sums
