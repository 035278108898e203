-- Which rows each kind of viewer sees and may write.
--
-- The area policy is one opaque guard, the same on every table. As a CASE it cannot become an index condition, so the
-- planner is not disturbed by it; lists name their area as a plain predicate as well. Forgetting that makes a
-- query slow, never leaky.

-- protect puts a table under row-level security: the platform's jobs see all, the owner keeps what a migration needs,
-- everyone else sees nothing until a policy is added. guard, when not null, is the condition under which
-- area viewers see a row; they may then also write it, unless the table is read-only to them. A table without a guard
-- is the platform's own: viewers may not even ask it.
CREATE FUNCTION protect(t regclass, guard text DEFAULT NULL, writable boolean DEFAULT true) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- The place itself decides on writes, however wide reading is.
    place CONSTANT text := 'CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END';
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner_all ON %s TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('CREATE POLICY system_all ON %s TO lianluo_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO lianluo_system', t);
    IF guard IS NULL THEN
        RETURN;
    END IF;
    -- Whoever has no policy finds the table empty, rather than forbidden: a refusal would tell that there is something.
    EXECUTE format('GRANT SELECT ON %s TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public', t);
    EXECUTE format('CREATE POLICY area_read ON %s FOR SELECT TO lianluo_area USING (%s)', t, replace(guard, '{place}', place));
    IF writable THEN
        EXECUTE format('CREATE POLICY area_insert ON %s FOR INSERT TO lianluo_area WITH CHECK (%s)', t, place);
        EXECUTE format('CREATE POLICY area_update ON %s FOR UPDATE TO lianluo_area USING (%s) WITH CHECK (%s)', t, place, place);
        EXECUTE format('GRANT INSERT, UPDATE ON %s TO lianluo_area', t);
    END IF;
END $$;

-- publish lets portals see the rows of their area that fulfil a condition, and rows from elsewhere that fulfil another.
CREATE FUNCTION publish(t regclass, condition text DEFAULT 'true', elsewhere text DEFAULT 'false') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY public_read ON %s FOR SELECT TO lianluo_public USING (
        CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN %s ELSE %s END)', t, condition, elsewhere);
END $$;

-- own lets a kind of viewer see the rows that a condition ties to it.
CREATE FUNCTION own(t regclass, viewer regrole, condition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY %I ON %s FOR SELECT TO %s USING (%s)', replace(viewer::text, 'lianluo_', '') || '_read', t, viewer, condition);
END $$;

REVOKE EXECUTE ON FUNCTION protect(regclass, text, boolean), publish(regclass, text, text), own(regclass, regrole, text) FROM PUBLIC;

-- Search keys: a name, its pinyin and initials in every reading, found by ^@ (starts with), which a b-tree serves
-- under row-level security as LIKE would not.
CREATE TABLE division_key (
    key  text COLLATE "C" NOT NULL,
    code bigint NOT NULL REFERENCES division (code) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (key, code)
);
CREATE INDEX division_key_code ON division_key (code);
-- A rare beginning must be known as rare, or the planner walks the tree instead of the keys.
ALTER TABLE division_key ALTER COLUMN key SET STATISTICS 1000;
CREATE TABLE deputy_key (
    key       text COLLATE "C" NOT NULL,
    deputy_id uuid NOT NULL REFERENCES deputy (id) ON DELETE CASCADE,
    code      bigint NOT NULL,
    PRIMARY KEY (key, deputy_id)
);
CREATE INDEX deputy_key_deputy ON deputy_key (deputy_id);
CREATE TABLE station_key (
    key        text COLLATE "C" NOT NULL,
    station_id uuid NOT NULL REFERENCES station (id) ON DELETE CASCADE,
    code       bigint NOT NULL,
    PRIMARY KEY (key, station_id)
);
CREATE INDEX station_key_station ON station_key (station_id);

-- The tree. No one sees a placeholder; only the platform changes the tree.
SELECT protect('division', '{place} AND NOT placeholder', false);
SELECT publish('division', 'NOT placeholder');
SELECT own('division', 'lianluo_self', 'code = (SELECT viewer_lo()) AND NOT placeholder');
SELECT own('division', 'lianluo_organ', 'code = (SELECT viewer_lo()) AND NOT placeholder');
SELECT protect('division_key', '{place}', false);
SELECT publish('division_key');
SELECT own('division_key', 'lianluo_self', 'code = (SELECT viewer_lo())');
SELECT own('division_key', 'lianluo_organ', 'code = (SELECT viewer_lo())');

-- Congresses and organs.
SELECT protect('congress', '{place}');
SELECT publish('congress');
SELECT protect('term', '{place}');
SELECT publish('term');
SELECT protect('constituency', '{place}');
SELECT publish('constituency');
SELECT protect('organ', '{place}');
SELECT own('organ', 'lianluo_organ', 'id = (SELECT viewer_organ())');

-- The roster. A deputy posted here from elsewhere is visible here, with the mandate that the posting rests on; the
-- postings read inside the policy are those the viewer sees.
SELECT protect('posting', '{place}');
-- Functions, and not sub-queries in the policies: the planner would price those for every row of the table, though they are
-- asked for the few rows from elsewhere only, and would choose its plans by that.
CREATE FUNCTION deputy_posted_in_sight(deputy uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM posting p WHERE p.deputy_id = deputy_posted_in_sight.deputy AND p.ended_on IS NULL);
CREATE FUNCTION mandate_posted_in_sight(mandate uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM posting p WHERE p.mandate_id = mandate_posted_in_sight.mandate AND p.ended_on IS NULL);
SELECT protect('deputy', 'CASE WHEN {place} THEN true ELSE deputy_posted_in_sight(id) END');
SELECT protect('mandate', 'CASE WHEN {place} THEN true ELSE mandate_posted_in_sight(id) END');
SELECT protect('deputy_key', '{place}');
GRANT DELETE ON deputy_key TO lianluo_area;
CREATE POLICY area_delete ON deputy_key FOR DELETE TO lianluo_area
    USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);

