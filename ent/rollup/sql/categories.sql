-- Sums of opinions that are kept by category, with what is not folded into them yet, by uppermost category.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first and last day of each span, which is of whole months
WITH area AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS a (lo, hi)),
     span AS (SELECT * FROM unnest($3::date[], $4::date[]) WITH ORDINALITY AS s (first, last, n))
SELECT x.lo, uppermost.id, x.n, {sums}
FROM (
    SELECT area.lo, span.n, f.category_id, {columns}
    FROM area CROSS JOIN span JOIN category_fact f ON f.code = area.lo AND f.starts BETWEEN span.first AND span.last
    UNION ALL
    SELECT area.lo, span.n, t.category_id, {columns}
    FROM area JOIN fact_delta t ON {area t} JOIN span ON t.span = 'MONTH' AND t.starts BETWEEN span.first AND span.last
) x
LEFT JOIN category filed ON filed.id = x.category_id
LEFT JOIN category uppermost ON uppermost.number = left(filed.number, 2)
GROUP BY 1, 2, 3
