//! The statements, one file per kind of thing. Each runs on both databases.

pub(crate) mod checkpoints;
pub(crate) mod connections;
pub(crate) mod jobs;
pub(crate) mod pipelines;
pub(crate) mod removals;

use crate::database::Row;
use crate::{Listing, MetastoreError, Page};

/// A listing asks for one row more than fits, to know whether there is more.
fn limit(page: &Page) -> i64 {
    i64::from(page.limit) + 1
}

/// The row to start after; empty for the first page.
fn starting_after(page: &Page) -> &str {
    page.starting_after.as_deref().unwrap_or_default()
}

fn listing<T>(
    rows: &[Row],
    page: &Page,
    read: impl Fn(&Row) -> Result<T, MetastoreError>,
) -> Result<Listing<T>, MetastoreError> {
    let fits = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let data = rows.iter().take(fits).map(read).collect::<Result<_, _>>()?;
    Ok(Listing { data, has_more: rows.len() > fits })
}
