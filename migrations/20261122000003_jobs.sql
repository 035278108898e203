-- The tables of the job queue (river, schema version 7 of its line "main"), as its own migrations leave them. Only the platform's jobs reach them.

CREATE TYPE river_job_state AS ENUM (
    'available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');

CREATE TABLE river_migration (
    line       text NOT NULL CONSTRAINT line_length CHECK (char_length(line) > 0 AND char_length(line) < 128),
    version    bigint NOT NULL CONSTRAINT version_gte_1 CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (line, version)
);
INSERT INTO river_migration (line, version) SELECT 'main', generate_series(1, 7);

CREATE TABLE river_job (
    id            bigserial PRIMARY KEY,
    state         river_job_state NOT NULL DEFAULT 'available',
    attempt       smallint NOT NULL DEFAULT 0,
    max_attempts  smallint NOT NULL DEFAULT 25,
    attempted_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    finalized_at  timestamptz,
    scheduled_at  timestamptz NOT NULL DEFAULT now(),
    priority      smallint NOT NULL DEFAULT 1,
    args          jsonb NOT NULL,
    attempted_by  text[],
    errors        jsonb[],
    kind          text NOT NULL,
    metadata      jsonb NOT NULL DEFAULT '{}',
    queue         text NOT NULL DEFAULT 'default',
    tags          varchar(255)[] NOT NULL DEFAULT '{}',
    unique_key    bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK (
        (finalized_at IS NULL) = (state NOT IN ('cancelled', 'completed', 'discarded'))),
    CONSTRAINT max_attempts_is_positive CHECK (max_attempts > 0),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT queue_length CHECK (char_length(queue) BETWEEN 1 AND 127),
    CONSTRAINT kind_length CHECK (char_length(kind) BETWEEN 1 AND 127)
);
CREATE INDEX river_job_kind ON river_job (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON river_job (state, queue, priority, scheduled_at, id);
CREATE INDEX river_job_args_index ON river_job USING gin (args);
CREATE INDEX river_job_metadata_index ON river_job USING gin (metadata);

CREATE FUNCTION river_job_state_in_bitmask(bitmask bit(8), state river_job_state) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending' THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running' THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1
$$;
CREATE UNIQUE INDEX river_job_unique_idx ON river_job (unique_key)
    WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL AND river_job_state_in_bitmask(unique_states, state);

CREATE UNLOGGED TABLE river_leader (
    elected_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leader_id  text NOT NULL CONSTRAINT leader_id_length CHECK (char_length(leader_id) BETWEEN 1 AND 127),
    name       text PRIMARY KEY DEFAULT 'default' CONSTRAINT name_length CHECK (name = 'default')
);
CREATE TABLE river_queue (
    name       text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    metadata   jsonb NOT NULL DEFAULT '{}',
    paused_at  timestamptz,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE river_notification (
    id         bigserial PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    payload    text NOT NULL,
    topic      text NOT NULL CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE INDEX river_notification_created_at_idx ON river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON river_notification (topic, id);

SELECT protect(t) FROM unnest(ARRAY['river_job', 'river_leader', 'river_queue', 'river_notification', 'river_migration']::regclass[]) AS t;
GRANT USAGE, SELECT ON SEQUENCE river_job_id_seq, river_notification_id_seq TO lianluo_system;

-- enqueue_step has the platform tell everyone concerned of an event, and draw its consequences, once the transaction that adds the event is
-- through. A viewer can do so for the own events alone, and hands over no more than the event's id. Ten attempts, each waiting longer than
-- the one before, take some four hours.
GRANT INSERT ON river_job TO lianluo_definer;
CREATE POLICY definer_insert ON river_job FOR INSERT TO lianluo_definer WITH CHECK (true);
GRANT USAGE ON SEQUENCE river_job_id_seq TO lianluo_definer;
CREATE POLICY definer_read ON opinion_event FOR SELECT TO lianluo_definer USING (true);
GRANT SELECT (id, subject) ON opinion_event TO lianluo_definer;
CREATE FUNCTION enqueue_step(event uuid) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO river_job (kind, args, max_attempts)
    SELECT 'opinion_step', jsonb_build_object('event', e.id), 10
    FROM opinion_event e WHERE e.id = enqueue_step.event AND e.subject = viewer_subject();
END;

GRANT CREATE ON SCHEMA public TO lianluo_definer;
ALTER FUNCTION enqueue_step(uuid) OWNER TO lianluo_definer;
REVOKE CREATE ON SCHEMA public FROM lianluo_definer;
REVOKE EXECUTE ON FUNCTION enqueue_step(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_step(uuid) TO lianluo_area, lianluo_organ, lianluo_self, lianluo_receipt, lianluo_system;
