-- Stations: those open on the last day by kind, and the physical ones opened and closed within the period.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  last day, first day
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.open AND s.kind = 'HOME'),
           count(*) FILTER (WHERE s.open AND s.kind = 'STATION'),
           count(*) FILTER (WHERE s.open AND s.kind = 'POINT'),
           count(*) FILTER (WHERE s.open AND s.kind = 'POST'),
           count(*) FILTER (WHERE s.open AND s.kind = 'BASE'),
           count(*) FILTER (WHERE s.open AND s.kind = 'ONLINE'),
           count(*) FILTER (WHERE s.kind <> 'ONLINE' AND s.opened_on >= $4),
           count(*) FILTER (WHERE s.kind <> 'ONLINE' AND s.closed_on BETWEEN $4 AND $3)
    FROM (
        SELECT t.kind, t.opened_on, t.closed_on, t.closed_on IS NULL OR t.closed_on > $3 AS open
        FROM station t
        WHERE {area t} AND t.opened_on <= $3
    ) s
) sums
