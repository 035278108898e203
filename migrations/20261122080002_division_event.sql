-- Changes of the tree (区划调整): who sees and enters them, and how everything that lies in a division moves with it.

-- Whoever sees both sides of a change sees it, and portals too; it is only ever added. What a division was before is written by the
-- platform alone.
SELECT protect('division_event', '{place}', false);
SELECT publish('division_event');
CREATE POLICY area_insert ON division_event FOR INSERT TO lianluo_area
    WITH CHECK (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);
GRANT INSERT ON division_event TO lianluo_area;
REVOKE UPDATE, DELETE ON division_event FROM lianluo_system;
SELECT protect('former_division', '{place}', false);
SELECT publish('former_division');
SELECT own('former_division', 'lianluo_self', 'code = (SELECT viewer_lo())');
SELECT own('former_division', 'lianluo_organ', 'code = (SELECT viewer_lo())');

-- division_end is the first code after a division and all below it, of any level.
CREATE FUNCTION division_end(code bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN code % 1000000 = 0 THEN area_end(code) WHEN code % 1000 = 0 THEN code + 1000 ELSE code + 1 END;

-- division_column says of every column that holds the code of a division, beside the place of a row (code and its ancestors), whether it follows a
-- division that moves. Those that do not are history: what was the case when the row was written.
CREATE FUNCTION division_column() RETURNS TABLE (relation text, attribute text, follows boolean) LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    VALUES
        ('mandate', 'seat_code', true), ('opinion', 'holder_code', true), ('activity_station', 'host_code', true),
        ('station_key', 'code', true), ('deputy_key', 'code', true), ('opinion_text', 'code', true),
        ('opinion', 'code_then', false), ('activity', 'code_then', false), ('attendance', 'code_then', false), ('visit_day', 'code_then', false),
        ('opinion_event', 'actor_code', false), ('activity_event', 'actor_code', false), ('audit_entry', 'viewer_code', false),
        ('former_division', 'code_then', false), ('former_division', 'parent_code_then', false);
END;

-- placed_table lists the tables whose rows have a place. Those in which a verb locks the row that others hang on come first, so that what is being written
-- there is waited for and moves as well.
CREATE FUNCTION placed_table() RETURNS SETOF name LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('division', 'fact', 'fact_delta', 'norm_standing')
      AND 5 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid
               AND a.attname IN ('code', 'province_code', 'city_code', 'county_code', 'township_code'))
    ORDER BY array_position(ARRAY['congress', 'station', 'deputy', 'mandate', 'opinion', 'visit_day', 'activity', 'appointment'], c.relname::text), c.relname
$$;

-- What the functions below may do, and no more: read and write places.
DO $$
DECLARE
    t name;
    c record;
