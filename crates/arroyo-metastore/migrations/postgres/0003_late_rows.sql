-- Rows that came too late, of the job's last start.
ALTER TABLE jobs ADD COLUMN late_rows BIGINT;
