-- What keeping the sums costs: the triggers of what is written most, and the folding, with fewer and smaller statements. Most statements change one row, and
-- most of what a trigger takes then is to start what it executes, whatever that finds. So a trigger here executes as little as it can.

-- The attendances of an activity: its page, its confirmation, and what a change of its state changes. The unique indexes hold them by halves.
CREATE INDEX attendance_activity_id ON attendance (activity_id);

-- columns_of lists the measures that a function answers.
CREATE OR REPLACE FUNCTION pg_temp.columns_of(measures regproc) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(a.name ORDER BY a.n)
    FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS a (name, mode, n)
    WHERE p.oid = measures AND a.mode = 't' AND a.name <> 'day'
$$;

-- counts is a query for what rows c count for, in the wanted columns; those that the function does not answer are null.
CREATE OR REPLACE FUNCTION pg_temp.counts(sign text, rows text, category text, measures regproc, args text, wanted text[]) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %s AS sign, c.province_code AS province, c.city_code AS city, c.county_code AS county, %s AS category, public.month_of(m.day) AS month, %s '
        'FROM %s CROSS JOIN LATERAL public.%s(%s) m', sign, category,
        (SELECT string_agg(CASE WHEN x = ANY (pg_temp.columns_of(measures)) THEN format('m.%I', x) ELSE format('NULL::integer AS %I', x) END, ', ') FROM unnest(wanted) AS x),
        rows, measures, args)
$$;
-- counts_of is that for the rows of a table that a statement has left, or found.
CREATE OR REPLACE FUNCTION pg_temp.counts_of(t regclass, op text, wanted text[], category text DEFAULT 'NULL::uuid') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(pg_temp.counts(v.sign, v.rows || ' c', category, format('%s_measures', t)::regproc, format('ROW(c.*)::public.%I', t), wanted), ' UNION ALL ')
    FROM (VALUES ('1', 'new_rows', 'DELETE'), ('-1', 'old_rows', 'INSERT')) AS v (sign, rows, never) WHERE v.never <> op
$$;
-- appending writes the statement that appends what such queries answer.
CREATE OR REPLACE FUNCTION pg_temp.appending(columns text[], counts text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
        INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, category_id, %s)
        SELECT public.fact_place(s.province, s.city, s.county), 'MONTH', s.month, s.province, s.city, s.county, s.category, %s
        FROM (
            SELECT r.province, r.city, r.county, r.category, r.month, %s
            FROM (%s) r
            GROUP BY 1, 2, 3, 4, 5) s
        WHERE %s;$sql$,
        (SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) AS c),
        (SELECT string_agg(format('nullif(s.%I, 0)', c), ', ') FROM unnest(columns) AS c),
        (SELECT string_agg(format('sum(r.sign * r.%1$I) AS %1$I', c), ', ') FROM unnest(columns) AS c),
        counts,
        (SELECT string_agg(format('s.%I <> 0', c), ' OR ') FROM unnest(columns) AS c))
$$;

-- An activity that is confirmed, or is no longer, takes along what it counted and who came: all of that is one change of the sums of its month. Those are found
-- by indexes, whatever the tables held when the plan was made (LATERAL … OFFSET 0).
DO $outer$
DECLARE
    own CONSTANT text[] := pg_temp.columns_of('activity_measures');
    every CONSTANT text[] := own || pg_temp.columns_of('activity_figure_measures') || pg_temp.columns_of('attendance_measures');
    hanging CONSTANT text := 'unnest(ids, days, signs) AS k (id, day, sign) CROSS JOIN LATERAL (SELECT * FROM public.%1$I x WHERE x.activity_id = k.id OFFSET 0) c';
