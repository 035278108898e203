-- Who sees and writes what deputies do: visit days, activities, norms, points, pairings, courses, evaluations.
--
-- Records of work lie at the place of their station, or where the deputy was grouped. Rules (norms, schemes, checklists, key figures, courses) are
-- also read by everyone below the congress that set them; nothing else of a place above is.

-- rule_above tells of the code of a place whether it is the viewer's own or an ancestor of it. Codes carry their ancestors.
CREATE FUNCTION rule_above(code bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN code IN (0, viewer_lo() - viewer_lo() % 10000000000, viewer_lo() - viewer_lo() % 100000000,
        viewer_lo() - viewer_lo() % 1000000, viewer_lo() - viewer_lo() % 1000, viewer_lo());
-- rule_of_own tells a deputy whether a rule is of a place above one of the own mandates.
CREATE FUNCTION rule_of_own(code bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM mandate m WHERE m.deputy_id = viewer_person() AND rule_of_own.code IN (0, m.seat_code, m.code,
        m.code - m.code % 10000000000, m.code - m.code % 100000000, m.code - m.code % 1000000, m.code - m.code % 1000));

-- rule puts a table of rules under row-level security. Those who see all of a place write its rules; of what stands, only the columns named change.
CREATE FUNCTION pg_temp.rule(t regclass, changing text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM protect(t, 'CASE WHEN {place} THEN true ELSE rule_above(code) END');
    EXECUTE format('REVOKE UPDATE ON %s FROM lianluo_area', t);
    EXECUTE format('GRANT UPDATE (version, updated_at, %s) ON %s TO lianluo_area', changing, t);
    PERFORM own(t, 'lianluo_self', 'rule_of_own(code)');
END $$;

-- record puts a table of records under row-level security: whoever sees the place may add rows that fulfil a condition, and change the columns named.
CREATE FUNCTION pg_temp.record(t regclass, guard text, further text, changing text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place CONSTANT text := 'CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN %s ELSE false END';
BEGIN
    PERFORM protect(t, guard, false);
    EXECUTE format('CREATE POLICY area_insert ON %s FOR INSERT TO lianluo_area WITH CHECK (' || place || ')', t, further);
    EXECUTE format('GRANT INSERT ON %s TO lianluo_area', t);
    IF changing IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE POLICY area_update ON %s FOR UPDATE TO lianluo_area USING (' || place || ') WITH CHECK (' || place || ')', t, 'true', 'true');
    EXECUTE format('GRANT UPDATE (version, updated_at, %s) ON %s TO lianluo_area', changing, t);
END $$;

-- removable lets those who see the place take rows back.
CREATE FUNCTION pg_temp.removable(t regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY area_delete ON %s FOR DELETE TO lianluo_area
        USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END)', t);
    EXECUTE format('GRANT DELETE ON %s TO lianluo_area', t);
END $$;

-- Visit days: published ones are public.
SELECT pg_temp.rule('visit_rule', 'until_on');
DROP POLICY self_read ON visit_rule;
SELECT own('visit_rule', 'lianluo_self', 'CASE WHEN station_id IS NULL THEN rule_of_own(code) ELSE station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL) END');
SELECT pg_temp.record('visit_day', '{place}', 'true', 'day, begins_at, ends_at, location, theme, state, published_at, reason');
SELECT publish('visit_day', 'published_at IS NOT NULL');
CREATE FUNCTION visit_day_in_sight(visit_day uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM visit_day d WHERE d.id = visit_day_in_sight.visit_day);
SELECT pg_temp.record('visit_duty', '{place}', 'visit_day_in_sight(visit_day_id)', 'replaced, reason');
SELECT publish('visit_duty', 'NOT replaced AND visit_day_in_sight(visit_day_id)');
SELECT own('visit_duty', 'lianluo_self', 'deputy_id = (SELECT viewer_person()) OR station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
CREATE FUNCTION on_duty(visit_day uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM visit_duty d WHERE d.visit_day_id = on_duty.visit_day AND d.deputy_id = viewer_person());
SELECT own('visit_day', 'lianluo_self', 'station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL) OR on_duty(id)');

-- Appointments: the station's area, the deputy or the department that is asked, and who asks.
SELECT pg_temp.record('appointment', '{place}', 'visit_day_in_sight(visit_day_id)', 'visit_day_id, state, reason, moves, decided_at, concluded_at');
SELECT own('appointment', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
SELECT own('appointment', 'lianluo_organ', 'organ_id = (SELECT viewer_organ())');
SELECT own('appointment', 'lianluo_receipt', 'id = (SELECT viewer_receipt())');
CREATE POLICY self_update ON appointment FOR UPDATE TO lianluo_self
    USING (deputy_id = (SELECT viewer_person())) WITH CHECK (deputy_id = (SELECT viewer_person()) AND state IN ('ACCEPTED', 'DECLINED'));
CREATE POLICY organ_update ON appointment FOR UPDATE TO lianluo_organ
    USING (organ_id = (SELECT viewer_organ())) WITH CHECK (organ_id = (SELECT viewer_organ()) AND state IN ('ACCEPTED', 'DECLINED'));
CREATE POLICY receipt_update ON appointment FOR UPDATE TO lianluo_receipt
    USING (id = (SELECT viewer_receipt())) WITH CHECK (id = (SELECT viewer_receipt()) AND state = 'WITHDRAWN');
GRANT UPDATE (version, updated_at, state, reason, decided_at) ON appointment TO lianluo_self, lianluo_organ, lianluo_receipt;
CREATE POLICY receipt_insert ON appointment FOR INSERT TO lianluo_receipt WITH CHECK (id = (SELECT viewer_receipt()) AND state = 'REQUESTED');
GRANT INSERT ON appointment TO lianluo_receipt;
CREATE FUNCTION appointment_in_sight(appointment uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM appointment a WHERE a.id = appointment_in_sight.appointment);
-- A department sees the visit days that its officials are asked to.
SELECT own('visit_day', 'lianluo_organ', 'EXISTS (SELECT FROM appointment a WHERE a.visit_day_id = visit_day.id)');
-- Who asks is seen by the keeper of the station and the organ responsible for its place, as with opinions.
SELECT pg_temp.record('appointment_contact', 'CASE (SELECT CASE WHEN viewer_hi() - viewer_lo() = 1 THEN 1 WHEN viewer_hi() - viewer_lo() <= 1000 THEN 2 ELSE 3 END)
    WHEN 1 THEN station_id = (SELECT viewer_station()) WHEN 2 THEN {place} ELSE township_code IS NULL AND code = (SELECT viewer_lo()) END',
    'appointment_in_sight(appointment_id)', NULL);
CREATE POLICY receipt_insert ON appointment_contact FOR INSERT TO lianluo_receipt WITH CHECK (appointment_id = (SELECT viewer_receipt()));
GRANT INSERT ON appointment_contact TO lianluo_receipt;
-- Receipts are read by the platform alone.
SELECT protect('appointment_receipt');
CREATE POLICY booked_insert ON appointment_receipt FOR INSERT TO lianluo_area WITH CHECK (appointment_in_sight(appointment_id));
CREATE POLICY receipt_insert ON appointment_receipt FOR INSERT TO lianluo_receipt WITH CHECK (appointment_id = (SELECT viewer_receipt()));
GRANT INSERT ON appointment_receipt TO lianluo_area, lianluo_receipt;

-- Activities. One that a station of the viewer's area takes part in is seen there too; who came to which station is seen at that station's place.
SELECT protect('activity_station', 'CASE WHEN {place} THEN true ELSE host_code >= (SELECT viewer_lo()) AND host_code < (SELECT viewer_hi()) END', false);
CREATE FUNCTION activity_joined(activity uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM activity_station s WHERE s.activity_id = activity_joined.activity);
SELECT pg_temp.record('activity', 'CASE WHEN {place} THEN true ELSE activity_joined(id) END', 'true',
    'title, way, setting, mode, theme, campaign, day, begins_at, ends_at, location, longitude, latitude, summary, state, late, events, recorded_at, confirmed_at');
CREATE FUNCTION activity_in_sight(activity uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM activity a WHERE a.id = activity_in_sight.activity);
CREATE FUNCTION activity_at(activity uuid, place bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM activity a WHERE a.id = activity_at.activity AND a.code = place);
CREATE FUNCTION station_at(station uuid, place bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM station s WHERE s.id = station_at.station AND s.code = place);
-- Another place's station takes part when someone arranges it who sees both.
CREATE POLICY area_insert ON activity_station FOR INSERT TO lianluo_area WITH CHECK (
    CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) AND host_code >= (SELECT viewer_lo()) AND host_code < (SELECT viewer_hi())
    THEN activity_at(activity_id, host_code) AND station_at(station_id, code) ELSE false END);
GRANT INSERT ON activity_station TO lianluo_area;
CREATE POLICY area_delete ON activity_station FOR DELETE TO lianluo_area
    USING (CASE WHEN host_code >= (SELECT viewer_lo()) AND host_code < (SELECT viewer_hi()) THEN true ELSE false END);
GRANT DELETE ON activity_station TO lianluo_area;
SELECT own('activity_station', 'lianluo_self', 'station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
SELECT pg_temp.record('activity_event', '{place}', 'activity_in_sight(activity_id) AND subject = (SELECT viewer_subject())', NULL);
REVOKE UPDATE, DELETE ON activity_event FROM lianluo_system;
SELECT pg_temp.rule('key_figure', 'name, unit, campaign, until_on');
SELECT pg_temp.record('activity_figure', 'CASE WHEN {place} THEN true ELSE activity_joined(activity_id) END', 'activity_at(activity_id, code)', 'value');
SELECT pg_temp.removable('activity_figure');
SELECT pg_temp.record('attendance', '{place}', 'activity_in_sight(activity_id) AND station_at(station_id, code)', NULL);
SELECT pg_temp.removable('attendance');
SELECT own('attendance', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
CREATE FUNCTION activity_attended(activity uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM attendance a WHERE a.activity_id = activity_attended.activity AND a.deputy_id = viewer_person());
SELECT own('activity', 'lianluo_self', 'station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL) OR activity_joined(id) OR activity_attended(id)
    OR on_duty(visit_day_id)');
SELECT own('activity_figure', 'lianluo_self', 'activity_in_sight(activity_id)');

-- Norms, records of work, points.
SELECT pg_temp.rule('norm_set', 'until_on');
SELECT pg_temp.rule('point_scheme', 'until_on');
SELECT protect('duty_record', '{place}', false);
CREATE POLICY area_update ON duty_record FOR UPDATE TO lianluo_area
    USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END)
    WITH CHECK (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);
GRANT UPDATE (version, updated_at, state, review, reviewed_at) ON duty_record TO lianluo_area;
SELECT own('duty_record', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
CREATE FUNCTION own_mandate(mandate uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM mandate m WHERE m.id = own_mandate.mandate AND m.deputy_id = viewer_person());
-- What is written of a mandate names the deputy who has it and lies where it is grouped.
CREATE FUNCTION mandate_at(mandate uuid, deputy uuid, place bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM mandate m WHERE m.id = mandate_at.mandate AND m.deputy_id = mandate_at.deputy AND m.code = place);
-- Deputies submit and withdraw; organs confirm.
CREATE POLICY self_insert ON duty_record FOR INSERT TO lianluo_self
    WITH CHECK (deputy_id = (SELECT viewer_person()) AND mandate_at(mandate_id, deputy_id, code) AND state = 'SUBMITTED');
CREATE POLICY self_update ON duty_record FOR UPDATE TO lianluo_self
    USING (deputy_id = (SELECT viewer_person())) WITH CHECK (deputy_id = (SELECT viewer_person()) AND state IN ('SUBMITTED', 'WITHDRAWN'));
GRANT INSERT, UPDATE (version, updated_at, day, title, content, state) ON duty_record TO lianluo_self;
-- The ledger is the platform's: it adds what the evidence comes to, and never changes a line.
SELECT protect('point_entry', '{place}', false);
SELECT own('point_entry', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
REVOKE UPDATE, DELETE ON point_entry FROM lianluo_system;
SELECT pg_temp.record('point_claim', '{place}', 'mandate_at(mandate_id, deputy_id, code)', 'state, points, decision, decided_at');
SELECT own('point_claim', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
CREATE POLICY self_insert ON point_claim FOR INSERT TO lianluo_self
    WITH CHECK (deputy_id = (SELECT viewer_person()) AND mandate_at(mandate_id, deputy_id, code) AND state = 'SUBMITTED' AND points IS NULL);
CREATE POLICY self_update ON point_claim FOR UPDATE TO lianluo_self
    USING (deputy_id = (SELECT viewer_person())) WITH CHECK (deputy_id = (SELECT viewer_person()) AND state IN ('APPEALED', 'WITHDRAWN'));
GRANT INSERT, UPDATE (version, updated_at, state, appeal) ON point_claim TO lianluo_self;
SELECT protect('point_check', '{place}', false);
SELECT own('point_check', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
CREATE POLICY self_insert ON point_check FOR INSERT TO lianluo_self WITH CHECK (deputy_id = (SELECT viewer_person()) AND mandate_at(mandate_id, deputy_id, code));
GRANT INSERT ON point_check TO lianluo_self;

-- Pairings.
SELECT pg_temp.rule('pairing_rule', 'least, most, times, period, from_on');
SELECT pg_temp.record('pairing', '{place}', 'true', 'ended_on, end_reason');
SELECT own('pairing', 'lianluo_self', 'leader_deputy_id = (SELECT viewer_person()) OR deputy_id = (SELECT viewer_person()) OR station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
-- A contact is of the two of a pairing and lies where it does.
CREATE FUNCTION contact_of(pairing uuid, leader uuid, deputy uuid, place bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM pairing p WHERE p.id = contact_of.pairing AND p.code = place
        AND p.leader_deputy_id IS NOT DISTINCT FROM leader AND p.deputy_id IS NOT DISTINCT FROM contact_of.deputy);
SELECT pg_temp.record('pairing_contact', '{place}', 'contact_of(pairing_id, leader_deputy_id, deputy_id, code)', NULL);
SELECT own('pairing_contact', 'lianluo_self', 'leader_deputy_id = (SELECT viewer_person()) OR deputy_id = (SELECT viewer_person())');
CREATE POLICY self_insert ON pairing_contact FOR INSERT TO lianluo_self WITH CHECK (
    (leader_deputy_id = (SELECT viewer_person()) OR deputy_id = (SELECT viewer_person()))
    AND contact_of(pairing_id, leader_deputy_id, deputy_id, code));
GRANT INSERT ON pairing_contact TO lianluo_self;

-- Courses.
SELECT pg_temp.rule('training', 'title, teacher, location, from_on, to_on, hours, summary, cancelled_at, cancel_reason');
CREATE FUNCTION training_in_sight(training uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM training t WHERE t.id = training_in_sight.training);
SELECT pg_temp.record('training_attendance', '{place}', 'training_in_sight(training_id) AND mandate_at(mandate_id, deputy_id, code)', NULL);
SELECT pg_temp.removable('training_attendance');
SELECT own('training_attendance', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');

-- Evaluations. The result comes into the row of who is evaluated when it is published (publish_evaluation), by no other way.
SELECT pg_temp.rule('standard', 'until_on');
SELECT pg_temp.rule('evaluation_campaign', 'state, reason, published_at');
-- Those below read a campaign, and do not enter themselves for it.
CREATE FUNCTION campaign_within(campaign uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM evaluation_campaign c WHERE c.id = campaign_within.campaign AND c.code >= viewer_lo() AND c.code < viewer_hi());
SELECT pg_temp.record('evaluation', '{place}', 'campaign_within(campaign_id) AND published_at IS NULL AND total IS NULL AND stars IS NULL AND scores IS NULL',
    'state, self_scores, self_total, self_at');
SELECT own('evaluation', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
CREATE POLICY self_update ON evaluation FOR UPDATE TO lianluo_self
    USING (deputy_id = (SELECT viewer_person())) WITH CHECK (deputy_id = (SELECT viewer_person()) AND state = 'SELF_EVALUATED');
GRANT UPDATE (version, updated_at, state, self_scores, self_total, self_at) ON evaluation TO lianluo_self;
SELECT publish('evaluation', 'published_at IS NOT NULL AND station_id IS NOT NULL');
-- A portal is told by which campaign a station has its stars, one of its area or of a place above.
SELECT publish('evaluation_campaign', 'published_at IS NOT NULL', 'published_at IS NOT NULL AND rule_above(code)');
CREATE FUNCTION evaluation_in_sight(evaluation uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM evaluation e WHERE e.id = evaluation_in_sight.evaluation);
-- A review lies where its campaign does: who is evaluated neither sees it nor writes one.
CREATE FUNCTION review_of(evaluation uuid, campaign uuid, place bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM evaluation e JOIN evaluation_campaign c ON c.id = e.campaign_id
        WHERE e.id = review_of.evaluation AND c.id = review_of.campaign AND c.code = place);
SELECT pg_temp.record('evaluation_review', '{place}', 'review_of(evaluation_id, campaign_id, code)', 'scores, total, stars, note');

-- Attachments hang on more than opinions now.
CREATE FUNCTION duty_record_in_sight(record uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM duty_record r WHERE r.id = duty_record_in_sight.record);
CREATE FUNCTION claim_in_sight(claim uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM point_claim c WHERE c.id = claim_in_sight.claim);
CREATE FUNCTION attached_in_sight(opinion uuid, activity uuid, record uuid, claim uuid, evaluation uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 20
    RETURN CASE WHEN opinion IS NOT NULL THEN opinion_in_sight(opinion) WHEN activity IS NOT NULL THEN activity_in_sight(activity)
        WHEN record IS NOT NULL THEN duty_record_in_sight(record) WHEN claim IS NOT NULL THEN claim_in_sight(claim)
        WHEN evaluation IS NOT NULL THEN evaluation_in_sight(evaluation) ELSE false END;
DROP POLICY area_insert ON attachment;
CREATE POLICY area_insert ON attachment FOR INSERT TO lianluo_area WITH CHECK (
    CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi())
    THEN attached_in_sight(opinion_id, activity_id, duty_record_id, claim_id, evaluation_id) ELSE false END);
DROP POLICY self_read ON attachment;
SELECT own('attachment', 'lianluo_self', 'attached_in_sight(opinion_id, activity_id, duty_record_id, claim_id, evaluation_id)');
DROP POLICY self_insert ON attachment;
CREATE POLICY self_insert ON attachment FOR INSERT TO lianluo_self WITH CHECK (
    activity_id IS NULL AND attached_in_sight(opinion_id, activity_id, duty_record_id, claim_id, evaluation_id));
