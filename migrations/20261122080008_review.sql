-- keep_former notes what divisions were until a change, at the place of what they became: for each move an id in its turn. What they were lies in the viewer's
-- area like what they became, or else gather_strays would fetch what others left at a code that no division has any more.
CREATE OR REPLACE FUNCTION keep_former(event uuid, formers jsonb) RETURNS integer
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
    WHERE e.id = keep_former.event AND e.code >= viewer_lo() AND e.code < viewer_hi() AND d.code > viewer_lo() AND d.code < viewer_hi()
      AND f.code_then > viewer_lo() AND public.division_end(f.code_then) <= viewer_hi();
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
