-- Sums that are kept (汇总事实): what each division from the county up has counted in each month, quarter and year.
--
-- A statement that changes records appends, in its own transaction, what it changes of the sums (fact_delta); a job folds that into the sums a moment
-- later (fold_facts), and a reader adds to the sums what is not folded yet. So sums are exact at once, no writer waits for another, and only the job
-- writes a row of a province.
--
-- What a record counts for is said once, by the functions named after its table (opinion_measures …). The triggers, the recount from nothing
-- (recount_facts), sums over other days than whole months, and lists of the records behind a sum all ask these.

-- fact_place is the division whose sums a record goes into, with all above it: its county, or where the tree has none its city, its province, the nation.
CREATE FUNCTION fact_place(province bigint, city bigint, county bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(county, city, province, 0);
-- area_end is the first code after a division of a county or above and all below it.
CREATE FUNCTION area_end(code bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN code + CASE WHEN code = 0 THEN 1000000000000 WHEN code % 10000000000 = 0 THEN 10000000000 WHEN code % 100000000 = 0 THEN 100000000 ELSE 1000000 END;
-- day_of is the day in China on which something happens.
CREATE FUNCTION day_of(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (moment AT TIME ZONE 'Asia/Shanghai')::date;
-- month_of is the first day of a day's month.
CREATE FUNCTION month_of(day date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN day - (extract(day FROM day)::integer - 1);

-- The measures. Those of the roster and of the tree are changes: the sum of all up to a day is the state at its end. Those of what happened, and of what
-- became of it, are counts. A person counts once in a span of any length, so persons who attended have a sum for each quarter and year as well.
CREATE TABLE fact (
    code   bigint NOT NULL,
    span   text NOT NULL CONSTRAINT span_known CHECK (span IN ('MONTH', 'QUARTER', 'YEAR', 'TOTAL')),
    starts date NOT NULL, -- first day of the span; 'infinity' for the TOTAL of all months

    stations_home     bigint NOT NULL DEFAULT 0,
    stations_station  bigint NOT NULL DEFAULT 0,
    stations_point    bigint NOT NULL DEFAULT 0,
    stations_post     bigint NOT NULL DEFAULT 0,
    stations_base     bigint NOT NULL DEFAULT 0,
    stations_online   bigint NOT NULL DEFAULT 0,
    stations_opened   bigint NOT NULL DEFAULT 0,
    stations_closed   bigint NOT NULL DEFAULT 0,
    mandates_national   bigint NOT NULL DEFAULT 0,
    mandates_provincial bigint NOT NULL DEFAULT 0,
    mandates_city       bigint NOT NULL DEFAULT 0,
    mandates_county     bigint NOT NULL DEFAULT 0,
    mandates_township   bigint NOT NULL DEFAULT 0,
    deputies          bigint NOT NULL DEFAULT 0,
    postings          bigint NOT NULL DEFAULT 0,
    deputies_posted   bigint NOT NULL DEFAULT 0,
    townships         bigint NOT NULL DEFAULT 0,
    townships_covered bigint NOT NULL DEFAULT 0,
    villages          bigint NOT NULL DEFAULT 0,
    villages_covered  bigint NOT NULL DEFAULT 0,

    visit_days_planned   bigint NOT NULL DEFAULT 0,
    visit_days_held      bigint NOT NULL DEFAULT 0,
    visit_days_missed    bigint NOT NULL DEFAULT 0,
    visit_days_cancelled bigint NOT NULL DEFAULT 0,
    activities          bigint NOT NULL DEFAULT 0,
    activities_recorded bigint NOT NULL DEFAULT 0,
    attendances_national   bigint NOT NULL DEFAULT 0,
    attendances_provincial bigint NOT NULL DEFAULT 0,
    attendances_city       bigint NOT NULL DEFAULT 0,
    attendances_county     bigint NOT NULL DEFAULT 0,
    attendances_township   bigint NOT NULL DEFAULT 0,
    guests             bigint NOT NULL DEFAULT 0,
    officials          bigint NOT NULL DEFAULT 0,
    deputies_attended  bigint NOT NULL DEFAULT 0,
    people_received    bigint NOT NULL DEFAULT 0,
    people_visited     bigint NOT NULL DEFAULT 0,
    lectures           bigint NOT NULL DEFAULT 0,
    problems_solved    bigint NOT NULL DEFAULT 0,
    points             bigint NOT NULL DEFAULT 0, -- tenths
    norms_met          bigint NOT NULL DEFAULT 0,
    norms_missing      bigint NOT NULL DEFAULT 0,

    opinions_submitted bigint NOT NULL DEFAULT 0,
    opinions_declined  bigint NOT NULL DEFAULT 0,
    opinions_accepted  bigint NOT NULL DEFAULT 0,
    opinions_online    bigint NOT NULL DEFAULT 0,
    opinions_open      bigint NOT NULL DEFAULT 0,
    opinions_overdue   bigint NOT NULL DEFAULT 0,
    opinions_late      bigint NOT NULL DEFAULT 0,
    opinions_closed    bigint NOT NULL DEFAULT 0,
    opinions_solved    bigint NOT NULL DEFAULT 0,
    opinions_converted bigint NOT NULL DEFAULT 0,
    opinions_merged    bigint NOT NULL DEFAULT 0,
    opinions_answered  bigint NOT NULL DEFAULT 0,
    opinions_reworked  bigint NOT NULL DEFAULT 0,
    hardships          bigint NOT NULL DEFAULT 0,
    hardships_solved   bigint NOT NULL DEFAULT 0,
    opinions_satisfied    bigint NOT NULL DEFAULT 0,
    opinions_basically    bigint NOT NULL DEFAULT 0,
    opinions_dissatisfied bigint NOT NULL DEFAULT 0,

    suggestions_made    bigint NOT NULL DEFAULT 0,
    suggestions_adopted bigint NOT NULL DEFAULT 0,

    PRIMARY KEY (code, span, starts)
) WITH (fillfactor = 70); -- folding rewrites rows in place

-- How mandates stand with the norms of periods that are over, by the day on which each ended (履职达标): so many items met and missed. The platform's jobs write
-- it, from the deeds; it goes with the mandate's place.
CREATE TABLE norm_standing (
    mandate_id uuid NOT NULL REFERENCES mandate (id) ON DELETE CASCADE,
    ended_on   date NOT NULL,
    met        bigint NOT NULL CONSTRAINT standing_met CHECK (met >= 0),
    missing    bigint NOT NULL CONSTRAINT standing_missing CHECK (missing >= 0),
    code          bigint NOT NULL,
    province_code bigint,
    city_code     bigint,
    county_code   bigint,
    township_code bigint,
    PRIMARY KEY (mandate_id, ended_on)
);
CREATE INDEX norm_standing_code ON norm_standing (code, ended_on);
CREATE INDEX norm_standing_county ON norm_standing (county_code, ended_on);
CREATE INDEX norm_standing_city ON norm_standing (city_code, ended_on);
CREATE INDEX norm_standing_province ON norm_standing (province_code, ended_on);
SELECT protect('norm_standing', '{place}', false);

-- The sums of opinions by category, for cities and above; the opinions of a county are counted as fast.
CREATE TABLE category_fact (
    code        bigint NOT NULL,
    starts      date NOT NULL,
    category_id uuid, -- none before an opinion is analysed
    UNIQUE NULLS NOT DISTINCT (code, starts, category_id)
) WITH (fillfactor = 70);

-- What is to be added; null is nothing. The ancestors say which sums it goes into.
CREATE TABLE fact_delta (LIKE fact);
ALTER TABLE fact_delta ADD COLUMN province_code bigint, ADD COLUMN city_code bigint, ADD COLUMN county_code bigint, ADD COLUMN category_id uuid;
DO $$
DECLARE
    c text;
BEGIN
    FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 'fact'::regclass AND attnum > 3 AND NOT attisdropped LOOP
        EXECUTE format('ALTER TABLE fact_delta ALTER COLUMN %I DROP NOT NULL', c);
    END LOOP;
END $$;
-- It is emptied each second; what is dead must not be read again and again.
ALTER TABLE fact_delta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- A sum is for those who see all of its division. The keeper of a county's own station sees one code of the county, and so none of its sums.
SELECT protect('fact', 'CASE WHEN code >= (SELECT viewer_lo()) AND area_end(code) <= (SELECT viewer_hi()) THEN true ELSE false END', false);
SELECT protect('fact_delta', 'CASE WHEN code >= (SELECT viewer_lo()) AND area_end(code) <= (SELECT viewer_hi()) THEN true ELSE false END', false);
CREATE POLICY definer_insert ON fact_delta FOR INSERT TO lianluo_definer WITH CHECK (true);
GRANT INSERT ON fact_delta TO lianluo_definer;

-- What one record counts for: the days, and what on each.

CREATE FUNCTION station_measures(s station) RETURNS TABLE (day date, stations_home integer, stations_station integer, stations_point integer,
        stations_post integer, stations_base integer, stations_online integer, stations_opened integer, stations_closed integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.day, CASE s.kind WHEN 'HOME' THEN e.n END, CASE s.kind WHEN 'STATION' THEN e.n END, CASE s.kind WHEN 'POINT' THEN e.n END,
        CASE s.kind WHEN 'POST' THEN e.n END, CASE s.kind WHEN 'BASE' THEN e.n END, CASE s.kind WHEN 'ONLINE' THEN e.n END,
        CASE WHEN s.kind <> 'ONLINE' AND e.n > 0 THEN 1 END, CASE WHEN s.kind <> 'ONLINE' AND e.n < 0 THEN 1 END
    FROM (VALUES (s.opened_on, 1), (s.closed_on, -1)) AS e (day, n) WHERE e.day IS NOT NULL;
END;

CREATE FUNCTION mandate_measures(m mandate) RETURNS TABLE (day date, mandates_national integer, mandates_provincial integer, mandates_city integer,
        mandates_county integer, mandates_township integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.day, CASE m.level WHEN 'NATIONAL' THEN e.n END, CASE m.level WHEN 'PROVINCIAL' THEN e.n END, CASE m.level WHEN 'CITY' THEN e.n END,
        CASE m.level WHEN 'COUNTY' THEN e.n END, CASE m.level WHEN 'TOWNSHIP' THEN e.n END
    FROM (VALUES (m.elected_on, 1), (m.ended_on, -1)) AS e (day, n) WHERE e.day IS NOT NULL;
END;

CREATE FUNCTION posting_measures(p posting) RETURNS TABLE (day date, postings integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.day, e.n FROM (VALUES (p.started_on, 1), (p.ended_on, -1)) AS e (day, n) WHERE e.day IS NOT NULL;
END;

-- The tree is counted as it is now, whatever the day: the national table tells only that a place is there at the latest since its own date.
CREATE FUNCTION division_measures(d division) RETURNS TABLE (day date, townships integer, villages integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '1949-10-01'::date, CASE d.level WHEN 'TOWNSHIP' THEN 1 END, CASE d.level WHEN 'VILLAGE' THEN 1 END
    WHERE d.level IN ('TOWNSHIP', 'VILLAGE') AND NOT d.placeholder AND d.valid_to IS NULL;
END;

CREATE FUNCTION visit_day_measures(v visit_day) RETURNS TABLE (day date, visit_days_planned integer, visit_days_held integer, visit_days_missed integer,
        visit_days_cancelled integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT v.day, CASE WHEN v.state IN ('PLANNED', 'PUBLISHED') THEN 1 END, CASE v.state WHEN 'HELD' THEN 1 END, CASE v.state WHEN 'MISSED' THEN 1 END,
        CASE v.state WHEN 'CANCELLED' THEN 1 END;
END;

CREATE FUNCTION activity_measures(a activity) RETURNS TABLE (day date, activities integer, activities_recorded integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT a.day, CASE a.state WHEN 'CONFIRMED' THEN 1 END, CASE a.state WHEN 'RECORDED' THEN 1 END WHERE a.state IN ('CONFIRMED', 'RECORDED');
END;

-- What an activity counted, and who came, counts once the activity is confirmed. The four figures are those of the nation, which every activity may count.
CREATE FUNCTION activity_figure_measures(f activity_figure, held_on date, stands text) RETURNS TABLE (day date, people_received bigint,
        people_visited bigint, lectures bigint, problems_solved bigint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT held_on, CASE f.figure_id WHEN '01930000-0000-7000-8000-000000000001' THEN f.value END,
        CASE f.figure_id WHEN '01930000-0000-7000-8000-000000000002' THEN f.value END,
        CASE f.figure_id WHEN '01930000-0000-7000-8000-000000000003' THEN f.value END,
        CASE f.figure_id WHEN '01930000-0000-7000-8000-000000000004' THEN f.value END
    WHERE stands = 'CONFIRMED';
END;

CREATE FUNCTION attendance_measures(a attendance, stands text) RETURNS TABLE (day date, attendances_national integer, attendances_provincial integer,
        attendances_city integer, attendances_county integer, attendances_township integer, guests integer, officials integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT a.day, CASE a.level WHEN 'NATIONAL' THEN 1 END, CASE a.level WHEN 'PROVINCIAL' THEN 1 END, CASE a.level WHEN 'CITY' THEN 1 END,
        CASE a.level WHEN 'COUNTY' THEN 1 END, CASE a.level WHEN 'TOWNSHIP' THEN 1 END,
        CASE WHEN a.guest AND a.deputy_id IS NOT NULL THEN 1 END, CASE WHEN a.organ_id IS NOT NULL THEN 1 END
    WHERE stands = 'CONFIRMED';
END;

CREATE FUNCTION norm_standing_measures(s norm_standing) RETURNS TABLE (day date, norms_met bigint, norms_missing bigint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.ended_on, s.met, s.missing;
END;

CREATE FUNCTION point_entry_measures(e point_entry) RETURNS TABLE (day date, points bigint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.day, e.points;
END;

-- An opinion counts on the day it came in, the day it was declined, and, with all that has become of it by now, the day it was accepted.
CREATE FUNCTION opinion_measures(o opinion) RETURNS TABLE (day date, opinions_submitted integer, opinions_declined integer, opinions_accepted integer,
        opinions_online integer, opinions_open integer, opinions_overdue integer, opinions_late integer, opinions_closed integer, opinions_solved integer,
        opinions_converted integer, opinions_merged integer, opinions_answered integer, opinions_reworked integer, hardships integer,
        hardships_solved integer, opinions_satisfied integer, opinions_basically integer, opinions_dissatisfied integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT day_of(h.at), CASE h.what WHEN 'SUBMIT' THEN 1 END, CASE h.what WHEN 'DECLINE' THEN 1 END, a.n,
        CASE WHEN o.channel IN ('STATION_CODE', 'DEPUTY_CODE', 'ONLINE') THEN a.n END,
        CASE WHEN o.closed_at IS NULL THEN a.n END,
        CASE WHEN o.open AND o.overdue AND o.waits_on <> 'SUBMITTER' THEN a.n END,
        CASE WHEN o.late THEN a.n END,
        CASE WHEN o.closed_at IS NOT NULL THEN a.n END,
        CASE WHEN o.closed_at IS NOT NULL AND o.outcome = 'SOLVED' THEN a.n END,
        CASE o.state WHEN 'CONVERTED' THEN a.n END,
        CASE o.state WHEN 'MERGED' THEN a.n END,
        CASE WHEN o.replied_at IS NOT NULL OR o.fed_back_at IS NOT NULL THEN a.n END,
        CASE WHEN (o.replied_at IS NOT NULL OR o.fed_back_at IS NOT NULL) AND o.reworks > 0 THEN a.n END,
        CASE WHEN o.hardship THEN a.n END,
        CASE WHEN o.hardship AND o.closed_at IS NOT NULL AND o.outcome = 'SOLVED' THEN a.n END,
        CASE o.rating WHEN 'SATISFIED' THEN a.n END,
        CASE o.rating WHEN 'BASICALLY_SATISFIED' THEN a.n END,
        CASE o.rating WHEN 'DISSATISFIED' THEN a.n END
    FROM (VALUES ('SUBMIT', o.submitted_at), ('ACCEPT', o.accepted_at), ('DECLINE', CASE o.state WHEN 'DECLINED' THEN o.state_since END)) AS h (what, at)
    CROSS JOIN LATERAL (SELECT CASE h.what WHEN 'ACCEPT' THEN 1 END) AS a (n)
    WHERE h.at IS NOT NULL;
END;

-- A draft is not made yet, whatever it may become; none can be adopted before there is a review of suggestions.
CREATE FUNCTION suggestion_measures(s suggestion) RETURNS TABLE (day date, suggestions_made integer, suggestions_adopted integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT day_of(s.created_at), 1, NULL::integer WHERE s.state <> 'DRAFT';
END;

-- What follows writes the triggers and the recount from these functions, so that each measure stands in one place.

-- columns_of lists the measures that a function answers.
CREATE FUNCTION pg_temp.columns_of(measures regproc) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(a.name ORDER BY a.n)
    FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS a (name, mode, n)
    WHERE p.oid = measures AND a.mode = 't' AND a.name <> 'day'
$$;

-- appending writes the statement that appends what rows change. rows is a query for pairs of a sign (1 for what a row is now, -1 for what it was) and a row,
-- and what the measures need beside it.
CREATE FUNCTION pg_temp.appending(t regclass, asked text, columns text[], rows text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
        INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, category_id, %1$s)
        SELECT public.fact_place(s.province, s.city, s.county), 'MONTH', s.month, s.province, s.city, s.county, s.category, %2$s
        FROM (
            SELECT (r.row).province_code AS province, (r.row).city_code AS city, (r.row).county_code AS county, %7$s AS category,
                public.month_of(m.day) AS month, %3$s
            FROM (%4$s) r CROSS JOIN LATERAL %5$s m
            GROUP BY 1, 2, 3, 4, 5) s
        WHERE %6$s$sql$,
        (SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) AS c),
        (SELECT string_agg(format('nullif(s.%I, 0)', c), ', ') FROM unnest(columns) AS c),
        (SELECT string_agg(format('sum(r.sign * m.%1$I) AS %1$I', c), ', ') FROM unnest(columns) AS c),
        rows, asked,
        (SELECT string_agg(format('s.%I <> 0', c), ' OR ') FROM unnest(columns) AS c),
        CASE t::text WHEN 'opinion' THEN '(r.row).category_id' ELSE 'NULL::uuid' END)
$$;

-- counted has changes of a table appended: by one trigger for each kind of statement, which sees the rows as they were and as they are.
CREATE FUNCTION pg_temp.triggers(t regclass, f regproc) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER counted_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %s()', t, f);
    EXECUTE format('CREATE TRIGGER counted_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION %s()', t, f);
    EXECUTE format('CREATE TRIGGER counted_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION %s()', t, f);
END $$;
-- changed is a query for the rows that a statement changed, as they are and as they were; joined goes on from the alias r of each.
CREATE FUNCTION pg_temp.changed(t regclass, op text, beside text DEFAULT '', joined text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' UNION ALL ',
        CASE WHEN op <> 'DELETE' THEN format('SELECT 1 AS sign, ROW(c.*)::public.%I AS row%s FROM new_rows c%s', t, beside, joined) END,
        CASE WHEN op <> 'INSERT' THEN format('SELECT -1 AS sign, ROW(c.*)::public.%I AS row%s FROM old_rows c%s', t, beside, joined) END)
$$;
-- branches writes a statement for each kind of statement, with {changed} in it standing for the rows changed.
CREATE FUNCTION pg_temp.branches(t regclass, statement text, beside text DEFAULT '', joined text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format(E'    %s TG_OP = %L THEN\n%s;\n', CASE n WHEN 1 THEN 'IF' ELSE 'ELSIF' END, op,
        replace(statement, '{changed}', pg_temp.changed(t, op, beside, joined))), '' ORDER BY n) || E'    END IF;\n'
    FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS u (op, n)
$$;

-- definer hands a function that must see beyond the viewer to the role that may.
CREATE FUNCTION pg_temp.definer(f regprocedure) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'GRANT CREATE ON SCHEMA public TO lianluo_definer';
    EXECUTE format('ALTER FUNCTION %s OWNER TO lianluo_definer', f);
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM lianluo_definer';
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
END $$;

-- counts makes the trigger of a table. Its plans are kept by the session, whatever they were first made for, be it a table that was still empty: so they
-- begin with what a statement changed (LATERAL … OFFSET 0), and find the rest by an index and in no other way.
CREATE FUNCTION pg_temp.counts(t regclass, body text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    f text := format('%s_counted', t);
BEGIN
    EXECUTE format('CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp '
        'SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS %L',
        f, E'\nDECLARE\n    keys text[];\n    counts boolean;\nBEGIN\n' || body || E'    RETURN NULL;\nEND ');
    PERFORM pg_temp.definer(format('%s()', f)::regprocedure);
    PERFORM pg_temp.triggers(t, f::regproc);
END $$;

-- What a trigger compares is what its statement left with what it found, so a statement changes rows of a table that counts persons in one way only:
-- no INSERT … ON CONFLICT DO UPDATE, no MERGE, no second change in a WITH.

-- measured is the part of a trigger that appends the measures of rows that count by themselves.
CREATE FUNCTION pg_temp.measured(t regclass) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.branches(t, pg_temp.appending(t, format('public.%s_measures(r.row)', t), pg_temp.columns_of(format('%s_measures', t)::regproc), '{changed}'))
$$;

-- Persons, and places that have a station, count once however often they are met. Counted in one place that does not add up, so a person's places are
-- taken in the order of the tree: the person counts 1 at each, and -1 at the lowest common ancestor of each two neighbours. The sum over any division
-- and all below it is then 1 exactly if the person has a place in it.

-- decomposed writes that over the query given, for rows (sign, key, part, province, city, county): one for each place that a key has in a part.
CREATE FUNCTION pg_temp.decomposed(places text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
        SELECT p.sign, p.part, x.province, x.city, x.county, x.n
        FROM (
            SELECT q.*, row_number() OVER w AS nth, lag(q.province) OVER w AS province_before, lag(q.city) OVER w AS city_before
            FROM (%s) q
            WINDOW w AS (PARTITION BY q.sign, q.key, q.part ORDER BY public.fact_place(q.province, q.city, q.county))
        ) p
        CROSS JOIN LATERAL (
            SELECT p.province, p.city, p.county, 1
            UNION ALL
            SELECT CASE WHEN p.province = p.province_before THEN p.province END, CASE WHEN p.city = p.city_before THEN p.city END, NULL, -1 WHERE p.nth > 1
        ) AS x (province, city, county, n)$sql$, places)
$$;

-- Who attended (人数), in each month, quarter and year.
CREATE TYPE presence AS (sign integer, deputy uuid, day date, province bigint, city bigint, county bigint);
CREATE TYPE span_of AS (span text, starts date);
CREATE FUNCTION spans_of(day date) RETURNS SETOF span_of LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.span, s.starts FROM (VALUES ('MONTH', month_of(day)), ('QUARTER', date_trunc('quarter', day::timestamp)::date),
        ('YEAR', date_trunc('year', day::timestamp)::date)) AS s (span, starts);
END;

-- turn takes the turns of writers that change what the same persons count for: each sees what the one before has left, which is why none may
-- work on a snapshot that is older than its turn. There are so many turns as not to fill the table of locks; they are taken in order.
CREATE FUNCTION turn(keys text[]) RETURNS void LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who counts once is changed in READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM pg_advisory_xact_lock(1179014740, t.n) FROM (SELECT DISTINCT abs(hashtext(k) % 2048) AS n FROM unnest(keys) AS k ORDER BY 1 OFFSET 0) t;
END $$;

DO $outer$
BEGIN
    EXECUTE format($create$
CREATE FUNCTION append_presence(changes presence[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $body$
BEGIN
    IF coalesce(cardinality(changes), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM public.turn(ARRAY(SELECT DISTINCT c.deputy::text FROM unnest(changes) AS c));
    -- What a person's places are now is asked anew, after the turn has come: then less what this statement changed is what they were.
    INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, deputies_attended)
    SELECT public.fact_place(d.province, d.city, d.county), (d.part).span, (d.part).starts, d.province, d.city, d.county, sum(d.sign * d.n)
    FROM (%s) d
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING sum(d.sign * d.n) <> 0;
END $body$$create$, pg_temp.decomposed($places$
            SELECT s.sign, c.key, c.part, c.province, c.city, c.county
            FROM (
                SELECT x.key, p AS part, x.province, x.city, x.county, sum(x.now) AS now, sum(x.change) AS change
                FROM (
                    SELECT a.deputy_id AS key, a.day, a.province_code AS province, a.city_code AS city, a.county_code AS county, 1 AS now, 0 AS change
                    FROM (
                        SELECT e.deputy, date_trunc('year', min(e.day)::timestamp)::date AS first,
                            (date_trunc('year', max(e.day)::timestamp) + interval '1 year - 1 day')::date AS last
                        FROM unnest(changes) AS e GROUP BY 1) who
                    CROSS JOIN LATERAL (SELECT * FROM public.attendance a WHERE a.deputy_id = who.deputy AND a.day BETWEEN who.first AND who.last OFFSET 0) a
                    WHERE (SELECT v.state FROM public.activity v WHERE v.id = a.activity_id) = 'CONFIRMED'
                    UNION ALL
                    SELECT e.deputy, e.day, e.province, e.city, e.county, 0, e.sign FROM unnest(changes) AS e
                ) x
                CROSS JOIN LATERAL public.spans_of(x.day) p
                GROUP BY 1, 2, 3, 4, 5
            ) c
            CROSS JOIN (VALUES (1), (-1)) AS s (sign)
            WHERE CASE s.sign WHEN 1 THEN c.now > 0 ELSE c.now - c.change > 0 END$places$));
END $outer$;
SELECT pg_temp.definer('append_presence(presence[])');

-- What holds from a day until another one (mandates, postings, open stations), of a key that counts once: the months at whose ends its places differ.
CREATE TYPE tenure AS (sign integer, key text, from_on date, until_on date, province bigint, city bigint, county bigint);
CREATE FUNCTION pg_temp.tenures(source text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
        SELECT d.province, d.city, d.county, k.month, sum(d.sign * d.n * k.side) AS n
        FROM (%s) d
        CROSS JOIN LATERAL (VALUES ((d.part).first, 1), ((d.part).after, -1)) AS k (month, side)
        WHERE k.month < 'infinity'
        GROUP BY 1, 2, 3, 4
        HAVING sum(d.sign * d.n * k.side) <> 0$sql$,
        pg_temp.decomposed(format($sql$
            SELECT DISTINCT b.sign, b.key, ROW(b.first, b.after)::public.months AS part, t.province, t.city, t.county
            FROM (
                SELECT e.sign, e.key, e.month AS first, lead(e.month) OVER (PARTITION BY e.sign, e.key ORDER BY e.month) AS after
                FROM (
                    SELECT DISTINCT t.sign, t.key, m.month
                    FROM (%1$s) t
                    CROSS JOIN LATERAL (VALUES (public.month_of(t.from_on)), (coalesce(public.month_of(t.until_on), 'infinity'))) AS m (month)
                    WHERE t.until_on IS NULL OR public.month_of(t.until_on) > public.month_of(t.from_on)
                ) e
            ) b
            JOIN (%1$s) t ON t.sign = b.sign AND t.key = b.key
                AND public.month_of(t.from_on) <= b.first AND (t.until_on IS NULL OR public.month_of(t.until_on) > b.first)$sql$, source)))
$$;
CREATE TYPE months AS (first date, after date);

-- A measure of what counts once: where its rows are, what the key is, from when until when a row holds, whether a row counts at all, and how the rows of a
-- key k are found.
CREATE TYPE pg_temp.once AS (measure text, source text, key text, from_on text, until_on text, counts text, found text);
CREATE FUNCTION pg_temp.onces() RETURNS SETOF pg_temp.once LANGUAGE sql AS $$
    VALUES
        ('deputies', 'mandate', 'deputy_id', 'elected_on', 'ended_on', 'true', 'c.deputy_id = k.key'),
        ('deputies_posted', 'posting', 'deputy_id', 'started_on', 'ended_on', 'true', 'c.deputy_id = k.key'),
        ('villages_covered', 'station', 'code', 'opened_on', 'closed_on', $x$c.kind <> 'ONLINE' AND c.code % 1000 <> 0$x$, 'c.code = k.key'),
        ('townships_covered', 'station', 'township_code', 'opened_on', 'closed_on', $x$c.kind <> 'ONLINE' AND c.township_code IS NOT NULL$x$,
            'c.code >= k.key AND c.code < k.key + 1000 AND c.township_code = k.key')
$$;
-- append_deputies and its like append what tenures change of their measure.
DO $outer$
DECLARE
    m text;
BEGIN
    FOR m IN SELECT measure FROM pg_temp.onces() LOOP
        EXECUTE format($create$
CREATE FUNCTION append_%1$s(changes tenure[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET jit = off AS $body$
BEGIN
    INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, %1$s)
    SELECT public.fact_place(d.province, d.city, d.county), 'MONTH', d.month, d.province, d.city, d.county, d.n FROM (%2$s) d;
END $body$$create$, m, pg_temp.tenures('SELECT c.* FROM unnest(changes) AS c'));
        PERFORM pg_temp.definer(format('append_%s(tenure[])', m)::regprocedure);
    END LOOP;
END $outer$;
-- tenures_of is a query for the tenures of rows c.
CREATE FUNCTION pg_temp.tenures_of(o pg_temp.once, sign integer, rows text, condition text DEFAULT 'true') RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %s AS sign, c.%I::text AS key, c.%I AS from_on, c.%I AS until_on, c.province_code AS province, c.city_code AS city, '
        'c.county_code AS county FROM %s WHERE (%s) AND %s', sign, o.key, o.from_on, o.until_on, rows, o.counts, condition)
$$;
-- once is the part of a trigger that appends what rows change of such a measure.
CREATE FUNCTION pg_temp.once(o pg_temp.once) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format($sql$
    IF TG_OP = %1$L THEN
        keys := ARRAY(SELECT DISTINCT d.key FROM (%2$s) d);
        IF cardinality(keys) > 0 THEN
            PERFORM public.turn(keys);
            PERFORM public.append_%3$s(ARRAY(SELECT ROW(x.*)::public.tenure FROM (%4$s) x));
        END IF;
    END IF;
$sql$, op,
        concat_ws(' UNION ALL ',
            CASE WHEN op <> 'DELETE' THEN '(' || pg_temp.tenures_of(o, 1, 'new_rows c')
                || CASE WHEN op = 'UPDATE' THEN ' EXCEPT ' || pg_temp.tenures_of(o, 1, 'old_rows c') ELSE '' END || ')' END,
            CASE WHEN op <> 'INSERT' THEN '(' || pg_temp.tenures_of(o, 1, 'old_rows c')
                || CASE WHEN op = 'UPDATE' THEN ' EXCEPT ' || pg_temp.tenures_of(o, 1, 'new_rows c') ELSE '' END || ')' END),
        o.measure,
        concat_ws(' UNION ALL ',
            pg_temp.tenures_of(o, 1, known, o.found),
            pg_temp.tenures_of(o, -1, known, o.found || CASE WHEN op = 'DELETE' THEN '' ELSE ' AND c.id NOT IN (SELECT n.id FROM new_rows n)' END),
            CASE WHEN op <> 'INSERT' THEN pg_temp.tenures_of(o, -1, 'old_rows c', format('c.%I::text = ANY (keys)', o.key)) END)), '')
    FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS op,
        LATERAL (SELECT format('(SELECT key::%s AS key FROM unnest(keys) AS key) k CROSS JOIN LATERAL (SELECT * FROM public.%I c WHERE %s OFFSET 0) c',
            CASE o.key WHEN 'deputy_id' THEN 'uuid' ELSE 'bigint' END, o.source, o.found)) AS f (known)
$$;

-- The triggers of what counts by itself.
SELECT pg_temp.counts(t, pg_temp.measured(t))
FROM unnest(ARRAY['division', 'visit_day', 'point_entry', 'norm_standing', 'opinion', 'suggestion']::regclass[]) AS t;
SELECT pg_temp.counts(t, pg_temp.measured(t) || (SELECT string_agg(pg_temp.once(o), '' ORDER BY o.measure) FROM pg_temp.onces() o WHERE o.source = t::text))
FROM unnest(ARRAY['station', 'mandate', 'posting']::regclass[]) AS t;

-- A mandate that is grouped elsewhere takes its standings along.
CREATE POLICY definer_read ON norm_standing FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_update ON norm_standing FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (code, province_code, city_code, county_code, township_code) ON norm_standing TO lianluo_definer;
CREATE FUNCTION mandate_regrouped() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.norm_standing s
    SET code = n.code, province_code = n.province_code, city_code = n.city_code, county_code = n.county_code, township_code = n.township_code
    FROM new_rows n JOIN old_rows o ON o.id = n.id AND (o.code, o.province_code, o.city_code, o.county_code, o.township_code)
        IS DISTINCT FROM (n.code, n.province_code, n.city_code, n.county_code, n.township_code)
    WHERE s.mandate_id = n.id;
    RETURN NULL;
END $$;
SELECT pg_temp.definer('mandate_regrouped()');
CREATE TRIGGER regrouped AFTER UPDATE ON mandate REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mandate_regrouped();

-- The triggers of activities and of what hangs on them. An activity that someone confirms at this moment is waited for, and one whose attendances
-- change is not confirmed meanwhile: so neither misses what the other does.
CREATE POLICY definer_lock ON activity FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (false);
GRANT UPDATE (version) ON activity TO lianluo_definer;
CREATE POLICY definer_read ON activity_figure FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT ON activity, activity_figure, attendance, station, posting, mandate TO lianluo_definer;

CREATE FUNCTION pg_temp.locked() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format($sql$
    IF TG_OP = %L THEN
        SELECT coalesce(bool_or(v.state = 'CONFIRMED'), false) INTO counts
        FROM (SELECT v.state FROM public.activity v WHERE v.id = ANY (ARRAY(%s)) ORDER BY v.id FOR SHARE) v;
    END IF;
$sql$, op, concat_ws(' UNION ', CASE WHEN op <> 'DELETE' THEN 'SELECT c.activity_id FROM new_rows c' END, CASE WHEN op <> 'INSERT' THEN 'SELECT c.activity_id FROM old_rows c' END)), '')
        || E'    IF NOT counts THEN\n        RETURN NULL;\n    END IF;\n'
    FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS op
$$;
-- of_activity joins rows c with their activity.
CREATE FUNCTION pg_temp.of_activity() RETURNS text LANGUAGE sql AS $$
    SELECT ' CROSS JOIN LATERAL (SELECT v.day, v.state FROM public.activity v WHERE v.id = c.activity_id OFFSET 0) v'
$$;
-- present is a query for what attendances r.row with a sign, of activities that stand so, change of who was where.
CREATE FUNCTION pg_temp.present(rows text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$    PERFORM public.append_presence(ARRAY(
        SELECT ROW(r.sign, (r.row).deputy_id, (r.row).day, (r.row).province_code, (r.row).city_code, (r.row).county_code)::public.presence
        FROM (%s) r WHERE r.stands = 'CONFIRMED' AND (r.row).deputy_id IS NOT NULL))$sql$, rows)
$$;
SELECT pg_temp.counts('activity_figure', pg_temp.locked() || pg_temp.branches('activity_figure',
    pg_temp.appending('activity_figure', 'public.activity_figure_measures(r.row, r.day, r.stands)', pg_temp.columns_of('activity_figure_measures'), '{changed}'),
    ', v.day, v.state AS stands', pg_temp.of_activity()));
SELECT pg_temp.counts('attendance', pg_temp.locked() || pg_temp.branches('attendance',
    pg_temp.appending('attendance', 'public.attendance_measures(r.row, r.stands)', pg_temp.columns_of('attendance_measures'), '{changed}')
        || E';\n' || pg_temp.present('{changed}'),
    ', v.state AS stands', pg_temp.of_activity()));
-- confirmed is a query for the columns of activities that count in one of two versions, and did not so in the other.
CREATE FUNCTION pg_temp.confirmed(columns text, version text, other text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %1$s FROM %2$s WHERE state = ''CONFIRMED'' EXCEPT SELECT %1$s FROM %3$s WHERE state = ''CONFIRMED''', columns, version, other)
$$;
SELECT pg_temp.counts('activity', pg_temp.measured('activity') || format($sql$
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (%s) OR EXISTS (%s) THEN
%s;
%s;
%s;
        END IF;
    END IF;
$sql$, pg_temp.confirmed('id, day', 'new_rows', 'old_rows'), pg_temp.confirmed('id, day', 'old_rows', 'new_rows'),
    pg_temp.appending('activity_figure', 'public.activity_figure_measures(r.row, r.day, r.stands)', pg_temp.columns_of('activity_figure_measures'), f.rows),
    pg_temp.appending('attendance', 'public.attendance_measures(r.row, r.stands)', pg_temp.columns_of('attendance_measures'), a.rows),
    pg_temp.present(a.rows)))
FROM (SELECT string_agg(format('SELECT %s AS sign, ROW(c.*)::public.activity_figure AS row, v.day, ''CONFIRMED'' AS stands FROM (%s) v '
            'CROSS JOIN LATERAL (SELECT * FROM public.activity_figure f WHERE f.activity_id = v.id OFFSET 0) c', sign, pg_temp.confirmed('id, day', version, other)), ' UNION ALL ')
      FROM (VALUES (1, 'new_rows', 'old_rows'), (-1, 'old_rows', 'new_rows')) AS v (sign, version, other)) AS f (rows),
     (SELECT string_agg(format('SELECT %s AS sign, ROW(c.*)::public.attendance AS row, ''CONFIRMED'' AS stands FROM (%s) v '
            'CROSS JOIN LATERAL (SELECT * FROM public.attendance a WHERE a.activity_id = v.id AND a.%s IS NOT NULL OFFSET 0) c', sign, pg_temp.confirmed('id', version, other), who), ' UNION ALL ')
      -- Deputies and officials apart, so that the index of each serves.
      FROM (VALUES (1, 'new_rows', 'old_rows'), (-1, 'old_rows', 'new_rows')) AS v (sign, version, other), unnest(ARRAY['deputy_id', 'organ_id']) AS who) AS a (rows);

-- every_measure lists the measures in the order of the columns.
CREATE FUNCTION pg_temp.every_measure(form text, separator text DEFAULT ', ') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format(form, attname), separator ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'public.fact'::regclass AND attnum > 3 AND NOT attisdropped
$$;

-- spread writes the query that adds rows of fact_delta's kind up for every division above, and over all months.
CREATE FUNCTION pg_temp.spread(rows text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
    SELECT a.code, s.span, s.starts, %s
    FROM (%s) d
    CROSS JOIN LATERAL (VALUES (0), (d.province_code), (d.city_code), (d.county_code)) AS a (code)
    CROSS JOIN LATERAL (SELECT d.span, d.starts UNION ALL SELECT 'TOTAL', 'infinity'::date WHERE d.span = 'MONTH') AS s
    WHERE a.code IS NOT NULL
    GROUP BY 1, 2, 3$sql$, pg_temp.every_measure('coalesce(sum(d.%I), 0)::bigint'), rows)
$$;

-- of_categories are the measures that are kept by category: those of opinions.
CREATE FUNCTION pg_temp.of_categories(form text, separator text DEFAULT ', ') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format(form, c), separator) FROM unnest(pg_temp.columns_of('opinion_measures')) AS c
$$;
DO $$
BEGIN
    EXECUTE 'ALTER TABLE category_fact ' || pg_temp.of_categories('ADD COLUMN %I bigint NOT NULL DEFAULT 0');
END $$;
SELECT protect('category_fact', 'CASE WHEN code >= (SELECT viewer_lo()) AND area_end(code) <= (SELECT viewer_hi()) THEN true ELSE false END', false);
-- by_category writes the query that adds rows up by category for the city, the province and the nation.
CREATE FUNCTION pg_temp.by_category(rows text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
    SELECT a.code, d.starts, d.category_id, %s
    FROM (%s) d
    CROSS JOIN LATERAL (VALUES (0), (d.province_code), (d.city_code)) AS a (code)
    WHERE a.code IS NOT NULL AND (%s)
    GROUP BY 1, 2, 3$sql$, pg_temp.of_categories('coalesce(sum(d.%I), 0)::bigint'), rows, pg_temp.of_categories('d.%I IS NOT NULL', ' OR '))
$$;

-- fold_facts adds to the sums what was appended, so many rows at most, and answers how many. Only one at a time does; another finds nothing to do.
DO $outer$
BEGIN
    EXECUTE format($create$
CREATE FUNCTION fold_facts(most integer) RETURNS integer LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off AS $body$
DECLARE
    folded integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1179014740) THEN
        RETURN 0;
    END IF;
    WITH gone AS (
        DELETE FROM public.fact_delta WHERE ctid = ANY (ARRAY(SELECT ctid FROM public.fact_delta LIMIT most)) RETURNING *
    ), added AS (
        INSERT INTO public.fact AS f (code, span, starts, %s) %s
        ON CONFLICT (code, span, starts) DO UPDATE SET %s
    ), sorted AS (
        INSERT INTO public.category_fact AS f (code, starts, category_id, %s) %s
        ON CONFLICT (code, starts, category_id) DO UPDATE SET %s
    )
    SELECT count(*) INTO folded FROM gone;
    RETURN folded;
END $body$$create$, pg_temp.every_measure('%I'), pg_temp.spread('SELECT * FROM gone'), pg_temp.every_measure('%1$I = f.%1$I + EXCLUDED.%1$I'),
        pg_temp.of_categories('%I'), pg_temp.by_category('SELECT * FROM gone'), pg_temp.of_categories('%1$I = f.%1$I + EXCLUDED.%1$I'));
END $outer$;

-- recount_facts counts all sums from the records, as kept_facts tells what they are: folded, with what is not folded yet. Compiling the
-- statement would take many times what running it does.
CREATE FUNCTION pg_temp.recounted(columns text[], source text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %s AS span, %s AS starts, q.province AS province_code, q.city AS city_code, q.county AS county_code, %s FROM (%s) q',
        'q.span', 'q.starts', (SELECT string_agg(CASE WHEN a.attname = ANY (columns) THEN format('q.%I', a.attname) ELSE 'NULL::bigint' END || format(' AS %I', a.attname), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = 'public.fact'::regclass AND a.attnum > 3 AND NOT a.attisdropped), source)
$$;
CREATE FUNCTION pg_temp.recounted_records(t text, args text, joined text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.recounted(columns, format('SELECT ''MONTH'' AS span, public.month_of(m.day) AS starts, c.province_code AS province, c.city_code AS city, '
        'c.county_code AS county, %s FROM public.%I c%s CROSS JOIN LATERAL public.%s_measures(c%s) m GROUP BY 2, 3, 4, 5',
        (SELECT string_agg(format('sum(m.%1$I)::bigint AS %1$I', x), ', ') FROM unnest(columns) AS x), t, joined, t, args))
    FROM (SELECT pg_temp.columns_of(format('%s_measures', t)::regproc)) AS f (columns)
$$;
DO $outer$
DECLARE
    records text := (SELECT string_agg(pg_temp.recounted_records(t, '', ''), ' UNION ALL ')
        FROM unnest(ARRAY['division', 'station', 'mandate', 'posting', 'visit_day', 'activity', 'point_entry', 'norm_standing', 'opinion', 'suggestion']) AS t)
        || ' UNION ALL ' || pg_temp.recounted_records('activity_figure', ', v.day, v.state', ' JOIN public.activity v ON v.id = c.activity_id')
        || ' UNION ALL ' || pg_temp.recounted_records('attendance', ', v.state', ' JOIN public.activity v ON v.id = c.activity_id');
    onces text := (SELECT string_agg(pg_temp.recounted(ARRAY[o.measure], format('SELECT ''MONTH'' AS span, d.month AS starts, d.province, d.city, d.county, d.n::bigint AS %I FROM (%s) d',
            o.measure, pg_temp.tenures(pg_temp.tenures_of(o, 1, format('public.%I c', o.source))))), ' UNION ALL ') FROM pg_temp.onces() o);
    attended text := pg_temp.recounted(ARRAY['deputies_attended'], format($sql$
        SELECT (d.part).span AS span, (d.part).starts AS starts, d.province, d.city, d.county, sum(d.n)::bigint AS deputies_attended
        FROM (%s) d GROUP BY 1, 2, 3, 4, 5$sql$, pg_temp.decomposed($places$
            SELECT DISTINCT 1 AS sign, a.deputy_id AS key, p AS part, a.province_code AS province, a.city_code AS city, a.county_code AS county
            FROM public.attendance a JOIN public.activity v ON v.id = a.activity_id AND v.state = 'CONFIRMED'
            CROSS JOIN LATERAL public.spans_of(a.day) p
            WHERE a.deputy_id IS NOT NULL$places$)));
BEGIN
    EXECUTE format($create$
CREATE FUNCTION recount_facts() RETURNS SETOF fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB' AS %L$create$,
        pg_temp.spread(records || ' UNION ALL ' || onces || ' UNION ALL ' || attended));
    EXECUTE format($create$
CREATE FUNCTION kept_facts() RETURNS SETOF fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB' AS %L$create$,
        format('SELECT k.code, k.span, k.starts, %s FROM (SELECT * FROM public.fact UNION ALL %s) k GROUP BY 1, 2, 3',
            pg_temp.every_measure('sum(k.%I)::bigint'), pg_temp.spread('SELECT * FROM public.fact_delta')));
    EXECUTE format($create$
CREATE FUNCTION recount_category_facts() RETURNS SETOF category_fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB' AS %L$create$,
        pg_temp.by_category('SELECT public.month_of(m.day) AS starts, c.category_id, c.province_code, c.city_code, m.* FROM public.opinion c CROSS JOIN LATERAL public.opinion_measures(c) m'));
    EXECUTE format($create$
CREATE FUNCTION kept_category_facts() RETURNS SETOF category_fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB' AS %L$create$,
        format('SELECT k.code, k.starts, k.category_id, %s FROM (SELECT * FROM public.category_fact UNION ALL %s) k GROUP BY 1, 2, 3',
            pg_temp.of_categories('sum(k.%I)::bigint'), pg_temp.by_category('SELECT * FROM public.fact_delta')));
    EXECUTE format($create$
CREATE FUNCTION rebuild_facts() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp SET jit = off AS $body$
DECLARE
    rebuilt bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1179014740);
    -- One statement, so that what is counted and what is thrown away are of one moment: what writers append after it stays.
    WITH counted AS MATERIALIZED (SELECT * FROM public.recount_facts()),
    gone AS (DELETE FROM public.fact_delta),
    empty AS (DELETE FROM public.fact f WHERE NOT EXISTS (SELECT FROM counted c WHERE c.code = f.code AND c.span = f.span AND c.starts = f.starts)),
    written AS (
        INSERT INTO public.fact AS f SELECT * FROM counted
        ON CONFLICT (code, span, starts) DO UPDATE SET %s
    ),
    sorted AS MATERIALIZED (SELECT * FROM public.recount_category_facts()),
    unsorted AS (DELETE FROM public.category_fact f
        WHERE NOT EXISTS (SELECT FROM sorted c WHERE c.code = f.code AND c.starts = f.starts AND c.category_id IS NOT DISTINCT FROM f.category_id)),
    filed AS (
        INSERT INTO public.category_fact AS f SELECT * FROM sorted
        ON CONFLICT (code, starts, category_id) DO UPDATE SET %s
    )
    SELECT count(*) INTO rebuilt FROM counted;
    RETURN rebuilt;
END $body$$create$, pg_temp.every_measure('%1$I = EXCLUDED.%1$I'), pg_temp.of_categories('%1$I = EXCLUDED.%1$I'));
END $outer$;

-- fact_differences lists where the sums kept are not what the records say; span is CATEGORY for those by category. Rows that are alike, nearly all, are not
-- taken apart.
CREATE FUNCTION fact_differences() RETURNS TABLE (code bigint, span text, starts date, measure text, kept bigint, counted bigint)
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB'
BEGIN ATOMIC
    SELECT coalesce(k.code, c.code), coalesce(k.span, c.span), coalesce(k.starts, c.starts), m.key,
        (to_jsonb(k) ->> m.key)::bigint, (to_jsonb(c) ->> m.key)::bigint
    FROM kept_facts() k
    FULL JOIN recount_facts() c ON c.code = k.code AND c.span = k.span AND c.starts = k.starts
    CROSS JOIN LATERAL jsonb_object_keys(coalesce(to_jsonb(k), to_jsonb(c)) - ARRAY['code', 'span', 'starts']) AS m (key)
    WHERE k IS DISTINCT FROM c AND coalesce((to_jsonb(k) ->> m.key)::bigint, 0) <> coalesce((to_jsonb(c) ->> m.key)::bigint, 0)
    UNION ALL
    SELECT coalesce(k.code, c.code), 'CATEGORY', coalesce(k.starts, c.starts), concat_ws(' ', m.key, coalesce(k.category_id, c.category_id)),
        (to_jsonb(k) ->> m.key)::bigint, (to_jsonb(c) ->> m.key)::bigint
    FROM kept_category_facts() k
    FULL JOIN recount_category_facts() c ON c.code = k.code AND c.starts = k.starts
        AND coalesce(c.category_id, '00000000-0000-0000-0000-000000000000') = coalesce(k.category_id, '00000000-0000-0000-0000-000000000000')
    CROSS JOIN LATERAL jsonb_object_keys(coalesce(to_jsonb(k), to_jsonb(c)) - ARRAY['code', 'starts', 'category_id']) AS m (key)
    WHERE k IS DISTINCT FROM c AND coalesce((to_jsonb(k) ->> m.key)::bigint, 0) <> coalesce((to_jsonb(c) ->> m.key)::bigint, 0)
    ORDER BY 1, 2, 3, 4;
END;

REVOKE EXECUTE ON FUNCTION turn(text[]), fold_facts(integer), recount_facts(), kept_facts(), recount_category_facts(), kept_category_facts(), rebuild_facts(),
    fact_differences() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION turn(text[]) TO lianluo_definer;
GRANT EXECUTE ON FUNCTION fold_facts(integer), recount_facts(), kept_facts(), recount_category_facts(), kept_category_facts(), rebuild_facts(),
    fact_differences() TO lianluo_system;

-- What was recorded before there were sums.
SELECT rebuild_facts();
