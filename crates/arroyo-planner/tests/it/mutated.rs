//! No text makes the planner panic.

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

fn mutate(sql: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = sql.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(characters.len() + 1);
        match random.below(4) {
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
    let mut random = Random(0x5eed_cafe_f00d_beef);
    let mut scripts: Vec<String> = cases("plans").into_iter().chain(cases("errors")).map(|(_, sql)| sql).collect();
    scripts.retain(|sql| sql.len() < 2000);
    let rounds = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(300);
    for _ in 0..rounds {
        let sql = mutate(&scripts[random.below(scripts.len())], &mut random);
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
