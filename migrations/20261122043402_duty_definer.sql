-- What the verbs and sums of deputies' work must know or set beyond the viewer's rows.

-- deeds answers what deputies did that counts for norms and points, in days from the first to the last, wherever it was: of each no more than what
-- it is, its key, its day and its sort. The deputies must be grouped in the viewer's area, or be the viewer; an area that has no seat of a deputy's any more is
-- told nothing of the days after the last one ended.
CREATE POLICY definer_read ON attendance FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON activity FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON suggestion FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON training_attendance FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON duty_record FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON pairing_contact FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON point_claim FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (id, activity_id, deputy_id, mandate_id, day) ON attendance TO lianluo_definer;
GRANT SELECT (id, station_id, way, state, title, day, begins_at, ends_at, longitude, latitude, setting) ON activity TO lianluo_definer;
GRANT SELECT (deputy_id, submitted_at, state) ON opinion TO lianluo_definer;
GRANT SELECT (id, deputy_id, created_at) ON suggestion TO lianluo_definer;
GRANT SELECT (id, deputy_id, day) ON training_attendance TO lianluo_definer;
GRANT SELECT (id, deputy_id, kind, day, state) ON duty_record TO lianluo_definer;
GRANT SELECT (id, leader_deputy_id, deputy_id, day) ON pairing_contact TO lianluo_definer;
GRANT SELECT (id, deputy_id, kind, item, day, state, points) ON point_claim TO lianluo_definer;
CREATE FUNCTION deeds(deputies uuid[], first_day date, last_day date)
    RETURNS TABLE (deputy uuid, deed text, id uuid, day date, way text, record text, item text, points bigint, appeal boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH who AS (
        SELECT m.deputy_id AS id, least(last_day, max(coalesce(m.ended_on, 'infinity'::date))) AS last_day FROM mandate m
        WHERE m.deputy_id = ANY (deputies) AND CASE WHEN current_setting('role') = 'lianluo_self' THEN m.deputy_id = viewer_person()
            ELSE m.code >= viewer_lo() AND m.code < viewer_hi() END
        GROUP BY m.deputy_id)
    SELECT a.deputy_id, 'ATTENDANCE', a.id, a.day, v.way, NULL::text, NULL::text, NULL::bigint, NULL::boolean
    FROM who JOIN attendance a ON a.deputy_id = who.id JOIN activity v ON v.id = a.activity_id
    WHERE v.state = 'CONFIRMED' AND a.day BETWEEN first_day AND who.last_day
    UNION ALL
    SELECT o.deputy_id, 'OPINION', o.id, (o.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, NULL, NULL, NULL, NULL, NULL
    FROM who JOIN opinion o ON o.deputy_id = who.id
    WHERE o.state <> 'DECLINED' AND (o.submitted_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN first_day AND who.last_day
    UNION ALL
    SELECT s.deputy_id, 'SUGGESTION', s.id, (s.created_at AT TIME ZONE 'Asia/Shanghai')::date, NULL, NULL, NULL, NULL, NULL
    FROM who JOIN suggestion s ON s.deputy_id = who.id
    WHERE (s.created_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN first_day AND who.last_day
    UNION ALL
    SELECT t.deputy_id, 'TRAINING', t.id, t.day, NULL, NULL, NULL, NULL, NULL
    FROM who JOIN training_attendance t ON t.deputy_id = who.id WHERE t.day BETWEEN first_day AND who.last_day
    UNION ALL
    SELECT r.deputy_id, 'RECORD', r.id, r.day, NULL, r.kind, NULL, NULL, NULL
    FROM who JOIN duty_record r ON r.deputy_id = who.id WHERE r.state = 'CONFIRMED' AND r.day BETWEEN first_day AND who.last_day
    UNION ALL
    SELECT who.id, 'CONTACT', c.id, c.day, NULL, NULL, NULL, NULL, NULL
    FROM who JOIN pairing_contact c ON c.leader_deputy_id = who.id OR c.deputy_id = who.id WHERE c.day BETWEEN first_day AND who.last_day
    UNION ALL
    SELECT c.deputy_id, 'CLAIM', c.id, c.day, NULL, NULL, c.item, c.points, c.kind = 'APPEAL'
    FROM who JOIN point_claim c ON c.deputy_id = who.id WHERE c.state = 'APPROVED' AND c.day BETWEEN first_day AND who.last_day;
END;

-- serves_on tells whether a mandate stands on the roll on a day and is not suspended then. Of a suspension whose days are not known it is any day.
CREATE FUNCTION serves_on(elected_on date, ended_on date, status text, suspensions jsonb, on_day date) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN elected_on <= on_day AND (ended_on IS NULL OR ended_on > on_day)
        AND CASE WHEN jsonb_typeof(suspensions) = 'array' AND suspensions <> '[]' THEN NOT EXISTS (
                SELECT FROM jsonb_array_elements(suspensions) s
                WHERE (s ->> 'from')::date <= on_day AND (coalesce(s ->> 'until', '') = '' OR (s ->> 'until')::date > on_day))
            ELSE status <> 'SUSPENDED' END;
-- deputy_rank answers the highest mandate that a deputy has on the roll, and not suspended, on a day. The deputy must be grouped, or on that day
-- posted, in the viewer's area, or be the viewer.
GRANT SELECT (id, deputy_id, level, status, elected_on, ended_on, suspensions, code) ON mandate TO lianluo_definer;
CREATE FUNCTION deputy_rank(deputy uuid, on_day date) RETURNS TABLE (mandate uuid, level text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT m.id, m.level FROM mandate m
    WHERE m.deputy_id = deputy_rank.deputy AND serves_on(m.elected_on, m.ended_on, m.status, m.suspensions, on_day)
      AND CASE WHEN current_setting('role') = 'lianluo_self' THEN m.deputy_id = viewer_person()
          ELSE EXISTS (SELECT FROM mandate h WHERE h.deputy_id = m.deputy_id AND h.code >= viewer_lo() AND h.code < viewer_hi())
            OR EXISTS (SELECT FROM posting p WHERE p.deputy_id = m.deputy_id AND p.code >= viewer_lo() AND p.code < viewer_hi()
                AND p.started_on <= on_day AND (p.ended_on IS NULL OR p.ended_on > on_day)) END
    ORDER BY array_position(ARRAY['NATIONAL', 'PROVINCIAL', 'CITY', 'COUNTY', 'TOWNSHIP'], m.level::text), m.elected_on, m.id
    LIMIT 1;
END;

-- scanned_activities answers what a deputy who scans a station's code may check in to: the station, and its activities, its own and those it takes part
-- in, that are planned or under way on the days named. The code on the wall is the permission; nothing else of the station is told.
CREATE POLICY definer_read ON qr_code FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (text, station_id, posting_id, revoked_at) ON qr_code TO lianluo_definer;
CREATE POLICY definer_read ON activity_station FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (activity_id, station_id) ON activity_station TO lianluo_definer;
GRANT SELECT (name, longitude, latitude, province_code, city_code, county_code, township_code) ON station TO lianluo_definer;
CREATE FUNCTION scanned_activities(scanned text, first_day date, last_day date)
    RETURNS TABLE (station uuid, name text, longitude double precision, latitude double precision,
        code bigint, province_code bigint, city_code bigint, county_code bigint, township_code bigint,
        activity uuid, title text, begins_at timestamptz, ends_at timestamptz, setting text, place_longitude double precision, place_latitude double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.name, s.longitude, s.latitude, s.code, s.province_code, s.city_code, s.county_code, s.township_code,
        a.id, a.title, a.begins_at, a.ends_at, a.setting, a.longitude, a.latitude
    FROM qr_code q
    JOIN station s ON s.id = q.station_id AND s.closed_on IS NULL
    LEFT JOIN activity a ON (a.station_id = s.id OR EXISTS (SELECT FROM activity_station j WHERE j.activity_id = a.id AND j.station_id = s.id))
        AND a.state IN ('PLANNED', 'HELD') AND a.day BETWEEN first_day AND last_day
    WHERE q.text = scanned AND q.posting_id IS NULL AND q.revoked_at IS NULL AND viewer_person() IS NOT NULL
    ORDER BY a.begins_at, a.id;
END;

-- may_check_in tells whether an attendance may stand where a deputy puts it: at the place of a station that holds, or takes part in, an activity that is
-- planned or under way.
CREATE FUNCTION may_check_in(activity uuid, station uuid, place bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM activity a JOIN station s ON s.id = may_check_in.station AND s.code = place
        WHERE a.id = may_check_in.activity AND a.state IN ('PLANNED', 'HELD')
          AND (a.station_id = s.id OR EXISTS (SELECT FROM activity_station j WHERE j.activity_id = a.id AND j.station_id = s.id)));
END;

-- publish_evaluation puts what the organ gave into the rows of those who were evaluated. The campaign must lie in the viewer's area and be published.
CREATE POLICY definer_read ON evaluation_campaign FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON evaluation_review FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON evaluation FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_update ON evaluation FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT (id, code, state, published_at) ON evaluation_campaign TO lianluo_definer;
GRANT SELECT ON evaluation_review TO lianluo_definer;
GRANT SELECT (id, campaign_id, version, published_at), UPDATE (scores, total, stars, published_at, version, updated_at) ON evaluation TO lianluo_definer;
CREATE FUNCTION publish_evaluation(campaign uuid) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    n integer;
BEGIN
    UPDATE public.evaluation e
    SET scores = r.scores, total = r.total, stars = r.stars, published_at = c.published_at, version = e.version + 1, updated_at = now()
    FROM public.evaluation_campaign c, public.evaluation_review r
    WHERE c.id = publish_evaluation.campaign AND c.state = 'PUBLISHED' AND c.code >= viewer_lo() AND c.code < viewer_hi()
      AND e.campaign_id = c.id AND r.evaluation_id = e.id AND r.campaign_id = c.id AND r.code = c.code AND e.published_at IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- asked_day answers what matters of a visit day to someone who asks for an appointment: how it stands, whether a deputy is on duty then, and whether an
-- organ is a department that works at the station's place or above. The day lies in the viewer's area, or a citizen asks, who is told nothing else of it.
CREATE POLICY definer_read ON visit_day FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON visit_duty FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON organ FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (id, code, state, published_at, begins_at, ends_at) ON visit_day TO lianluo_definer;
GRANT SELECT (id, code, visit_day_id, deputy_id, mandate_id, replaced) ON visit_duty TO lianluo_definer;
GRANT SELECT (id, code, kind, name, valid_to) ON organ TO lianluo_definer;
CREATE FUNCTION departments_over(place bigint) RETURNS TABLE (id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT o.id, o.name FROM organ o
    WHERE o.kind = 'DEPARTMENT' AND o.valid_to IS NULL AND o.code IN (departments_over.place, departments_over.place - departments_over.place % 1000,
        departments_over.place - departments_over.place % 1000000, departments_over.place - departments_over.place % 100000000,
        departments_over.place - departments_over.place % 10000000000, 0)
    ORDER BY o.code DESC, o.name, o.id;
END;
CREATE FUNCTION asked_day(visit_day uuid, deputy uuid, organ uuid)
    RETURNS TABLE (state text, published boolean, begins_at timestamptz, ends_at timestamptz, on_duty boolean, department boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT d.state, d.published_at IS NOT NULL, d.begins_at, d.ends_at,
        EXISTS (SELECT FROM visit_duty u JOIN mandate m ON m.id = u.mandate_id
            WHERE u.visit_day_id = d.id AND u.deputy_id = asked_day.deputy AND NOT u.replaced AND m.status IN ('ELECTED', 'CONFIRMED')),
        EXISTS (SELECT FROM departments_over(d.code) o WHERE o.id = asked_day.organ)
    FROM visit_day d
    WHERE d.id = asked_day.visit_day AND (viewer_receipt() IS NOT NULL OR d.code >= viewer_lo() AND d.code < viewer_hi());
END;

-- organ_names and station_names answer what organs and stations are called, which is no secret: those who ask or are asked know each other by name,
-- though they do not see each other's rows.
CREATE FUNCTION organ_names(organs uuid[]) RETURNS TABLE (id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT o.id, o.name FROM organ o WHERE o.id = ANY (organs);
END;
CREATE FUNCTION station_names(stations uuid[]) RETURNS TABLE (id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.name FROM station s WHERE s.id = ANY (stations);
END;

-- enqueue_notice has the platform tell those concerned of something that happened, once the transaction is through; enqueue_settlement has it bring the
-- ledgers of deputies up to their evidence. Both hand over ids alone; what is told, and what is written, the platform works out from the records. Notices
-- are of what lies in the viewer's area, of the deputy's own, of what a department is asked, of the own appointment.
GRANT SELECT (id, code, deputy_id) ON duty_record TO lianluo_definer;
GRANT SELECT (id, code, deputy_id) ON point_claim TO lianluo_definer;
GRANT SELECT (code) ON activity TO lianluo_definer;
CREATE POLICY definer_read ON appointment FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (id, code, deputy_id, organ_id) ON appointment TO lianluo_definer;
CREATE FUNCTION may_announce(entity text, entity_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT coalesce(bool_or(CASE current_setting('role')
            WHEN 'lianluo_self' THEN x.deputy_id = viewer_person()
            WHEN 'lianluo_organ' THEN x.organ_id = viewer_organ()
            WHEN 'lianluo_receipt' THEN may_announce.entity = 'Appointment' AND may_announce.entity_id = viewer_receipt()
            ELSE x.code >= viewer_lo() AND x.code < viewer_hi() END), false)
    FROM (
        SELECT d.code, NULL::uuid AS deputy_id, NULL::uuid AS organ_id FROM visit_day d WHERE may_announce.entity = 'VisitDay' AND d.id = may_announce.entity_id
        UNION ALL
        SELECT d.code, NULL, NULL FROM visit_duty d WHERE may_announce.entity = 'VisitDuty' AND d.id = may_announce.entity_id
        UNION ALL
        SELECT a.code, a.deputy_id, a.organ_id FROM appointment a WHERE may_announce.entity = 'Appointment' AND a.id = may_announce.entity_id
        UNION ALL
        SELECT a.code, NULL, NULL FROM activity a WHERE may_announce.entity = 'Activity' AND a.id = may_announce.entity_id
        UNION ALL
        SELECT r.code, r.deputy_id, NULL FROM duty_record r WHERE may_announce.entity = 'DutyRecord' AND r.id = may_announce.entity_id
        UNION ALL
        SELECT c.code, c.deputy_id, NULL FROM point_claim c WHERE may_announce.entity = 'PointClaim' AND c.id = may_announce.entity_id
        UNION ALL
        SELECT m.code, NULL, NULL FROM mandate m WHERE may_announce.entity = 'Mandate' AND m.id = may_announce.entity_id
        UNION ALL
        SELECT c.code, NULL, NULL FROM evaluation_campaign c WHERE may_announce.entity = 'EvaluationCampaign' AND c.id = may_announce.entity_id) x;
END;
CREATE FUNCTION enqueue_notice(notice text, entity text, entity_id uuid) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO river_job (kind, args, max_attempts)
    SELECT 'notice', jsonb_build_object('notice', enqueue_notice.notice, 'entity', enqueue_notice.entity, 'id', enqueue_notice.entity_id,
        'cause', gen_random_uuid(), 'by', viewer_subject()), 10
    WHERE may_announce(enqueue_notice.entity, enqueue_notice.entity_id);
END;
CREATE FUNCTION enqueue_settlement(deputies uuid[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO river_job (kind, args, max_attempts)
    SELECT 'settlement', jsonb_build_object('deputy', d.id), 10 FROM (SELECT DISTINCT u.id FROM unnest(deputies) AS u (id)) d WHERE d.id IS NOT NULL;
END;
-- enqueue_settlement_of does so for all who attended an activity: at stations too that whoever confirms it does not see.
CREATE FUNCTION enqueue_settlement_of(activity uuid) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT enqueue_settlement(ARRAY(SELECT a.deputy_id FROM attendance a WHERE a.activity_id = enqueue_settlement_of.activity));
END;

-- organ_over tells whether an organ that is in being works at a place or above it. Who attends a station from an organ is named by whoever keeps the
-- station, though the organ's row is not in sight there.
CREATE FUNCTION organ_over(organ uuid, place bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM organ o WHERE o.id = organ_over.organ AND o.valid_to IS NULL AND o.code IN (0, place, place - place % 1000,
        place - place % 1000000, place - place % 100000000, place - place % 10000000000));
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION deeds(uuid[], date, date) OWNER TO lianluo_definer;
ALTER FUNCTION deputy_rank(uuid, date) OWNER TO lianluo_definer;
ALTER FUNCTION scanned_activities(text, date, date) OWNER TO lianluo_definer;
ALTER FUNCTION may_check_in(uuid, uuid, bigint) OWNER TO lianluo_definer;
ALTER FUNCTION publish_evaluation(uuid) OWNER TO lianluo_definer;
ALTER FUNCTION departments_over(bigint) OWNER TO lianluo_definer;
ALTER FUNCTION asked_day(uuid, uuid, uuid) OWNER TO lianluo_definer;
ALTER FUNCTION organ_names(uuid[]) OWNER TO lianluo_definer;
ALTER FUNCTION station_names(uuid[]) OWNER TO lianluo_definer;
ALTER FUNCTION may_announce(text, uuid) OWNER TO lianluo_definer;
ALTER FUNCTION enqueue_notice(text, text, uuid) OWNER TO lianluo_definer;
ALTER FUNCTION enqueue_settlement(uuid[]) OWNER TO lianluo_definer;
ALTER FUNCTION enqueue_settlement_of(uuid) OWNER TO lianluo_definer;
ALTER FUNCTION organ_over(uuid, bigint) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
REVOKE EXECUTE ON FUNCTION enqueue_settlement_of(uuid), organ_over(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_settlement_of(uuid), organ_over(uuid, bigint) TO lianluo_area;
REVOKE EXECUTE ON FUNCTION deeds(uuid[], date, date), deputy_rank(uuid, date), scanned_activities(text, date, date), may_check_in(uuid, uuid, bigint),
    publish_evaluation(uuid), may_announce(text, uuid), enqueue_notice(text, text, uuid), enqueue_settlement(uuid[]), departments_over(bigint), asked_day(uuid, uuid, uuid),
    organ_names(uuid[]), station_names(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION departments_over(bigint) TO lianluo_area, lianluo_receipt, lianluo_system;
GRANT EXECUTE ON FUNCTION asked_day(uuid, uuid, uuid) TO lianluo_area, lianluo_receipt;
GRANT EXECUTE ON FUNCTION organ_names(uuid[]), station_names(uuid[]) TO lianluo_area, lianluo_self, lianluo_organ, lianluo_receipt, lianluo_system;
GRANT EXECUTE ON FUNCTION deeds(uuid[], date, date), deputy_rank(uuid, date) TO lianluo_area, lianluo_self, lianluo_system;
GRANT EXECUTE ON FUNCTION scanned_activities(text, date, date), may_check_in(uuid, uuid, bigint) TO lianluo_self;
GRANT EXECUTE ON FUNCTION publish_evaluation(uuid) TO lianluo_area;
GRANT EXECUTE ON FUNCTION enqueue_notice(text, text, uuid) TO lianluo_area, lianluo_self, lianluo_organ, lianluo_receipt, lianluo_system;
GRANT EXECUTE ON FUNCTION enqueue_settlement(uuid[]) TO lianluo_area, lianluo_self, lianluo_system;

CREATE POLICY self_insert ON attendance FOR INSERT TO lianluo_self WITH CHECK (
    deputy_id = (SELECT viewer_person()) AND own_mandate(mandate_id) AND source = 'CHECK_IN' AND may_check_in(activity_id, station_id, code));
GRANT INSERT ON attendance TO lianluo_self;
