//! The stored form of manifests stays readable: a golden file written by the first release.

use std::collections::BTreeMap;

use arroyo_state::{
    ExpiredRange, FileRef, Manifest, OperatorManifest, StateError, SubtaskCommit, TableKind, TableManifest, TimeRange,
};
use arroyo_types::{Epoch, EventTime, Generation, JobId, KeyRange, OperatorId};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/manifest-v1.json");

fn manifest() -> Manifest {
    let time = EventTime::from_nanos;
    let file = FileRef {
        path: "checkpoints/7-2/window/panes/0.parquet".to_string(),
        epoch: Epoch(7),
        subtask: 0,
        key_range: KeyRange { start: 1, end: u64::MAX },
        time_range: Some(TimeRange { min: time(-5), max: time(1_700_000_000_000_000_000) }),
        rows: 3,
        bytes: 1234,
        checksum: "00ff00ff00ff00ff".to_string(),
    };
    let tables = [
        ("panes", TableKind::TimeKeyed, vec![file.clone()]),
        ("latest", TableKind::Keyed { key_columns: 2 }, vec![FileRef { time_range: None, ..file }]),
        ("offsets", TableKind::Global, vec![]),
    ];
    let tables = tables.into_iter().map(|(name, kind, files)| {
        let expired = match kind {
            TableKind::TimeKeyed => vec![ExpiredRange { range: KeyRange::FULL, before: time(-9) }],
            _ => Vec::new(),
        };
        (name.to_string(), TableManifest { kind, schema: "c2NoZW1h".to_string(), files, expired })
    });
    let operator = OperatorManifest {
        name: "window_aggregate".to_string(),
        description: "tumble(10 s) \"quoted\"".to_string(),
        parallelism: 4,
        tables: tables.collect(),
        commits: vec![SubtaskCommit { subtask: 1, data: vec![0, 1, 254, 255] }],
    };
    Manifest {
        job: JobId::from("job_golden"),
        epoch: Epoch(7),
        generation: Generation(2),
        created_at_micros: 1_700_000_000_000_000,
        hash_version: 1,
        fingerprint: "fingerprint".to_string(),
        stopping: true,
        operators: BTreeMap::from([(OperatorId::from("window"), operator)]),
    }
}

#[test]
fn the_golden_manifest_is_read_and_written_as_ever() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, manifest().encode().unwrap()).unwrap();
    }
    let golden = std::fs::read(GOLDEN).unwrap();
    assert_eq!(Manifest::decode(&golden, "golden").unwrap(), manifest());
    assert_eq!(String::from_utf8(manifest().encode().unwrap()), String::from_utf8(golden));
}

#[test]
fn a_manifest_of_a_later_release_is_refused_by_name() {
    let text = String::from_utf8(manifest().encode().unwrap()).unwrap();
    let later = text.replacen("\"version\":1", "\"version\":2", 1);
    let error = Manifest::decode(later.as_bytes(), "m.json").unwrap_err();
    assert!(matches!(error, StateError::UnknownVersion { found: 2, .. }));
    assert!(error.to_string().starts_with("m.json has format version 2, this release understands 1"), "{error}");
    let other_hash = Manifest { hash_version: 2, ..manifest() }.encode().unwrap();
    let error = Manifest::decode(&other_hash, "m.json").unwrap_err();
    assert!(error.to_string().contains("key hash version 2"), "{error}");
}