BEGIN
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION activity_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS %L$create$, format($body$
DECLARE
    ids uuid[]; -- of activities that count now and did not, or did and do not
    days date[];
    signs integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN%s
    ELSIF TG_OP = 'DELETE' THEN%s
    ELSE
        SELECT array_agg(x.id), array_agg(x.day), array_agg(x.sign) INTO ids, days, signs
        FROM (
            SELECT c.id, c.day, sum(c.sign)::integer AS sign
            FROM (SELECT 1 AS sign, n.id, n.day FROM new_rows n WHERE n.state = 'CONFIRMED' UNION ALL SELECT -1, o.id, o.day FROM old_rows o WHERE o.state = 'CONFIRMED') c
            GROUP BY 1, 2 HAVING sum(c.sign) <> 0) x;
        IF ids IS NULL THEN%s
        ELSE%s
            PERFORM public.append_presence(ARRAY(
                SELECT ROW(k.sign, c.deputy_id, c.day, c.province_code, c.city_code, c.county_code)::public.presence FROM %s WHERE c.deputy_id IS NOT NULL));
        END IF;
    END IF;
    RETURN NULL;
END $body$,
        pg_temp.appending(own, pg_temp.counts_of('activity', 'INSERT', own)),
        pg_temp.appending(own, pg_temp.counts_of('activity', 'DELETE', own)),
        pg_temp.appending(own, pg_temp.counts_of('activity', 'UPDATE', own)),
        pg_temp.appending(every, pg_temp.counts_of('activity', 'UPDATE', every)
            || ' UNION ALL ' || pg_temp.counts('k.sign', format(hanging, 'activity_figure'), 'NULL::uuid', 'activity_figure_measures',
                'ROW(c.*)::public.activity_figure, k.day, ''CONFIRMED''', every)
            || ' UNION ALL ' || pg_temp.counts('k.sign', format(hanging, 'attendance'), 'NULL::uuid', 'attendance_measures',
                'ROW(c.*)::public.attendance, ''CONFIRMED''', every)),
        format(hanging, 'attendance')));
END $outer$;

-- decomposed writes the places at which persons count, and count less, over the query given, for rows (sign, key, span, starts, province, city, county): one for
-- each place that a key has in a span (see 人数 in the first file of sums).
CREATE OR REPLACE FUNCTION pg_temp.decomposed(places text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
        SELECT p.sign, p.span, p.starts, x.province, x.city, x.county, x.n
        FROM (
            SELECT q.*, row_number() OVER w AS nth, lag(q.province) OVER w AS province_before, lag(q.city) OVER w AS city_before
            FROM (%s) q
            WINDOW w AS (PARTITION BY q.sign, q.key, q.span, q.starts ORDER BY public.fact_place(q.province, q.city, q.county))
        ) p
        CROSS JOIN LATERAL (
            SELECT p.province, p.city, p.county, 1
            UNION ALL
            SELECT CASE WHEN p.province = p.province_before THEN p.province END, CASE WHEN p.city = p.city_before THEN p.city END, NULL, -1 WHERE p.nth > 1
        ) AS x (province, city, county, n)$sql$, places)
$$;

