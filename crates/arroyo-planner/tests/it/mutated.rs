//! No text makes the planner panic.

use std::path::{Path, PathBuf};

use arroyo_planner::{PlanRequest, logical_plans, plan, render};

use crate::golden::cases;

/// A small generator, so that a failing case is the same on each machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "(",
    ")",
    ",",
    ";",
    "'",
    "\"",
    "/*",
    "--",
    "GROUP BY",
    "tumble(",
    "INTERVAL",
    "->",
    "::",
    "[",
    "]",
    "{",
    "}",
    "NULL",
    "*",
    "WITH",
    "AS",
    "0",
    "1e999",
    "ü",
    "🦀",
    "\n",
    "\t",
    "\0",
    "UNION",
    "JOIN",
    "ON",
    "CASE",
    "$1",
    ".",
    "<",
    ">",
    "unnest(",
    "OVER ()",
    "ORDER BY",
    "LIMIT",
    "VALUES",
    "EXISTS",
    "NOT",
    "STRUCT<",
    "hop(",
    "row_time()",
    "metadata(",
    "=",
];

/// Every script that tests have, up to where a case goes on with its rows.
fn scripts() -> Vec<String> {
    let own = ["plans", "errors", "streams", "refused"].into_iter().flat_map(cases);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../arroyo-testing/tests/golden");
    let topics = std::fs::read_dir(folder).unwrap().map(|topic| topic.unwrap().path()).filter(|topic| topic.is_dir());
    let of_engine = topics.flat_map(|topic| cases(topic.to_str().unwrap()));
    let sql = |(_, text): (PathBuf, String)| text.split("\n--- ").next().unwrap_or_default().to_string();
    own.chain(of_engine).map(sql).filter(|sql| sql.len() < 2000).collect()
}

/// Changes a script in a few places; some pieces come from another one.
fn mutate(sql: &str, other: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = sql.chars().collect();
    let other: Vec<char> = other.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(characters.len() + 1);
        match random.below(5) {
            0 => {
                let end = (at + random.below(12)).min(characters.len());
                characters.drain(at..end);
            }
            1 => {
                let word = WORDS[random.below(WORDS.len())];
                characters.splice(at..at, word.chars());
            }
            2 => {
                let end = (at + random.below(20)).min(characters.len());
                let copied: Vec<char> = characters[at..end].to_vec();
                let to = random.below(characters.len() + 1);
                characters.splice(to..to, copied);
            }
            3 => {
                let from = random.below(other.len() + 1);
                let until = (from + random.below(60)).min(other.len());
                characters.splice(at..at, other[from..until].iter().copied());
            }
            _ => {
                let other = random.below(characters.len().max(1));
                if at < characters.len() && other < characters.len() {
                    characters.swap(at, other);
                }
            }
        }
    }
    characters.into_iter().collect()
}

#[test]
fn mutated_scripts_are_planned_or_explained() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let mut random = Random(0x5eed_cafe_f00d_beef ^ setting("FUZZ_SEED").unwrap_or_default());
    let scripts = scripts();
    for _ in 0..setting("FUZZ_ROUNDS").unwrap_or(300) {
        let (one, other) = (random.below(scripts.len()), random.below(scripts.len()));
        let sql = mutate(&scripts[one], &scripts[other], &mut random);
        if let Err(diagnostics) = plan(&PlanRequest::new(&sql)) {
            assert!(!diagnostics.0.is_empty(), "rejected without a reason:\n{sql}");
            let rendered = render(&diagnostics.0, &sql, "q.sql");
            for sign in ["Ident {", "Some(", "Value(", "Span("] {
                assert!(!rendered.contains(sign) || sql.contains(sign), "internals in:\n{rendered}\nof:\n{sql}");
            }
            // A panic inside of DataFusion is caught, but it should not happen.
            assert!(!rendered.contains("the planner failed on this s"), "a panic was caught for:\n{sql}");
        }
    }
}

#[test]
fn long_chains_do_not_exhaust_the_stack() {
    for piece in ["+ 1 ", "AND true ", "|| 'x' "] {
        let sql = format!("SELECT 1 {}", piece.repeat(1000));
        let _ = logical_plans(&PlanRequest::new(&sql));
    }
    let union = format!("SELECT 1 {}", "UNION ALL SELECT 1 ".repeat(300));
    let _ = logical_plans(&PlanRequest::new(&union));
}
