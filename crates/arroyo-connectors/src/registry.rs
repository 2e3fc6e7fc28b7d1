//! The list of all connectors.

use arroyo_operator::Connector;

use crate::{blackhole, filesystem, impulse, nexmark, preview, single_file, stdout, values};

/// Every connector, sorted by id. A new connector adds its line here.
static CONNECTORS: &[&dyn Connector] = &[
    &blackhole::Blackhole,
    &filesystem::FileSystem,
    &impulse::Impulse,
    &nexmark::Nexmark,
    &preview::Preview,
    &single_file::SingleFile,
    &stdout::Stdout,
    &values::Values,
];

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

    /// The pages in `docs/reference/connectors` are made from the options structs; `UPDATE_REFERENCE=1` writes them.
    #[test]
    fn reference_pages_are_up_to_date() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/connectors");
        let update = std::env::var_os("UPDATE_REFERENCE").is_some();
        for connector in connectors() {
            let path = directory.join(format!("{}.md", connector.description().id));
            let page = crate::reference_page(*connector);
            if update {
                std::fs::create_dir_all(&directory).unwrap();
                std::fs::write(&path, page).unwrap();
            } else {
                let stored = std::fs::read_to_string(&path).unwrap_or_default();
                assert_eq!(stored, page, "{} is stale: run the test with UPDATE_REFERENCE=1", path.display());
            }
        }
    }
}
