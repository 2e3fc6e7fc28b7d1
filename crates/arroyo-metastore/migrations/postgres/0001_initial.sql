-- Times are microseconds since the Unix epoch, flags are 0 or 1, structures are JSON text.

CREATE TABLE cluster (
    id TEXT NOT NULL PRIMARY KEY
);

INSERT INTO cluster (id) VALUES ('ci_' || replace(gen_random_uuid()::text, '-', ''));

CREATE TABLE connection_profiles (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    connector TEXT NOT NULL,
    config TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE connection_tables (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    connector TEXT NOT NULL,
    profile_id TEXT REFERENCES connection_profiles (id),
    table_type TEXT NOT NULL,
    config TEXT NOT NULL,
    schema TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX connection_tables_by_age ON connection_tables (created_at, id);

CREATE TABLE pipelines (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    program BYTEA NOT NULL,
    parallelism BIGINT NOT NULL,
    checkpoint_interval_micros BIGINT NOT NULL,
    stop TEXT NOT NULL,
    restart_nonce BIGINT NOT NULL,
    restart_force BIGINT NOT NULL,
    ignore_state_before BIGINT,
    preview BIGINT NOT NULL,
    ttl_micros BIGINT,
    state_url TEXT,
    tags TEXT NOT NULL,
    env_vars TEXT NOT NULL,
    scheduler_config TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX pipelines_by_age ON pipelines (created_at, id);

CREATE TABLE pipeline_connection_tables (
    pipeline_id TEXT NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    connection_table_id TEXT NOT NULL REFERENCES connection_tables (id),
    PRIMARY KEY (pipeline_id, connection_table_id)
);

CREATE INDEX pipelines_by_connection_table ON pipeline_connection_tables (connection_table_id);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    pipeline_id TEXT NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    generation BIGINT NOT NULL,
    restart_nonce BIGINT NOT NULL,
    restarts BIGINT NOT NULL,
    start_time BIGINT,
    finish_time BIGINT,
    tasks BIGINT,
    failure TEXT,
    stop_reason TEXT,
    rows_in BIGINT,
    rows_out BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX jobs_by_pipeline ON jobs (pipeline_id);

CREATE TABLE job_log (
    id TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    level TEXT NOT NULL,
    operator TEXT,
    subtask BIGINT,
    message TEXT NOT NULL,
    details TEXT NOT NULL,
    domain TEXT
);

CREATE INDEX job_log_by_age ON job_log (job_id, created_at, id);

CREATE TABLE checkpoints (
    id TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    epoch BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    status TEXT NOT NULL,
    stopping BIGINT NOT NULL,
    start_time BIGINT NOT NULL,
    finish_time BIGINT,
    bytes BIGINT NOT NULL,
    events TEXT NOT NULL,
    operators TEXT NOT NULL,
    UNIQUE (job_id, epoch)
);
