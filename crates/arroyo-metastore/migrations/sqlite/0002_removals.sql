-- Jobs of deleted pipelines whose files are still to be deleted.

CREATE TABLE removals (
    job_id TEXT NOT NULL PRIMARY KEY,
    state_url TEXT
) STRICT;
