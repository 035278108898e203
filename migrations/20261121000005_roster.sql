-- What the roster's verbs must know or set beyond the viewer's rows: a person's other mandates, a namesake in the
-- next township, and where a mandate is grouped when its home posting ended and the next one lies elsewhere.

CREATE POLICY definer_read ON deputy FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_update ON deputy FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT (id, code, county_code, name, gender, birth_month, version) ON deputy TO lianluo_definer;
GRANT UPDATE (code, province_code, city_code, county_code, township_code, version, updated_at) ON deputy TO lianluo_definer;
CREATE POLICY definer_update ON mandate FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT UPDATE (code, province_code, city_code, county_code, township_code, version, updated_at) ON mandate TO lianluo_definer;
CREATE POLICY definer_read ON deputy_key FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_update ON deputy_key FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT (deputy_id), UPDATE (code) ON deputy_key TO lianluo_definer;
CREATE POLICY definer_read ON deputy_contact FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_update ON deputy_contact FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT (deputy_id), UPDATE (code, province_code, city_code, county_code, township_code) ON deputy_contact TO lianluo_definer;
CREATE POLICY definer_read ON congress FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_read ON constituency FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT ON congress, constituency TO lianluo_definer;

-- seats_of_deputy answers the divisions of the congresses in which a deputy sits now, those out of the viewer's sight too, for the
-- rule that they lie on one chain. The deputy must be at home in the viewer's area.
CREATE FUNCTION seats_of_deputy(deputy uuid) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT array_agg(m.seat_code ORDER BY m.seat_code)
    FROM mandate m JOIN deputy d ON d.id = m.deputy_id
    WHERE d.id = seats_of_deputy.deputy AND m.status <> 'ENDED'
      AND d.code >= viewer_lo() AND d.code < viewer_hi();
END;

-- deputy_twin tells whether the county of a place (where the tree has none, the place itself) has another deputy of the
-- same name, gender and month of birth. The place must lie in the viewer's area; that there is one is all a township learns.
CREATE FUNCTION deputy_twin(home bigint, name text, gender text, birth_month date, other_than uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM division h
        JOIN deputy d ON d.name = deputy_twin.name AND d.gender = deputy_twin.gender AND d.birth_month = deputy_twin.birth_month
            AND CASE WHEN h.county_code IS NULL THEN d.code = h.code ELSE d.county_code = h.county_code END
        WHERE h.code = deputy_twin.home AND h.code >= viewer_lo() AND h.code < viewer_hi()
          AND d.id IS DISTINCT FROM deputy_twin.other_than
          -- Who has left the roll does not stand in the way of a namesake, nor of coming back.
          AND EXISTS (SELECT FROM mandate m WHERE m.deputy_id = d.id AND m.status <> 'ENDED'));
END;

-- regroup_deputy puts a deputy's mandates on the roll and the person where the facts say: a mandate to the county or
-- township of its earliest posting in force that is no cross-posting, without one to its electing unit, else to the
-- congress; the person to the deepest mandate, or nowhere new when none is left. It only derives, so that a viewer can
-- bring about nothing by it; still it answers only those whose area holds something of the deputy's.
CREATE FUNCTION regroup_deputy(deputy uuid) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lo CONSTANT bigint := viewer_lo();
    hi CONSTANT bigint := viewer_hi();
