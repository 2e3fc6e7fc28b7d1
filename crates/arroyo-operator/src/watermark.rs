//! Progress of event time.

use arroyo_types::EventTime;

/// What a stream says about its progress in event time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watermark {
    /// No row before this time is expected any more.
    At(EventTime),
    /// The stream has no data for now and holds nobody up.
    Idle,
}
