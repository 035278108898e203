-- What the first village of a township has, for many more villages: alike in all that they refer to, so that any of them is a
-- fair sample. The words with a colon are set by Crowd.

CREATE TEMPORARY TABLE crowd ON COMMIT DROP AS
		SELECT n, :township + 300 + n AS code, gen_random_uuid() AS division, gen_random_uuid() AS station, gen_random_uuid() AS deputy,
			gen_random_uuid() AS mandate, gen_random_uuid() AS posting, gen_random_uuid() AS staff, gen_random_uuid() AS grid
		FROM generate_series(1, :size) n;
INSERT INTO division SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.division, 'code', c.code, 'name', '众' || c.n || '村'))).*
		FROM crowd c, division t WHERE t.code = :village;
INSERT INTO division_key SELECT '众' || n, code FROM crowd;
INSERT INTO station SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.station, 'code', c.code, 'division_id', c.division,
			'name', '众' || c.n || '村联络站'))).*
		FROM crowd c, station t WHERE t.code = :village AND t.closed_on IS NULL AND t.kind <> 'ONLINE';
INSERT INTO station_key SELECT '众' || n || '村联络站', station, code FROM crowd;
INSERT INTO deputy SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.deputy, 'name', '众代表' || c.n))).*
		FROM crowd c, deputy t WHERE t.id = ':deputy';
INSERT INTO deputy_key SELECT '众代表' || n, deputy, :township FROM crowd;
INSERT INTO deputy_contact SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'deputy_id', c.deputy))).*
		FROM crowd c, deputy_contact t WHERE t.deputy_id = ':deputy';
INSERT INTO mandate SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.mandate, 'deputy_id', c.deputy))).*
		FROM crowd c, mandate t WHERE t.deputy_id = ':deputy';
INSERT INTO posting SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.posting, 'deputy_id', c.deputy, 'mandate_id', c.mandate,
			'station_id', c.station, 'code', c.code))).*
		FROM crowd c, posting t WHERE t.deputy_id = ':deputy';
INSERT INTO station_staff SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.staff, 'station_id', c.station, 'code', c.code,
			'deputy_id', c.deputy))).*
		FROM crowd c, station_staff t JOIN station s ON s.id = t.station_id WHERE t.code = :village AND t.ended_on IS NULL;
INSERT INTO grid SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.grid, 'station_id', c.station, 'code', c.code))).*
		FROM crowd c, grid t WHERE t.code = :village;
INSERT INTO grid_assignment SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'grid_id', c.grid,
			'staff_id', c.staff, 'code', c.code))).*
		FROM crowd c, grid_assignment t WHERE t.code = :village AND t.staff_id IS NOT NULL;
INSERT INTO grid_assignment SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'grid_id', c.grid,
			'staff_id', NULL, 'posting_id', c.posting, 'code', c.code))).*
		FROM crowd c, grid_assignment t WHERE t.code = :village AND t.staff_id IS NOT NULL;
INSERT INTO station_budget SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'station_id', c.station, 'code', c.code))).*
		FROM crowd c, station_budget t WHERE t.code = :village;
INSERT INTO zone SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'division_id', c.division, 'code', c.code))).*
		FROM crowd c, zone t WHERE t.code = :village;
INSERT INTO constituency SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'number', 100 + c.n, 'code', c.code))).*
		FROM crowd c, constituency t JOIN congress g ON g.id = t.congress_id WHERE g.code = :township AND t.number = 1;
INSERT INTO qr_code SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'station_id', c.station, 'code', c.code,
			'text', 'CROWD' || c.n))).*
		FROM crowd c, qr_code t JOIN station s ON s.id = t.station_id
		WHERE t.code = :village AND t.posting_id IS NULL AND t.revoked_at IS NULL AND s.closed_on IS NULL AND s.kind <> 'ONLINE';
INSERT INTO qr_code SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'station_id', c.station, 'code', c.code,
			'posting_id', c.posting, 'text', 'CROWDED' || c.n))).*
		FROM crowd c, qr_code t JOIN posting p ON p.id = t.posting_id WHERE p.deputy_id = ':deputy';
