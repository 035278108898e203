-- Constituencies drawn by residence or work unit and valid on the last day, and those that a physical station open on that
-- day serves, wherever it stands.
--
-- $1, $2  first code of each area, and the first one after it
-- $3      last day
SELECT area.lo, drawn.count, covered.count
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(*)
    FROM constituency t
    WHERE {area t} AND t.basis IN ('RESIDENCE', 'WORK_UNIT')
      AND t.valid_from <= $3 AND (t.valid_to IS NULL OR t.valid_to > $3)
) drawn
CROSS JOIN LATERAL (
    SELECT count(*)
    FROM constituency t
    WHERE {area t} AND t.basis IN ('RESIDENCE', 'WORK_UNIT')
      AND t.valid_from <= $3 AND (t.valid_to IS NULL OR t.valid_to > $3)
      AND EXISTS (
          SELECT FROM station s
          WHERE s.constituency_id = t.id
            AND s.opened_on <= $3 AND (s.closed_on IS NULL OR s.closed_on > $3))
) covered
