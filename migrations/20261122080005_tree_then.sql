-- Sums by the tree of the time (按当时区划): of the codes that records carried when they were written, for any number of places and spans at once.

DROP FUNCTION sums_then(bigint[], date, date);

-- former_then answers what divisions in a range of codes were, of a level or directly below a parent, and the division with which the range begins: each code
-- that one has lost, with the name it had on a day (stood), or else the last one. Days before the first national table have the tree of that table. It answers
-- as far as the codes lie in the viewer's area: whoever sees an area knows what lay in it, though it lies elsewhere now.
GRANT SELECT (name, level, parent_code_then, valid_from, valid_to) ON former_division TO lianluo_definer;
CREATE FUNCTION former_then(first_code bigint, after_code bigint, of_level text, of_parent bigint, on_day date)
    RETURNS TABLE (code bigint, level text, name text, stood boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT DISTINCT ON (f.code_then) f.code_then, f.level, f.name, f.there
    FROM (
        SELECT o.id, o.code_then, o.level, o.name, o.parent_code_then, o.valid_to, o.valid_to > on_day AND o.valid_from <= greatest(on_day, (SELECT d.valid_from FROM division d WHERE d.code = 0)) AS there
        FROM former_division o
    ) f
    WHERE f.code_then >= greatest(first_code, viewer_lo()) AND f.code_then < least(after_code, viewer_hi())
      AND (f.level = of_level OR f.parent_code_then = of_parent OR f.code_then = first_code)
    ORDER BY f.code_then, f.there DESC, f.valid_to DESC, f.id DESC;
END;

-- sums_then answers by how much the sums of places by the tree of the time differ from those by the tree as it is: what lay there then and lies elsewhere now
-- counts, what lay elsewhere then does not. With beyond it answers instead what of the sums of the time lies outside the viewer's area now. It tells sums alone, of
-- codes within the viewer's area: there the records were written, though they are not seen there any more. What came from elsewhere is found by the
-- codes that divisions of the place had before. sources says what is counted.
CREATE FUNCTION sums_then(first_codes bigint[], after_codes bigint[], first_days date[], last_days date[], sources text[], today date, beyond boolean)
    RETURNS TABLE (code bigint, span bigint, measure text, n bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH area AS MATERIALIZED (
        SELECT DISTINCT a.lo, least(a.hi, viewer_hi()) AS hi, CASE WHEN beyond THEN viewer_lo() ELSE a.lo END AS stays_lo,
            CASE WHEN beyond THEN viewer_hi() ELSE least(a.hi, viewer_hi()) END AS stays_hi
        FROM unnest(first_codes, after_codes) AS a (lo, hi) WHERE a.lo >= viewer_lo() AND a.lo < viewer_hi()
    ), span AS MATERIALIZED (
        SELECT s.first, s.last, s.nth FROM unnest(first_days, last_days) WITH ORDINALITY AS s (first, last, nth)
    ), came AS MATERIALIZED (
        SELECT DISTINCT a.lo, a.hi, f.code_then
        FROM area a JOIN former_division f ON f.code >= a.lo AND f.code < a.hi AND NOT (f.code_then >= a.lo AND f.code_then < a.hi)
        WHERE NOT beyond
    ), left_with AS MATERIALIZED (
        SELECT DISTINCT a.lo, a.hi, a.stays_lo, a.stays_hi, s.first, s.last, s.nth, t.deputy_id
        FROM area a JOIN attendance t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi)
        JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED' JOIN span s ON t.day BETWEEN s.first AND s.last
        WHERE 'deputies_attended' = ANY (sources) AND t.deputy_id IS NOT NULL
    ), came_with AS MATERIALIZED (
        SELECT DISTINCT a.lo, a.hi, s.first, s.last, s.nth, t.deputy_id
        FROM came a JOIN attendance t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi
        JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED' JOIN span s ON t.day BETWEEN s.first AND s.last
        WHERE 'deputies_attended' = ANY (sources) AND t.deputy_id IS NOT NULL
    ), persons AS (
        -- A person counts once: who attended there then and not now, less who attended there now and not then.
        SELECT l.lo, l.nth, 1 AS sign FROM left_with l
        WHERE NOT EXISTS (SELECT FROM attendance t JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED'
            WHERE t.deputy_id = l.deputy_id AND t.day BETWEEN l.first AND l.last AND t.code >= l.stays_lo AND t.code < l.stays_hi
              AND (NOT beyond OR t.code_then >= l.lo AND t.code_then < l.hi))
        UNION ALL
        SELECT c.lo, c.nth, -1 FROM came_with c
        WHERE NOT EXISTS (SELECT FROM left_with l WHERE l.lo = c.lo AND l.nth = c.nth AND l.deputy_id = c.deputy_id)
          AND NOT EXISTS (SELECT FROM attendance t JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED'
            WHERE t.deputy_id = c.deputy_id AND t.day BETWEEN c.first AND c.last AND t.code >= c.lo AND t.code < c.hi
              AND t.code_then >= c.lo AND t.code_then < c.hi)
    )
    SELECT r.lo, r.nth, k.key, k.value::bigint
    FROM (
        SELECT x.lo, s.nth, sum(x.sign * x.visit_days_planned) AS visit_days_planned, sum(x.sign * x.visit_days_held) AS visit_days_held,
            sum(x.sign * x.visit_days_missed) AS visit_days_missed, sum(x.sign * x.visit_days_cancelled) AS visit_days_cancelled
        FROM (
            SELECT a.lo, 1 AS sign, m.*
            FROM area a JOIN visit_day t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi)
            CROSS JOIN LATERAL visit_day_measures(t) m
            WHERE 'visit_days' = ANY (sources)
            UNION ALL
            SELECT a.lo, -1, m.*
            FROM came a JOIN visit_day t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi
            CROSS JOIN LATERAL visit_day_measures(t) m
            WHERE 'visit_days' = ANY (sources)
        ) x JOIN span s ON x.day BETWEEN s.first AND s.last
        GROUP BY x.lo, s.nth
    ) r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r)) k
    WHERE k.key NOT IN ('lo', 'nth') AND k.value <> '0'
    UNION ALL
    SELECT r.lo, r.nth, k.key, k.value::bigint
    FROM (
        SELECT x.lo, s.nth, sum(x.sign * x.activities) AS activities, sum(x.sign * x.activities_recorded) AS activities_recorded
        FROM (
            SELECT a.lo, 1 AS sign, m.*
            FROM area a JOIN activity t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi)
            CROSS JOIN LATERAL activity_measures(t) m
            WHERE 'activities' = ANY (sources)
            UNION ALL
            SELECT a.lo, -1, m.*
            FROM came a JOIN activity t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi
            CROSS JOIN LATERAL activity_measures(t) m
            WHERE 'activities' = ANY (sources)
        ) x JOIN span s ON x.day BETWEEN s.first AND s.last
        GROUP BY x.lo, s.nth
    ) r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r)) k
    WHERE k.key NOT IN ('lo', 'nth') AND k.value <> '0'
    UNION ALL
    SELECT r.lo, r.nth, k.key, k.value::bigint
    FROM (
        SELECT x.lo, s.nth, sum(x.sign * x.people_received) AS people_received, sum(x.sign * x.people_visited) AS people_visited,
            sum(x.sign * x.lectures) AS lectures, sum(x.sign * x.problems_solved) AS problems_solved
        FROM (
            SELECT a.lo, 1 AS sign, m.*
            FROM area a JOIN activity t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi) JOIN activity_figure f ON f.activity_id = t.id
            CROSS JOIN LATERAL activity_figure_measures(f, t.day, t.state) m
            WHERE 'figures' = ANY (sources)
            UNION ALL
            SELECT a.lo, -1, m.*
            FROM came a JOIN activity t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi JOIN activity_figure f ON f.activity_id = t.id
            CROSS JOIN LATERAL activity_figure_measures(f, t.day, t.state) m
            WHERE 'figures' = ANY (sources)
        ) x JOIN span s ON x.day BETWEEN s.first AND s.last
        GROUP BY x.lo, s.nth
    ) r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r)) k
    WHERE k.key NOT IN ('lo', 'nth') AND k.value <> '0'
    UNION ALL
    SELECT r.lo, r.nth, k.key, k.value::bigint
    FROM (
        SELECT x.lo, s.nth, sum(x.sign * x.attendances_national) AS attendances_national,
            sum(x.sign * x.attendances_provincial) AS attendances_provincial, sum(x.sign * x.attendances_city) AS attendances_city,
            sum(x.sign * x.attendances_county) AS attendances_county, sum(x.sign * x.attendances_township) AS attendances_township,
            sum(x.sign * x.guests) AS guests, sum(x.sign * x.officials) AS officials
        FROM (
            SELECT a.lo, 1 AS sign, m.*
            FROM area a JOIN attendance t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi) JOIN activity v ON v.id = t.activity_id
            CROSS JOIN LATERAL attendance_measures(t, v.state) m
            WHERE 'attendances' = ANY (sources)
            UNION ALL
            SELECT a.lo, -1, m.*
            FROM came a JOIN attendance t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi JOIN activity v ON v.id = t.activity_id
            CROSS JOIN LATERAL attendance_measures(t, v.state) m
            WHERE 'attendances' = ANY (sources)
        ) x JOIN span s ON x.day BETWEEN s.first AND s.last
        GROUP BY x.lo, s.nth
    ) r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r)) k
    WHERE k.key NOT IN ('lo', 'nth') AND k.value <> '0'
    UNION ALL
    SELECT r.lo, r.nth, k.key, k.value::bigint
    FROM (
        SELECT x.lo, s.nth, sum(x.sign * x.opinions_submitted) AS opinions_submitted, sum(x.sign * x.opinions_declined) AS opinions_declined,
            sum(x.sign * x.opinions_accepted) AS opinions_accepted, sum(x.sign * x.opinions_online) AS opinions_online,
            sum(x.sign * x.opinions_open) AS opinions_open, sum(x.sign * x.opinions_overdue) AS opinions_overdue,
            sum(x.sign * x.opinions_late) AS opinions_late, sum(x.sign * x.opinions_closed) AS opinions_closed,
            sum(x.sign * x.opinions_solved) AS opinions_solved, sum(x.sign * x.opinions_converted) AS opinions_converted,
            sum(x.sign * x.opinions_merged) AS opinions_merged, sum(x.sign * x.opinions_answered) AS opinions_answered,
            sum(x.sign * x.opinions_reworked) AS opinions_reworked, sum(x.sign * x.hardships) AS hardships,
            sum(x.sign * x.hardships_solved) AS hardships_solved, sum(x.sign * x.opinions_satisfied) AS opinions_satisfied,
            sum(x.sign * x.opinions_basically) AS opinions_basically, sum(x.sign * x.opinions_dissatisfied) AS opinions_dissatisfied
        FROM (
            SELECT a.lo, 1 AS sign, m.*
            FROM area a JOIN opinion t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi)
            CROSS JOIN LATERAL opinion_measures(t) m
            WHERE 'opinions' = ANY (sources)
            UNION ALL
            SELECT a.lo, -1, m.*
            FROM came a JOIN opinion t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi
            CROSS JOIN LATERAL opinion_measures(t) m
            WHERE 'opinions' = ANY (sources)
        ) x JOIN span s ON x.day BETWEEN s.first AND s.last
        GROUP BY x.lo, s.nth
    ) r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r)) k
    WHERE k.key NOT IN ('lo', 'nth') AND k.value <> '0'
    UNION ALL
    SELECT r.lo, r.nth, k.key, k.value
    FROM (
        SELECT x.lo, s.nth, sum(x.sign) AS overdue, sum(x.sign) FILTER (WHERE NOT x.late) AS late
        FROM (
            SELECT a.lo, 1 AS sign, day_of(t.accepted_at) AS day, t.late
            FROM area a JOIN opinion t ON t.code_then >= a.lo AND t.code_then < a.hi AND t.code_then <> t.code AND NOT (t.code >= a.stays_lo AND t.code < a.stays_hi)
            WHERE 'unmarked' = ANY (sources) AND t.open AND NOT t.overdue AND t.due_on < today AND t.waits_on <> 'SUBMITTER'
            UNION ALL
            SELECT a.lo, -1, day_of(t.accepted_at), t.late
            FROM came a JOIN opinion t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.lo AND t.code < a.hi
            WHERE 'unmarked' = ANY (sources) AND t.open AND NOT t.overdue AND t.due_on < today AND t.waits_on <> 'SUBMITTER'
        ) x JOIN span s ON x.day BETWEEN s.first AND s.last
        GROUP BY x.lo, s.nth
    ) r CROSS JOIN LATERAL (VALUES ('unmarked_overdue', r.overdue), ('unmarked_late', r.late)) AS k (key, value)
    WHERE k.value <> 0
    UNION ALL
    SELECT p.lo, p.nth, 'deputies_attended', sum(p.sign)::bigint FROM persons p GROUP BY p.lo, p.nth HAVING sum(p.sign) <> 0;
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['former_then(bigint, bigint, text, bigint, date)', 'sums_then(bigint[], bigint[], date[], date[], text[], date, boolean)']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lianluo_definer', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lianluo_area, lianluo_system', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