-- Who comes or goes once, and is met nowhere else in the year, counts where that is, in each span in which there is no other meeting. Only who is met at several
-- places is taken apart. It and turn are called by the triggers only, as the role and with the settings that those have; to set them again costs as much as to
-- take the turn.
ALTER FUNCTION turn(text[]) RESET ALL;
DO $outer$
BEGIN
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION append_presence(changes presence[]) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    rest presence[] := changes;
BEGIN
    IF coalesce(cardinality(changes), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM public.turn(ARRAY(SELECT DISTINCT c.deputy::text FROM unnest(changes) AS c));
    -- What a person's places are now is asked anew, after the turn has come: then less what this statement changed is what they were.
    IF cardinality(changes) <= 30 THEN
        WITH met AS MATERIALIZED (
            SELECT e.sign, e.deputy, e.day, e.province, e.city, e.county, o.*,
                o.elsewhere > 0 OR 1 < (SELECT count(*) FROM unnest(changes) AS x WHERE x.deputy = e.deputy) AS several
            FROM unnest(changes) AS e
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE a.day >= public.month_of(e.day) AND a.day < public.month_of(e.day) + interval '1 month') AS of_month,
                    count(*) FILTER (WHERE extract(quarter FROM a.day) = extract(quarter FROM e.day)) AS of_quarter,
                    count(*) AS of_year,
                    count(*) FILTER (WHERE a.province_code IS DISTINCT FROM e.province OR a.city_code IS DISTINCT FROM e.city
                        OR a.county_code IS DISTINCT FROM e.county) AS elsewhere
                FROM public.attendance a
                WHERE a.deputy_id = e.deputy AND a.day BETWEEN make_date(extract(year FROM e.day)::integer, 1, 1) AND make_date(extract(year FROM e.day)::integer, 12, 31)
                  AND (SELECT v.state FROM public.activity v WHERE v.id = a.activity_id) = 'CONFIRMED'
            ) o
        ), added AS (
            INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, deputies_attended)
            SELECT public.fact_place(m.province, m.city, m.county), s.span, s.starts, m.province, m.city, m.county, sum(m.sign)
            FROM met m
            CROSS JOIN LATERAL (VALUES ('MONTH', public.month_of(m.day), m.of_month), ('QUARTER', date_trunc('quarter', m.day::timestamp)::date, m.of_quarter),
                ('YEAR', date_trunc('year', m.day::timestamp)::date, m.of_year)) AS s (span, starts, met)
            WHERE NOT m.several AND s.met = CASE m.sign WHEN 1 THEN 1 ELSE 0 END
            GROUP BY 1, 2, 3, 4, 5, 6
            HAVING sum(m.sign) <> 0
        )
        SELECT array_agg(ROW(m.sign, m.deputy, m.day, m.province, m.city, m.county)::public.presence) INTO rest FROM met m WHERE m.several;
        IF rest IS NULL THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, deputies_attended)
    SELECT public.fact_place(d.province, d.city, d.county), d.span, d.starts, d.province, d.city, d.county, sum(d.sign * d.n)
    FROM (%s) d
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING sum(d.sign * d.n) <> 0;
END $body$$create$, pg_temp.decomposed($places$
            SELECT s.sign, c.key, c.span, c.starts, c.province, c.city, c.county
            FROM (
                SELECT x.key, p.span, p.starts, x.province, x.city, x.county, sum(x.now) AS now, sum(x.change) AS change
                FROM (
                    SELECT a.deputy_id AS key, a.day, a.province_code AS province, a.city_code AS city, a.county_code AS county, 1 AS now, 0 AS change
                    FROM (
                        SELECT e.deputy, date_trunc('year', min(e.day)::timestamp)::date AS first,
                            (date_trunc('year', max(e.day)::timestamp) + interval '1 year - 1 day')::date AS last
                        FROM unnest(rest) AS e GROUP BY 1) who
                    CROSS JOIN LATERAL (SELECT * FROM public.attendance a WHERE a.deputy_id = who.deputy AND a.day BETWEEN who.first AND who.last OFFSET 0) a
                    WHERE (SELECT v.state FROM public.activity v WHERE v.id = a.activity_id) = 'CONFIRMED'
                    UNION ALL
                    SELECT e.deputy, e.day, e.province, e.city, e.county, 0, e.sign FROM unnest(rest) AS e
                ) x
                CROSS JOIN LATERAL public.spans_of(x.day) p
                GROUP BY 1, 2, 3, 4, 5, 6
            ) c
            CROSS JOIN (VALUES (1), (-1)) AS s (sign)
            WHERE CASE s.sign WHEN 1 THEN c.now > 0 ELSE c.now - c.change > 0 END$places$));
END $outer$;

-- What hangs on an activity counts once that is confirmed. Before, which is when most of it is written, all there is to do is to wait for who confirms it at this
-- moment, and to keep others from confirming it meanwhile; in one order, so that two who change several do not wait for each other.
DO $outer$
DECLARE
    op text;
    body text;
    f record;
    touched text;
    changed text;
    present text;
