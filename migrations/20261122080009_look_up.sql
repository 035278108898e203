-- A visit day that goes looks for its activity, cancelled ones too.
CREATE INDEX activity_visit_day_id ON activity (visit_day_id) WHERE visit_day_id IS NOT NULL;
-- Sums look for cases past their day which the clock has not marked yet. There are hardly any, but many more that wait for the citizen beside them.
CREATE INDEX opinion_unspoken ON opinion (due_on) WHERE open AND NOT overdue AND waits_on <> 'SUBMITTER';

-- scanned_activities as before, but that the activities which a station takes part in are found by the station, as its own are: an OR of the two
-- went through all activities of the days, the whole country's.
CREATE OR REPLACE FUNCTION scanned_activities(scanned text, first_day date, last_day date)
    RETURNS TABLE (station uuid, name text, longitude double precision, latitude double precision,
        code bigint, province_code bigint, city_code bigint, county_code bigint, township_code bigint,
        activity uuid, title text, begins_at timestamptz, ends_at timestamptz, setting text, place_longitude double precision, place_latitude double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.name, s.longitude, s.latitude, s.code, s.province_code, s.city_code, s.county_code, s.township_code,
        a.id, a.title, a.begins_at, a.ends_at, a.setting, a.longitude, a.latitude
    FROM qr_code q
    JOIN station s ON s.id = q.station_id AND s.closed_on IS NULL
    LEFT JOIN LATERAL (
        SELECT own.id, own.title, own.begins_at, own.ends_at, own.setting, own.longitude, own.latitude
        FROM activity own
        WHERE own.station_id = s.id AND own.state IN ('PLANNED', 'HELD') AND own.day BETWEEN first_day AND last_day
        UNION
        SELECT other.id, other.title, other.begins_at, other.ends_at, other.setting, other.longitude, other.latitude
        FROM activity_station j JOIN activity other ON other.id = j.activity_id
        WHERE j.station_id = s.id AND other.state IN ('PLANNED', 'HELD') AND other.day BETWEEN first_day AND last_day
    ) a ON true
    WHERE q.text = scanned AND q.posting_id IS NULL AND q.revoked_at IS NULL AND viewer_person() IS NOT NULL
    ORDER BY a.begins_at, a.id;
END;
