-- Create index "activity_moved" to table: "activity"
CREATE INDEX "activity_moved" ON "activity" ("code_then") WHERE (code_then <> code);
-- Create index "attendance_moved" to table: "attendance"
CREATE INDEX "attendance_moved" ON "attendance" ("code_then") WHERE (code_then <> code);
-- Create index "opinion_moved" to table: "opinion"
CREATE INDEX "opinion_moved" ON "opinion" ("code_then") WHERE (code_then <> code);
-- Create index "visit_day_moved" to table: "visit_day"
CREATE INDEX "visit_day_moved" ON "visit_day" ("code_then") WHERE (code_then <> code);
-- Create "division_event" table
CREATE TABLE "division_event" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "day" date NOT NULL, "document" character varying NULL, "note" character varying NULL, "predecessors" jsonb NOT NULL, "successors" jsonb NOT NULL, "moved" jsonb NULL, PRIMARY KEY ("id"), CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['RENAME'::character varying, 'RECODE'::character varying, 'SPLIT'::character varying, 'MERGE'::character varying, 'TRANSFER'::character varying, 'ABOLISH'::character varying])::text[])));
-- Create index "divisionevent_city_code_id" to table: "division_event"
CREATE INDEX "divisionevent_city_code_id" ON "division_event" ("city_code", "id");
-- Create index "divisionevent_code_id" to table: "division_event"
CREATE INDEX "divisionevent_code_id" ON "division_event" ("code", "id");
-- Create index "divisionevent_county_code_id" to table: "division_event"
CREATE INDEX "divisionevent_county_code_id" ON "division_event" ("county_code", "id");
-- Create index "divisionevent_day" to table: "division_event"
CREATE INDEX "divisionevent_day" ON "division_event" ("day");
-- Create index "divisionevent_province_code_id" to table: "division_event"
CREATE INDEX "divisionevent_province_code_id" ON "division_event" ("province_code", "id");
-- Create "former_division" table
CREATE TABLE "former_division" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "code_then" bigint NOT NULL, "name" character varying NOT NULL, "level" character varying NOT NULL, "parent_code_then" bigint NULL, "valid_from" date NOT NULL, "valid_to" date NOT NULL, "division_id" uuid NOT NULL, "event_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "former_division_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "former_division_division_event_event" FOREIGN KEY ("event_id") REFERENCES "division_event" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "former_division_days" CHECK (valid_to >= valid_from), CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATION'::character varying, 'PROVINCE'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying, 'VILLAGE'::character varying])::text[])));
-- Create index "formerdivision_city_code_id" to table: "former_division"
CREATE INDEX "formerdivision_city_code_id" ON "former_division" ("city_code", "id");
-- Create index "formerdivision_code_id" to table: "former_division"
CREATE INDEX "formerdivision_code_id" ON "former_division" ("code", "id");
-- Create index "formerdivision_code_then_valid_to" to table: "former_division"
CREATE INDEX "formerdivision_code_then_valid_to" ON "former_division" ("code_then", "valid_to");
-- Create index "formerdivision_county_code_id" to table: "former_division"
CREATE INDEX "formerdivision_county_code_id" ON "former_division" ("county_code", "id");
-- Create index "formerdivision_division_id" to table: "former_division"
CREATE INDEX "formerdivision_division_id" ON "former_division" ("division_id");
-- Create index "formerdivision_event_id" to table: "former_division"
CREATE INDEX "formerdivision_event_id" ON "former_division" ("event_id");
-- Create index "formerdivision_parent_code_then" to table: "former_division"
CREATE INDEX "formerdivision_parent_code_then" ON "former_division" ("parent_code_then");
-- Create index "formerdivision_province_code_id" to table: "former_division"
CREATE INDEX "formerdivision_province_code_id" ON "former_division" ("province_code", "id");