BEGIN
    FOR f IN SELECT * FROM (VALUES ('activity_figure', 'ROW(c.*)::public.activity_figure, v.day, v.state'), ('attendance', 'ROW(c.*)::public.attendance, v.state')) AS f (name, args) LOOP
        body := '';
        FOREACH op IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            SELECT string_agg('SELECT activity_id FROM ' || v.rows, ' UNION ALL '),
                string_agg(pg_temp.counts(v.sign, v.rows || ' c CROSS JOIN LATERAL (SELECT v.day, v.state FROM public.activity v WHERE v.id = c.activity_id OFFSET 0) v',
                    'NULL::uuid', format('%s_measures', f.name)::regproc, f.args, pg_temp.columns_of(format('%s_measures', f.name)::regproc)), ' UNION ALL '),
                string_agg(format('SELECT ROW(%s, c.deputy_id, c.day, c.province_code, c.city_code, c.county_code)::public.presence FROM %s c '
                    'WHERE c.deputy_id IS NOT NULL AND (SELECT v.state FROM public.activity v WHERE v.id = c.activity_id) = ''CONFIRMED''', v.sign, v.rows), ' UNION ALL ')
            INTO touched, changed, present
            FROM (VALUES ('1', 'new_rows', 'DELETE'), ('-1', 'old_rows', 'INSERT')) AS v (sign, rows, never) WHERE v.never <> op;
            body := body || format($body$
    %s TG_OP = %L THEN
        SELECT bool_or(v.state = 'CONFIRMED') INTO counts
        FROM (SELECT DISTINCT t.activity_id FROM (%s) t ORDER BY 1) t CROSS JOIN LATERAL (SELECT v.state FROM public.activity v WHERE v.id = t.activity_id FOR SHARE) v;
        IF counts IS NOT TRUE THEN
            RETURN NULL;
        END IF;%s$body$, CASE op WHEN 'INSERT' THEN 'IF' ELSE 'ELSIF' END, op, touched,
                pg_temp.appending(pg_temp.columns_of(format('%s_measures', f.name)::regproc), changed));
            IF f.name = 'attendance' THEN
                body := body || format(E'\n        PERFORM public.append_presence(ARRAY(%s));', present);
            END IF;
        END LOOP;
        EXECUTE format('CREATE OR REPLACE FUNCTION %s_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp '
            'SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS %L',
            f.name, E'\nDECLARE\n    counts boolean;\nBEGIN' || body || E'\n    END IF;\n    RETURN NULL;\nEND ');
    END LOOP;
END $outer$;

-- opinion_counts is what an opinion counts for on the day it was accepted.
DO $outer$
DECLARE
    counted CONSTANT text[] := (SELECT array_agg(c) FROM unnest(pg_temp.columns_of('opinion_measures')) AS c WHERE c NOT IN ('opinions_submitted', 'opinions_declined'));
BEGIN
    EXECUTE 'CREATE TYPE opinion_count AS (' || (SELECT string_agg(format('%I integer', c), ', ') FROM unnest(counted) AS c) || ')';
END $outer$;
CREATE FUNCTION opinion_counts(o opinion) RETURNS opinion_count LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(1,
        CASE WHEN o.channel IN ('STATION_CODE', 'DEPUTY_CODE', 'ONLINE') THEN 1 END,
        CASE WHEN o.closed_at IS NULL THEN 1 END,
        CASE WHEN o.open AND o.overdue AND o.waits_on <> 'SUBMITTER' THEN 1 END,
        CASE WHEN o.late THEN 1 END,
        CASE WHEN o.closed_at IS NOT NULL THEN 1 END,
        CASE WHEN o.closed_at IS NOT NULL AND o.outcome = 'SOLVED' THEN 1 END,
        CASE o.state WHEN 'CONVERTED' THEN 1 END,
        CASE o.state WHEN 'MERGED' THEN 1 END,
        CASE WHEN o.replied_at IS NOT NULL OR o.fed_back_at IS NOT NULL THEN 1 END,
        CASE WHEN (o.replied_at IS NOT NULL OR o.fed_back_at IS NOT NULL) AND o.reworks > 0 THEN 1 END,
        CASE WHEN o.hardship THEN 1 END,
        CASE WHEN o.hardship AND o.closed_at IS NOT NULL AND o.outcome = 'SOLVED' THEN 1 END,
        CASE o.rating WHEN 'SATISFIED' THEN 1 END,
        CASE o.rating WHEN 'BASICALLY_SATISFIED' THEN 1 END,
        CASE o.rating WHEN 'DISSATISFIED' THEN 1 END)::opinion_count;
DO $outer$
BEGIN
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION opinion_measures(o opinion) RETURNS TABLE (day date, %s) LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT day_of(h.at), CASE h.what WHEN 'SUBMIT' THEN 1 END, CASE h.what WHEN 'DECLINE' THEN 1 END, %s
    FROM (VALUES ('SUBMIT', o.submitted_at), ('ACCEPT', o.accepted_at), ('DECLINE', CASE o.state WHEN 'DECLINED' THEN o.state_since END)) AS h (what, at)
    WHERE h.at IS NOT NULL;
END$create$,
        (SELECT string_agg(format('%I integer', c), ', ') FROM unnest(pg_temp.columns_of('opinion_measures')) AS c),
        (SELECT string_agg(format('CASE h.what WHEN ''ACCEPT'' THEN (opinion_counts(o)).%I END', attname), ', ' ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = 'opinion_count'::regclass AND attnum > 0));
