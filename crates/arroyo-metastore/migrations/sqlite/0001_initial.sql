-- Times are microseconds since the Unix epoch, flags are 0 or 1, structures are JSON text.

CREATE TABLE cluster (
    id TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO cluster (id) VALUES ('ci_' || lower(hex(randomblob(10))));

CREATE TABLE connection_profiles (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    connector TEXT NOT NULL,
    config TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE connection_tables (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    connector TEXT NOT NULL,
    profile_id TEXT REFERENCES connection_profiles (id),
    table_type TEXT NOT NULL,
    config TEXT NOT NULL,
    schema TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX connection_tables_by_age ON connection_tables (created_at, id);

CREATE TABLE pipelines (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    program BLOB NOT NULL,
    parallelism INTEGER NOT NULL,
    checkpoint_interval_micros INTEGER NOT NULL,
    stop TEXT NOT NULL,
    restart_nonce INTEGER NOT NULL,
    restart_force INTEGER NOT NULL,
    ignore_state_before INTEGER,
    preview INTEGER NOT NULL,
    ttl_micros INTEGER,
    state_url TEXT,
    tags TEXT NOT NULL,
    env_vars TEXT NOT NULL,
    scheduler_config TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX pipelines_by_age ON pipelines (created_at, id);

CREATE TABLE pipeline_connection_tables (
    pipeline_id TEXT NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    connection_table_id TEXT NOT NULL REFERENCES connection_tables (id),
    PRIMARY KEY (pipeline_id, connection_table_id)
) STRICT;

CREATE INDEX pipelines_by_connection_table ON pipeline_connection_tables (connection_table_id);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    pipeline_id TEXT NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    generation INTEGER NOT NULL,
    restart_nonce INTEGER NOT NULL,
    restarts INTEGER NOT NULL,
    start_time INTEGER,
    finish_time INTEGER,
    tasks INTEGER,
    failure TEXT,
    stop_reason TEXT,
    rows_in INTEGER,
    rows_out INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX jobs_by_pipeline ON jobs (pipeline_id);

CREATE TABLE job_log (
    id TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    level TEXT NOT NULL,
    operator TEXT,
    subtask INTEGER,
    message TEXT NOT NULL,
    details TEXT NOT NULL,
    domain TEXT
) STRICT;

CREATE INDEX job_log_by_age ON job_log (job_id, created_at, id);

CREATE TABLE checkpoints (
    id TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    status TEXT NOT NULL,
    stopping INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    finish_time INTEGER,
    bytes INTEGER NOT NULL,
    events TEXT NOT NULL,
    operators TEXT NOT NULL,
    UNIQUE (job_id, epoch)
) STRICT;
