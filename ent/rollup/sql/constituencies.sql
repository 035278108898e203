-- Constituencies drawn by residence or work unit and valid on the last day, and those among them that no physical
-- station open on that day serves.
--
-- A station may serve a constituency of another area, but few do: so the constituencies without a station in the area are
-- found first, and only for them the rest of the stations is asked one by one; each OFFSET 0 keeps the planner from undoing that
-- order.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first and last day of each span; the last one counts
SELECT area.lo, NULL::uuid, span.n, drawn.count, drawn.count - unserved.count
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN unnest($3::date[], $4::date[]) WITH ORDINALITY AS span (first, last, n)
CROSS JOIN LATERAL (
    SELECT count(*)
    FROM constituency t
    WHERE {area t} AND t.basis IN ('RESIDENCE', 'WORK_UNIT')
      AND t.valid_from <= span.last AND (t.valid_to IS NULL OR t.valid_to > span.last)
) drawn
CROSS JOIN LATERAL (
    SELECT count(*)
    FROM (
        SELECT t.id
        FROM constituency t
        WHERE {area t} AND t.basis IN ('RESIDENCE', 'WORK_UNIT')
          AND t.valid_from <= span.last AND (t.valid_to IS NULL OR t.valid_to > span.last)
          AND NOT EXISTS (
              SELECT FROM station s
              WHERE s.constituency_id = t.id AND {area s} AND s.kind <> 'ONLINE'
                AND s.opened_on <= span.last AND (s.closed_on IS NULL OR s.closed_on > span.last))
        OFFSET 0
    ) c
    WHERE NOT EXISTS (
        SELECT FROM station s
        WHERE s.constituency_id = c.id AND s.kind <> 'ONLINE'
          AND s.opened_on <= span.last AND (s.closed_on IS NULL OR s.closed_on > span.last)
        OFFSET 0)
) unserved
