-- Who sees and writes opinions and what belongs to them, and what reaches beyond that.
--
-- A case has readers of every kind: the area it lies in; a department by its assignments, which stay readable after they have
-- ended; a deputy by the stations posted to and by what came to the deputy; a citizen by the receipt.

CREATE FUNCTION viewer_receipt() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.receipt', true), '')::uuid;

-- Words of opinions to search: pairs of neighbouring characters, since Chinese has no spaces, and the whole text, folded, to make sure.
CREATE TABLE opinion_text (
    opinion_id uuid PRIMARY KEY REFERENCES opinion (id) ON DELETE CASCADE,
    code       bigint NOT NULL,
    body       text NOT NULL,
    grams      text[] NOT NULL,
    words      tsvector NOT NULL
);
CREATE INDEX opinion_text_words ON opinion_text USING gin (words) WITH (fastupdate = off);
CREATE INDEX opinion_text_code ON opinion_text (code);

-- An assignment is the narrow table that says which cases a department has, or had.
SELECT protect('opinion_assignment', '{place}', false);
SELECT own('opinion_assignment', 'lianluo_organ', 'organ_id = (SELECT viewer_organ())');
-- Functions, and not sub-queries in the policies, for the reason told in the scope of the roster: they are asked for a few rows only.
CREATE FUNCTION opinion_assigned(opinion uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM opinion_assignment a WHERE a.opinion_id = opinion_assigned.opinion AND a.organ_id = viewer_organ());
CREATE FUNCTION opinion_assigned_now(opinion uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM opinion_assignment a
        WHERE a.opinion_id = opinion_assigned_now.opinion AND a.organ_id = viewer_organ() AND a.ended_at IS NULL);

SELECT protect('opinion', '{place}');
SELECT own('opinion', 'lianluo_organ', 'opinion_assigned(id)');
SELECT own('opinion', 'lianluo_self',
    'deputy_id = (SELECT viewer_person()) OR station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
SELECT own('opinion', 'lianluo_receipt', 'id = (SELECT viewer_receipt())');

-- What is in sight of the viewer by the policies above.
CREATE FUNCTION opinion_in_sight(opinion uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM opinion o WHERE o.id = opinion_in_sight.opinion);

-- belongs lets viewers of an area add rows that belong to an opinion: at a place of the area, and to an opinion in sight, since a foreign key
-- asks no policy. Who could hang a row on any case could show that case to others by it.
CREATE FUNCTION pg_temp.belongs(t regclass, further text DEFAULT 'true') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY area_insert ON %s FOR INSERT TO lianluo_area WITH CHECK (
        CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN opinion_in_sight(opinion_id) AND %s ELSE false END)', t, further);
    EXECUTE format('GRANT INSERT ON %s TO lianluo_area', t);
END $$;

-- A part of a department changes in one way: it ends.
SELECT pg_temp.belongs('opinion_assignment');
CREATE POLICY area_update ON opinion_assignment FOR UPDATE TO lianluo_area
    USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END)
    WITH CHECK (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);
GRANT UPDATE (version, updated_at, ended_at) ON opinion_assignment TO lianluo_area;

-- Only what the timeline adds up to may change, never what came in.
REVOKE UPDATE ON opinion FROM lianluo_area;
GRANT UPDATE (version, updated_at, state, resume_state, waits_on, open, state_since, due_on, amber_on, days_left, warned, overdue, late,
    events, holder_code, level, category_id, urgency, hardship, lead_organ_id, main_id, extended, outcome, rating, dissatisfied, reworks,
    supervisor_id, supervision_due_on, key_case, published, suggestion_id, accepted_at, replied_at, fed_back_at, rated_at, closed_at)
    ON opinion TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt;
CREATE POLICY organ_update ON opinion FOR UPDATE TO lianluo_organ
    USING (opinion_assigned_now(id)) WITH CHECK (opinion_assigned_now(id));
CREATE POLICY self_update ON opinion FOR UPDATE TO lianluo_self
    USING (deputy_id = (SELECT viewer_person()) OR station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL))
    WITH CHECK (deputy_id = (SELECT viewer_person()) OR station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL));
CREATE POLICY receipt_update ON opinion FOR UPDATE TO lianluo_receipt
    USING (id = (SELECT viewer_receipt())) WITH CHECK (id = (SELECT viewer_receipt()));