-- A portal sees who is on the roll and where they are posted now.
SELECT publish('posting', 'ended_on IS NULL');
SELECT publish('mandate', $$status <> 'ENDED'$$, 'mandate_posted_in_sight(id)');
SELECT publish('deputy', $$EXISTS (SELECT FROM mandate m WHERE m.deputy_id = deputy.id)$$, 'deputy_posted_in_sight(id)');
SELECT publish('deputy_key', $$EXISTS (SELECT FROM mandate m WHERE m.deputy_id = deputy_key.deputy_id)$$);

-- A deputy's private number: the organs of the county and the township where the deputy is grouped, the keeper of a station
-- the deputy is posted to (whose range is one code), and the deputy. A level above is shown the masked number that stands with
-- the person.
CREATE FUNCTION posted_at_own_station(deputy uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE COST 10
    RETURN EXISTS (SELECT FROM posting p
        WHERE p.deputy_id = posted_at_own_station.deputy AND p.station_id = viewer_station() AND p.ended_on IS NULL);
SELECT protect('deputy_contact', 'CASE (SELECT CASE WHEN viewer_hi() - viewer_lo() = 1 THEN 1 WHEN viewer_hi() - viewer_lo() <= 1000000 THEN 2 END)
    WHEN 1 THEN posted_at_own_station(deputy_id) WHEN 2 THEN {place} ELSE false END');

-- Stations and what belongs to them.
SELECT protect('station', '{place}');
SELECT publish('station');
SELECT protect('station_staff', '{place}');
SELECT protect('station_budget', '{place}');
SELECT protect('zone', '{place}');
SELECT publish('zone');
SELECT protect('grid', '{place}');
SELECT protect('grid_assignment', '{place}');
SELECT protect('station_key', '{place}');
GRANT DELETE ON station_key TO lianluo_area;
CREATE POLICY area_delete ON station_key FOR DELETE TO lianluo_area
    USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);
SELECT publish('station_key');

-- A deputy: the own record, mandates and postings, and the stations posted to now.
SELECT own('deputy', 'lianluo_self', 'id = (SELECT viewer_person())');
SELECT own('deputy_key', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
SELECT own('deputy_contact', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
SELECT own('mandate', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
SELECT own('posting', 'lianluo_self', 'deputy_id = (SELECT viewer_person())');
SELECT own('congress', 'lianluo_self', 'id IN (SELECT congress_id FROM mandate)');
SELECT own('term', 'lianluo_self', 'id IN (SELECT term_id FROM mandate)');
SELECT own('constituency', 'lianluo_self', 'id IN (SELECT constituency_id FROM mandate)');
SELECT own('station', 'lianluo_self', 'id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
SELECT own('station_key', 'lianluo_self', 'station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');
SELECT own('station_staff', 'lianluo_self', 'station_id IN (SELECT station_id FROM posting WHERE ended_on IS NULL)');

-- Accounts and tokens are the platform's own.
SELECT protect('account');
SELECT protect('refresh_token');

-- Every viewer adds to the audit in its own name; no one changes it, the platform's jobs not either.
SELECT protect('audit_entry');
REVOKE UPDATE, DELETE ON audit_entry FROM lianluo_system;
CREATE POLICY viewer_insert ON audit_entry FOR INSERT TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public
    WITH CHECK (subject = (SELECT viewer_subject()));
GRANT INSERT ON audit_entry TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public;

-- Every viewer keeps its own idempotency keys.
SELECT protect('idempotency_key');
CREATE POLICY viewer_own ON idempotency_key TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public
    USING (subject = (SELECT viewer_subject())) WITH CHECK (subject = (SELECT viewer_subject()));
GRANT SELECT, INSERT ON idempotency_key TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public;

-- What the platform must know of its own state. The runner has made the table; a replay without it makes it here.
CREATE TABLE IF NOT EXISTS schema_migration (
    version text PRIMARY KEY, name text NOT NULL, sum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
GRANT SELECT ON schema_migration TO lianluo_system;
