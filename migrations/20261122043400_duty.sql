-- Modify "message" table
ALTER TABLE "message" ADD CONSTRAINT "message_of" CHECK ((num_nonnulls(opinion_id, appointment_id) = 1) AND ((opinion_id IS NULL) = (event_id IS NULL)) AND ((appointment_id IS NULL) = (cause_id IS NULL))), ALTER COLUMN "opinion_id" DROP NOT NULL, ALTER COLUMN "event_id" DROP NOT NULL, ADD COLUMN "appointment_id" uuid NULL, ADD COLUMN "cause_id" uuid NULL;
-- Create index "message_appointment_id" to table: "message"
CREATE INDEX "message_appointment_id" ON "message" ("appointment_id");
-- Create index "message_cause_id_channel" to table: "message"
CREATE UNIQUE INDEX "message_cause_id_channel" ON "message" ("cause_id", "channel");
-- Create "visit_rule" table
CREATE TABLE "visit_rule" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kinds" jsonb NULL, "name" character varying NOT NULL, "recurrence" character varying NOT NULL, "days" jsonb NULL, "every" bigint NULL, "dates" jsonb NULL, "shift" character varying NOT NULL, "from_on" date NOT NULL, "until_on" date NULL, "begins_minute" bigint NOT NULL, "ends_minute" bigint NOT NULL, "per_day" bigint NOT NULL, "theme" character varying NULL, "division_id" uuid NOT NULL, "station_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "visit_rule_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "visit_rule_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "recurrence_known" CHECK ((recurrence)::text = ANY ((ARRAY['MONTH_DAYS'::character varying, 'WEEKDAYS'::character varying, 'LUNAR_DAYS'::character varying, 'EVERY_N_DAYS'::character varying, 'DATES'::character varying])::text[])), CONSTRAINT "shift_known" CHECK ((shift)::text = ANY ((ARRAY['NONE'::character varying, 'NEXT_WORKDAY'::character varying, 'PREVIOUS_WORKDAY'::character varying, 'SKIP'::character varying])::text[])), CONSTRAINT "visit_rule_days" CHECK (until_on >= (from_on - 1)), CONSTRAINT "visit_rule_hours" CHECK ((begins_minute < ends_minute) AND (begins_minute >= 0) AND (ends_minute <= 1440)), CONSTRAINT "visit_rule_per_day" CHECK ((per_day >= 0) AND (per_day <= 100)));
-- Create index "visitrule_city_code_id" to table: "visit_rule"
CREATE INDEX "visitrule_city_code_id" ON "visit_rule" ("city_code", "id");
-- Create index "visitrule_code_id" to table: "visit_rule"
CREATE INDEX "visitrule_code_id" ON "visit_rule" ("code", "id");
-- Create index "visitrule_county_code_id" to table: "visit_rule"
CREATE INDEX "visitrule_county_code_id" ON "visit_rule" ("county_code", "id");
-- Create index "visitrule_division_id" to table: "visit_rule"
CREATE INDEX "visitrule_division_id" ON "visit_rule" ("division_id");
-- Create index "visitrule_province_code_id" to table: "visit_rule"
CREATE INDEX "visitrule_province_code_id" ON "visit_rule" ("province_code", "id");
-- Create index "visitrule_station_id" to table: "visit_rule"
CREATE INDEX "visitrule_station_id" ON "visit_rule" ("station_id");
-- Create "visit_day" table
CREATE TABLE "visit_day" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "code_then" bigint NOT NULL, "rule_on" date NULL, "day" date NOT NULL, "begins_at" timestamptz NOT NULL, "ends_at" timestamptz NOT NULL, "location" character varying NULL, "theme" character varying NULL, "state" character varying NOT NULL, "published_at" timestamptz NULL, "reason" character varying NULL, "station_id" uuid NOT NULL, "rule_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "visit_day_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "visit_day_visit_rule_rule" FOREIGN KEY ("rule_id") REFERENCES "visit_rule" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['PLANNED'::character varying, 'PUBLISHED'::character varying, 'HELD'::character varying, 'MISSED'::character varying, 'CANCELLED'::character varying])::text[])), CONSTRAINT "visit_day_hours" CHECK (begins_at < ends_at), CONSTRAINT "visit_day_rule" CHECK ((rule_id IS NULL) = (rule_on IS NULL)));
-- Create index "visit_day_of_rule" to table: "visit_day"
CREATE UNIQUE INDEX "visit_day_of_rule" ON "visit_day" ("rule_id", "station_id", "rule_on");
-- Create index "visit_day_once" to table: "visit_day"
CREATE UNIQUE INDEX "visit_day_once" ON "visit_day" ("station_id", "day") WHERE ((state)::text <> 'CANCELLED'::text);
-- Create index "visitday_city_code_day" to table: "visit_day"
CREATE INDEX "visitday_city_code_day" ON "visit_day" ("city_code", "day");
-- Create index "visitday_city_code_id" to table: "visit_day"
CREATE INDEX "visitday_city_code_id" ON "visit_day" ("city_code", "id");
-- Create index "visitday_code_day" to table: "visit_day"
CREATE INDEX "visitday_code_day" ON "visit_day" ("code", "day");
-- Create index "visitday_code_id" to table: "visit_day"
CREATE INDEX "visitday_code_id" ON "visit_day" ("code", "id");
-- Create index "visitday_county_code_day" to table: "visit_day"
CREATE INDEX "visitday_county_code_day" ON "visit_day" ("county_code", "day");
-- Create index "visitday_county_code_id" to table: "visit_day"
CREATE INDEX "visitday_county_code_id" ON "visit_day" ("county_code", "id");
-- Create index "visitday_day" to table: "visit_day"
CREATE INDEX "visitday_day" ON "visit_day" ("day");
-- Create index "visitday_province_code_day" to table: "visit_day"
CREATE INDEX "visitday_province_code_day" ON "visit_day" ("province_code", "day");
-- Create index "visitday_province_code_id" to table: "visit_day"
CREATE INDEX "visitday_province_code_id" ON "visit_day" ("province_code", "id");
-- Create "activity" table
CREATE TABLE "activity" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "code_then" bigint NOT NULL, "title" character varying NOT NULL, "way" character varying NOT NULL, "setting" character varying NOT NULL, "mode" character varying NULL, "theme" character varying NULL, "campaign" character varying NULL, "day" date NOT NULL, "begins_at" timestamptz NOT NULL, "ends_at" timestamptz NOT NULL, "location" character varying NULL, "longitude" double precision NULL, "latitude" double precision NULL, "summary" character varying NULL, "state" character varying NOT NULL, "late" boolean NOT NULL DEFAULT false, "events" bigint NOT NULL DEFAULT 0, "recorded_at" timestamptz NULL, "confirmed_at" timestamptz NULL, "station_id" uuid NOT NULL, "visit_day_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "activity_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "activity_visit_day_visit_day" FOREIGN KEY ("visit_day_id") REFERENCES "visit_day" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "activity_coords" CHECK (((longitude IS NULL) = (latitude IS NULL)) AND ((longitude >= (73)::double precision) AND (longitude <= (136)::double precision)) AND ((latitude >= (3)::double precision) AND (latitude <= (54)::double precision))), CONSTRAINT "activity_hours" CHECK (begins_at < ends_at), CONSTRAINT "mode_known" CHECK ((mode)::text = ANY ((ARRAY['RECEIVING'::character varying, 'VISITING'::character varying, 'APPOINTED'::character varying])::text[])), CONSTRAINT "setting_known" CHECK ((setting)::text = ANY ((ARRAY['IN_STATION'::character varying, 'OUT_OF_STATION'::character varying, 'ONLINE'::character varying, 'JOINT'::character varying])::text[])), CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['PLANNED'::character varying, 'HELD'::character varying, 'RECORDED'::character varying, 'CONFIRMED'::character varying, 'CANCELLED'::character varying])::text[])), CONSTRAINT "way_known" CHECK ((way)::text = ANY ((ARRAY['RECEPTION'::character varying, 'HOUSEHOLD'::character varying, 'SUPERVISION'::character varying, 'HELP'::character varying, 'REPORT'::character varying, 'LECTURE'::character varying, 'RESEARCH'::character varying, 'INSPECTION'::character varying, 'STUDY'::character varying, 'LEGISLATION'::character varying, 'VOLUNTEER'::character varying])::text[])));
-- Create index "activity_city_code_day" to table: "activity"
CREATE INDEX "activity_city_code_day" ON "activity" ("city_code", "day");
-- Create index "activity_city_code_id" to table: "activity"
CREATE INDEX "activity_city_code_id" ON "activity" ("city_code", "id");
-- Create index "activity_code_day" to table: "activity"
CREATE INDEX "activity_code_day" ON "activity" ("code", "day");
-- Create index "activity_code_id" to table: "activity"
CREATE INDEX "activity_code_id" ON "activity" ("code", "id");
-- Create index "activity_county_code_day" to table: "activity"
CREATE INDEX "activity_county_code_day" ON "activity" ("county_code", "day");
-- Create index "activity_county_code_id" to table: "activity"
CREATE INDEX "activity_county_code_id" ON "activity" ("county_code", "id");
-- Create index "activity_of_visit_day" to table: "activity"
CREATE UNIQUE INDEX "activity_of_visit_day" ON "activity" ("visit_day_id") WHERE ((state)::text <> 'CANCELLED'::text);
-- Create index "activity_province_code_day" to table: "activity"
CREATE INDEX "activity_province_code_day" ON "activity" ("province_code", "day");
-- Create index "activity_province_code_id" to table: "activity"
CREATE INDEX "activity_province_code_id" ON "activity" ("province_code", "id");
-- Create index "activity_station_id_day" to table: "activity"
CREATE INDEX "activity_station_id_day" ON "activity" ("station_id", "day");
-- Create "activity_event" table
CREATE TABLE "activity_event" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "sequence" bigint NOT NULL, "verb" character varying NOT NULL, "from_state" character varying NULL, "to_state" character varying NOT NULL, "occurred_at" timestamptz NOT NULL, "subject" character varying NOT NULL, "role" character varying NULL, "actor_code" bigint NULL, "text" character varying NULL, "activity_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "activity_event_activity_activity" FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "from_state_known" CHECK ((from_state)::text = ANY ((ARRAY['PLANNED'::character varying, 'HELD'::character varying, 'RECORDED'::character varying, 'CONFIRMED'::character varying, 'CANCELLED'::character varying])::text[])), CONSTRAINT "to_state_known" CHECK ((to_state)::text = ANY ((ARRAY['PLANNED'::character varying, 'HELD'::character varying, 'RECORDED'::character varying, 'CONFIRMED'::character varying, 'CANCELLED'::character varying])::text[])));
-- Create index "activityevent_activity_id_sequence" to table: "activity_event"
CREATE UNIQUE INDEX "activityevent_activity_id_sequence" ON "activity_event" ("activity_id", "sequence");
-- Create "key_figure" table
CREATE TABLE "key_figure" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "key" character varying NOT NULL, "name" character varying NOT NULL, "unit" character varying NOT NULL, "type" character varying NOT NULL, "campaign" character varying NULL, "from_on" date NOT NULL, "until_on" date NULL, PRIMARY KEY ("id"), CONSTRAINT "key_figure_days" CHECK (until_on >= from_on), CONSTRAINT "type_known" CHECK ((type)::text = ANY ((ARRAY['COUNT'::character varying, 'AMOUNT'::character varying, 'QUANTITY'::character varying])::text[])));
-- Create index "keyfigure_city_code_id" to table: "key_figure"
CREATE INDEX "keyfigure_city_code_id" ON "key_figure" ("city_code", "id");
-- Create index "keyfigure_code_id" to table: "key_figure"
CREATE INDEX "keyfigure_code_id" ON "key_figure" ("code", "id");
-- Create index "keyfigure_code_key" to table: "key_figure"
CREATE UNIQUE INDEX "keyfigure_code_key" ON "key_figure" ("code", "key");
-- Create index "keyfigure_county_code_id" to table: "key_figure"
CREATE INDEX "keyfigure_county_code_id" ON "key_figure" ("county_code", "id");
-- Create index "keyfigure_province_code_id" to table: "key_figure"
CREATE INDEX "keyfigure_province_code_id" ON "key_figure" ("province_code", "id");
-- Create "activity_figure" table
CREATE TABLE "activity_figure" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "value" bigint NOT NULL, "activity_id" uuid NOT NULL, "figure_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "activity_figure_activity_activity" FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "activity_figure_key_figure_figure" FOREIGN KEY ("figure_id") REFERENCES "key_figure" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "activity_figure_value" CHECK (value >= 0));
-- Create index "activityfigure_activity_id_figure_id" to table: "activity_figure"
CREATE UNIQUE INDEX "activityfigure_activity_id_figure_id" ON "activity_figure" ("activity_id", "figure_id");
-- Create index "activityfigure_figure_id" to table: "activity_figure"
CREATE INDEX "activityfigure_figure_id" ON "activity_figure" ("figure_id");
-- Create "activity_station" table
CREATE TABLE "activity_station" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "host_code" bigint NOT NULL, "activity_id" uuid NOT NULL, "station_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "activity_station_activity_activity" FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "activity_station_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "activitystation_activity_id_station_id" to table: "activity_station"
CREATE UNIQUE INDEX "activitystation_activity_id_station_id" ON "activity_station" ("activity_id", "station_id");
-- Create index "activitystation_station_id" to table: "activity_station"
CREATE INDEX "activitystation_station_id" ON "activity_station" ("station_id");
-- Create "appointment" table
CREATE TABLE "appointment" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "number" character varying NOT NULL, "official_title" character varying NULL, "topic" character varying NOT NULL, "requester_masked" character varying NULL, "phone_masked" character varying NULL, "state" character varying NOT NULL, "reason" character varying NULL, "moves" bigint NOT NULL DEFAULT 0, "requested_at" timestamptz NOT NULL, "decided_at" timestamptz NULL, "concluded_at" timestamptz NULL, "station_id" uuid NOT NULL, "visit_day_id" uuid NOT NULL, "deputy_id" uuid NULL, "organ_id" uuid NULL, "requester_organ_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "appointment_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "appointment_organ_organ" FOREIGN KEY ("organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "appointment_organ_requester_organ" FOREIGN KEY ("requester_organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "appointment_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "appointment_visit_day_visit_day" FOREIGN KEY ("visit_day_id") REFERENCES "visit_day" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "appointment_with" CHECK ((deputy_id IS NULL) <> (organ_id IS NULL)), CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['REQUESTED'::character varying, 'ACCEPTED'::character varying, 'DECLINED'::character varying, 'WITHDRAWN'::character varying, 'KEPT'::character varying, 'MISSED'::character varying, 'CANCELLED'::character varying])::text[])));
-- Create index "appointment_city_code_id" to table: "appointment"
CREATE INDEX "appointment_city_code_id" ON "appointment" ("city_code", "id");
-- Create index "appointment_code_id" to table: "appointment"
CREATE INDEX "appointment_code_id" ON "appointment" ("code", "id");
-- Create index "appointment_county_code_id" to table: "appointment"
CREATE INDEX "appointment_county_code_id" ON "appointment" ("county_code", "id");
-- Create index "appointment_deputy_id" to table: "appointment"
CREATE INDEX "appointment_deputy_id" ON "appointment" ("deputy_id");
-- Create index "appointment_number_key" to table: "appointment"
CREATE UNIQUE INDEX "appointment_number_key" ON "appointment" ("number");
-- Create index "appointment_organ_id" to table: "appointment"
CREATE INDEX "appointment_organ_id" ON "appointment" ("organ_id");
-- Create index "appointment_province_code_id" to table: "appointment"
CREATE INDEX "appointment_province_code_id" ON "appointment" ("province_code", "id");
-- Create index "appointment_requester_organ_id" to table: "appointment"
CREATE INDEX "appointment_requester_organ_id" ON "appointment" ("requester_organ_id");
-- Create index "appointment_station_id" to table: "appointment"
CREATE INDEX "appointment_station_id" ON "appointment" ("station_id");
-- Create index "appointment_visit_day_id" to table: "appointment"
CREATE INDEX "appointment_visit_day_id" ON "appointment" ("visit_day_id");
-- Create "appointment_contact" table
CREATE TABLE "appointment_contact" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "station_id" uuid NOT NULL, "name" character varying NOT NULL, "phone" character varying NOT NULL, "phone_digits" character varying NOT NULL, "consent_version" character varying NOT NULL, "consented_at" timestamptz NOT NULL, "appointment_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "appointment_contact_appointment_appointment" FOREIGN KEY ("appointment_id") REFERENCES "appointment" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create "appointment_receipt" table
CREATE TABLE "appointment_receipt" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "token_hash" bytea NOT NULL, "appointment_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "appointment_receipt_appointment_appointment" FOREIGN KEY ("appointment_id") REFERENCES "appointment" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "appointment_receipt_token_hash_key" to table: "appointment_receipt"
CREATE UNIQUE INDEX "appointment_receipt_token_hash_key" ON "appointment_receipt" ("token_hash");
-- Create index "appointmentreceipt_appointment_id" to table: "appointment_receipt"
CREATE INDEX "appointmentreceipt_appointment_id" ON "appointment_receipt" ("appointment_id");
-- Modify "mandate" table
ALTER TABLE "mandate" ADD COLUMN "suspensions" jsonb NULL;
-- Create "duty_record" table
CREATE TABLE "duty_record" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "day" date NOT NULL, "title" character varying NOT NULL, "content" character varying NOT NULL, "state" character varying NOT NULL, "review" character varying NULL, "reviewed_at" timestamptz NULL, "deputy_id" uuid NOT NULL, "mandate_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "duty_record_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "duty_record_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['JOURNAL'::character varying, 'LIVELIHOOD'::character varying, 'STORY'::character varying, 'DUTY_REPORT'::character varying, 'OTHER'::character varying])::text[])), CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['SUBMITTED'::character varying, 'CONFIRMED'::character varying, 'RETURNED'::character varying, 'WITHDRAWN'::character varying])::text[])));
-- Create index "dutyrecord_city_code_id" to table: "duty_record"
CREATE INDEX "dutyrecord_city_code_id" ON "duty_record" ("city_code", "id");
-- Create index "dutyrecord_code_id" to table: "duty_record"
CREATE INDEX "dutyrecord_code_id" ON "duty_record" ("code", "id");
-- Create index "dutyrecord_county_code_id" to table: "duty_record"
CREATE INDEX "dutyrecord_county_code_id" ON "duty_record" ("county_code", "id");
-- Create index "dutyrecord_deputy_id_day" to table: "duty_record"
CREATE INDEX "dutyrecord_deputy_id_day" ON "duty_record" ("deputy_id", "day");
-- Create index "dutyrecord_mandate_id" to table: "duty_record"
CREATE INDEX "dutyrecord_mandate_id" ON "duty_record" ("mandate_id");
-- Create index "dutyrecord_province_code_id" to table: "duty_record"
CREATE INDEX "dutyrecord_province_code_id" ON "duty_record" ("province_code", "id");
-- Create "standard" table
CREATE TABLE "standard" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "subject" character varying NOT NULL, "name" character varying NOT NULL, "edition" bigint NOT NULL, "items" jsonb NOT NULL, "stars" jsonb NULL, "from_on" date NOT NULL, "until_on" date NULL, "congress_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "standard_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "standard_days" CHECK (until_on >= (from_on - 1)), CONSTRAINT "subject_known" CHECK ((subject)::text = ANY ((ARRAY['DEPUTY'::character varying, 'STATION'::character varying, 'TOWNSHIP'::character varying])::text[])));
-- Create index "standard_code" to table: "standard"
CREATE INDEX "standard_code" ON "standard" ("code");
-- Create index "standard_congress_id_name_edition" to table: "standard"
CREATE UNIQUE INDEX "standard_congress_id_name_edition" ON "standard" ("congress_id", "name", "edition");
-- Create "evaluation_campaign" table
CREATE TABLE "evaluation_campaign" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "name" character varying NOT NULL, "from_on" date NOT NULL, "to_on" date NOT NULL, "self_until" date NOT NULL, "state" character varying NOT NULL, "reason" character varying NULL, "published_at" timestamptz NULL, "congress_id" uuid NOT NULL, "standard_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "evaluation_campaign_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "evaluation_campaign_standard_standard" FOREIGN KEY ("standard_id") REFERENCES "standard" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "evaluation_campaign_days" CHECK (to_on >= from_on), CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['OPEN'::character varying, 'REVIEWING'::character varying, 'PUBLISHED'::character varying, 'CANCELLED'::character varying])::text[])));
-- Create index "evaluationcampaign_city_code_id" to table: "evaluation_campaign"
CREATE INDEX "evaluationcampaign_city_code_id" ON "evaluation_campaign" ("city_code", "id");
-- Create index "evaluationcampaign_code_id" to table: "evaluation_campaign"
CREATE INDEX "evaluationcampaign_code_id" ON "evaluation_campaign" ("code", "id");
-- Create index "evaluationcampaign_congress_id" to table: "evaluation_campaign"
CREATE INDEX "evaluationcampaign_congress_id" ON "evaluation_campaign" ("congress_id");
-- Create index "evaluationcampaign_county_code_id" to table: "evaluation_campaign"
CREATE INDEX "evaluationcampaign_county_code_id" ON "evaluation_campaign" ("county_code", "id");
-- Create index "evaluationcampaign_province_code_id" to table: "evaluation_campaign"
CREATE INDEX "evaluationcampaign_province_code_id" ON "evaluation_campaign" ("province_code", "id");
-- Create index "evaluationcampaign_standard_id" to table: "evaluation_campaign"
CREATE INDEX "evaluationcampaign_standard_id" ON "evaluation_campaign" ("standard_id");
-- Create "evaluation" table
CREATE TABLE "evaluation" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "state" character varying NOT NULL, "self_scores" jsonb NULL, "self_total" bigint NULL, "self_at" timestamptz NULL, "scores" jsonb NULL, "total" bigint NULL, "stars" bigint NULL, "published_at" timestamptz NULL, "campaign_id" uuid NOT NULL, "deputy_id" uuid NULL, "mandate_id" uuid NULL, "station_id" uuid NULL, "division_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "evaluation_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "evaluation_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "evaluation_evaluation_campaign_campaign" FOREIGN KEY ("campaign_id") REFERENCES "evaluation_campaign" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "evaluation_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "evaluation_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "evaluation_of" CHECK ((num_nonnulls(mandate_id, station_id, division_id) = 1) AND ((deputy_id IS NULL) = (mandate_id IS NULL))), CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['OPEN'::character varying, 'SELF_EVALUATED'::character varying, 'REVIEWED'::character varying])::text[])));
-- Create index "evaluation_city_code_id" to table: "evaluation"
CREATE INDEX "evaluation_city_code_id" ON "evaluation" ("city_code", "id");
-- Create index "evaluation_code_id" to table: "evaluation"
CREATE INDEX "evaluation_code_id" ON "evaluation" ("code", "id");
-- Create index "evaluation_county_code_id" to table: "evaluation"
CREATE INDEX "evaluation_county_code_id" ON "evaluation" ("county_code", "id");
-- Create index "evaluation_deputy_id" to table: "evaluation"
CREATE INDEX "evaluation_deputy_id" ON "evaluation" ("deputy_id");
-- Create index "evaluation_division_id" to table: "evaluation"
CREATE INDEX "evaluation_division_id" ON "evaluation" ("division_id");
-- Create index "evaluation_mandate_id" to table: "evaluation"
CREATE INDEX "evaluation_mandate_id" ON "evaluation" ("mandate_id");
-- Create index "evaluation_of_deputy" to table: "evaluation"
CREATE UNIQUE INDEX "evaluation_of_deputy" ON "evaluation" ("campaign_id", "mandate_id") WHERE (mandate_id IS NOT NULL);
-- Create index "evaluation_of_station" to table: "evaluation"
CREATE UNIQUE INDEX "evaluation_of_station" ON "evaluation" ("campaign_id", "station_id") WHERE (station_id IS NOT NULL);
-- Create index "evaluation_of_township" to table: "evaluation"
CREATE UNIQUE INDEX "evaluation_of_township" ON "evaluation" ("campaign_id", "division_id") WHERE (division_id IS NOT NULL);
-- Create index "evaluation_province_code_id" to table: "evaluation"
CREATE INDEX "evaluation_province_code_id" ON "evaluation" ("province_code", "id");
-- Create index "evaluation_station_id" to table: "evaluation"
CREATE INDEX "evaluation_station_id" ON "evaluation" ("station_id");
-- Create "point_scheme" table
CREATE TABLE "point_scheme" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "level" character varying NOT NULL, "name" character varying NOT NULL, "edition" bigint NOT NULL, "items" jsonb NOT NULL, "from_on" date NOT NULL, "until_on" date NULL, "congress_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "point_scheme_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATIONAL'::character varying, 'PROVINCIAL'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying])::text[])), CONSTRAINT "point_scheme_days" CHECK (until_on >= (from_on - 1)));
-- Create index "pointscheme_code_level" to table: "point_scheme"
CREATE INDEX "pointscheme_code_level" ON "point_scheme" ("code", "level");
-- Create index "pointscheme_congress_id_level_edition" to table: "point_scheme"
CREATE UNIQUE INDEX "pointscheme_congress_id_level_edition" ON "point_scheme" ("congress_id", "level", "edition");
-- Create "point_entry" table
CREATE TABLE "point_entry" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "item" character varying NOT NULL, "deed" character varying NOT NULL, "deed_id" uuid NOT NULL, "day" date NOT NULL, "points" bigint NOT NULL, "correction" boolean NOT NULL, "scheme_id" uuid NOT NULL, "mandate_id" uuid NOT NULL, "deputy_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "point_entry_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "point_entry_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "point_entry_point_scheme_scheme" FOREIGN KEY ("scheme_id") REFERENCES "point_scheme" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "deed_known" CHECK ((deed)::text = ANY ((ARRAY['ATTENDANCE'::character varying, 'OPINION'::character varying, 'SUGGESTION'::character varying, 'TRAINING'::character varying, 'RECORD'::character varying, 'CONTACT'::character varying, 'CLAIM'::character varying])::text[])));
-- Create index "pointentry_city_code_id" to table: "point_entry"
CREATE INDEX "pointentry_city_code_id" ON "point_entry" ("city_code", "id");
-- Create index "pointentry_code_id" to table: "point_entry"
CREATE INDEX "pointentry_code_id" ON "point_entry" ("code", "id");
-- Create index "pointentry_county_code_id" to table: "point_entry"
CREATE INDEX "pointentry_county_code_id" ON "point_entry" ("county_code", "id");
-- Create index "pointentry_deed_id" to table: "point_entry"
CREATE INDEX "pointentry_deed_id" ON "point_entry" ("deed_id");
-- Create index "pointentry_deputy_id" to table: "point_entry"
CREATE INDEX "pointentry_deputy_id" ON "point_entry" ("deputy_id");
-- Create index "pointentry_mandate_id_day" to table: "point_entry"
CREATE INDEX "pointentry_mandate_id_day" ON "point_entry" ("mandate_id", "day");
-- Create index "pointentry_province_code_id" to table: "point_entry"
CREATE INDEX "pointentry_province_code_id" ON "point_entry" ("province_code", "id");
-- Create index "pointentry_scheme_id" to table: "point_entry"
CREATE INDEX "pointentry_scheme_id" ON "point_entry" ("scheme_id");
-- Create "point_claim" table
CREATE TABLE "point_claim" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "item" character varying NOT NULL, "day" date NOT NULL, "text" character varying NOT NULL, "state" character varying NOT NULL, "points" bigint NULL, "decision" character varying NULL, "appeal" character varying NULL, "decided_at" timestamptz NULL, "scheme_id" uuid NOT NULL, "mandate_id" uuid NOT NULL, "deputy_id" uuid NOT NULL, "entry_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "point_claim_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "point_claim_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "point_claim_point_entry_entry" FOREIGN KEY ("entry_id") REFERENCES "point_entry" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "point_claim_point_scheme_scheme" FOREIGN KEY ("scheme_id") REFERENCES "point_scheme" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['AWARD'::character varying, 'APPEAL'::character varying])::text[])), CONSTRAINT "point_claim_entry" CHECK (((kind)::text = 'APPEAL'::text) = (entry_id IS NOT NULL)), CONSTRAINT "point_claim_granted" CHECK (((state)::text = 'APPROVED'::text) = (points IS NOT NULL)), CONSTRAINT "state_known" CHECK ((state)::text = ANY ((ARRAY['SUBMITTED'::character varying, 'APPROVED'::character varying, 'REFUSED'::character varying, 'APPEALED'::character varying, 'UPHELD'::character varying, 'WITHDRAWN'::character varying])::text[])));
-- Create index "pointclaim_city_code_id" to table: "point_claim"
CREATE INDEX "pointclaim_city_code_id" ON "point_claim" ("city_code", "id");
-- Create index "pointclaim_code_id" to table: "point_claim"
CREATE INDEX "pointclaim_code_id" ON "point_claim" ("code", "id");
-- Create index "pointclaim_county_code_id" to table: "point_claim"
CREATE INDEX "pointclaim_county_code_id" ON "point_claim" ("county_code", "id");
-- Create index "pointclaim_deputy_id" to table: "point_claim"
CREATE INDEX "pointclaim_deputy_id" ON "point_claim" ("deputy_id");
-- Create index "pointclaim_entry_id" to table: "point_claim"
CREATE INDEX "pointclaim_entry_id" ON "point_claim" ("entry_id");
-- Create index "pointclaim_mandate_id" to table: "point_claim"
CREATE INDEX "pointclaim_mandate_id" ON "point_claim" ("mandate_id");
-- Create index "pointclaim_province_code_id" to table: "point_claim"
CREATE INDEX "pointclaim_province_code_id" ON "point_claim" ("province_code", "id");
-- Create index "pointclaim_scheme_id" to table: "point_claim"
CREATE INDEX "pointclaim_scheme_id" ON "point_claim" ("scheme_id");
-- Modify "attachment" table
ALTER TABLE "attachment" DROP CONSTRAINT "attachment_opinion_event_event", DROP CONSTRAINT "attachment_opinion_opinion", ADD CONSTRAINT "attachment_of" CHECK ((num_nonnulls(opinion_id, activity_id, duty_record_id, claim_id, evaluation_id) = 1) AND ((opinion_id IS NULL) = (event_id IS NULL))), ALTER COLUMN "opinion_id" DROP NOT NULL, ALTER COLUMN "event_id" DROP NOT NULL, ADD COLUMN "activity_id" uuid NULL, ADD COLUMN "duty_record_id" uuid NULL, ADD COLUMN "claim_id" uuid NULL, ADD COLUMN "evaluation_id" uuid NULL, ADD CONSTRAINT "attachment_opinion_event_event" FOREIGN KEY ("event_id") REFERENCES "opinion_event" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, ADD CONSTRAINT "attachment_opinion_opinion" FOREIGN KEY ("opinion_id") REFERENCES "opinion" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, ADD CONSTRAINT "attachment_activity_activity" FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, ADD CONSTRAINT "attachment_duty_record_duty_record" FOREIGN KEY ("duty_record_id") REFERENCES "duty_record" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, ADD CONSTRAINT "attachment_evaluation_evaluation" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, ADD CONSTRAINT "attachment_point_claim_claim" FOREIGN KEY ("claim_id") REFERENCES "point_claim" ("id") ON UPDATE NO ACTION ON DELETE SET NULL;
-- Create index "attachment_activity_id" to table: "attachment"
CREATE INDEX "attachment_activity_id" ON "attachment" ("activity_id");
-- Create index "attachment_claim_id" to table: "attachment"
CREATE INDEX "attachment_claim_id" ON "attachment" ("claim_id");
-- Create index "attachment_duty_record_id" to table: "attachment"
CREATE INDEX "attachment_duty_record_id" ON "attachment" ("duty_record_id");
-- Create index "attachment_evaluation_id" to table: "attachment"
CREATE INDEX "attachment_evaluation_id" ON "attachment" ("evaluation_id");
-- Create "attendance" table
CREATE TABLE "attendance" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "code_then" bigint NOT NULL, "level" character varying NULL, "official_name" character varying NULL, "official_title" character varying NULL, "guest" boolean NOT NULL, "day" date NOT NULL, "source" character varying NOT NULL, "checked_in_at" timestamptz NULL, "longitude" double precision NULL, "latitude" double precision NULL, "distance_m" bigint NULL, "note" character varying NULL, "activity_id" uuid NOT NULL, "station_id" uuid NOT NULL, "deputy_id" uuid NULL, "mandate_id" uuid NULL, "organ_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "attendance_activity_activity" FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "attendance_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "attendance_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "attendance_organ_organ" FOREIGN KEY ("organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "attendance_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "attendance_who" CHECK (((deputy_id IS NULL) <> (organ_id IS NULL)) AND ((deputy_id IS NULL) = (mandate_id IS NULL)) AND ((deputy_id IS NULL) = (level IS NULL)) AND ((organ_id IS NULL) = (official_name IS NULL))), CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATIONAL'::character varying, 'PROVINCIAL'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying])::text[])), CONSTRAINT "source_known" CHECK ((source)::text = ANY ((ARRAY['CHECK_IN'::character varying, 'RECORDED'::character varying])::text[])));
-- Create index "attendance_city_code_day" to table: "attendance"
CREATE INDEX "attendance_city_code_day" ON "attendance" ("city_code", "day");
-- Create index "attendance_city_code_id" to table: "attendance"
CREATE INDEX "attendance_city_code_id" ON "attendance" ("city_code", "id");
-- Create index "attendance_code_day" to table: "attendance"
CREATE INDEX "attendance_code_day" ON "attendance" ("code", "day");
-- Create index "attendance_code_id" to table: "attendance"
CREATE INDEX "attendance_code_id" ON "attendance" ("code", "id");
-- Create index "attendance_county_code_day" to table: "attendance"
CREATE INDEX "attendance_county_code_day" ON "attendance" ("county_code", "day");
-- Create index "attendance_county_code_id" to table: "attendance"
CREATE INDEX "attendance_county_code_id" ON "attendance" ("county_code", "id");
-- Create index "attendance_deputy_id_day" to table: "attendance"
CREATE INDEX "attendance_deputy_id_day" ON "attendance" ("deputy_id", "day");
-- Create index "attendance_mandate_id" to table: "attendance"
CREATE INDEX "attendance_mandate_id" ON "attendance" ("mandate_id");
-- Create index "attendance_official_once" to table: "attendance"
CREATE UNIQUE INDEX "attendance_official_once" ON "attendance" ("activity_id", "organ_id", "official_name") WHERE (organ_id IS NOT NULL);
-- Create index "attendance_once" to table: "attendance"
CREATE UNIQUE INDEX "attendance_once" ON "attendance" ("activity_id", "deputy_id") WHERE (deputy_id IS NOT NULL);
-- Create index "attendance_organ_id_day" to table: "attendance"
CREATE INDEX "attendance_organ_id_day" ON "attendance" ("organ_id", "day");
-- Create index "attendance_province_code_day" to table: "attendance"
CREATE INDEX "attendance_province_code_day" ON "attendance" ("province_code", "day");
-- Create index "attendance_province_code_id" to table: "attendance"
CREATE INDEX "attendance_province_code_id" ON "attendance" ("province_code", "id");
-- Create index "attendance_station_id" to table: "attendance"
CREATE INDEX "attendance_station_id" ON "attendance" ("station_id");
-- Create "evaluation_review" table
CREATE TABLE "evaluation_review" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "scores" jsonb NOT NULL, "total" bigint NOT NULL, "stars" bigint NULL, "note" character varying NULL, "evaluation_id" uuid NOT NULL, "campaign_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "evaluation_review_evaluation_campaign_campaign" FOREIGN KEY ("campaign_id") REFERENCES "evaluation_campaign" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "evaluation_review_evaluation_evaluation" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "evaluationreview_campaign_id" to table: "evaluation_review"
CREATE INDEX "evaluationreview_campaign_id" ON "evaluation_review" ("campaign_id");
-- Create "norm_set" table
CREATE TABLE "norm_set" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "level" character varying NOT NULL, "name" character varying NOT NULL, "edition" bigint NOT NULL, "items" jsonb NOT NULL, "from_on" date NOT NULL, "until_on" date NULL, "congress_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "norm_set_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "level_known" CHECK ((level)::text = ANY ((ARRAY['NATIONAL'::character varying, 'PROVINCIAL'::character varying, 'CITY'::character varying, 'COUNTY'::character varying, 'TOWNSHIP'::character varying])::text[])), CONSTRAINT "norm_set_days" CHECK (until_on >= (from_on - 1)));
-- Create index "normset_code_level" to table: "norm_set"
CREATE INDEX "normset_code_level" ON "norm_set" ("code", "level");
-- Create index "normset_congress_id_level_edition" to table: "norm_set"
CREATE UNIQUE INDEX "normset_congress_id_level_edition" ON "norm_set" ("congress_id", "level", "edition");
-- Modify "notification" table
ALTER TABLE "notification" DROP CONSTRAINT "notification_opinion_event_event", DROP CONSTRAINT "notification_opinion_opinion", ADD CONSTRAINT "notice_known" CHECK ((notice)::text = ANY ((ARRAY['OPINION_STEP'::character varying, 'VISIT_DAY_PUBLISHED'::character varying, 'VISIT_DAY_CHANGED'::character varying, 'VISIT_DAY_CANCELLED'::character varying, 'APPOINTMENT_REQUESTED'::character varying, 'APPOINTMENT_DECIDED'::character varying, 'ACTIVITY_RETURNED'::character varying, 'RECORD_REVIEWED'::character varying, 'CLAIM_DECIDED'::character varying, 'NORM_REMINDER'::character varying, 'EVALUATION'::character varying])::text[])), ADD CONSTRAINT "notification_of" CHECK (((opinion_id IS NULL) = (event_id IS NULL)) AND ((opinion_id IS NULL) = (cause_id IS NOT NULL)) AND ((cause_id IS NULL) = (entity_id IS NULL)) AND ((entity IS NULL) = (entity_id IS NULL))), ALTER COLUMN "opinion_id" DROP NOT NULL, ALTER COLUMN "event_id" DROP NOT NULL, ADD COLUMN "notice" character varying NOT NULL DEFAULT 'OPINION_STEP', ADD COLUMN "entity" character varying NULL, ADD COLUMN "entity_id" uuid NULL, ADD COLUMN "cause_id" uuid NULL, ADD CONSTRAINT "notification_opinion_event_event" FOREIGN KEY ("event_id") REFERENCES "opinion_event" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, ADD CONSTRAINT "notification_opinion_opinion" FOREIGN KEY ("opinion_id") REFERENCES "opinion" ("id") ON UPDATE NO ACTION ON DELETE SET NULL;
-- Create index "notification_cause_id_subject" to table: "notification"
CREATE UNIQUE INDEX "notification_cause_id_subject" ON "notification" ("cause_id", "subject");
-- Create "pairing" table
CREATE TABLE "pairing" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "leader_name" character varying NOT NULL, "leader_title" character varying NULL, "started_on" date NOT NULL, "ended_on" date NULL, "end_reason" character varying NULL, "congress_id" uuid NOT NULL, "leader_deputy_id" uuid NULL, "leader_organ_id" uuid NULL, "deputy_id" uuid NULL, "station_id" uuid NULL, "division_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "pairing_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "pairing_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "pairing_deputy_leader_deputy" FOREIGN KEY ("leader_deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "pairing_division_division" FOREIGN KEY ("division_id") REFERENCES "division" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "pairing_organ_leader_organ" FOREIGN KEY ("leader_organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "pairing_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['LEADER_TOWNSHIP'::character varying, 'LEADER_STATION'::character varying, 'MEMBER_DEPUTY'::character varying, 'LEADER_DEPUTY'::character varying, 'REELECTED_NEW'::character varying, 'UPPER_LOWER'::character varying, 'COMMITTEE_DEPUTY'::character varying])::text[])), CONSTRAINT "pairing_dates" CHECK (ended_on >= started_on), CONSTRAINT "pairing_leader" CHECK ((leader_deputy_id IS NULL) <> (leader_organ_id IS NULL)), CONSTRAINT "pairing_led" CHECK (num_nonnulls(deputy_id, station_id, division_id) = 1));
-- Create index "pairing_city_code_id" to table: "pairing"
CREATE INDEX "pairing_city_code_id" ON "pairing" ("city_code", "id");
-- Create index "pairing_code_id" to table: "pairing"
CREATE INDEX "pairing_code_id" ON "pairing" ("code", "id");
-- Create index "pairing_congress_id_kind" to table: "pairing"
CREATE INDEX "pairing_congress_id_kind" ON "pairing" ("congress_id", "kind");
-- Create index "pairing_county_code_id" to table: "pairing"
CREATE INDEX "pairing_county_code_id" ON "pairing" ("county_code", "id");
-- Create index "pairing_deputy_id" to table: "pairing"
CREATE INDEX "pairing_deputy_id" ON "pairing" ("deputy_id");
-- Create index "pairing_division_id" to table: "pairing"
CREATE INDEX "pairing_division_id" ON "pairing" ("division_id");
-- Create index "pairing_leader_deputy_id" to table: "pairing"
CREATE INDEX "pairing_leader_deputy_id" ON "pairing" ("leader_deputy_id");
-- Create index "pairing_leader_organ_id" to table: "pairing"
CREATE INDEX "pairing_leader_organ_id" ON "pairing" ("leader_organ_id");
-- Create index "pairing_province_code_id" to table: "pairing"
CREATE INDEX "pairing_province_code_id" ON "pairing" ("province_code", "id");
-- Create index "pairing_station_id" to table: "pairing"
CREATE INDEX "pairing_station_id" ON "pairing" ("station_id");
-- Create "pairing_contact" table
CREATE TABLE "pairing_contact" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "day" date NOT NULL, "way" character varying NOT NULL, "note" character varying NOT NULL, "pairing_id" uuid NOT NULL, "leader_deputy_id" uuid NULL, "deputy_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "pairing_contact_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "pairing_contact_deputy_leader_deputy" FOREIGN KEY ("leader_deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE SET NULL, CONSTRAINT "pairing_contact_pairing_pairing" FOREIGN KEY ("pairing_id") REFERENCES "pairing" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "way_known" CHECK ((way)::text = ANY ((ARRAY['VISIT'::character varying, 'MEETING'::character varying, 'TELEPHONE'::character varying, 'ONLINE'::character varying, 'ACTIVITY'::character varying])::text[])));
-- Create index "pairingcontact_city_code_id" to table: "pairing_contact"
CREATE INDEX "pairingcontact_city_code_id" ON "pairing_contact" ("city_code", "id");
-- Create index "pairingcontact_code_id" to table: "pairing_contact"
CREATE INDEX "pairingcontact_code_id" ON "pairing_contact" ("code", "id");
-- Create index "pairingcontact_county_code_id" to table: "pairing_contact"
CREATE INDEX "pairingcontact_county_code_id" ON "pairing_contact" ("county_code", "id");
-- Create index "pairingcontact_deputy_id_day" to table: "pairing_contact"
CREATE INDEX "pairingcontact_deputy_id_day" ON "pairing_contact" ("deputy_id", "day");
-- Create index "pairingcontact_leader_deputy_id_day" to table: "pairing_contact"
CREATE INDEX "pairingcontact_leader_deputy_id_day" ON "pairing_contact" ("leader_deputy_id", "day");
-- Create index "pairingcontact_pairing_id_day" to table: "pairing_contact"
CREATE INDEX "pairingcontact_pairing_id_day" ON "pairing_contact" ("pairing_id", "day");
-- Create index "pairingcontact_province_code_id" to table: "pairing_contact"
CREATE INDEX "pairingcontact_province_code_id" ON "pairing_contact" ("province_code", "id");
-- Create "pairing_rule" table
CREATE TABLE "pairing_rule" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "kind" character varying NOT NULL, "least" bigint NOT NULL, "most" bigint NOT NULL, "times" bigint NOT NULL, "period" character varying NOT NULL, "from_on" date NOT NULL, "congress_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "pairing_rule_congress_congress" FOREIGN KEY ("congress_id") REFERENCES "congress" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "kind_known" CHECK ((kind)::text = ANY ((ARRAY['LEADER_TOWNSHIP'::character varying, 'LEADER_STATION'::character varying, 'MEMBER_DEPUTY'::character varying, 'LEADER_DEPUTY'::character varying, 'REELECTED_NEW'::character varying, 'UPPER_LOWER'::character varying, 'COMMITTEE_DEPUTY'::character varying])::text[])), CONSTRAINT "pairing_rule_numbers" CHECK ((("least" >= 1) AND ("least" <= most)) AND ((times >= 1) AND (times <= 366))), CONSTRAINT "period_known" CHECK ((period)::text = ANY ((ARRAY['MONTH'::character varying, 'QUARTER'::character varying, 'YEAR'::character varying])::text[])));
-- Create index "pairingrule_code" to table: "pairing_rule"
CREATE INDEX "pairingrule_code" ON "pairing_rule" ("code");
-- Create index "pairingrule_congress_id_kind" to table: "pairing_rule"
CREATE UNIQUE INDEX "pairingrule_congress_id_kind" ON "pairing_rule" ("congress_id", "kind");
-- Create "point_check" table
CREATE TABLE "point_check" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "year" bigint NOT NULL, "points" bigint NOT NULL, "agreed" boolean NOT NULL, "note" character varying NULL, "mandate_id" uuid NOT NULL, "deputy_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "point_check_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "point_check_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "pointcheck_city_code_id" to table: "point_check"
CREATE INDEX "pointcheck_city_code_id" ON "point_check" ("city_code", "id");
-- Create index "pointcheck_code_id" to table: "point_check"
CREATE INDEX "pointcheck_code_id" ON "point_check" ("code", "id");
-- Create index "pointcheck_county_code_id" to table: "point_check"
CREATE INDEX "pointcheck_county_code_id" ON "point_check" ("county_code", "id");
-- Create index "pointcheck_deputy_id" to table: "point_check"
CREATE INDEX "pointcheck_deputy_id" ON "point_check" ("deputy_id");
-- Create index "pointcheck_mandate_id_year" to table: "point_check"
CREATE INDEX "pointcheck_mandate_id_year" ON "point_check" ("mandate_id", "year");
-- Create index "pointcheck_province_code_id" to table: "point_check"
CREATE INDEX "pointcheck_province_code_id" ON "point_check" ("province_code", "id");
-- Create "training" table
CREATE TABLE "training" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "title" character varying NOT NULL, "teacher" character varying NULL, "location" character varying NULL, "from_on" date NOT NULL, "to_on" date NOT NULL, "hours" bigint NOT NULL, "summary" character varying NULL, "cancelled_at" timestamptz NULL, "cancel_reason" character varying NULL, "organ_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "training_organ_organ" FOREIGN KEY ("organ_id") REFERENCES "organ" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "training_days" CHECK (to_on >= from_on));
-- Create index "training_city_code_id" to table: "training"
CREATE INDEX "training_city_code_id" ON "training" ("city_code", "id");
-- Create index "training_code_from_on" to table: "training"
CREATE INDEX "training_code_from_on" ON "training" ("code", "from_on");
-- Create index "training_code_id" to table: "training"
CREATE INDEX "training_code_id" ON "training" ("code", "id");
-- Create index "training_county_code_id" to table: "training"
CREATE INDEX "training_county_code_id" ON "training" ("county_code", "id");
-- Create index "training_organ_id" to table: "training"
CREATE INDEX "training_organ_id" ON "training" ("organ_id");
-- Create index "training_province_code_id" to table: "training"
CREATE INDEX "training_province_code_id" ON "training" ("province_code", "id");
-- Create "training_attendance" table
CREATE TABLE "training_attendance" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "day" date NOT NULL, "hours" bigint NOT NULL, "note" character varying NULL, "training_id" uuid NOT NULL, "deputy_id" uuid NOT NULL, "mandate_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "training_attendance_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "training_attendance_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "training_attendance_training_training" FOREIGN KEY ("training_id") REFERENCES "training" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "trainingattendance_city_code_id" to table: "training_attendance"
CREATE INDEX "trainingattendance_city_code_id" ON "training_attendance" ("city_code", "id");
-- Create index "trainingattendance_code_id" to table: "training_attendance"
CREATE INDEX "trainingattendance_code_id" ON "training_attendance" ("code", "id");
-- Create index "trainingattendance_county_code_id" to table: "training_attendance"
CREATE INDEX "trainingattendance_county_code_id" ON "training_attendance" ("county_code", "id");
-- Create index "trainingattendance_deputy_id_day" to table: "training_attendance"
CREATE INDEX "trainingattendance_deputy_id_day" ON "training_attendance" ("deputy_id", "day");
-- Create index "trainingattendance_mandate_id" to table: "training_attendance"
CREATE INDEX "trainingattendance_mandate_id" ON "training_attendance" ("mandate_id");
-- Create index "trainingattendance_province_code_id" to table: "training_attendance"
CREATE INDEX "trainingattendance_province_code_id" ON "training_attendance" ("province_code", "id");
-- Create index "trainingattendance_training_id_deputy_id" to table: "training_attendance"
CREATE UNIQUE INDEX "trainingattendance_training_id_deputy_id" ON "training_attendance" ("training_id", "deputy_id");
-- Create "visit_duty" table
CREATE TABLE "visit_duty" ("id" uuid NOT NULL, "version" bigint NOT NULL DEFAULT 1, "created_at" timestamptz NOT NULL, "updated_at" timestamptz NOT NULL, "code" bigint NOT NULL, "province_code" bigint NULL, "city_code" bigint NULL, "county_code" bigint NULL, "township_code" bigint NULL, "substitute_for" uuid NULL, "replaced" boolean NOT NULL DEFAULT false, "reason" character varying NULL, "visit_day_id" uuid NOT NULL, "station_id" uuid NOT NULL, "deputy_id" uuid NOT NULL, "mandate_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "visit_duty_deputy_deputy" FOREIGN KEY ("deputy_id") REFERENCES "deputy" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "visit_duty_mandate_mandate" FOREIGN KEY ("mandate_id") REFERENCES "mandate" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "visit_duty_station_station" FOREIGN KEY ("station_id") REFERENCES "station" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION, CONSTRAINT "visit_duty_visit_day_visit_day" FOREIGN KEY ("visit_day_id") REFERENCES "visit_day" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION);
-- Create index "visit_duty_once" to table: "visit_duty"
CREATE UNIQUE INDEX "visit_duty_once" ON "visit_duty" ("visit_day_id", "deputy_id") WHERE (NOT replaced);
-- Create index "visitduty_deputy_id" to table: "visit_duty"
CREATE INDEX "visitduty_deputy_id" ON "visit_duty" ("deputy_id");
-- Create index "visitduty_mandate_id" to table: "visit_duty"
CREATE INDEX "visitduty_mandate_id" ON "visit_duty" ("mandate_id");
-- Create index "visitduty_station_id" to table: "visit_duty"
CREATE INDEX "visitduty_station_id" ON "visit_duty" ("station_id");
