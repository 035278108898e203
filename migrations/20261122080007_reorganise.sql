-- Changes of the tree, once more: cases find who has them now, rules of before hold for whom they held, a code that was given up comes back, and
-- what hangs on a row is found by it when that moves.

-- hangs_on says of the codes of divisions that few indexes lead to on what row they hang: that one has the same code as its own place.
CREATE FUNCTION hangs_on() RETURNS TABLE (relation text, attribute text, key text, parent text) LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    VALUES
        ('activity_event', 'code', 'activity_id', 'activity'), ('activity_figure', 'code', 'activity_id', 'activity'),
        ('activity_station', 'code', 'station_id', 'station'), ('activity_station', 'host_code', 'activity_id', 'activity'),
        ('appointment_contact', 'code', 'appointment_id', 'appointment'),
        ('attachment', 'code', 'opinion_id', 'opinion'), ('attachment', 'code', 'activity_id', 'activity'), ('attachment', 'code', 'duty_record_id', 'duty_record'),
        ('attachment', 'code', 'claim_id', 'point_claim'), ('attachment', 'code', 'evaluation_id', 'evaluation'),
        ('deputy_contact', 'code', 'deputy_id', 'deputy'), ('deputy_key', 'code', 'deputy_id', 'deputy'),
        ('mandate', 'seat_code', 'congress_id', 'congress'),
        ('opinion_assignment', 'code', 'opinion_id', 'opinion'), ('opinion_event', 'code', 'opinion_id', 'opinion'),
        ('opinion_submitter', 'code', 'opinion_id', 'opinion'), ('opinion_text', 'code', 'opinion_id', 'opinion'),
        ('qr_code', 'code', 'station_id', 'station'), ('station_key', 'code', 'station_id', 'station'),
        ('visit_duty', 'code', 'station_id', 'station');
END;
GRANT SELECT (activity_id) ON activity_event, activity_station, attachment TO lianluo_definer;
GRANT SELECT (opinion_id) ON attachment, opinion_assignment, opinion_event, opinion_text TO lianluo_definer;
GRANT SELECT (duty_record_id, claim_id, evaluation_id) ON attachment TO lianluo_definer;
GRANT SELECT (station_id) ON activity_station, qr_code, station_key, visit_duty TO lianluo_definer;
GRANT SELECT (deputy_id) ON deputy_contact, deputy_key TO lianluo_definer;
GRANT SELECT (appointment_id) ON appointment_contact TO lianluo_definer;
-- They are asked for by what they hang on otherwise too: who submitted an opinion, or asked for an appointment, and what departments have had a case.
CREATE INDEX opinion_submitter_opinion ON opinion_submitter (opinion_id);
CREATE INDEX appointment_contact_appointment ON appointment_contact (appointment_id);
CREATE INDEX opinion_assignment_opinion ON opinion_assignment (opinion_id);
CREATE INDEX qr_code_station ON qr_code (station_id);
CREATE INDEX evaluation_review_code ON evaluation_review (code);

