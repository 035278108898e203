-- The points of the mandates of a level in force on a day that are grouped in an area, in a span of days, ranked: equal points share a rank, and the ranks
-- after them are left out. $3 level, $4 day, $5 and $6 first and last day, $7 and $8 the points and the id of the row before the page, $9 rows of the page.
WITH ranked AS (
    SELECT m.id, coalesce(p.points, 0) AS points,
        rank() OVER (ORDER BY coalesce(p.points, 0) DESC) AS rank
    FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
    JOIN mandate m ON {area m}
    LEFT JOIN LATERAL (
        SELECT sum(e.points) AS points FROM point_entry e WHERE e.mandate_id = m.id AND e.day BETWEEN $5::date AND $6::date
    ) p ON true
    WHERE m.level = $3 AND m.elected_on <= $4::date AND (m.ended_on IS NULL OR m.ended_on > $4::date)
)
SELECT page.id, page.points, page.rank, everyone.total FROM (SELECT count(*) AS total FROM ranked) everyone
LEFT JOIN (
    SELECT id, points, rank FROM ranked
    WHERE $7::bigint IS NULL OR points < $7 OR (points = $7 AND id > $8)
    ORDER BY points DESC, id
    LIMIT $9
) page ON true
ORDER BY page.points DESC, page.id
