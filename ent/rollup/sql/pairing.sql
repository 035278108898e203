-- Pairings of a kind by who leads, with what falls behind first. A congress's pairings all lie in its area, so those of the congresses that stand in
-- the area asked are seen whole.
--
-- $1, $2  first code of the area, and the first one after it
-- $3      the congress; null for all in the area
-- $4      the kind
-- $5      the day
-- $6, $7, $8  the periods that the day lies in: their names, first and last days; what has no rule is told by the month
--
-- A pairing is counted on when it, and the rule, were there for all of the period: before that, nothing is expected of it.
WITH paired AS (
    SELECT p.*, coalesce(p.leader_deputy_id::text, p.leader_organ_id::text || p.leader_name) AS who, r.id AS rule, r.least, r.most, r.times, r.period, span.first, span.last,
        p.started_on <= $5::date AND (p.ended_on IS NULL OR p.ended_on > $5::date) AS now,
        r.id IS NOT NULL AND p.started_on <= span.first AND r.from_on <= span.first AND (p.ended_on IS NULL OR p.ended_on > span.last) AS whole,
        (SELECT count(*) FROM pairing_contact c WHERE c.pairing_id = p.id AND c.day BETWEEN span.first AND span.last) AS done
    FROM congress g
    JOIN pairing p ON p.congress_id = g.id AND p.kind = $4
    LEFT JOIN pairing_rule r ON r.congress_id = g.id AND r.kind = $4
    JOIN unnest($6::text[], $7::date[], $8::date[]) AS span (name, first, last) ON span.name = coalesce(r.period, 'MONTH')
    WHERE g.code >= $1 AND g.code < $2 AND ($3::uuid IS NULL OR g.id = $3::uuid)
      AND p.started_on <= span.last AND (p.ended_on IS NULL OR p.ended_on > span.first)
), leader AS (
    SELECT md5(congress_id::text || who)::uuid AS id,
        congress_id, leader_deputy_id, leader_organ_id,
        (array_agg(leader_name ORDER BY started_on DESC, p.id))[1] AS name, (array_agg(leader_title ORDER BY started_on DESC, p.id))[1] AS title,
        rule, least, most, times, first, last,
        count(*) FILTER (WHERE now) AS paired, count(*) FILTER (WHERE whole) * coalesce(times, 0) AS expected, sum(done)::bigint AS done,
        coalesce(sum(greatest(times - done, 0)) FILTER (WHERE whole), 0)::bigint AS missing,
        greatest(least - count(*) FILTER (WHERE now), 0) AS short,
        array_agg(p.id ORDER BY whole DESC, done, started_on, p.id) AS pairings,
        array_agg(done ORDER BY whole DESC, done, started_on, p.id) AS contacts,
        array_agg(whole ORDER BY whole DESC, done, started_on, p.id) AS wholes
    FROM paired p
    GROUP BY congress_id, leader_deputy_id, leader_organ_id, who, rule, least, most, times, first, last
), behind AS (
    -- Contacts that are missing weigh more than pairings that are.
    SELECT l.*, l.missing * 10000 + coalesce(l.short, 0) AS lag FROM leader l
)
