-- Create "deputy" table
CREATE TABLE "deputy" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "name" character varying NOT NULL, "gender" character varying NOT NULL, "birth_month" date NOT NULL, "ethnicity" character varying NOT NULL DEFAULT '汉族', "work_unit" character varying NULL, "job_title" character varying NULL, "phone_masked" character varying NULL, PRIMARY KEY ("id"), CONSTRAINT "gender_known" CHECK ((gender)::text = ANY ((ARRAY['MALE'::character varying, 'FEMALE'::character varying])::text[])));
-- Create index "deputy_city_code_id" to table: "deputy"
CREATE INDEX "deputy_city_code_id" ON "deputy" ("city_code", "id");
-- Create index "deputy_code_id" to table: "deputy"
CREATE INDEX "deputy_code_id" ON "deputy" ("code", "id");
-- Create index "deputy_county_code_id" to table: "deputy"
CREATE INDEX "deputy_county_code_id" ON "deputy" ("county_code", "id");
-- Create index "deputy_name_gender_birth_month" to table: "deputy"
CREATE INDEX "deputy_name_gender_birth_month" ON "deputy" ("name", "gender", "birth_month");
-- Create index "deputy_province_code_id" to table: "deputy"
CREATE INDEX "deputy_province_code_id" ON "deputy" ("province_code", "id");
-- Create "audit_entry" table
CREATE TABLE "audit_entry" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "subject" character varying NOT NULL, "role" character varying NULL, "viewer_code" bigint NOT NULL, "verb" character varying NOT NULL, "entity" character varying NOT NULL, "entity_id" uuid NOT NULL, "detail" jsonb NULL, PRIMARY KEY ("id"));
-- Create index "auditentry_city_code_id" to table: "audit_entry"
CREATE INDEX "auditentry_city_code_id" ON "audit_entry" ("city_code", "id");
-- Create index "auditentry_code_id" to table: "audit_entry"
CREATE INDEX "auditentry_code_id" ON "audit_entry" ("code", "id");
-- Create index "auditentry_county_code_id" to table: "audit_entry"
CREATE INDEX "auditentry_county_code_id" ON "audit_entry" ("county_code", "id");
-- Create index "auditentry_entity_id" to table: "audit_entry"
CREATE INDEX "auditentry_entity_id" ON "audit_entry" ("entity_id");
-- Create index "auditentry_province_code_id" to table: "audit_entry"
CREATE INDEX "auditentry_province_code_id" ON "audit_entry" ("province_code", "id");
-- Create "idempotency_key" table
CREATE TABLE "idempotency_key" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "subject" character varying NOT NULL, "key" character varying NOT NULL, "verb" character varying NOT NULL, "request_hash" bytea NOT NULL, "entity_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- Create index "idempotencykey_subject_key" to table: "idempotency_key"
CREATE UNIQUE INDEX "idempotencykey_subject_key" ON "idempotency_key" ("subject", "key");
-- Create "division" table
CREATE TABLE "division" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "level" character varying NOT NULL, "name" character varying NOT NULL, "placeholder" boolean NOT NULL DEFAULT false, "parent_code" bigint NULL, "valid_from" date NOT NULL, "valid_to" date NULL, "parent_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "division_division_children" FOREIGN KEY ("parent_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATION'::character varying, 'PROVINCE'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying, 'VILLAGE'::character varying])::text[])));
-- Create index "division_code" to table: "division"
CREATE UNIQUE INDEX "division_code" ON "division" ("code");
-- Create index "division_parent_code_code" to table: "division"
CREATE INDEX "division_parent_code_code" ON "division" ("parent_code", "code");
-- Create "organ" table
CREATE TABLE "organ" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "name" character varying NOT NULL, "former_names" jsonb NULL, "valid_from" date NOT NULL, "valid_to" date NULL, "division_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "organ_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['STANDING_COMMITTEE'::character varying, 'DEPUTY_COMMITTEE'::character varying, 'SPECIAL_COMMITTEE'::character varying, 'PRESIDIUM'::character varying, 'STREET_COMMITTEE'::character varying, 'DEPARTMENT'::character varying])::text[])));
-- Create index "organ_city_code_id" to table: "organ"
CREATE INDEX "organ_city_code_id" ON "organ" ("city_code", "id");
-- Create index "organ_code_id" to table: "organ"
CREATE INDEX "organ_code_id" ON "organ" ("code", "id");
-- Create index "organ_county_code_id" to table: "organ"
CREATE INDEX "organ_county_code_id" ON "organ" ("county_code", "id");
-- Create index "organ_division_id_name" to table: "organ"
CREATE UNIQUE INDEX "organ_division_id_name" ON "organ" ("division_id", "name");
-- Create index "organ_province_code_id" to table: "organ"
CREATE INDEX "organ_province_code_id" ON "organ" ("province_code", "id");
-- Create "congress" table
CREATE TABLE "congress" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "level" character varying NOT NULL, "name" character varying NOT NULL, "division_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "congress_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATIONAL'::character varying, 'PROVINCIAL'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying])::text[])));
-- Create index "congress_city_code_id" to table: "congress"
CREATE INDEX "congress_city_code_id" ON "congress" ("city_code", "id");
-- Create index "congress_code_id" to table: "congress"
CREATE INDEX "congress_code_id" ON "congress" ("code", "id");
-- Create index "congress_county_code_id" to table: "congress"
CREATE INDEX "congress_county_code_id" ON "congress" ("county_code", "id");
-- Create index "congress_division_id" to table: "congress"
CREATE UNIQUE INDEX "congress_division_id" ON "congress" ("division_id");
-- Create index "congress_province_code_id" to table: "congress"
CREATE INDEX "congress_province_code_id" ON "congress" ("province_code", "id");
-- Create "constituency" table
CREATE TABLE "constituency" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "number" bigint NOT NULL, "name" character varying NOT NULL, "basis" character varying NOT NULL, "seats" bigint NOT NULL, "valid_from" date NOT NULL, "valid_to" date NULL, "congress_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "constituency_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "basis_known" CHECK ((basis)::text = ANY ((ARRAY['RESIDENCE'::character varying, 'WORK_UNIT'::character varying, 'ELECTING_UNIT'::character varying])::text[])));
-- Create index "constituency_city_code_id" to table: "constituency"
CREATE INDEX "constituency_city_code_id" ON "constituency" ("city_code", "id");
-- Create index "constituency_code_id" to table: "constituency"
CREATE INDEX "constituency_code_id" ON "constituency" ("code", "id");
-- Create index "constituency_congress_id_number" to table: "constituency"
CREATE UNIQUE INDEX "constituency_congress_id_number" ON "constituency" ("congress_id", "number");
-- Create index "constituency_county_code_id" to table: "constituency"
CREATE INDEX "constituency_county_code_id" ON "constituency" ("county_code", "id");
-- Create index "constituency_province_code_id" to table: "constituency"
CREATE INDEX "constituency_province_code_id" ON "constituency" ("province_code", "id");
-- Create "zone" table
CREATE TABLE "zone" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "name" character varying NOT NULL, "division_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "zone_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['PARK'::character varying, 'ESTATE'::character varying, 'MARKET'::character varying, 'SCENIC_AREA'::character varying, 'INDUSTRY_CHAIN'::character varying])::text[])));
-- Create index "zone_city_code_id" to table: "zone"
CREATE INDEX "zone_city_code_id" ON "zone" ("city_code", "id");
-- Create index "zone_code_id" to table: "zone"
CREATE INDEX "zone_code_id" ON "zone" ("code", "id");
-- Create index "zone_county_code_id" to table: "zone"
CREATE INDEX "zone_county_code_id" ON "zone" ("county_code", "id");
-- Create index "zone_division_id_name" to table: "zone"
CREATE UNIQUE INDEX "zone_division_id_name" ON "zone" ("division_id", "name");
-- Create index "zone_province_code_id" to table: "zone"
CREATE INDEX "zone_province_code_id" ON "zone" ("province_code", "id");
-- Create "station" table
CREATE TABLE "station" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "name" character varying NOT NULL, "name_uniform" boolean NOT NULL, "address" character varying NULL, "longitude" double precision NULL, "latitude" double precision NULL, "floor" bigint NULL, "area_m2" double precision NULL, "opening_rule" character varying NULL, "brand" character varying NULL, "phone" character varying NULL, "opened_on" date NOT NULL, "closed_on" date NULL, "close_reason" character varying NULL, "qr_code" character varying NOT NULL, "division_id" uuid NOT NULL, "parent_id" uuid NULL, "organ_id" uuid NULL, "zone_id" uuid NULL, "constituency_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "station_constituency_constituency" FOREIGN KEY ("constituency_id") REFERENCES "constituency" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "station_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "station_organ_organ" FOREIGN KEY ("organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "station_station_branches" FOREIGN KEY ("parent_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "station_zone_zone" FOREIGN KEY ("zone_id") REFERENCES "zone" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['HOME'::character varying, 'STATION'::character varying, 'POINT'::character varying, 'POST'::character varying, 'BASE'::character varying, 'ONLINE'::character varying])::text[])), CONSTRAINT "station_area" CHECK (area_m2 > (0)::double precision), CONSTRAINT "station_coords" CHECK (((longitude IS NULL) = (latitude IS NULL)) AND ((longitude >= (73)::double precision) AND (longitude <= (136)::double precision)) AND ((latitude >= (3)::double precision) AND (latitude <= (54)::double precision))), CONSTRAINT "station_dates" CHECK (closed_on >= opened_on));
-- Create index "station_city_code_id" to table: "station"
CREATE INDEX "station_city_code_id" ON "station" ("city_code", "id");
-- Create index "station_code_id" to table: "station"
CREATE INDEX "station_code_id" ON "station" ("code", "id");
-- Create index "station_constituency_id" to table: "station"
CREATE INDEX "station_constituency_id" ON "station" ("constituency_id");
-- Create index "station_county_code_id" to table: "station"
CREATE INDEX "station_county_code_id" ON "station" ("county_code", "id");
-- Create index "station_one_name" to table: "station"
CREATE UNIQUE INDEX "station_one_name" ON "station" ("division_id", "name") WHERE (closed_on IS NULL);
-- Create index "station_organ_id" to table: "station"
CREATE INDEX "station_organ_id" ON "station" ("organ_id");
-- Create index "station_parent_id" to table: "station"
CREATE INDEX "station_parent_id" ON "station" ("parent_id");
-- Create index "station_province_code_id" to table: "station"
CREATE INDEX "station_province_code_id" ON "station" ("province_code", "id");
-- Create index "station_qr_code_key" to table: "station"
CREATE UNIQUE INDEX "station_qr_code_key" ON "station" ("qr_code");
-- Create index "station_zone_id" to table: "station"
CREATE INDEX "station_zone_id" ON "station" ("zone_id");
-- Create "account" table
CREATE TABLE "account" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "username" character varying NOT NULL, "password_hash" character varying NOT NULL, "display_name" character varying NOT NULL, "role" character varying NOT NULL, "status" character varying NOT NULL DEFAULT 'ACTIVE', "division_id" uuid NOT NULL, "deputy_id" uuid NULL, "organ_id" uuid NULL, "station_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "account_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "account_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "account_organ_organ" FOREIGN KEY ("organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "account_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "role_known" CHECK ((role)::text = ANY ((ARRAY['NATION_ADMIN'::character varying, 'PROVINCE_ADMIN'::character varying, 'CITY_ADMIN'::character varying, 'COUNTY_ADMIN'::character varying, 'TOWNSHIP_ADMIN'::character varying, 'COMMITTEE_STAFF'::character varying, 'SUPERVISOR'::character varying, 'STATION_KEEPER'::character varying, 'DEPUTY'::character varying, 'DEPARTMENT'::character varying, 'PORTAL'::character varying])::text[])), CONSTRAINT "status_known" CHECK ((status)::text = ANY ((ARRAY['ACTIVE'::character varying, 'CLOSED'::character varying])::text[])));
-- Create index "account_username_key" to table: "account"
CREATE UNIQUE INDEX "account_username_key" ON "account" ("username");
-- Create "deputy_contact" table
CREATE TABLE "deputy_contact" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "phone" character varying NOT NULL, "deputy_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "deputy_contact_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "deputycontact_deputy_id" to table: "deputy_contact"
CREATE UNIQUE INDEX "deputycontact_deputy_id" ON "deputy_contact" ("deputy_id");
-- Create "grid" table
CREATE TABLE "grid" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "number" bigint NOT NULL, "name" character varying NOT NULL, "station_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "grid_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "grid_city_code_id" to table: "grid"
CREATE INDEX "grid_city_code_id" ON "grid" ("city_code", "id");
-- Create index "grid_code_id" to table: "grid"
CREATE INDEX "grid_code_id" ON "grid" ("code", "id");
-- Create index "grid_county_code_id" to table: "grid"
CREATE INDEX "grid_county_code_id" ON "grid" ("county_code", "id");
-- Create index "grid_province_code_id" to table: "grid"
CREATE INDEX "grid_province_code_id" ON "grid" ("province_code", "id");
-- Create index "grid_station_id_number" to table: "grid"
CREATE UNIQUE INDEX "grid_station_id_number" ON "grid" ("station_id", "number");
-- Create "term" table
CREATE TABLE "term" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "number" bigint NOT NULL, "starts_on" date NOT NULL, "ends_on" date NOT NULL, "congress_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "term_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "term_dates" CHECK (starts_on < ends_on));
-- Create index "term_code_id" to table: "term"
CREATE INDEX "term_code_id" ON "term" ("code", "id");
-- Create index "term_congress_id_number" to table: "term"
CREATE UNIQUE INDEX "term_congress_id_number" ON "term" ("congress_id", "number");
-- Create "mandate" table
CREATE TABLE "mandate" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "level" character varying NOT NULL, "seat_code" bigint NOT NULL, "term_number" bigint NOT NULL, "election" character varying NOT NULL, "status" character varying NOT NULL, "elected_on" date NOT NULL, "ended_on" date NULL, "end_reason" character varying NULL, "end_note" character varying NULL, "deputy_id" uuid NOT NULL, "congress_id" uuid NOT NULL, "term_id" uuid NOT NULL, "constituency_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "mandate_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "mandate_constituency_constituency" FOREIGN KEY ("constituency_id") REFERENCES "constituency" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "mandate_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "mandate_term_term" FOREIGN KEY ("term_id") REFERENCES "term" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "election_known" CHECK ((election)::text = ANY ((ARRAY['GENERAL'::character varying, 'BY_ELECTION'::character varying])::text[])), CONSTRAINT "end_reason_known" CHECK ((end_reason)::text = ANY ((ARRAY['TERM_OVER'::character varying, 'MOVED_AWAY'::character varying, 'RESIGNED'::character varying, 'RECALLED'::character varying, 'DIED'::character varying, 'LOST_NATIONALITY'::character varying, 'LOST_POLITICAL_RIGHTS'::character varying, 'ABSENT'::character varying, 'INCAPABLE'::character varying])::text[])), CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATIONAL'::character varying, 'PROVINCIAL'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying])::text[])), CONSTRAINT "mandate_dates" CHECK (ended_on >= elected_on), CONSTRAINT "mandate_ended" CHECK ((((status)::text = 'ENDED'::text) = (ended_on IS NOT NULL)) AND ((ended_on IS NULL) = (end_reason IS NULL))), CONSTRAINT "status_known" CHECK ((status)::text = ANY ((ARRAY['ELECTED'::character varying, 'CONFIRMED'::character varying, 'SUSPENDED'::character varying, 'ENDED'::character varying])::text[])));
-- Create index "mandate_city_code_id" to table: "mandate"
CREATE INDEX "mandate_city_code_id" ON "mandate" ("city_code", "id");
-- Create index "mandate_code_id" to table: "mandate"
CREATE INDEX "mandate_code_id" ON "mandate" ("code", "id");
-- Create index "mandate_congress_id_constituency_id" to table: "mandate"
CREATE INDEX "mandate_congress_id_constituency_id" ON "mandate" ("congress_id", "constituency_id");
-- Create index "mandate_county_code_id" to table: "mandate"
CREATE INDEX "mandate_county_code_id" ON "mandate" ("county_code", "id");
-- Create index "mandate_deputy_id" to table: "mandate"
CREATE INDEX "mandate_deputy_id" ON "mandate" ("deputy_id");
-- Create index "mandate_one_seat" to table: "mandate"
CREATE UNIQUE INDEX "mandate_one_seat" ON "mandate" ("deputy_id", "congress_id") WHERE ((status)::text <> 'ENDED'::text);
-- Create index "mandate_province_code_id" to table: "mandate"
CREATE INDEX "mandate_province_code_id" ON "mandate" ("province_code", "id");
-- Create "posting" table
CREATE TABLE "posting" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "basis" character varying NOT NULL, "started_on" date NOT NULL, "ended_on" date NULL, "end_reason" character varying NULL, "station_id" uuid NOT NULL, "deputy_id" uuid NOT NULL, "mandate_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "posting_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "posting_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "posting_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "basis_known" CHECK ((basis)::text = ANY ((ARRAY['CONSTITUENCY'::character varying, 'PROXIMITY'::character varying, 'CROSS'::character varying, 'SECTOR'::character varying, 'GRID'::character varying])::text[])), CONSTRAINT "posting_dates" CHECK (ended_on >= started_on));
-- Create index "posting_city_code_id" to table: "posting"
CREATE INDEX "posting_city_code_id" ON "posting" ("city_code", "id");
-- Create index "posting_code_id" to table: "posting"
CREATE INDEX "posting_code_id" ON "posting" ("code", "id");
-- Create index "posting_county_code_id" to table: "posting"
CREATE INDEX "posting_county_code_id" ON "posting" ("county_code", "id");
-- Create index "posting_mandate_id" to table: "posting"
CREATE INDEX "posting_mandate_id" ON "posting" ("mandate_id");
-- Create index "posting_deputy_id" to table: "posting"
CREATE INDEX "posting_deputy_id" ON "posting" ("deputy_id");
-- Create index "posting_once" to table: "posting"
CREATE UNIQUE INDEX "posting_once" ON "posting" ("mandate_id", "station_id") WHERE (ended_on IS NULL);
-- Create index "posting_province_code_id" to table: "posting"
CREATE INDEX "posting_province_code_id" ON "posting" ("province_code", "id");
-- Create index "posting_station_id_id" to table: "posting"
CREATE INDEX "posting_station_id_id" ON "posting" ("station_id", "id");
-- Create "station_staff" table
CREATE TABLE "station_staff" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "name" character varying NOT NULL, "office" character varying NOT NULL, "origin" character varying NOT NULL, "started_on" date NOT NULL, "ended_on" date NULL, "station_id" uuid NOT NULL, "deputy_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "station_staff_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "station_staff_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "office_known" CHECK ((office)::text = ANY ((ARRAY['CHIEF'::character varying, 'DEPUTY_CHIEF'::character varying, 'LIAISON'::character varying])::text[])), CONSTRAINT "origin_known" CHECK ((origin)::text = ANY ((ARRAY['OFFICIAL'::character varying, 'GRID_WORKER'::character varying, 'VOLUNTEER'::character varying, 'DEPUTY'::character varying])::text[])), CONSTRAINT "staff_dates" CHECK (ended_on >= started_on));
-- Create index "station_staff_once" to table: "station_staff"
CREATE UNIQUE INDEX "station_staff_once" ON "station_staff" ("station_id", "name", "office") WHERE (ended_on IS NULL);
-- Create index "stationstaff_city_code_id" to table: "station_staff"
CREATE INDEX "stationstaff_city_code_id" ON "station_staff" ("city_code", "id");
-- Create index "stationstaff_code_id" to table: "station_staff"
CREATE INDEX "stationstaff_code_id" ON "station_staff" ("code", "id");
-- Create index "stationstaff_county_code_id" to table: "station_staff"
CREATE INDEX "stationstaff_county_code_id" ON "station_staff" ("county_code", "id");
-- Create index "stationstaff_province_code_id" to table: "station_staff"
CREATE INDEX "stationstaff_province_code_id" ON "station_staff" ("province_code", "id");
-- Create "grid_assignment" table
CREATE TABLE "grid_assignment" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "grid_id" uuid NOT NULL, "posting_id" uuid NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "grid_assignment_grid_grid" FOREIGN KEY ("grid_id") REFERENCES "grid" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "grid_assignment_posting_posting" FOREIGN KEY ("posting_id") REFERENCES "posting" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "grid_assignment_station_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "station_staff" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "grid_one_person" CHECK ((posting_id IS NULL) <> (staff_id IS NULL)));
-- Create index "gridassignment_city_code_id" to table: "grid_assignment"
CREATE INDEX "gridassignment_city_code_id" ON "grid_assignment" ("city_code", "id");
-- Create index "gridassignment_code_id" to table: "grid_assignment"
CREATE INDEX "gridassignment_code_id" ON "grid_assignment" ("code", "id");
-- Create index "gridassignment_county_code_id" to table: "grid_assignment"
CREATE INDEX "gridassignment_county_code_id" ON "grid_assignment" ("county_code", "id");
-- Create index "gridassignment_grid_id_posting_id" to table: "grid_assignment"
CREATE UNIQUE INDEX "gridassignment_grid_id_posting_id" ON "grid_assignment" ("grid_id", "posting_id");
-- Create index "gridassignment_grid_id_staff_id" to table: "grid_assignment"
CREATE UNIQUE INDEX "gridassignment_grid_id_staff_id" ON "grid_assignment" ("grid_id", "staff_id");
-- Create index "gridassignment_posting_id" to table: "grid_assignment"
CREATE INDEX "gridassignment_posting_id" ON "grid_assignment" ("posting_id");
-- Create index "gridassignment_province_code_id" to table: "grid_assignment"
CREATE INDEX "gridassignment_province_code_id" ON "grid_assignment" ("province_code", "id");
-- Create index "gridassignment_staff_id" to table: "grid_assignment"
CREATE INDEX "gridassignment_staff_id" ON "grid_assignment" ("staff_id");
-- Create "refresh_token" table
CREATE TABLE "refresh_token" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "family_id" uuid NOT NULL, "token_hash" bytea NOT NULL, "expires_at" timestamptz NOT NULL, "used_at" timestamptz NULL, "revoked_at" timestamptz NULL, "account_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "refresh_token_account_account" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "refresh_token_token_hash_key" to table: "refresh_token"
CREATE UNIQUE INDEX "refresh_token_token_hash_key" ON "refresh_token" ("token_hash");
-- Create index "refreshtoken_account_id" to table: "refresh_token"
CREATE INDEX "refreshtoken_account_id" ON "refresh_token" ("account_id");
-- Create index "refreshtoken_family_id" to table: "refresh_token"
CREATE INDEX "refreshtoken_family_id" ON "refresh_token" ("family_id");
-- Create "station_budget" table
CREATE TABLE "station_budget" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "year" bigint NOT NULL, "purpose" character varying NOT NULL, "amount_fen" bigint NOT NULL, "station_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "station_budget_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "stationbudget_city_code_id" to table: "station_budget"
CREATE INDEX "stationbudget_city_code_id" ON "station_budget" ("city_code", "id");
-- Create index "stationbudget_code_id" to table: "station_budget"
CREATE INDEX "stationbudget_code_id" ON "station_budget" ("code", "id");
-- Create index "stationbudget_county_code_id" to table: "station_budget"
CREATE INDEX "stationbudget_county_code_id" ON "station_budget" ("county_code", "id");
-- Create index "stationbudget_province_code_id" to table: "station_budget"
CREATE INDEX "stationbudget_province_code_id" ON "station_budget" ("province_code", "id");
-- Create index "stationbudget_station_id_year_purpose" to table: "station_budget"
CREATE UNIQUE INDEX "stationbudget_station_id_year_purpose" ON "station_budget" ("station_id", "year", "purpose");
