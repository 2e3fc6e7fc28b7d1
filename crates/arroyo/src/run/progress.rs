//! What the status line shows.

use std::time::Duration;

use arroyo_openapi::types;

use crate::terminal;

/// A snapshot of a running job.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Progress {
    /// The job's state.
    pub(crate) state: String,
    /// Rows that sources have read.
    pub(crate) rows_in: u64,
    /// Rows that sinks have taken.
    pub(crate) rows_out: u64,
    /// Rows that came too late.
    pub(crate) late_rows: u64,
    /// Records that could not be decoded and were dropped.
    pub(crate) bad_records: u64,
    /// Rows read per second.
    pub(crate) rate_in: f64,
    /// Rows taken by sinks per second.
    pub(crate) rate_out: f64,
    /// How far the watermark is behind the clock; `None` before there is one.
    pub(crate) watermark_lag: Option<Duration>,
    /// The last checkpoint.
    pub(crate) checkpoint: Option<CheckpointProgress>,
    /// Checkpoints that were given up since.
    pub(crate) failed_checkpoints: u32,
}

/// The last checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckpointProgress {
    /// Its number.
    pub(crate) epoch: u64,
    /// How long ago it became durable.
    pub(crate) age: Duration,
    /// How long it took.
    pub(crate) duration: Duration,
    /// Bytes it wrote.
    pub(crate) bytes: u64,
}

impl Progress {
    /// What the API said at `now` (microseconds since the Unix epoch).
    pub(crate) fn new(update: &types::JobProgress, now: i64) -> Self {
        let since = |then: i64| Duration::from_micros(u64::try_from(now.saturating_sub(then)).unwrap_or(0));
        Self {
            state: update.state.clone(),
            rows_in: update.rows_in,
            rows_out: update.rows_out,
            late_rows: update.late_rows,
            bad_records: update.bad_records,
            rate_in: update.rows_in_per_second,
            rate_out: update.rows_out_per_second,
            watermark_lag: update.watermark_micros.map(since),
            checkpoint: update.checkpoint.as_ref().map(|checkpoint| CheckpointProgress {
                epoch: checkpoint.epoch,
                age: since(i64::try_from(checkpoint.finish_time).unwrap_or(i64::MAX)),
                duration: Duration::from_micros(checkpoint.duration_micros),
                bytes: checkpoint.bytes,
            }),
            failed_checkpoints: update.failed_checkpoints,
        }
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let mut line = format!(
            "{} · in {} ({}/s) · out {} ({}/s)",
            self.state,
            terminal::count(self.rows_in as f64),
            terminal::count(self.rate_in),
            terminal::count(self.rows_out as f64),
            terminal::count(self.rate_out),
        );
        if let Some(lag) = self.watermark_lag {
            line.push_str(&format!(" · watermark {} behind", terminal::duration(lag)));
        }
        if self.late_rows > 0 {
            line.push_str(&format!(" · {} too late", terminal::count(self.late_rows as f64)));
        }
        if self.bad_records > 0 {
            line.push_str(&format!(" · {} dropped", terminal::count(self.bad_records as f64)));
        }
        match &self.checkpoint {
            Some(checkpoint) => line.push_str(&format!(
                " · checkpoint {} {} ago ({} in {})",
                checkpoint.epoch,
                terminal::duration(checkpoint.age),
                terminal::bytes(checkpoint.bytes),
                terminal::duration(checkpoint.duration),
            )),
            None => line.push_str(" · no checkpoint yet"),
        }
        if self.failed_checkpoints > 0 {
            line.push_str(&format!(", {} failed since", self.failed_checkpoints));
        }
        line
    }

    /// Says that checkpoints fail, and what there is instead.
    pub(crate) fn failed_checkpoint(&self) -> String {
        let goes_on_from = match &self.checkpoint {
            Some(checkpoint) => format!(
                "the last complete one is checkpoint {} of {} ago",
                checkpoint.epoch,
                terminal::duration(checkpoint.age)
            ),
            None => "there is no complete one yet".to_string(),
        };
        format!("A checkpoint failed: {goes_on_from}. What was processed since would be processed again after a crash.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_ages() {
        let update = types::JobProgress {
            state: "Running".into(),
            rows_in: 3,
            rows_out: 2,
            rows_in_per_second: 1.0,
            rows_out_per_second: 0.0,
            watermark_micros: Some(8_000_000),
            bad_records: 0,
            late_rows: 0,
            checkpoint: Some(types::CheckpointSummary {
                epoch: 1,
                finish_time: 11_000_000,
                duration_micros: 2_000,
                bytes: 10,
            }),
            failed_checkpoints: 0,
        };
        // The checkpoint is of a clock that is a second ahead.
        insta::assert_snapshot!(Progress::new(&update, 10_000_000).line(), @"Running · in 3 (1/s) · out 2 (0/s) · watermark 2.0s behind · checkpoint 1 0ms ago (10 B in 2ms)");
    }

    #[test]
    fn the_line_says_it_all() {
        let mut progress = Progress {
            state: "Running".into(),
            rows_in: 1_234_567,
            rows_out: 42,
            rate_in: 50_321.0,
            rate_out: 2.5,
            ..Progress::default()
        };
        insta::assert_snapshot!(progress.line(), @"Running · in 1.2M (50k/s) · out 42 (2.5/s) · no checkpoint yet");
        progress.watermark_lag = Some(Duration::from_millis(1200));
        progress.late_rows = 2000;
        progress.bad_records = 3;
        progress.checkpoint = Some(CheckpointProgress {
            epoch: 7,
            age: Duration::from_secs(4),
            duration: Duration::from_millis(12),
            bytes: 45_000,
        });
        insta::assert_snapshot!(progress.failed_checkpoint(), @"A checkpoint failed: the last complete one is checkpoint 7 of 4.0s ago. What was processed since would be processed again after a crash.");
        insta::assert_snapshot!(progress.line(), @"Running · in 1.2M (50k/s) · out 42 (2.5/s) · watermark 1.2s behind · 2k too late · 3 dropped · checkpoint 7 4.0s ago (45 kB in 12ms)");
        progress.failed_checkpoints = 2;
        insta::assert_snapshot!(progress.line(), @"Running · in 1.2M (50k/s) · out 42 (2.5/s) · watermark 1.2s behind · 2k too late · 3 dropped · checkpoint 7 4.0s ago (45 kB in 12ms), 2 failed since");
        progress.checkpoint = None;
        insta::assert_snapshot!(progress.failed_checkpoint(), @"A checkpoint failed: there is no complete one yet. What was processed since would be processed again after a crash.");
    }
}