END $outer$;

-- One opinion that comes in counts on one day. A step of one changes, if anything, what it counts for on the day it was accepted: where its place, its category,
-- and the months in which it counts stay what they are, the difference is told without adding anything up. All else takes the longer way.
DO $outer$
DECLARE
    every CONSTANT text[] := pg_temp.columns_of('opinion_measures');
    counted CONSTANT text[] := (SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'opinion_count'::regclass AND attnum > 0);
BEGIN
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION opinion_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan SET jit = off AS %L$create$, format($body$
DECLARE
    one record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT n.province_code AS province, n.city_code AS city, n.county_code AS county, n.category_id AS category,
            public.month_of(public.day_of(n.submitted_at)) AS month,
            n.accepted_at IS NULL AND n.state <> 'DECLINED' AND NOT EXISTS (SELECT FROM new_rows OFFSET 1) AS quick
        INTO one FROM new_rows n;
        IF one.quick THEN
            INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, category_id, opinions_submitted)
            VALUES (public.fact_place(one.province, one.city, one.county), 'MONTH', one.month, one.province, one.city, one.county, one.category, 1);
            RETURN NULL;
        END IF;%1$s
    ELSIF TG_OP = 'DELETE' THEN%2$s
    ELSE
        SELECT n.province_code AS province, n.city_code AS city, n.county_code AS county, n.category_id AS category,
            public.month_of(public.day_of(n.accepted_at)) AS month, o.accepted_at IS NOT NULL AS before,
            n.province_code IS NOT DISTINCT FROM o.province_code AND n.city_code IS NOT DISTINCT FROM o.city_code
                AND n.county_code IS NOT DISTINCT FROM o.county_code AND n.category_id IS NOT DISTINCT FROM o.category_id
                AND n.submitted_at = o.submitted_at AND n.state <> 'DECLINED' AND o.state <> 'DECLINED'
                AND (o.accepted_at IS NULL OR o.accepted_at = n.accepted_at) AND NOT EXISTS (SELECT FROM new_rows OFFSET 1) AS quick,
            public.opinion_counts(ROW(n.*)::public.opinion) AS now, public.opinion_counts(ROW(o.*)::public.opinion) AS was
        INTO one FROM new_rows n, old_rows o;
        IF one.quick THEN
            IF NOT one.before THEN
                INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, category_id, %3$s)
                SELECT public.fact_place(one.province, one.city, one.county), 'MONTH', one.month, one.province, one.city, one.county, one.category, %4$s
                WHERE one.month IS NOT NULL;
            ELSIF one.now IS DISTINCT FROM one.was THEN
                INSERT INTO public.fact_delta (code, span, starts, province_code, city_code, county_code, category_id, %3$s)
                VALUES (public.fact_place(one.province, one.city, one.county), 'MONTH', one.month, one.province, one.city, one.county, one.category, %5$s);
            END IF;
            RETURN NULL;
        END IF;%6$s
    END IF;
    RETURN NULL;
END $body$,
        pg_temp.appending(every, pg_temp.counts_of('opinion', 'INSERT', every, 'c.category_id')),
        pg_temp.appending(every, pg_temp.counts_of('opinion', 'DELETE', every, 'c.category_id')),
        (SELECT string_agg(format('%I', c), ', ') FROM unnest(counted) AS c),
        (SELECT string_agg(format('(one.now).%I', c), ', ') FROM unnest(counted) AS c),
        (SELECT string_agg(format('nullif(coalesce((one.now).%1$I, 0) - coalesce((one.was).%1$I, 0), 0)', c), ', ') FROM unnest(counted) AS c),
        pg_temp.appending(every, pg_temp.counts_of('opinion', 'UPDATE', every, 'c.category_id'))));
END $outer$;

