//! Random queries over random data: the stream's answer is that of batch SQL.

use std::collections::BTreeMap;

use arroyo_testing::{Outcome, RandomCase, check_seeds};

/// How many cases CI looks at, from seed 0 on.
const CASES: u64 = 2_000;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// One case with `ARROYO_SEED=n`; others than CI's with `ARROYO_FIRST_SEED=n` and `ARROYO_SEEDS=n`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_queries_give_the_answer_of_batch_sql() {
    if let Some(seed) = number("ARROYO_SEED") {
        let case = RandomCase::new(seed);
        println!("{}\n{:?}", case.query(), case.check().await.unwrap());
        return;
    }
    let count = number("ARROYO_SEEDS").unwrap_or(CASES);
    let outcomes = check_seeds(number("ARROYO_FIRST_SEED").unwrap_or(0), count).await.unwrap();

    let (mut answered, mut rows, mut restores, mut without) = (0, 0, 0, 0);
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Same { rows: some, report } => {
                answered += 1;
                rows += some as u64;
                restores += report.restores;
            }
            Outcome::WithoutBatch => without += 1,
            Outcome::Refused { codes } => *refused.entry(codes.join(" ")).or_default() += 1,
        }
    }
    println!(
        "{answered} of {count} answered with {rows} rows and {restores} restores; batch SQL failed {without} times; refused: {refused:?}"
    );
    assert!(without <= count / 100 + 1, "batch SQL failed for {without} of {count} queries");
    assert!(rows > count && restores > count / 4, "{rows} rows and {restores} restores prove little");
}
