//! The stored form of programs stays readable: a golden file written by the first release.
//!
//! | | this reader | reader of the first release |
//! |---|---|---|
//! | golden data | read as ever | by definition |
//! | data of a later version | refused by its version | the same code |
//! | the same version with more in it | read without it | the same code |

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

use super::*;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/program-v1.bin");

/// One node of each place and one edge of each kind.
fn program() -> Program {
    let operator = |name: &str| Operator {
        id: OperatorId::from(format!("{name}-1f2e").as_str()),
        name: name.to_string(),
        description: format!("{name} \"orders\" \u{e9}"),
        config: vec![0, 1, 254, 255],
    };
    let node = |id: u32, parallelism: u32, max_parallelism: Option<u32>, chain: &[&str]| Node {
        id: NodeId(id),
        description: chain.join(" \u{2192} "),
        parallelism,
        max_parallelism,
        chain: chain.iter().map(|name| operator(name)).collect(),
    };
    let schema = Arc::new(Schema::new(vec![
        Field::new("key", DataType::Utf8, true),
        Field::new("price", DataType::Decimal128(38, 9), true),
        Field::new("tags", DataType::List(Arc::new(Field::new("item", DataType::Int64, true))), true),
        Field::new("_timestamp", DataType::Timestamp(TimeUnit::Nanosecond, None), false),
    ]));
    let edge = |src: u32, dst: u32, dst_input: u32, kind: EdgeKind| Edge {
        src: NodeId(src),
        dst: NodeId(dst),
        dst_input,
        schema: schema.clone(),
        kind,
    };
    Program {
        nodes: vec![
            node(0, 2, None, &["source", "watermark"]),
            node(1, 1, Some(1), &["source"]),
            node(2, 3, None, &["join", "projection"]),
            node(3, 1, Some(1), &["sink"]),
        ],
        edges: vec![
            edge(0, 2, 0, EdgeKind::Shuffle { key_columns: vec![0, 2] }),
            edge(1, 2, 1, EdgeKind::Rebalance),
            edge(2, 3, 0, EdgeKind::Forward),
        ],
    }
}

#[test]
fn the_golden_program_is_read_as_ever() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, program().encode().unwrap()).unwrap();
    }
    let golden = std::fs::read(GOLDEN).unwrap();
    assert_eq!(Program::decode(&golden).unwrap(), program());
    assert_eq!(Program::decode(&program().encode().unwrap()).unwrap(), program());
}

#[test]
fn what_a_later_release_adds_is_left_out_and_another_version_is_refused() {
    let mut more = program().encode().unwrap();
    // Field 100, a varint.
    more.extend_from_slice(&[0xa0, 0x06, 0x2a]);
    assert_eq!(Program::decode(&more).unwrap(), program());
    let later = proto::Program { version: PROGRAM_VERSION + 1, ..proto::Program::default() }.encode_to_vec();
    let refused = Program::decode(&later).unwrap_err();
    assert!(matches!(refused, ProgramError::Version { found: 2 }), "{refused}");
    assert_eq!(refused.to_string(), "the program has version 2, this build reads version 1; plan the query again");
}

#[test]
fn every_cut_of_a_program_is_an_error_or_a_whole_program() {
    let whole = std::fs::read(GOLDEN).unwrap();
    for length in 0..whole.len() {
        // What is left may be a program without its last edges, which is a valid one; it is never a panic.
        if let Ok(read) = Program::decode(whole.get(..length).unwrap()) {
            assert!(program().nodes.starts_with(&read.nodes));
        }
    }
}
