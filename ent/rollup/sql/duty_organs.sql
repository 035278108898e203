-- Visits of officials to confirmed activities on days of the period, and contacts that organs had with those paired with them, by organ;
-- the organs with the most visits first.
--
-- An official is known by the organ and the name.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  first day, last day
SELECT area.lo, organs.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT COALESCE(came.organ_id, met.organ_id) AS organ_id, COALESCE(came.visits, 0) AS visits, COALESCE(came.officials, 0),
           COALESCE(came.stations, 0), COALESCE(met.contacts, 0) AS contacts
    FROM (
        SELECT t.organ_id, count(*) AS visits, count(DISTINCT t.official_name) AS officials, count(DISTINCT t.station_id) AS stations
        FROM attendance t
        JOIN activity v ON v.id = t.activity_id
        WHERE {area t} AND t.day BETWEEN $3 AND $4 AND v.state = 'CONFIRMED' AND t.organ_id IS NOT NULL
        GROUP BY t.organ_id
    ) came
    FULL JOIN (
        SELECT p.leader_organ_id AS organ_id, count(*) AS contacts
        FROM pairing_contact c
        JOIN pairing p ON p.id = c.pairing_id
        WHERE {area c} AND c.day BETWEEN $3 AND $4 AND p.leader_organ_id IS NOT NULL
        GROUP BY p.leader_organ_id
    ) met ON met.organ_id = came.organ_id
) organs
ORDER BY organs.visits DESC, organs.contacts DESC, organs.organ_id