BEGIN
    IF NOT EXISTS (SELECT FROM public.deputy d WHERE d.id = regroup_deputy.deputy AND d.code >= lo AND d.code < hi)
       AND NOT EXISTS (SELECT FROM public.mandate m WHERE m.deputy_id = regroup_deputy.deputy
                       AND (m.code >= lo AND m.code < hi OR m.seat_code >= lo AND m.seat_code < hi))
       AND NOT EXISTS (SELECT FROM public.posting p WHERE p.deputy_id = regroup_deputy.deputy AND p.code >= lo AND p.code < hi) THEN
        RETURN;
    END IF;

    UPDATE public.mandate m
    SET code = coalesce(h.township_code, h.code), province_code = h.province_code, city_code = h.city_code,
        county_code = h.county_code, township_code = h.township_code, version = m.version + 1, updated_at = now()
    FROM public.mandate x CROSS JOIN LATERAL (
        SELECT 1 AS rank, p.started_on, p.id, p.code, p.province_code, p.city_code, p.county_code, p.township_code
        FROM public.posting p
        WHERE p.mandate_id = x.id AND p.ended_on IS NULL AND p.basis <> 'CROSS'
        UNION ALL
        SELECT 2, NULL, NULL, c.code, c.province_code, c.city_code, c.county_code, c.township_code
        FROM public.constituency c WHERE c.id = x.constituency_id
        UNION ALL
        SELECT 3, NULL, NULL, c.code, c.province_code, c.city_code, c.county_code, c.township_code
        FROM public.congress c WHERE c.id = x.congress_id
        ORDER BY 1, 2, 3 LIMIT 1) h
    WHERE x.deputy_id = regroup_deputy.deputy AND x.status <> 'ENDED' AND m.id = x.id
      AND m.code <> coalesce(h.township_code, h.code);

    UPDATE public.deputy d
    SET code = h.code, province_code = h.province_code, city_code = h.city_code,
        county_code = h.county_code, township_code = h.township_code, version = d.version + 1, updated_at = now()
    FROM (
        SELECT m.* FROM public.mandate m
        WHERE m.deputy_id = regroup_deputy.deputy AND m.status <> 'ENDED'
        ORDER BY m.township_code IS NULL, m.county_code IS NULL, m.city_code IS NULL, m.province_code IS NULL, m.seat_code DESC, m.id
        LIMIT 1) h
    WHERE d.id = regroup_deputy.deputy AND d.code <> h.code;
    IF FOUND THEN
        UPDATE public.deputy_key k SET code = d.code
        FROM public.deputy d WHERE d.id = regroup_deputy.deputy AND k.deputy_id = d.id;
        UPDATE public.deputy_contact c
        SET code = m.code, province_code = m.province_code, city_code = m.city_code, county_code = m.county_code, township_code = m.township_code
        FROM (SELECT m.* FROM public.mandate m
              WHERE m.deputy_id = regroup_deputy.deputy AND m.status <> 'ENDED'
                AND m.code = (SELECT d.code FROM public.deputy d WHERE d.id = regroup_deputy.deputy)
              LIMIT 1) m
        WHERE c.deputy_id = regroup_deputy.deputy;
    END IF;
END $$;

-- A deputy's number may be taken back where it may be entered.
GRANT DELETE ON deputy_contact TO lianluo_area;
CREATE POLICY area_delete ON deputy_contact FOR DELETE TO lianluo_area
    USING (CASE WHEN code >= (SELECT viewer_lo()) AND code < (SELECT viewer_hi()) THEN true ELSE false END);

GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION seats_of_deputy(uuid) OWNER TO lianluo_definer;
ALTER FUNCTION deputy_twin(bigint, text, text, date, uuid) OWNER TO lianluo_definer;
ALTER FUNCTION regroup_deputy(uuid) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;

REVOKE EXECUTE ON FUNCTION seats_of_deputy(uuid), deputy_twin(bigint, text, text, date, uuid), regroup_deputy(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seats_of_deputy(uuid), deputy_twin(bigint, text, text, date, uuid), regroup_deputy(uuid)
    TO lianluo_area, lianluo_system;

-- station_below tells whether a station is the other one or a branch of it, however far below and through whatever area. The
-- station must lie in the viewer's area.
CREATE POLICY definer_read ON station FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (id, code, parent_id, closed_on) ON station TO lianluo_definer;
CREATE FUNCTION station_below(station uuid, other uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE up (id, parent_id) AS (
        SELECT s.id, s.parent_id FROM station s
        WHERE s.id = station_below.station AND s.code >= viewer_lo() AND s.code < viewer_hi()
        UNION
        SELECT s.id, s.parent_id FROM up JOIN station s ON s.id = up.parent_id)
    SELECT EXISTS (SELECT FROM up WHERE up.id = station_below.other);
END;

-- station_has_branches tells whether a station has open branches, in whatever area. The station must lie in the viewer's area.
CREATE FUNCTION station_has_branches(station uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM station s JOIN station b ON b.parent_id = s.id AND b.closed_on IS NULL
        WHERE s.id = station_has_branches.station AND s.code >= viewer_lo() AND s.code < viewer_hi());
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION station_below(uuid, uuid) OWNER TO lianluo_definer;
ALTER FUNCTION station_has_branches(uuid) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
REVOKE EXECUTE ON FUNCTION station_below(uuid, uuid), station_has_branches(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION station_below(uuid, uuid), station_has_branches(uuid) TO lianluo_area, lianluo_system;
