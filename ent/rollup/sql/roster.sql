-- The roster as it is now: by level the mandates on the roll, the suspended ones among them, and those without a
-- posting in force.
--
-- A mandate is on the roll while it has no last day (the check mandate_ended binds that to its state; asked by the state, the
-- nation's roster went through the index of seats in random order). Nearly every posting stands where its mandate is grouped, so
-- the mandates without a posting in the area are found first, and only for them the rest of the postings is asked one by
-- one; each OFFSET 0 keeps the planner from undoing that order.
--
-- $1, $2  first code of each area, and the first one after it
SELECT area.lo, roll.*, idle.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE t.level = 'NATIONAL'),
           count(*) FILTER (WHERE t.level = 'PROVINCIAL'),
           count(*) FILTER (WHERE t.level = 'CITY'),
           count(*) FILTER (WHERE t.level = 'COUNTY'),
           count(*) FILTER (WHERE t.level = 'TOWNSHIP'),
           count(*) FILTER (WHERE t.level = 'NATIONAL' AND t.status = 'SUSPENDED'),
           count(*) FILTER (WHERE t.level = 'PROVINCIAL' AND t.status = 'SUSPENDED'),
           count(*) FILTER (WHERE t.level = 'CITY' AND t.status = 'SUSPENDED'),
           count(*) FILTER (WHERE t.level = 'COUNTY' AND t.status = 'SUSPENDED'),
           count(*) FILTER (WHERE t.level = 'TOWNSHIP' AND t.status = 'SUSPENDED')
    FROM mandate t
    WHERE {area t} AND t.ended_on IS NULL
) roll
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.level = 'NATIONAL'),
           count(*) FILTER (WHERE m.level = 'PROVINCIAL'),
           count(*) FILTER (WHERE m.level = 'CITY'),
           count(*) FILTER (WHERE m.level = 'COUNTY'),
           count(*) FILTER (WHERE m.level = 'TOWNSHIP')
    FROM (
        SELECT t.id, t.level
        FROM mandate t
        WHERE {area t} AND t.ended_on IS NULL
          AND NOT EXISTS (SELECT FROM posting p WHERE p.mandate_id = t.id AND {area p} AND p.ended_on IS NULL)
        OFFSET 0
    ) m
    WHERE NOT EXISTS (SELECT FROM posting p WHERE p.mandate_id = m.id AND p.ended_on IS NULL OFFSET 0)
) idle