BEGIN
    FOR t IN SELECT * FROM placed_table() LOOP
        EXECUTE format('CREATE POLICY definer_place ON %I FOR SELECT TO lianluo_definer USING (true)', t);
        EXECUTE format('CREATE POLICY definer_move ON %I FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT (id, code, province_code, city_code, county_code, township_code), '
            'UPDATE (code, province_code, city_code, county_code, township_code) ON %I TO lianluo_definer', t);
    END LOOP;
    FOR c IN SELECT * FROM division_column() WHERE follows LOOP
        EXECUTE format('GRANT SELECT (%1$I), UPDATE (%1$I) ON %2$I TO lianluo_definer', c.attribute, c.relation);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['station_key', 'opinion_text'] LOOP
        EXECUTE format('CREATE POLICY definer_place ON %I FOR SELECT TO lianluo_definer USING (true)', t);
        EXECUTE format('CREATE POLICY definer_move ON %I FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT INSERT, UPDATE ON division TO lianluo_definer;
CREATE POLICY definer_insert ON division FOR INSERT TO lianluo_definer WITH CHECK (true);
CREATE POLICY definer_move ON division FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON division_key TO lianluo_definer;
CREATE POLICY definer_all ON division_key TO lianluo_definer USING (true) WITH CHECK (true);
GRANT INSERT ON former_division TO lianluo_definer;
CREATE POLICY definer_insert ON former_division FOR INSERT TO lianluo_definer WITH CHECK (true);
-- What belongs to a division that ends goes to the one that takes over.
GRANT SELECT (division_id), UPDATE (division_id) ON station, account, congress, organ, zone, visit_rule, pairing TO lianluo_definer;
GRANT SELECT (name) ON zone TO lianluo_definer;
GRANT SELECT (station_id) ON visit_rule TO lianluo_definer;
GRANT SELECT (ended_on) ON pairing TO lianluo_definer;
GRANT SELECT (from_on, until_on), UPDATE (until_on) ON norm_set, point_scheme, visit_rule, key_figure TO lianluo_definer;
GRANT SELECT (key), UPDATE (key) ON key_figure TO lianluo_definer;
GRANT SELECT (open) ON opinion TO lianluo_definer;

-- division_subtree answers divisions and all below them, headings and those that ended too, as far as they lie in the viewer's area.
CREATE FUNCTION division_subtree(roots bigint[])
    RETURNS TABLE (id uuid, code bigint, level text, name text, placeholder boolean, parent_code bigint,
        province_code bigint, city_code bigint, county_code bigint, township_code bigint, valid_from date, valid_to date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT d.id, d.code, d.level, d.name, d.placeholder, d.parent_code, d.province_code, d.city_code, d.county_code, d.township_code, d.valid_from, d.valid_to
    FROM division d
    WHERE d.code >= viewer_lo() AND d.code < viewer_hi()
      AND EXISTS (SELECT FROM unnest(roots) AS r WHERE d.code >= r AND d.code < division_end(r))
    ORDER BY d.code;
END;

-- division_move is where a division goes: its new code with the ancestors, its parent and name then. One that ends hands over to the division that has
-- the new code. one is the place among those that hand over to the same.
CREATE TYPE division_move AS (id uuid, old bigint, new bigint, province bigint, city bigint, county bigint, township bigint, parent bigint, name text,
    ends boolean, one integer);

-- moves_in_sight tells whether all moves lie within the viewer's area on both sides, leave the viewer's own division alone, and leave no place behind.
CREATE FUNCTION moves_in_sight(moves division_move[]) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT coalesce(bool_and(m.old > viewer_lo() AND division_end(m.old) <= viewer_hi() AND m.new > viewer_lo() AND division_end(m.new) <= viewer_hi()
            AND EXISTS (SELECT FROM division d WHERE d.id = m.id AND d.code = m.old)
            AND (m.province IS NULL OR m.province = m.new - m.new % 10000000000) AND (m.city IS NULL OR m.city = m.new - m.new % 100000000)
            AND (m.county IS NULL OR m.county = m.new - m.new % 1000000) AND (m.township IS NULL OR m.township = m.new - m.new % 1000)), true)
        AND NOT EXISTS (SELECT FROM unnest(moves) AS p JOIN division c ON c.parent_code = p.old
            WHERE c.valid_to IS NULL AND (p.ends OR p.old <> p.new) AND NOT EXISTS (SELECT FROM unnest(moves) AS x WHERE x.old = c.code))
    FROM unnest(moves) AS m;
END;

-- move_rows moves all rows of divisions that get other codes, and what belongs to those that end. It answers how many by table; with dry it only counts.
CREATE FUNCTION move_rows(moves division_move[], dry boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone CONSTANT public.division_move[] := ARRAY(SELECT m FROM unnest(moves) AS m WHERE m.old <> m.new);
    moved jsonb := '{}';
    t record;
    n bigint;
BEGIN
    SELECT count(*) INTO n FROM unnest(gone) AS m JOIN public.opinion o ON o.code = m.old WHERE o.open;
    IF n > 0 THEN
        moved := jsonb_build_object('opinion.open', n);
    END IF;
    FOR t IN
        SELECT p::text AS relation, NULL::text AS attribute FROM public.placed_table() AS p
        UNION ALL
        SELECT c.relation, c.attribute FROM public.division_column() AS c WHERE c.follows
    LOOP
        IF dry THEN
            EXECUTE format('SELECT count(*) FROM unnest($1) AS m JOIN public.%I t ON t.%I = m.old', t.relation, coalesce(t.attribute, 'code'))
                || CASE t.relation WHEN 'opinion_limit' THEN ' WHERE NOT m.ends' ELSE '' END INTO n USING gone;
        ELSE
            EXECUTE format('UPDATE public.%I t SET %s FROM unnest($1) AS m WHERE t.%I = m.old', t.relation,
                CASE WHEN t.attribute IS NULL THEN 'code = m.new, province_code = m.province, city_code = m.city, county_code = m.county, township_code = m.township'
                    ELSE format('%I = m.new', t.attribute) END,
                coalesce(t.attribute, 'code'))
                -- Limits are the rules of a congress: those of one that ends hold for no place any more.
                || CASE t.relation WHEN 'opinion_limit' THEN ' AND NOT m.ends' ELSE '' END USING gone;
            GET DIAGNOSTICS n = ROW_COUNT;
        END IF;
        IF n > 0 THEN
            moved := moved || jsonb_build_object(concat_ws('.', t.relation, nullif(t.attribute, 'code')), n);
        END IF;
    END LOOP;
    RETURN moved;
END $$;

-- take_over gives what belongs to divisions that end to those that take over. What cannot stand there twice (a congress, an organ or a zone of the same name)
-- stays with the division that ended, though its place is that of the other; rules of their own hold until the day.
CREATE FUNCTION take_over(moves division_move[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ending CONSTANT public.division_move[] := ARRAY(SELECT m FROM unnest(moves) AS m WHERE m.ends);
    t text;
BEGIN
    IF cardinality(ending) = 0 THEN
        RETURN;
    END IF;
    FOREACH t IN ARRAY ARRAY['station', 'account', 'visit_rule'] LOOP
        EXECUTE format('UPDATE public.%I t SET division_id = d.id FROM unnest($1) AS m JOIN public.division d ON d.code = m.new WHERE t.division_id = m.id', t)
        USING ending;
    END LOOP;
    UPDATE public.pairing p SET division_id = d.id
    FROM unnest(ending) AS m JOIN public.division d ON d.code = m.new WHERE p.division_id = m.id AND p.ended_on IS NULL;
    FOREACH t IN ARRAY ARRAY['congress', 'organ', 'zone'] LOOP
        EXECUTE format($sql$
            UPDATE public.%1$I t SET division_id = x.heir
            FROM (
                SELECT o.id, d.id AS heir, %2$s AS name, row_number() OVER (PARTITION BY d.id, %2$s ORDER BY m.one) AS nth
                FROM unnest($1) AS m JOIN public.division d ON d.code = m.new JOIN public.%1$I o ON o.division_id = m.id
            ) x
            WHERE t.id = x.id AND x.nth = 1 AND NOT EXISTS (SELECT FROM public.%1$I o WHERE o.division_id = x.heir AND %2$s IS NOT DISTINCT FROM x.name)$sql$,
            t, CASE t WHEN 'congress' THEN 'NULL::text' ELSE 'o.name' END)
        USING ending;
    END LOOP;
END $$;

-- end_rules ends the rules of divisions that end, before they move: those of the division that takes over hold from the day on.
CREATE FUNCTION end_rules(moves division_move[], day date) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ending CONSTANT bigint[] := ARRAY(SELECT m.old FROM unnest(moves) AS m WHERE m.ends);
    t text;
BEGIN
    IF cardinality(ending) = 0 THEN
        RETURN;
    END IF;
    FOREACH t IN ARRAY ARRAY['norm_set', 'point_scheme', 'visit_rule', 'key_figure'] LOOP
        EXECUTE format('UPDATE public.%I t SET until_on = greatest($2 - 1, t.from_on - %s) WHERE t.code = ANY ($1) AND (t.until_on IS NULL OR t.until_on >= $2)%s',
            t, CASE t WHEN 'key_figure' THEN 0 ELSE 1 END, CASE t WHEN 'visit_rule' THEN ' AND t.station_id IS NULL' ELSE '' END)
        USING ending, day;
    END LOOP;
    -- Two figures of one key cannot be of the same place.
    UPDATE public.key_figure f SET key = f.key || '_' || m.old
    FROM unnest(moves) AS m
    WHERE m.ends AND f.code = m.old AND EXISTS (SELECT FROM public.key_figure o
        WHERE o.key = f.key AND o.id <> f.id AND o.code IN (SELECT x.new FROM unnest(moves) AS x WHERE x.new = m.new UNION SELECT x.old FROM unnest(moves) AS x WHERE x.new = m.new AND x.ends));
END $$;

-- make_divisions adds the divisions that are new.
CREATE FUNCTION make_divisions(made division_move[], day date) RETURNS void
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO division (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, level, name, parent_code, parent_id, valid_from)
    SELECT m.id, now(), now(), m.new, m.province, m.city, m.county, m.township,
        CASE WHEN m.new % 10000000000 = 0 THEN 'PROVINCE' WHEN m.new % 100000000 = 0 THEN 'CITY' WHEN m.new % 1000000 = 0 THEN 'COUNTY'
            WHEN m.new % 1000 = 0 THEN 'TOWNSHIP' ELSE 'VILLAGE' END,
        m.name, m.parent, (SELECT p.id FROM division p WHERE p.code = m.parent), make_divisions.day
    FROM unnest(made) AS m;
END;

-- change_divisions gives the divisions that move their new codes, names and parents, and ends those that end.
CREATE FUNCTION change_divisions(moves division_move[], day date) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Codes may go round: each is put aside first.
    IF EXISTS (SELECT FROM unnest(moves) AS a JOIN unnest(moves) AS b ON a.new = b.old WHERE a.old <> a.new AND NOT a.ends) THEN
        UPDATE public.division d SET code = -m.new FROM unnest(moves) AS m WHERE d.id = m.id AND NOT m.ends;
    END IF;
    UPDATE public.division d
    SET code = m.new, province_code = m.province, city_code = m.city, county_code = m.county, township_code = m.township, parent_code = m.parent,
        name = m.name, valid_from = CASE WHEN d.valid_to IS NULL THEN change_divisions.day ELSE d.valid_from END, version = d.version + 1, updated_at = now()
    FROM unnest(moves) AS m WHERE d.id = m.id AND NOT m.ends;
    UPDATE public.division d SET parent_id = p.id
    FROM unnest(moves) AS m JOIN public.division p ON p.code = m.parent
    WHERE d.id = m.id AND NOT m.ends AND d.parent_id IS DISTINCT FROM p.id;
    UPDATE public.division d SET valid_to = change_divisions.day, version = d.version + 1, updated_at = now()
    FROM unnest(moves) AS m WHERE d.id = m.id AND m.ends;
    -- What has ended is found by its name where it went.
    INSERT INTO public.division_key (key, code)
    SELECT k.key, m.new FROM unnest(moves) AS m JOIN public.division_key k ON k.code = m.old WHERE m.ends AND m.old <> m.new
    ON CONFLICT DO NOTHING;
    DELETE FROM public.division_key k USING unnest(moves) AS m WHERE m.ends AND m.old <> m.new AND k.code = m.old;
END $$;

-- reorganise makes the divisions that are new, and moves others with all that lies in them, from a day on. It answers how many rows move, by table; with dry it
-- does no more than that, and without anything to answer where the viewer's area does not hold it all.
CREATE FUNCTION reorganise(made division_move[], moves division_move[], day date, dry boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moved jsonb;
BEGIN
    IF NOT public.moves_in_sight(moves)
       OR EXISTS (SELECT FROM unnest(made) AS m WHERE m.new <= viewer_lo() OR public.division_end(m.new) > viewer_hi()) THEN
        RETURN NULL;
    END IF;
    IF dry THEN
        RETURN public.move_rows(moves, true);
    END IF;
    PERFORM public.make_divisions(made, day);
    PERFORM public.end_rules(moves, day);
    moved := public.move_rows(moves, false);
    PERFORM public.take_over(moves);
    PERFORM public.change_divisions(moves, day);
    RETURN moved;
END $$;

-- name_division makes a division be found by more keys.
CREATE FUNCTION name_division(place bigint, keys text[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO division_key (key, code)
    SELECT k, d.code FROM unnest(keys) AS k CROSS JOIN division d
    WHERE d.code = name_division.place AND d.code > viewer_lo() AND d.code < viewer_hi() AND NOT d.placeholder
    ON CONFLICT DO NOTHING;
END;

-- keep_former notes what divisions were until a change, at the place of what they became: for each move an id in its turn.
CREATE FUNCTION keep_former(event uuid, formers jsonb) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    n integer;
BEGIN
    INSERT INTO public.former_division (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
        code_then, name, level, parent_code_then, valid_from, valid_to, division_id, event_id)
    SELECT f.id, now(), now(), d.code, d.province_code, d.city_code, d.county_code, d.township_code,
        f.code_then, f.name, f.level, f.parent_code_then, f.valid_from, e.day, d.id, e.id
    FROM public.division_event e
    CROSS JOIN LATERAL jsonb_to_recordset(formers) AS f (id uuid, code bigint, code_then bigint, name text, level text, parent_code_then bigint, valid_from date)
    JOIN public.division d ON d.code = f.code
    WHERE e.id = keep_former.event AND e.code >= viewer_lo() AND e.code < viewer_hi() AND d.code > viewer_lo() AND d.code < viewer_hi();
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
GRANT SELECT (day) ON division_event TO lianluo_definer;

-- division_rests tells what still lies in a division and keeps it from being abolished: open stations, mandates on the roll, open cases, active accounts.
CREATE FUNCTION division_rests(place bigint) RETURNS TABLE (stations bigint, mandates bigint, opinions bigint, accounts bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT (SELECT count(*) FROM station s WHERE s.code = p.code AND s.closed_on IS NULL),
        (SELECT count(*) FROM mandate m WHERE m.status <> 'ENDED' AND p.code IN (m.code, m.seat_code)),
        (SELECT count(*) FROM opinion o WHERE o.open AND p.code IN (o.code, o.holder_code)),
        (SELECT count(*) FROM account a WHERE a.code = p.code AND a.status = 'ACTIVE')
    FROM division p WHERE p.code = division_rests.place AND p.code > viewer_lo() AND p.code < viewer_hi();
END;
GRANT SELECT (status) ON account TO lianluo_definer;

-- gather_strays moves what came to lie at a code after its division had left it: written by someone who had read the place before the change, and written
-- it down after. It looks at the changes of the last hour; a code that another division has by now is that division's.
GRANT SELECT (code_then, division_id) ON former_division TO lianluo_definer;
GRANT SELECT (created_at) ON former_division TO lianluo_definer;
CREATE FUNCTION gather_strays() RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moves CONSTANT public.division_move[] := ARRAY(
        SELECT DISTINCT ON (f.code_then) ROW(ended.id, f.code_then, d.code, d.province_code, d.city_code, d.county_code, d.township_code, NULL, d.name, true, 0)::public.division_move
        FROM public.former_division f
        JOIN public.division d ON d.id = f.division_id AND d.code <> f.code_then
        LEFT JOIN public.division ended ON ended.code = f.code_then
        WHERE f.created_at > now() - interval '1 hour' AND (ended.id IS NULL OR ended.valid_to IS NOT NULL)
        ORDER BY f.code_then, f.created_at DESC, f.id DESC);
    gathered bigint;
BEGIN
    IF cardinality(moves) = 0 THEN
        RETURN 0;
    END IF;
    SELECT coalesce(sum(m.value::bigint) FILTER (WHERE m.key <> 'opinion.open'), 0) INTO gathered FROM jsonb_each_text(public.move_rows(moves, false)) AS m;
    PERFORM public.take_over(moves);
    RETURN gathered;
END $$;

-- sums_then answers by how much the sums of divisions as they were at the time of the records (按当时区划) differ from those as they are now: what lay there
-- then and lies elsewhere now counts, what lay elsewhere then does not. It tells sums alone, of divisions within the viewer's area: there the records
-- were written, though they are not seen there any more. What came from elsewhere is found by the codes that divisions of the area had before.
GRANT SELECT ON opinion, visit_day TO lianluo_definer;
CREATE FUNCTION sums_then(divisions bigint[], first_day date, last_day date) RETURNS TABLE (code bigint, measure text, n bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        SELECT DISTINCT u.code, division_end(u.code) AS after FROM unnest(divisions) AS u (code)
        WHERE u.code >= viewer_lo() AND division_end(u.code) <= viewer_hi()
    ), come AS MATERIALIZED (
        SELECT DISTINCT a.code, a.after, f.code_then
        FROM asked a JOIN former_division f ON f.code >= a.code AND f.code < a.after AND NOT (f.code_then >= a.code AND f.code_then < a.after)
    ), differing AS (
        SELECT a.code, 1 AS sign, m.day, to_jsonb(m) - 'day' AS measures
        FROM asked a JOIN visit_day t ON t.code_then >= a.code AND t.code_then < a.after AND t.code_then <> t.code AND NOT (t.code >= a.code AND t.code < a.after)
        CROSS JOIN LATERAL visit_day_measures(t) m
        UNION ALL
        SELECT a.code, -1, m.day, to_jsonb(m) - 'day'
        FROM come a JOIN visit_day t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.code AND t.code < a.after
        CROSS JOIN LATERAL visit_day_measures(t) m
        UNION ALL
        SELECT a.code, 1 AS sign, m.day, to_jsonb(m) - 'day' AS measures
        FROM asked a JOIN activity t ON t.code_then >= a.code AND t.code_then < a.after AND t.code_then <> t.code AND NOT (t.code >= a.code AND t.code < a.after)
        CROSS JOIN LATERAL activity_measures(t) m
        UNION ALL
        SELECT a.code, -1, m.day, to_jsonb(m) - 'day'
        FROM come a JOIN activity t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.code AND t.code < a.after
        CROSS JOIN LATERAL activity_measures(t) m
        UNION ALL
        SELECT a.code, 1 AS sign, m.day, to_jsonb(m) - 'day' AS measures
        FROM asked a JOIN activity t JOIN activity_figure f ON f.activity_id = t.id ON t.code_then >= a.code AND t.code_then < a.after AND t.code_then <> t.code AND NOT (t.code >= a.code AND t.code < a.after)
        CROSS JOIN LATERAL activity_figure_measures(f, t.day, t.state) m
        UNION ALL
        SELECT a.code, -1, m.day, to_jsonb(m) - 'day'
        FROM come a JOIN activity t JOIN activity_figure f ON f.activity_id = t.id ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.code AND t.code < a.after
        CROSS JOIN LATERAL activity_figure_measures(f, t.day, t.state) m
        UNION ALL
        SELECT a.code, 1 AS sign, m.day, to_jsonb(m) - 'day' AS measures
        FROM asked a JOIN attendance t JOIN activity v ON v.id = t.activity_id ON t.code_then >= a.code AND t.code_then < a.after AND t.code_then <> t.code AND NOT (t.code >= a.code AND t.code < a.after)
        CROSS JOIN LATERAL attendance_measures(t, v.state) m
        UNION ALL
        SELECT a.code, -1, m.day, to_jsonb(m) - 'day'
        FROM come a JOIN attendance t JOIN activity v ON v.id = t.activity_id ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.code AND t.code < a.after
        CROSS JOIN LATERAL attendance_measures(t, v.state) m
        UNION ALL
        SELECT a.code, 1 AS sign, m.day, to_jsonb(m) - 'day' AS measures
        FROM asked a JOIN opinion t ON t.code_then >= a.code AND t.code_then < a.after AND t.code_then <> t.code AND NOT (t.code >= a.code AND t.code < a.after)
        CROSS JOIN LATERAL opinion_measures(t) m
        UNION ALL
        SELECT a.code, -1, m.day, to_jsonb(m) - 'day'
        FROM come a JOIN opinion t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.code AND t.code < a.after
        CROSS JOIN LATERAL opinion_measures(t) m
    ), left_with AS MATERIALIZED (
        SELECT DISTINCT a.code, a.after, t.deputy_id
        FROM asked a JOIN attendance t ON t.code_then >= a.code AND t.code_then < a.after AND t.code_then <> t.code AND NOT (t.code >= a.code AND t.code < a.after)
        JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED'
        WHERE t.deputy_id IS NOT NULL AND t.day BETWEEN first_day AND last_day
    ), came_with AS MATERIALIZED (
        SELECT DISTINCT a.code, a.after, t.deputy_id
        FROM come a JOIN attendance t ON t.code_then = a.code_then AND t.code_then <> t.code AND t.code >= a.code AND t.code < a.after
        JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED'
        WHERE t.deputy_id IS NOT NULL AND t.day BETWEEN first_day AND last_day
    ), persons AS (
        -- A person counts once: who attended there then and not now, less who attended there now and not then.
        SELECT l.code, 1 AS sign FROM left_with l
        WHERE NOT EXISTS (SELECT FROM attendance t JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED'
            WHERE t.deputy_id = l.deputy_id AND t.day BETWEEN first_day AND last_day AND t.code >= l.code AND t.code < l.after)
        UNION ALL
        SELECT c.code, -1 FROM came_with c
        WHERE NOT EXISTS (SELECT FROM left_with l WHERE l.code = c.code AND l.deputy_id = c.deputy_id)
          AND NOT EXISTS (SELECT FROM attendance t JOIN activity v ON v.id = t.activity_id AND v.state = 'CONFIRMED'
            WHERE t.deputy_id = c.deputy_id AND t.day BETWEEN first_day AND last_day AND t.code >= c.code AND t.code < c.after
              AND t.code_then >= c.code AND t.code_then < c.after)
    )
    SELECT d.code, k.key, sum(d.sign * k.value::bigint)::bigint
    FROM differing d CROSS JOIN LATERAL jsonb_each_text(d.measures) k
    WHERE d.day BETWEEN first_day AND last_day AND k.value IS NOT NULL
    GROUP BY 1, 2
    HAVING sum(d.sign * k.value::bigint) <> 0
    UNION ALL
    SELECT p.code, 'deputies_attended', sum(p.sign)::bigint FROM persons p GROUP BY 1 HAVING sum(p.sign) <> 0;
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['division_subtree(bigint[])', 'reorganise(division_move[], division_move[], date, boolean)', 'name_division(bigint, text[])',
        'keep_former(uuid, jsonb)', 'division_rests(bigint)', 'sums_then(bigint[], date, date)']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lianluo_definer', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lianluo_area', f);
    END LOOP;
    ALTER FUNCTION gather_strays() OWNER TO lianluo_definer;
    REVOKE EXECUTE ON FUNCTION gather_strays() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION gather_strays() TO lianluo_system;
    -- The parts of reorganise are its own.
    FOREACH f IN ARRAY ARRAY['moves_in_sight(division_move[])', 'move_rows(division_move[], boolean)', 'take_over(division_move[])',
        'end_rules(division_move[], date)', 'make_divisions(division_move[], date)', 'change_divisions(division_move[], date)']::regprocedure[] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lianluo_definer', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