-- A deputy records what came to the deputy, a citizen what the receipt will be for.
CREATE POLICY self_insert ON opinion FOR INSERT TO lianluo_self
    WITH CHECK (deputy_id = (SELECT viewer_person()) AND station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL));
CREATE POLICY receipt_insert ON opinion FOR INSERT TO lianluo_receipt WITH CHECK (id = (SELECT viewer_receipt()));
GRANT INSERT ON opinion TO lianluo_self, lianluo_receipt;

-- The timeline is only added to, by each in the own name; no one changes it, the platform's jobs not either.
SELECT protect('opinion_event', '{place}', false);
REVOKE UPDATE, DELETE ON opinion_event FROM lianluo_system;
SELECT own('opinion_event', 'lianluo_organ', 'opinion_assigned(opinion_id)');
SELECT own('opinion_event', 'lianluo_self', 'opinion_in_sight(opinion_id)');
SELECT own('opinion_event', 'lianluo_receipt', 'opinion_id = (SELECT viewer_receipt()) AND shown');
SELECT pg_temp.belongs('opinion_event', 'subject = (SELECT viewer_subject())');
CREATE POLICY organ_insert ON opinion_event FOR INSERT TO lianluo_organ
    WITH CHECK (subject = (SELECT viewer_subject()) AND opinion_assigned_now(opinion_id));
CREATE POLICY self_insert ON opinion_event FOR INSERT TO lianluo_self
    WITH CHECK (subject = (SELECT viewer_subject()) AND opinion_in_sight(opinion_id));
CREATE POLICY receipt_insert ON opinion_event FOR INSERT TO lianluo_receipt
    WITH CHECK (subject = (SELECT viewer_subject()) AND opinion_id = (SELECT viewer_receipt()));
GRANT INSERT ON opinion_event TO lianluo_organ, lianluo_self, lianluo_receipt;

