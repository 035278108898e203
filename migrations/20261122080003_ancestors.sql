-- A record is counted in the sums of the places that its row names above it, whoever may see those. So what a viewer writes, and a division that a viewer
-- makes, names none but those above its own place: no one can add to the sums of others.

-- place_fits tells whether places above a code are above it, or left out where the tree has a gap.
CREATE FUNCTION place_fits(code bigint, province bigint, city bigint, county bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (province IS NULL OR province = code - code % 10000000000) AND (city IS NULL OR city = code - code % 100000000)
        AND (county IS NULL OR county = code - code % 1000000);

DO $$
DECLARE
    viewers CONSTANT text := 'lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_public';
    fits CONSTANT text := 'place_fits(code, province_code, city_code, county_code)';
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['station', 'mandate', 'posting', 'visit_day', 'activity', 'activity_figure', 'attendance', 'opinion', 'suggestion'] LOOP
        EXECUTE format('CREATE POLICY place_insert ON %I AS RESTRICTIVE FOR INSERT TO %s WITH CHECK (%s)', t, viewers, fits);
        IF has_column_privilege('lianluo_area', t, 'county_code', 'UPDATE') THEN
            EXECUTE format('CREATE POLICY place_update ON %I AS RESTRICTIVE FOR UPDATE TO %s USING (true) WITH CHECK (%s)', t, viewers, fits);
        END IF;
    END LOOP;
    EXECUTE format('CREATE POLICY place_insert ON division AS RESTRICTIVE FOR INSERT TO lianluo_definer WITH CHECK (%s)', fits);
END $$;