-- every_measure lists the measures in the order of the columns.
CREATE OR REPLACE FUNCTION pg_temp.every_measure(form text, separator text DEFAULT ', ') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format(form, attname), separator ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'public.fact'::regclass AND attnum > 3 AND NOT attisdropped
$$;
-- of_categories are the measures that are kept by category: those of opinions.
CREATE OR REPLACE FUNCTION pg_temp.of_categories(form text, separator text DEFAULT ', ') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format(form, c), separator) FROM unnest(pg_temp.columns_of('opinion_measures')) AS c
$$;
-- gathered writes the query that adds rows of fact_delta's kind up by their own place, so that only what is left is added to the places above.
CREATE OR REPLACE FUNCTION pg_temp.gathered(rows text, beside text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT g.span, g.starts, g.province_code, g.city_code, g.county_code%s, %s FROM (%s) g GROUP BY g.span, g.starts, g.province_code, g.city_code, g.county_code%1$s',
        beside, pg_temp.every_measure('sum(g.%1$I)::bigint AS %1$I'), rows)
$$;
-- spread writes the query that adds rows of fact_delta's kind up for every division above, and over all months.
CREATE OR REPLACE FUNCTION pg_temp.spread(rows text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
    SELECT a.code, s.span, s.starts, %s
    FROM (%s) d
    CROSS JOIN LATERAL (VALUES (0), (d.province_code), (d.city_code), (d.county_code)) AS a (code)
    CROSS JOIN LATERAL (SELECT d.span, d.starts UNION ALL SELECT 'TOTAL', 'infinity'::date WHERE d.span = 'MONTH') AS s
    WHERE a.code IS NOT NULL
    GROUP BY 1, 2, 3$sql$, pg_temp.every_measure('coalesce(sum(d.%I), 0)::bigint'), rows)
$$;
-- by_category writes the query that adds rows up by category for the city, the province and the nation.
CREATE OR REPLACE FUNCTION pg_temp.by_category(rows text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
    SELECT a.code, d.starts, d.category_id, %s
    FROM (%s) d
    CROSS JOIN LATERAL (VALUES (0), (d.province_code), (d.city_code)) AS a (code)
    WHERE a.code IS NOT NULL AND (%s)
    GROUP BY 1, 2, 3$sql$, pg_temp.of_categories('coalesce(sum(d.%I), 0)::bigint'), rows, pg_temp.of_categories('d.%I IS NOT NULL', ' OR '))
$$;

DO $outer$
BEGIN
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION fold_facts(most integer) RETURNS integer LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off AS $body$
DECLARE
    folded integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1179014740) THEN
        RETURN 0;
    END IF;
    WITH gone AS (
        DELETE FROM public.fact_delta WHERE ctid = ANY (ARRAY(SELECT ctid FROM public.fact_delta LIMIT most)) RETURNING *
    ), gathered AS MATERIALIZED (%s),
    added AS (
        INSERT INTO public.fact AS f (code, span, starts, %s) %s
        ON CONFLICT (code, span, starts) DO UPDATE SET %s
    ), sorted AS (
        INSERT INTO public.category_fact AS f (code, starts, category_id, %s) %s
        ON CONFLICT (code, starts, category_id) DO UPDATE SET %s
    )
    SELECT count(*) INTO folded FROM gone;
    RETURN folded;
END $body$$create$, pg_temp.gathered('SELECT * FROM gone', ', g.category_id'),
        pg_temp.every_measure('%I'), pg_temp.spread('SELECT * FROM gathered'), pg_temp.every_measure('%1$I = f.%1$I + EXCLUDED.%1$I'),
        pg_temp.of_categories('%I'), pg_temp.by_category('SELECT * FROM gathered'), pg_temp.of_categories('%1$I = f.%1$I + EXCLUDED.%1$I'));
END $outer$;

-- The recount of all sums, for a nation of records. What counts by itself is added up by place and month before anything else, and those sums by place before
-- the places above. Who counts once counts 1 at each place, and -1 above each two neighbours in the tree: so all are added up plainly, and only those who have
-- several places are put in order.

