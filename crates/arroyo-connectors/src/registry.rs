//! The list of all connectors.

use arroyo_operator::Connector;

use crate::{filesystem, single_file};

/// Every connector, sorted by id. A new connector adds its line here.
static CONNECTORS: &[&dyn Connector] = &[&filesystem::FileSystem, &single_file::SingleFile];

/// Every connector, sorted by id.
pub fn connectors() -> &'static [&'static dyn Connector] {
    CONNECTORS
}

/// The connector called `id`.
pub fn connector(id: &str) -> Option<&'static dyn Connector> {
    CONNECTORS.iter().find(|connector| connector.description().id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_complete_in_itself() {
        let ids: Vec<_> = connectors().iter().map(|connector| connector.description().id).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
        assert!(ids.iter().all(|id| connector(id).is_some()));
        assert!(connector("nope").is_none());
    }

    #[test]
    fn every_connector_describes_itself() {
        for connector in connectors() {
            let description = connector.description();
            assert!(!description.name.is_empty() && !description.description.is_empty(), "{}", description.id);
            assert!(description.source || description.sink, "{}", description.id);
            let schema = connector.options_schema();
            assert_eq!(schema.get("type").and_then(|kind| kind.as_str()), Some("object"), "{}", description.id);
        }
    }
}
