-- The roles of the cluster. Several databases of one cluster share them, so each step may find its work done.

-- create_role makes a role unless it is there; two databases may try at once.
CREATE FUNCTION pg_temp.create_role(name text, attributes text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I %s', name, attributes);
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;

-- lend makes member able to become the role without having its rights (and its policies) until it does.
CREATE FUNCTION pg_temp.lend(role text, member text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_auth_members m
        WHERE m.roleid = role::regrole AND m.member = lend.member::regrole
    ) THEN
        EXECUTE format('GRANT %I TO %I', role, member)
            || CASE WHEN current_setting('server_version_num')::int >= 160000 THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
    END IF;
END $$;

SELECT pg_temp.create_role('lianluo_area', 'NOLOGIN NOINHERIT');
SELECT pg_temp.create_role('lianluo_organ', 'NOLOGIN NOINHERIT');
SELECT pg_temp.create_role('lianluo_self', 'NOLOGIN NOINHERIT');
SELECT pg_temp.create_role('lianluo_receipt', 'NOLOGIN NOINHERIT');
SELECT pg_temp.create_role('lianluo_public', 'NOLOGIN NOINHERIT');
SELECT pg_temp.create_role('lianluo_system', 'NOLOGIN NOINHERIT');
-- lianluo_definer owns the SECURITY DEFINER functions and has just the policies they need.
SELECT pg_temp.create_role('lianluo_definer', 'NOLOGIN NOINHERIT');
-- lianluo_app is what the server signs in as. It owns nothing and sees nothing until it becomes a viewer's role.
SELECT pg_temp.create_role('lianluo_app', 'LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE');

SELECT pg_temp.lend(r, 'lianluo_app') FROM unnest(ARRAY[
    'lianluo_area', 'lianluo_organ', 'lianluo_self', 'lianluo_receipt', 'lianluo_public', 'lianluo_system']) AS r;
SELECT pg_temp.lend('lianluo_definer', current_user::text);

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- Who cannot make temporary tables cannot put one in the place of ours.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
GRANT USAGE ON SCHEMA public TO lianluo_app, lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt,
    lianluo_public, lianluo_system, lianluo_definer;

-- Who asks, as the server sets it on the connection. A value that was set once and unset reads '', hence NULLIF.
CREATE FUNCTION viewer_lo() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.lo', true), '')::bigint;
CREATE FUNCTION viewer_hi() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.hi', true), '')::bigint;
CREATE FUNCTION viewer_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.person', true), '')::uuid;
CREATE FUNCTION viewer_organ() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.organ', true), '')::uuid;
CREATE FUNCTION viewer_station() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.station', true), '')::uuid;
CREATE FUNCTION viewer_subject() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.subject', true), '');
