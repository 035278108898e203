-- Functions that reach beyond the viewer's rows, each for one narrow purpose. They run as lianluo_definer, which has
-- policies of its own on just the tables named here, and check the viewer's area themselves.

CREATE POLICY definer_read ON division FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT ON division TO lianluo_definer;

-- division_chain answers code, name and level of places in the viewer's area and of their ancestors, widest first. That is all a viewer
-- may know of what lies above it.
CREATE FUNCTION division_chain(codes bigint[])
    RETURNS TABLE (code bigint, link bigint, name text, level text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT d.code, a.code, a.name, a.level
    FROM division d
    JOIN division a ON a.code IN (0, d.province_code, d.city_code, d.county_code, d.township_code, d.code)
    WHERE d.code = ANY (codes)
      AND d.code >= viewer_lo() AND d.code < viewer_hi()
      AND NOT a.placeholder AND NOT d.placeholder
    ORDER BY d.code, a.code;
END;

CREATE POLICY definer_read ON mandate FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT ON mandate TO lianluo_definer;
CREATE POLICY definer_read ON posting FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_update ON posting FOR UPDATE TO lianluo_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON posting TO lianluo_definer;

-- end_postings_of_mandate ends every posting that rests on a mandate, also those at stations of another area, which the
-- organ that ends the mandate may not see. The congress's division must lie in the viewer's area.
CREATE FUNCTION end_postings_of_mandate(mandate uuid, ended date, reason text) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    n integer;
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.mandate m
        WHERE m.id = end_postings_of_mandate.mandate AND m.seat_code >= viewer_lo() AND m.seat_code < viewer_hi()
    ) THEN
        RETURN 0;
    END IF;
    UPDATE public.posting p
    SET ended_on = GREATEST(ended, p.started_on), end_reason = reason, version = p.version + 1, updated_at = now()
    WHERE p.mandate_id = end_postings_of_mandate.mandate AND p.ended_on IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- A function's owner must be able to create in the schema at the moment it becomes the owner.
GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION division_chain(bigint[]) OWNER TO lianluo_definer;
ALTER FUNCTION end_postings_of_mandate(uuid, date, text) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;

REVOKE EXECUTE ON FUNCTION division_chain(bigint[]), end_postings_of_mandate(uuid, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION division_chain(bigint[])
    TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public, lianluo_system;
GRANT EXECUTE ON FUNCTION end_postings_of_mandate(uuid, date, text) TO lianluo_area, lianluo_system;
