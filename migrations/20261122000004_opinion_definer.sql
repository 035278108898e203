-- What the opinions' verbs and lists must know beyond the viewer's rows.

-- search_opinions answers the newest opinions whose text holds a phrase, in a range of codes, as far as it lies in the viewer's area. Text search
-- cannot use its index under row-level security, so it goes through here, with the range in the statement itself. It is planned anew each time: a
-- village is found by its code, a rare word in the whole country by the word.
CREATE POLICY definer_read ON opinion_text FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT ON opinion_text TO lianluo_definer;
CREATE FUNCTION search_opinions(first_code bigint, end_code bigint, pairs text, phrase text, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
    SELECT t.opinion_id
    FROM public.opinion_text t
    WHERE t.words @@ pairs::tsquery AND position(phrase IN t.body) > 0
      AND t.code >= greatest(first_code, viewer_lo()) AND t.code < least(end_code, viewer_hi())
    ORDER BY t.opinion_id DESC
    LIMIT least(most, 10000);
END $$;

-- opinion_clock answers a state's limit at a place: that of the nearest congress on the way up which has set one, else none. Limits are
-- public rules of each congress.
CREATE POLICY definer_read ON opinion_limit FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT ON opinion_limit TO lianluo_definer;
CREATE FUNCTION opinion_clock(place bigint, state text) RETURNS TABLE (days bigint, amber_days bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT l.days, l.amber_days
    FROM division d
    JOIN opinion_limit l ON l.code IN (d.code, d.township_code, d.county_code, d.city_code, d.province_code, 0)
    WHERE d.code = opinion_clock.place AND l.state = opinion_clock.state
    ORDER BY l.code DESC -- deeper places have greater codes
    LIMIT 1;
END;

-- holder_above answers the division whose organ is one level above another's, which a case is escalated to. Both lie on the way up from
-- a place; nothing else of them is told.
CREATE FUNCTION holder_above(place bigint) RETURNS TABLE (code bigint, level text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT a.code, a.level
    FROM division d
    JOIN division a ON a.code IN (0, d.province_code, d.city_code, d.county_code, d.township_code)
    WHERE d.code = holder_above.place AND a.code <> d.code AND NOT a.placeholder
    ORDER BY a.code DESC
    LIMIT 1;
END;

-- claim_upload takes an uploaded file by its secret, which is all the permission there is, and leaves nothing of it behind.
CREATE POLICY definer_read ON upload FOR SELECT TO lianluo_definer USING (true);
CREATE POLICY definer_delete ON upload FOR DELETE TO lianluo_definer USING (true);
GRANT SELECT, DELETE ON upload TO lianluo_definer;
CREATE FUNCTION claim_upload(secret bytea)
    RETURNS TABLE (storage_key text, media_type text, size bigint, width bigint, height bigint, sha256 bytea)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    DELETE FROM upload u WHERE u.secret_hash = claim_upload.secret AND u.created_at > now() - interval '1 day'
    RETURNING u.storage_key, u.media_type, u.size, u.width, u.height, u.sha256;
END;

-- reveal_submitter shows who submitted an opinion to a level above, and puts it in the audit itself, so that no one can have the one without
-- the other. The opinion must lie in the viewer's area.
CREATE POLICY definer_read ON opinion FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (id, code, province_code, city_code, county_code, township_code) ON opinion TO lianluo_definer;
CREATE POLICY definer_read ON opinion_submitter FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (opinion_id, name, phone, call_back) ON opinion_submitter TO lianluo_definer;
CREATE POLICY definer_insert ON audit_entry FOR INSERT TO lianluo_definer WITH CHECK (subject = viewer_subject());
GRANT INSERT ON audit_entry TO lianluo_definer;
CREATE FUNCTION reveal_submitter(opinion uuid, reason text, viewer_role text, viewer_place bigint)
    RETURNS TABLE (name text, phone text, call_back boolean)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO audit_entry (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
        subject, role, viewer_code, verb, entity, entity_id, detail)
    SELECT gen_random_uuid(), now(), now(), o.code, o.province_code, o.city_code, o.county_code, o.township_code,
        viewer_subject(), reveal_submitter.viewer_role, reveal_submitter.viewer_place, 'revealSubmitter', 'Opinion', o.id,
        jsonb_build_object('reason', reveal_submitter.reason)
    FROM opinion o
    WHERE o.id = reveal_submitter.opinion AND o.code >= viewer_lo() AND o.code < viewer_hi();
    SELECT s.name, s.phone, s.call_back
    FROM opinion o JOIN opinion_submitter s ON s.opinion_id = o.id
    WHERE o.id = reveal_submitter.opinion AND o.code >= viewer_lo() AND o.code < viewer_hi();
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION search_opinions(bigint, bigint, text, text, integer) OWNER TO lianluo_definer;
ALTER FUNCTION opinion_clock(bigint, text) OWNER TO lianluo_definer;
ALTER FUNCTION holder_above(bigint) OWNER TO lianluo_definer;
ALTER FUNCTION claim_upload(bytea) OWNER TO lianluo_definer;
ALTER FUNCTION reveal_submitter(uuid, text, text, bigint) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
REVOKE EXECUTE ON FUNCTION search_opinions(bigint, bigint, text, text, integer), opinion_clock(bigint, text), holder_above(bigint),
    claim_upload(bytea), reveal_submitter(uuid, text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_opinions(bigint, bigint, text, text, integer) TO lianluo_area, lianluo_system;
GRANT EXECUTE ON FUNCTION opinion_clock(bigint, text), holder_above(bigint)
    TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_system;
GRANT EXECUTE ON FUNCTION claim_upload(bytea) TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt;
GRANT EXECUTE ON FUNCTION reveal_submitter(uuid, text, text, bigint) TO lianluo_area;