-- recounted is a query for rows of fact_delta's kind from a query q for sums of some columns.
CREATE OR REPLACE FUNCTION pg_temp.recounted(columns text[], source text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT q.span, q.starts, q.province AS province_code, q.city AS city_code, q.county AS county_code, %s FROM (%s) q',
        (SELECT string_agg(CASE WHEN a.attname = ANY (columns) THEN format('q.%I', a.attname) ELSE 'NULL::bigint' END || format(' AS %I', a.attname), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = 'public.fact'::regclass AND a.attnum > 3 AND NOT a.attisdropped), source)
$$;
CREATE OR REPLACE FUNCTION pg_temp.recounted_records(t text, args text, joined text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.recounted(columns, format('SELECT ''MONTH'' AS span, public.month_of(m.day) AS starts, c.province_code AS province, c.city_code AS city, '
        'c.county_code AS county, %s FROM public.%I c%s CROSS JOIN LATERAL public.%s_measures(c%s) m GROUP BY 2, 3, 4, 5',
        (SELECT string_agg(format('sum(m.%1$I)::bigint AS %1$I', x), ', ') FROM unnest(columns) AS x), t, joined, t, args))
    FROM (SELECT pg_temp.columns_of(format('%s_measures', t)::regproc)) AS f (columns)
$$;
-- shared writes what there is too much in places counted plainly: -1 at the lowest common ancestor of each two neighbours of a key in a part. The query given
-- has rows (key, part columns, province, city, county), one for each place.
CREATE OR REPLACE FUNCTION pg_temp.shared(part text, places text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$
        SELECT %1$s, CASE WHEN p.province = p.province_before THEN p.province END AS province, CASE WHEN p.city = p.city_before THEN p.city END AS city,
            NULL::bigint AS county, -count(*) AS n
        FROM (
            SELECT q.*, row_number() OVER w AS nth, lag(q.province) OVER w AS province_before, lag(q.city) OVER w AS city_before
            FROM (%2$s) q
            WINDOW w AS (PARTITION BY q.key, %1$s ORDER BY public.fact_place(q.province, q.city, q.county))
        ) p
        WHERE p.nth > 1
        GROUP BY %1$s, CASE WHEN p.province = p.province_before THEN p.province END, CASE WHEN p.city = p.city_before THEN p.city END$sql$, part, places)
$$;

-- What holds from a month until another one, of keys that count once (see 'onces' in the first file of sums).
CREATE OR REPLACE FUNCTION pg_temp.recounted_tenures(measure text, source text, key text, from_on text, until_on text, counts text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.recounted(ARRAY[measure], format($sql$
        WITH held AS MATERIALIZED (
            SELECT c.%2$I AS key, public.month_of(c.%3$I) AS first, coalesce(public.month_of(c.%4$I), 'infinity') AS after,
                c.province_code AS province, c.city_code AS city, c.county_code AS county
            FROM public.%1$I c WHERE (%5$s) AND (c.%4$I IS NULL OR public.month_of(c.%4$I) > public.month_of(c.%3$I))
        ), several AS MATERIALIZED (
            SELECT h.key FROM held h GROUP BY 1 HAVING count(*) > 1
        ), apart AS MATERIALIZED (
            SELECT h.* FROM held h WHERE h.key IN (SELECT s.key FROM several s)
        ), parted AS (
            SELECT e.key, e.month AS first, lead(e.month) OVER (PARTITION BY e.key ORDER BY e.month) AS after
            FROM (SELECT DISTINCT h.key, m.month FROM apart h CROSS JOIN LATERAL (VALUES (h.first), (h.after)) AS m (month)) e
        ), stood AS MATERIALIZED (
            SELECT DISTINCT b.key, b.first, b.after, h.province, h.city, h.county
            FROM parted b JOIN apart h ON h.key = b.key AND h.first <= b.first AND h.after > b.first
        )
        SELECT 'MONTH' AS span, k.month AS starts, d.province, d.city, d.county, sum(d.n * k.side)::bigint AS %6$I
        FROM (
            SELECT h.first, h.after, h.province, h.city, h.county, count(*) AS n
            FROM held h WHERE NOT EXISTS (SELECT FROM several s WHERE s.key = h.key) GROUP BY 1, 2, 3, 4, 5
            UNION ALL SELECT s.first, s.after, s.province, s.city, s.county, count(*) FROM stood s GROUP BY 1, 2, 3, 4, 5
            UNION ALL %7$s
        ) d CROSS JOIN LATERAL (VALUES (d.first, 1), (d.after, -1)) AS k (month, side)
        WHERE k.month < 'infinity'
        GROUP BY 2, 3, 4, 5$sql$, source, key, from_on, until_on, counts, measure, pg_temp.shared('first, after', 'SELECT * FROM stood')))
$$;

DO $outer$
DECLARE
    measures CONSTANT text := pg_temp.every_measure('%I');
    records CONSTANT text := (SELECT string_agg(pg_temp.recounted_records(t, '', ''), ' UNION ALL ')
        FROM unnest(ARRAY['division', 'station', 'mandate', 'posting', 'visit_day', 'activity', 'point_entry', 'norm_standing', 'opinion', 'suggestion']) AS t)
        || ' UNION ALL ' || pg_temp.recounted_records('activity_figure', ', v.day, v.state', ' JOIN public.activity v ON v.id = c.activity_id')
        || ' UNION ALL ' || pg_temp.recounted_records('attendance', ', v.state', ' JOIN public.activity v ON v.id = c.activity_id');
    onces CONSTANT text := pg_temp.recounted_tenures('deputies', 'mandate', 'deputy_id', 'elected_on', 'ended_on', 'true')
        || ' UNION ALL ' || pg_temp.recounted_tenures('deputies_posted', 'posting', 'deputy_id', 'started_on', 'ended_on', 'true')
        || ' UNION ALL ' || pg_temp.recounted_tenures('villages_covered', 'station', 'code', 'opened_on', 'closed_on', $x$c.kind <> 'ONLINE' AND c.code % 1000 <> 0$x$)
        || ' UNION ALL ' || pg_temp.recounted_tenures('townships_covered', 'station', 'township_code', 'opened_on', 'closed_on', $x$c.kind <> 'ONLINE' AND c.township_code IS NOT NULL$x$);
    -- A place in a month is one in its quarter and year, so the longer spans are made of the months.
    attended CONSTANT text := pg_temp.recounted(ARRAY['deputies_attended'], format($sql$
        WITH month AS MATERIALIZED (
            SELECT DISTINCT a.deputy_id AS key, public.month_of(a.day) AS starts, a.province_code AS province, a.city_code AS city, a.county_code AS county
            FROM public.attendance a JOIN public.activity v ON v.id = a.activity_id AND v.state = 'CONFIRMED'
            WHERE a.deputy_id IS NOT NULL
        ), quarter AS MATERIALIZED (
            SELECT DISTINCT m.key, date_trunc('quarter', m.starts::timestamp)::date AS starts, m.province, m.city, m.county FROM month m
        ), year AS MATERIALIZED (
            SELECT DISTINCT q.key, date_trunc('year', q.starts::timestamp)::date AS starts, q.province, q.city, q.county FROM quarter q
        ), several AS MATERIALIZED (
            SELECT DISTINCT y.key FROM (SELECT y.key FROM year y GROUP BY y.key, y.starts HAVING count(*) > 1) y
        ), met AS NOT MATERIALIZED (
            SELECT 'MONTH' AS span, m.* FROM month m UNION ALL SELECT 'QUARTER', q.* FROM quarter q UNION ALL SELECT 'YEAR', y.* FROM year y
        )
        SELECT d.span, d.starts, d.province, d.city, d.county, sum(d.n)::bigint AS deputies_attended
        FROM (
            SELECT m.span, m.starts, m.province, m.city, m.county, count(*) AS n FROM met m GROUP BY 1, 2, 3, 4, 5
            UNION ALL %s
        ) d GROUP BY 1, 2, 3, 4, 5$sql$, pg_temp.shared('span, starts', 'SELECT m.* FROM met m WHERE m.key IN (SELECT s.key FROM several s)')));
BEGIN
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION recount_facts() RETURNS SETOF fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '128MB' AS %L$create$,
        pg_temp.spread(pg_temp.gathered(records || ' UNION ALL ' || onces || ' UNION ALL ' || attended)));
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION kept_facts() RETURNS SETOF fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB' AS %L$create$,
        format('SELECT code, span, starts, %s FROM public.fact f FULL JOIN (%s) p (code, span, starts, %s) USING (code, span, starts)',
            pg_temp.every_measure('coalesce(f.%1$I, 0) + coalesce(p.%1$I, 0)'), pg_temp.spread(pg_temp.gathered('SELECT * FROM public.fact_delta')), measures));
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION recount_category_facts() RETURNS SETOF category_fact LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp SET jit = off SET work_mem = '64MB' AS %L$create$,
        pg_temp.by_category(format('SELECT public.month_of(m.day) AS starts, c.category_id, c.province_code, c.city_code, %s '
            'FROM public.opinion c CROSS JOIN LATERAL public.opinion_measures(c) m GROUP BY 1, 2, 3, 4', pg_temp.of_categories('sum(m.%1$I)::bigint AS %1$I'))));
END $outer$;