-- Who submitted an opinion: the keeper of the station, and the organ responsible for its place, which is the township's where there is
-- one. Every level above is shown what is masked on the opinion itself, or reveals it (reveal_submitter).
SELECT protect('opinion_submitter', 'CASE (SELECT CASE WHEN viewer_hi() - viewer_lo() = 1 THEN 1 WHEN viewer_hi() - viewer_lo() <= 1000 THEN 2 ELSE 3 END)
    WHEN 1 THEN station_id = (SELECT viewer_station()) WHEN 2 THEN {place} ELSE township_code IS NULL AND code = (SELECT viewer_lo()) END', false);
SELECT pg_temp.belongs('opinion_submitter'); -- and no one changes it: with another place in it, a row could be read above
CREATE POLICY self_insert ON opinion_submitter FOR INSERT TO lianluo_self WITH CHECK (opinion_in_sight(opinion_id));
CREATE POLICY receipt_insert ON opinion_submitter FOR INSERT TO lianluo_receipt WITH CHECK (opinion_id = (SELECT viewer_receipt()));
GRANT INSERT ON opinion_submitter TO lianluo_self, lianluo_receipt;

-- Receipts are written by whoever books the opinion and read by the platform alone.
SELECT protect('opinion_receipt');
CREATE POLICY booked_insert ON opinion_receipt FOR INSERT TO lianluo_area, lianluo_self WITH CHECK (opinion_in_sight(opinion_id));
CREATE POLICY receipt_insert ON opinion_receipt FOR INSERT TO lianluo_receipt WITH CHECK (opinion_id = (SELECT viewer_receipt()));
GRANT INSERT ON opinion_receipt TO lianluo_area, lianluo_self, lianluo_receipt;

SELECT protect('opinion_text', '{place}', false);
SELECT pg_temp.belongs('opinion_text');
CREATE POLICY self_insert ON opinion_text FOR INSERT TO lianluo_self WITH CHECK (opinion_in_sight(opinion_id));
CREATE POLICY receipt_insert ON opinion_text FOR INSERT TO lianluo_receipt WITH CHECK (opinion_id = (SELECT viewer_receipt()));
GRANT INSERT ON opinion_text TO lianluo_self, lianluo_receipt;

-- Files. What is uploaded belongs to no one until it is attached.
SELECT protect('upload');
SELECT protect('attachment', '{place}', false);
SELECT own('attachment', 'lianluo_organ', 'opinion_assigned(opinion_id)');
SELECT own('attachment', 'lianluo_self', 'opinion_in_sight(opinion_id)');
SELECT own('attachment', 'lianluo_receipt', 'opinion_id = (SELECT viewer_receipt()) AND shown');
SELECT pg_temp.belongs('attachment');
CREATE POLICY organ_insert ON attachment FOR INSERT TO lianluo_organ WITH CHECK (opinion_assigned_now(opinion_id));
CREATE POLICY self_insert ON attachment FOR INSERT TO lianluo_self WITH CHECK (opinion_in_sight(opinion_id));
CREATE POLICY receipt_insert ON attachment FOR INSERT TO lianluo_receipt WITH CHECK (opinion_id = (SELECT viewer_receipt()));
GRANT INSERT ON attachment TO lianluo_organ, lianluo_self, lianluo_receipt;

-- Codes hang on the wall: whoever sees the station may see the one that is good now.
SELECT protect('qr_code', '{place}');
REVOKE UPDATE ON qr_code FROM lianluo_area;
GRANT UPDATE (version, updated_at, revoked_at, revoke_reason) ON qr_code TO lianluo_area;
SELECT publish('qr_code', 'revoked_at IS NULL');
SELECT own('qr_code', 'lianluo_self', 'revoked_at IS NULL AND station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
-- The code that each station had in its row.
INSERT INTO qr_code (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, text, station_id)
SELECT gen_random_uuid(), s.created_at, s.created_at, s.code, s.province_code, s.city_code, s.county_code, s.township_code, s.qr_code, s.id
FROM station s;
ALTER TABLE station DROP COLUMN qr_code;

-- Messages to citizens hold their numbers: the platform's own.
SELECT protect('message');

-- Limits are a congress's rules, the calendar and the categories everyone's.
SELECT protect('opinion_limit', '{place}');
REVOKE UPDATE ON opinion_limit FROM lianluo_area;
GRANT UPDATE (version, updated_at, days, amber_days) ON opinion_limit TO lianluo_area;
SELECT protect('calendar_day', 'true', false);
SELECT protect('category', 'true', false);
CREATE POLICY everyone_read ON calendar_day FOR SELECT TO lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public USING (true);
CREATE POLICY everyone_read ON category FOR SELECT TO lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public USING (true);
-- The calendar is the whole country's: who sees all of it keeps it.
CREATE POLICY nation_write ON calendar_day TO lianluo_area
    USING ((SELECT viewer_lo() = 0 AND viewer_hi() > 1)) WITH CHECK ((SELECT viewer_lo() = 0 AND viewer_hi() > 1));
GRANT INSERT, UPDATE, DELETE ON calendar_day TO lianluo_area;

-- Everyone has the own notifications, which only the platform writes.
SELECT protect('notification');
CREATE POLICY viewer_read ON notification FOR SELECT TO lianluo_area, lianluo_organ, lianluo_self
    USING (subject = (SELECT viewer_subject()));
CREATE POLICY viewer_update ON notification FOR UPDATE TO lianluo_area, lianluo_organ, lianluo_self
    USING (subject = (SELECT viewer_subject())) WITH CHECK (subject = (SELECT viewer_subject()));
GRANT SELECT, UPDATE (read_at, version, updated_at) ON notification TO lianluo_area, lianluo_organ, lianluo_self;
GRANT SELECT ON notification TO lianluo_receipt, lianluo_public;

-- A deputy's suggestion is the deputy's, and its area's.
SELECT protect('suggestion', '{place}', false);
SELECT own('suggestion', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
CREATE POLICY self_insert ON suggestion FOR INSERT TO lianluo_self
    WITH CHECK (deputy_id = (SELECT viewer_person()) AND opinion_in_sight(opinion_id));
GRANT INSERT ON suggestion TO lianluo_self;

SELECT protect('published_case', '{place}', false);
SELECT pg_temp.belongs('published_case');
CREATE POLICY area_update ON published_case FOR UPDATE TO lianluo_area
    USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END)
    WITH CHECK (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);
GRANT UPDATE (version, updated_at, withdrawn_at) ON published_case TO lianluo_area;
SELECT publish('published_case', 'withdrawn_at IS NULL');
SELECT own('published_case', 'lianluo_self', 'withdrawn_at IS NULL AND station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