-- hand_over has open cases of divisions that change come to whoever has them now: it is told of the last step, as it would have been of one that was
-- taken then; who was told before is not told again. A case whose division went from under its holder goes to the division of the same level that it lies in
-- now, or to the next above. It answers the cases that wait on someone else now; told are those that would wait on someone else anyway.
CREATE FUNCTION hand_over(moves division_move[], told uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    WITH handed AS (
        UPDATE public.opinion o SET holder_code = h.code, level = d.level
        FROM (SELECT DISTINCT m.new FROM unnest(moves) AS m WHERE m.old <> m.new) n
        JOIN public.opinion s ON s.code = n.new AND NOT (s.code >= s.holder_code AND s.code < public.division_end(s.holder_code))
        CROSS JOIN LATERAL (SELECT coalesce(CASE WHEN s.holder_code % 100000000 <> 0 AND s.holder_code % 1000000 <> 0 THEN s.township_code END,
            CASE WHEN s.holder_code % 100000000 <> 0 THEN s.county_code END,
            CASE WHEN s.holder_code % 10000000000 <> 0 THEN s.city_code END, s.province_code, 0) AS code) h
        JOIN public.division d ON d.code = h.code
        WHERE o.id = s.id
        RETURNING o.id, o.open
    )
    INSERT INTO public.river_job (kind, args, max_attempts)
    SELECT 'opinion_step', jsonb_build_object('event', e.id), 10
    FROM (SELECT id FROM handed WHERE open UNION SELECT unnest(told)) c
    CROSS JOIN LATERAL (SELECT e.id FROM public.opinion_event e WHERE e.opinion_id = c.id ORDER BY e.sequence DESC LIMIT 1) e;
END $$;
GRANT UPDATE (level) ON opinion TO lianluo_definer;
GRANT SELECT (sequence) ON opinion_event TO lianluo_definer;

-- to_be_told are the open cases that wait on the organ of a division that ends, or on stations there, which the organ keeps where no one else does.
CREATE FUNCTION to_be_told(moves division_move[]) RETURNS uuid[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT ARRAY(
        SELECT o.id FROM unnest(moves) AS m JOIN opinion o ON o.open AND o.holder_code = m.old AND o.waits_on = 'ORGAN'
        WHERE m.ends AND m.old <> m.new
        UNION
        SELECT o.id FROM unnest(moves) AS m JOIN opinion o ON o.open AND o.code >= m.old AND o.code < division_end(m.old) AND o.waits_on = 'STATION'
        WHERE m.ends AND m.old <> m.new);
END;

-- move_rows moves all rows of divisions that get other codes, and what belongs to those that end. It answers how many by table; with dry it only counts.
CREATE OR REPLACE FUNCTION move_rows(moves division_move[], dry boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone CONSTANT public.division_move[] := ARRAY(SELECT m FROM unnest(moves) AS m WHERE m.old <> m.new);
    moved jsonb := '{}';
    t record;
    name text;
    n bigint;
BEGIN
    SELECT count(*) INTO n FROM unnest(gone) AS m JOIN public.opinion o ON o.code = m.old WHERE o.open;
    IF n > 0 THEN
        moved := jsonb_build_object('opinion.open', n);
    END IF;
    FOR t IN
        SELECT c.relation, c.attribute, h.key, h.parent,
            CASE WHEN c.placed THEN 'code = m.new, province_code = m.province, city_code = m.city, county_code = m.county, township_code = m.township'
                ELSE format('%I = m.new', c.attribute) END AS changes
        FROM (
            SELECT p.relation::text, 'code' AS attribute, true AS placed, p.n FROM public.placed_table() WITH ORDINALITY AS p (relation, n)
            UNION ALL
            SELECT c.relation, c.attribute, false, 1000 FROM public.division_column() AS c WHERE c.follows
        ) c LEFT JOIN public.hangs_on() h USING (relation, attribute)
        ORDER BY h.parent IS NOT NULL, c.n, c.relation, c.attribute, h.key
    LOOP
        IF t.parent IS NOT NULL THEN
            -- It is found by what it hangs on, where that is by now.
            IF dry THEN
                EXECUTE format('SELECT count(*) FROM unnest($1) AS m JOIN public.%I p ON p.code = m.old JOIN public.%I t ON t.%I = p.id AND t.%I = m.old',
                    t.parent, t.relation, t.key, t.attribute) INTO n USING gone;
            ELSE
                EXECUTE format('UPDATE public.%I t SET %s FROM unnest($1) AS m JOIN public.%I p ON p.code = m.new WHERE t.%I = p.id AND t.%I = m.old',
                    t.relation, t.changes, t.parent, t.key, t.attribute) USING gone;
                GET DIAGNOSTICS n = ROW_COUNT;
            END IF;
        ELSIF t.attribute = 'holder_code' THEN
            -- Cases lie in the division that holds them; those that do not are open.
            EXECUTE format($sql$
                WITH held AS (
                    SELECT o.id, h.new FROM unnest($1) AS m JOIN public.opinion o ON o.code = m.%I JOIN unnest($1) AS h ON h.old = o.holder_code
                    UNION
                    SELECT o.id, h.new FROM unnest($1) AS h JOIN public.opinion o ON o.open AND o.holder_code = h.old
                ) %s$sql$, CASE WHEN dry THEN 'old' ELSE 'new' END,
                CASE WHEN dry THEN 'SELECT count(*) FROM held'
                    ELSE ', kept AS (UPDATE public.opinion o SET holder_code = held.new FROM held WHERE o.id = held.id RETURNING 1) SELECT count(*) FROM kept' END)
            INTO n USING gone;
        ELSIF dry THEN
            EXECUTE format('SELECT count(*) FROM unnest($1) AS m JOIN public.%I t ON t.%I = m.old', t.relation, t.attribute)
                || CASE t.relation WHEN 'opinion_limit' THEN ' WHERE NOT m.ends' ELSE '' END INTO n USING gone;
        ELSE
            EXECUTE format('UPDATE public.%I t SET %s FROM unnest($1) AS m WHERE t.%I = m.old', t.relation, t.changes, t.attribute)
                -- Limits are the rules of a congress: those of one that ends hold for no place any more.
                || CASE t.relation WHEN 'opinion_limit' THEN ' AND NOT m.ends' ELSE '' END USING gone;
            GET DIAGNOSTICS n = ROW_COUNT;
        END IF;
        IF n > 0 THEN
            name := concat_ws('.', t.relation, nullif(t.attribute, 'code'));
            moved := moved || jsonb_build_object(name, coalesce((moved ->> name)::bigint, 0) + n);
        END IF;
    END LOOP;
    RETURN moved;
END $$;

CREATE OR REPLACE FUNCTION reorganise(made division_move[], moves division_move[], day date, dry boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moved jsonb;
    told uuid[];
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
    told := public.to_be_told(moves);
    moved := public.move_rows(moves, false);
    PERFORM public.take_over(moves);
    PERFORM public.change_divisions(moves, day);
    PERFORM public.hand_over(moves, told);
    RETURN moved;
END $$;

-- establish_division makes a division that is new from a day on, or again one that was abolished: what it was until then is a former division. It answers
-- false for a code that another division has, or had when it went into another.
CREATE FUNCTION establish_division(made division_move, day date) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Places above it that are not would count what it will hold.
    IF made.new <= viewer_lo() OR public.division_end(made.new) > viewer_hi()
        OR NOT public.place_fits(made.new, made.province, made.city, made.county) OR made.township <> made.new - made.new % 1000
        OR made.parent NOT IN (0, coalesce(made.province, 0), coalesce(made.city, 0), coalesce(made.county, 0), coalesce(made.township, 0)) THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (SELECT FROM public.division d WHERE d.code = made.new) THEN
        PERFORM public.make_divisions(ARRAY[made], day);
        RETURN true;
    END IF;
    UPDATE public.division d
    SET name = made.name, province_code = made.province, city_code = made.city, county_code = made.county, township_code = made.township,
        parent_code = made.parent, parent_id = (SELECT p.id FROM public.division p WHERE p.code = made.parent),
        valid_from = establish_division.day, valid_to = NULL, version = d.version + 1, updated_at = now()
    WHERE d.code = made.new AND d.valid_to <= establish_division.day
      AND EXISTS (SELECT FROM public.former_division f WHERE f.division_id = d.id AND f.code_then = d.code AND f.valid_to = d.valid_to);
    RETURN FOUND;
END $$;

-- gone_into are the divisions that went into the one at a place, or into one that did, and on which day each ended.
CREATE FUNCTION gone_into(place bigint) RETURNS TABLE (division uuid, heir uuid, ended date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT e.id, f.division_id, e.valid_to
    FROM former_division f JOIN division e ON e.code = f.code_then AND e.valid_to = f.valid_to AND e.id <> f.division_id
    WHERE f.code = gone_into.place;
END;
GRANT SELECT (valid_to) ON former_division TO lianluo_definer;

-- took_over tells whether divisions have gone into the one at a place: congresses beside its own may have made rules there. It is told of the viewer's area,
-- of places above it, and of where the viewer has a mandate.
CREATE FUNCTION took_over(place bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM gone_into(took_over.place))
        AND (place >= viewer_lo() AND place < viewer_hi() OR viewer_lo() >= place AND viewer_lo() < division_end(place)
            OR EXISTS (SELECT FROM mandate m WHERE m.deputy_id = viewer_person() AND m.code >= place AND m.code < division_end(place)));
END;

-- past_rules tells of divisions that went into those at some places until when the rules of their congresses held, if they had one, and for which of some
-- mandates: those whose own division, or the one that it lay in, or the village in which they are at home, went with them. Only mandates count that the viewer
-- sees or has, and only places in which one of them is grouped.
CREATE FUNCTION past_rules(places bigint[], mandates uuid[]) RETURNS TABLE (code bigint, congress uuid, until date, held uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE asked AS (
        SELECT m.id, m.code, m.congress_id FROM mandate m
        WHERE m.id = ANY (mandates) AND (m.code >= viewer_lo() AND m.code < viewer_hi() OR m.deputy_id = viewer_person()
            OR EXISTS (SELECT FROM posting p WHERE p.mandate_id = m.id AND p.ended_on IS NULL AND p.code >= viewer_lo() AND p.code < viewer_hi()))
    ), line AS (
        SELECT b.mandate, b.division FROM (
            SELECT m.id AS mandate, c.division_id AS division FROM asked m JOIN congress c ON c.id = m.congress_id
            UNION ALL
            SELECT m.id, s.division_id
            FROM asked m
            CROSS JOIN LATERAL (SELECT p.station_id FROM posting p
                WHERE p.mandate_id = m.id AND p.ended_on IS NULL AND p.basis <> 'CROSS' ORDER BY p.started_on, p.id LIMIT 1) home
            JOIN station s ON s.id = home.station_id
            WHERE s.code % 1000 <> 0) b
        UNION
        SELECT l.mandate, f.division_id
        FROM line l JOIN division d ON d.id = l.division AND d.valid_to IS NOT NULL
        JOIN former_division f ON f.code_then = d.code AND f.valid_to = d.valid_to AND f.division_id <> d.id
    ), passed AS (
        SELECT l.mandate, l.division FROM line l
        UNION
        SELECT l.mandate, e.id
        FROM line l JOIN former_division f ON f.division_id = l.division
        JOIN division e ON e.valid_to = f.valid_to AND e.code <> f.code_then
            AND e.code IN (f.code_then - f.code_then % 1000, f.code_then - f.code_then % 1000000, f.code_then - f.code_then % 100000000,
                f.code_then - f.code_then % 10000000000)
    )
    SELECT p.code, c.id, g.ended, ARRAY(SELECT l.mandate FROM passed l WHERE l.division = g.division)
    FROM unnest(places) AS p (code) CROSS JOIN LATERAL gone_into(p.code) g LEFT JOIN congress c ON c.division_id = g.division
    -- A division that was made then has taken over the congress of one that ended, with its rules: it is not known of which.
    WHERE EXISTS (SELECT FROM asked a WHERE a.code >= p.code AND a.code < division_end(p.code))
      AND (c.id IS NOT NULL
        OR NOT EXISTS (SELECT FROM congress o JOIN division h ON h.id = o.division_id WHERE h.id = g.heir AND o.created_at < h.created_at));
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION establish_division(division_move, date) OWNER TO lianluo_definer;
ALTER FUNCTION gone_into(bigint) OWNER TO lianluo_definer;
ALTER FUNCTION took_over(bigint) OWNER TO lianluo_definer;
ALTER FUNCTION past_rules(bigint[], uuid[]) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
REVOKE EXECUTE ON FUNCTION establish_division(division_move, date), gone_into(bigint), took_over(bigint), past_rules(bigint[], uuid[]),
    hand_over(division_move[], uuid[]), to_be_told(division_move[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hand_over(division_move[], uuid[]), to_be_told(division_move[]) TO lianluo_definer;
GRANT EXECUTE ON FUNCTION establish_division(division_move, date) TO lianluo_area;
GRANT EXECUTE ON FUNCTION took_over(bigint), past_rules(bigint[], uuid[]) TO lianluo_area, lianluo_self, lianluo_organ, lianluo_system;

-- What counts once is worked out from lists of all rows that a statement changed. The triggers, which forbid the joins that these need, pass that on to what they
-- call: a county's 900 mandates took 6 million comparisons.
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['append_deputies(tenure[])', 'append_deputies_posted(tenure[])', 'append_villages_covered(tenure[])', 'append_townships_covered(tenure[])']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s SET enable_hashjoin = on', f);
        EXECUTE format('ALTER FUNCTION %s SET enable_mergejoin = on', f);
    END LOOP;
END $$;
