//! Lookup tables: what they must have, and what is remembered of them.

use arroyo_operator::OptionValue;

use super::Parts;
use super::options::Options;
use crate::statement::interval_of;
use crate::suggest::list;
use crate::{ColumnDef, ColumnKind, Diagnostic, LookupCache, codes};

/// Faults of a table, if it is a lookup table, that other tables do not have.
pub(super) fn check(
    parts: &Parts<'_>,
    lookup: Option<LookupCache>,
    columns: &[ColumnDef],
    primary_key: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if lookup.is_none() {
        return;
    }
    let name = &parts.table.name;
    if primary_key.is_empty() && parts.table.primary_key.is_empty() {
        let message =
            format!("the lookup table `{}` has no PRIMARY KEY by which its rows could be asked for", name.node);
        diagnostics.push(
            Diagnostic::error(&codes::LOOKUP_DEFINITION, message)
                .at(name.span)
                .help("write PRIMARY KEY behind a column, or PRIMARY KEY (a, b) behind the columns"),
        );
    }
    for column in columns.iter().filter(|column| matches!(column.kind, ColumnKind::Generated { .. })) {
        let written = parts.table.columns.iter().find(|written| written.name.node == column.name);
        diagnostics.push(
            Diagnostic::error(&codes::LOOKUP_DEFINITION, "a lookup table has no generated columns")
                .at(written.and_then(|written| written.name.span))
                .help("compute the value in the query that joins the table"),
        );
    }
    if let Some(watermark) = parts.table.watermarks.first() {
        diagnostics.push(
            Diagnostic::error(&codes::LOOKUP_DEFINITION, "a lookup table has no watermark, as its rows do not flow")
                .at(watermark.span)
                .help("leave it out: joined rows keep the event time of the stream"),
        );
    }
}

/// Which connectors have lookup tables, as help.
pub(super) fn connectors() -> String {
    let all = arroyo_connectors::connectors().iter().map(|connector| connector.description());
    let names: Vec<&str> = all.filter(|shown| shown.lookup && !shown.hidden).map(|shown| shown.id).collect();
    format!("connectors with lookup tables are {}", list(&names, 30))
}

impl Options {
    /// Takes the options on what is remembered of a lookup table.
    pub(super) fn lookup_cache(&mut self, diagnostics: &mut Vec<Diagnostic>) -> LookupCache {
        let mut cache = LookupCache::default();
        if let Some((value, span)) = self.take("lookup.cache.max_bytes") {
            match &value {
                OptionValue::Number(text) | OptionValue::Text(text) => arroyo_formats::parse_size(text),
                _ => None,
            }
            .map_or_else(
                || {
                    diagnostics.push(
                        Diagnostic::error(&codes::OPTION_VALUE, "`lookup.cache.max_bytes` is not a number of bytes")
                            .at(span)
                            .help("write `lookup.cache.max_bytes = '8MB'`; zero remembers nothing"),
                    );
                },
                |bytes| cache.bytes_max = bytes,
            );
        }
        if let Some((value, span)) = self.take("lookup.cache.ttl") {
            let nanos = match &value {
                OptionValue::Interval(nanos) => Some(*nanos),
                OptionValue::Text(text) => interval_of(text).ok().map(|interval| interval.nanos),
                _ => None,
            };
            match nanos.filter(|nanos| *nanos > 0) {
                Some(nanos) => cache.ttl_nanos = nanos,
                None => diagnostics.push(
                    Diagnostic::error(&codes::OPTION_VALUE, "`lookup.cache.ttl` is not a length of time")
                        .at(span)
                        .help("write `lookup.cache.ttl = INTERVAL '1 minute'`"),
                ),
            }
        }
        cache
    }
}
