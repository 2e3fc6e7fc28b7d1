//! Going back to a checkpoint whose open files were completed since.

use super::*;

/// Tables whose open files have parts, only bytes behind them, only rows, and such that travel in the commit.
fn tables() -> Vec<(&'static str, Table)> {
    let table = |more, format, part_bytes| Table { part_bytes: Some(part_bytes), ..Table::new(more, format) };
    let none = || serde_json::json!({});
    let serial = || serde_json::json!({"filename.strategy": "serial"});
    let inline = serde_json::json!({"multipart.minimum_multipart_size": 5_000});
    vec![
        ("parts", table(none(), json(), (10, 20))),
        ("small", table(none(), json(), (10_000, 20_000))),
        ("numbered", table(serial(), json(), (10, 20))),
        ("inline", table(inline, json(), (10_000, 20_000))),
        ("row groups", table(none(), parquet_format(50), (10, 20))),
        ("rows", table(serial(), parquet_format(1 << 20), (10, 20))),
    ]
}

async fn end(subtask: &mut Subtask, epoch: u64) {
    subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
    subtask.checkpoint(epoch).await;
}

/// Writes the rows 0..10, takes a checkpoint, and completes the file with the rows 10..20; answers the checkpoint.
async fn completed_since(table: &Table, storage: &Storage) -> Globals {
    let mut subtask = table.alone(storage).await;
    subtask.write(0..10).await.unwrap();
    let saved = subtask.checkpoint(1).await;
    assert!(visible(storage).await.is_empty());
    subtask.write(10..20).await.unwrap();
    end(&mut subtask, 2).await;
    assert_eq!(visible(storage).await.len(), 1);
    saved
}

/// Goes back and writes the rows 10..30: those before the checkpoint are there once, those that were written before twice.
async fn goes_on(name: &str, table: &Table, storage: &Storage, saved: &Globals) {
    let mut first = table.open(storage, saved, 2, 0, 2).await.unwrap();
    let mut second = table.open(storage, saved, 2, 1, 2).await.unwrap();
    first.write((10..30).step_by(2)).await.unwrap();
    second.write((11..30).step_by(2)).await.unwrap();
    end(&mut first, 3).await;
    end(&mut second, 3).await;
    let expected: Vec<i64> = (0..10).chain((10..20).flat_map(|n| [n, n])).chain(20..30).collect();
    assert_eq!(read_all(storage, &table.format.format).await, expected, "{name}");
    assert!(storage.list(IN_PROGRESS).await.unwrap().is_empty(), "{name}: something is left in progress");
}

#[tokio::test]
async fn files_that_were_completed_since_stay_and_are_not_continued() {
    for (name, table) in tables() {
        let storage = memory();
        let saved = completed_since(&table, &storage).await;
        goes_on(name, &table, &storage, &saved).await;

        let directory = tempfile::tempdir().unwrap();
        let local = Storage::open_existing(&directory.path().display().to_string()).unwrap();
        let table = Table { part_bytes: table.part_bytes.map(|(_, usual)| (0, usual)), ..table };
        let saved = completed_since(&table, &local).await;
        goes_on(name, &table, &local, &saved).await;
    }
}

#[tokio::test]
async fn a_file_whose_old_name_is_left_is_complete() {
    let (_, table) = tables().remove(0);
    let table = Table { part_bytes: Some((0, 20)), ..table };
    let directory = tempfile::tempdir().unwrap();
    let local = Storage::open_existing(&directory.path().display().to_string()).unwrap();
    let mut subtask = table.alone(&local).await;
    subtask.write(0..10).await.unwrap();
    let saved = subtask.checkpoint(1).await;
    let [record] = local.list(IN_PROGRESS).await.unwrap().try_into().unwrap();
    subtask.write(10..20).await.unwrap();
    end(&mut subtask, 2).await;
    // As if it had been killed between the link and the removal of the old name.
    let record = directory.path().join(record.path);
    std::fs::create_dir_all(record.parent().unwrap()).unwrap();
    std::fs::hard_link(directory.path().join(&visible(&local).await[0]), record).unwrap();
    goes_on("linked", &table, &local, &saved).await;
}

#[tokio::test]
async fn a_file_that_was_moved_away_since_is_asked_for() {
    let (_, table) = tables().remove(0);
    let storage = memory();
    let saved = completed_since(&table, &storage).await;
    storage.delete(&visible(&storage).await[0]).await.unwrap();
    let error = table.open(&storage, &saved, 2, 0, 1).await.err().unwrap();
    assert!(error.hint.unwrap().contains("put back what was moved"));
}
