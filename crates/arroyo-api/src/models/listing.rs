//! Lists.

use arroyo_metastore::{Listing, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::refusal::Refusal;

const LIMIT_DEFAULT: u32 = 10;
const LIMIT_MAX: u32 = 1_000;

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pagination {
    /// Only what comes after the thing with this id.
    pub(crate) starting_after: Option<String>,
    /// At most so many, 10 if not given.
    pub(crate) limit: Option<u32>,
}

impl Pagination {
    /// The same for the metastore.
    pub(crate) fn page(self) -> Result<Page, Refusal> {
        match self.limit {
            Some(0) => Err(Refusal::bad_request("Limit must be greater than 0")),
            limit => {
                Ok(Page { starting_after: self.starting_after, limit: limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX) })
            }
        }
    }
}

macro_rules! collection {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $name {
            /// The items.
            pub(crate) data: Vec<$item>,
        }
    };
    ($(#[$doc:meta])* page $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name {
            /// The items, newest first.
            pub(crate) data: Vec<$item>,
            /// Whether more follow: ask again with `starting_after` the last one's id.
            pub(crate) has_more: bool,
        }
    };
}
pub(crate) use collection;

/// Turns each row of a listing into a body.
pub(crate) fn map_listing<T, U>(listing: &Listing<T>, body: impl Fn(&T) -> U) -> (Vec<U>, bool) {
    (listing.data.iter().map(body).collect(), listing.has_more)
}
