use arroyo_formats::{CsvFormat, JsonCompression};

use super::*;

#[tokio::test]
async fn without_a_policy_a_file_goes_on_through_checkpoints_until_the_end() {
    for (format, part_bytes) in
        [(json(), (1_000_000, 2_000_000)), (json(), (10, 20)), (parquet_format(1 << 20), (10, 20))]
    {
        let storage = memory();
        let mut table = Table::new(serde_json::json!({}), format);
        table.part_bytes = Some(part_bytes);
        let mut subtask = table.alone(&storage).await;
        for epoch in 1..=3 {
            let from = i64::try_from(epoch).unwrap() * 10;
            subtask.write(from..from + 10).await.unwrap();
            subtask.checkpoint(epoch).await;
            assert!(visible(&storage).await.is_empty());
        }
        subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
        subtask.checkpoint(4).await;
        assert_eq!(visible(&storage).await.len(), 1);
        assert_eq!(read_all(&storage, &table.format.format).await, (10..40).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn files_roll_by_size_and_parts() {
    let storage = memory();
    let mut by_size = Table::new(serde_json::json!({"rolling_policy.file_size": 200}), json()).alone(&storage).await;
    for n in 0..30 {
        by_size.write(n..n + 1).await.unwrap();
    }
    by_size.checkpoint(1).await;
    let files = visible(&storage).await;
    assert!((3..=5).contains(&files.len()), "of 30 rows of about 27 bytes: {files:?}");
    for file in files {
        let length = storage.get(&file).await.unwrap().len();
        assert!((200..240).contains(&length), "{length}");
    }

    let storage = memory();
    let mut by_parts = Table::new(serde_json::json!({"multipart.max_parts": 3}), json());
    by_parts.part_bytes = Some((50, 50));
    let mut by_parts = by_parts.alone(&storage).await;
    by_parts.write(0..10).await.unwrap();
    by_parts.checkpoint(1).await;
    assert_eq!(visible(&storage).await.len(), 1);
}

#[tokio::test]
async fn files_roll_by_age_and_quiet() {
    for key in ["rolling_policy.interval", "rolling_policy.inactivity_interval"] {
        let storage = memory();
        let mut by_time = Table::new(serde_json::json!({ key: 10_000_000_000_u64 }), json()).alone(&storage).await;
        by_time.write(0..10).await.unwrap();
        by_time.pass(6);
        by_time.write(10..20).await.unwrap();
        by_time.checkpoint(1).await;
        assert!(visible(&storage).await.is_empty(), "{key}");
        by_time.pass(6);
        by_time.write(20..30).await.unwrap();
        by_time.checkpoint(2).await;
        let expected = if key == "rolling_policy.interval" { (0..20).collect::<Vec<_>>() } else { Vec::new() };
        assert_eq!(read_all(&storage, &json().format).await, expected, "{key}");
        by_time.pass(10);
        by_time.checkpoint(3).await;
        assert_eq!(read_all(&storage, &json().format).await, (0..30).collect::<Vec<_>>(), "{key}");
    }
}

#[tokio::test]
async fn files_of_a_time_roll_when_the_watermark_has_left_it() {
    const HOUR: i64 = 3_600_000_000_000;
    let storage = memory();
    let more = serde_json::json!({"partitioning.time_pattern": "%H", "rolling_policy.watermark_expiration": true});
    let mut subtask = Table::new(more, json()).alone(&storage).await;
    subtask.write(0..200).await.unwrap();
    for (epoch, watermark, files) in [(1, HOUR - 1, 0), (2, HOUR + 150, 1), (3, 2 * HOUR, 2)] {
        let watermark = Watermark::At(EventTime::from_nanos(watermark));
        subtask.sink.watermark(watermark, &mut subtask.context.ctx).await.unwrap();
        subtask.checkpoint(epoch).await;
        assert_eq!(visible(&storage).await.len(), files, "at {watermark:?}");
    }
}

#[tokio::test]
async fn names_have_prefix_number_and_suffix_and_go_on_behind_what_is_there() {
    let storage = memory();
    storage.put("city=Rome/part-00007-003.ndjson", "old".into()).await.unwrap();
    let more = serde_json::json!({
        "filename.prefix": "part", "filename.strategy": "serial", "filename.suffix": "ndjson",
        "partitioning.fields": ["city"],
    });
    let mut subtask = Table::new(more, json()).alone(&storage).await;
    subtask.write(0..3).await.unwrap();
    subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
    subtask.checkpoint(1).await;
    let mut expected = vec![
        "city=Rome/part-00007-003.ndjson",
        "city=Rome/part-00008-000.ndjson",
        "city=São Paulo/part-00009-000.ndjson",
        "city=__HIVE_DEFAULT_PARTITION__/part-00010-000.ndjson",
    ];
    expected.sort_unstable();
    let mut found = visible(&storage).await;
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn text_formats_are_whole_files_in_every_piece() {
    let csv = FormatOptions::new(Format::Csv(CsvFormat::default()));
    let gzip = JsonFormat { compression: JsonCompression::Gzip, ..JsonFormat::default() };
    for (format, suffix) in [(csv, ".csv"), (FormatOptions::new(Format::Json(gzip)), ".json.gz")] {
        let storage = memory();
        let mut table = Table::new(serde_json::json!({}), format);
        table.part_bytes = Some((10, 20));
        let mut state = Globals::new();
        for start in 1..=3 {
            let mut subtask = table.open(&storage, &state, start, 0, 1).await.unwrap();
            let from = i64::try_from(start).unwrap();
            subtask.write(from..from + 1).await.unwrap();
            if start == 3 {
                subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
            }
            state = subtask.checkpoint(start).await;
        }
        let [path] = <[String; 1]>::try_from(visible(&storage).await).unwrap();
        assert!(path.ends_with(suffix), "{path}");
        let content = storage.get(&path).await.unwrap();
        if suffix == ".csv" {
            assert_eq!(content, "n,city\n1,São Paulo\n2,\n3,Rome\n");
            continue;
        }
        let mut text = String::new();
        let mut reader = flate2::read::MultiGzDecoder::new(content.as_ref());
        std::io::Read::read_to_string(&mut reader, &mut text).unwrap();
        assert_eq!(text, "{\"n\":1,\"city\":\"São Paulo\"}\n{\"n\":2,\"city\":null}\n{\"n\":3,\"city\":\"Rome\"}\n");
    }
}

#[tokio::test]
async fn the_number_of_open_files_is_bounded() {
    let storage = memory();
    let table = Table::new(serde_json::json!({"partitioning.fields": ["n"]}), json());
    let mut subtask = table.alone(&storage).await;
    subtask.write(0..2000).await.unwrap();
    assert_eq!(subtask.sink.open.len(), OPEN_FILES_MAX);
    subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
    subtask.checkpoint(1).await;
    assert_eq!(read_all(&storage, &json().format).await, (0..2000).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_somebody_else_took_away_is_named() {
    let storage = memory();
    let mut table = Table::new(serde_json::json!({}), json());
    table.part_bytes = Some((10, 20));
    let mut subtask = table.alone(&storage).await;
    subtask.write(0..20).await.unwrap();
    let open = subtask.checkpoint(1).await;
    subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
    let (data, state) = subtask.pre_commit(2).await.unwrap();
    let data: Vec<Vec<u8>> = data.into_iter().collect();
    subtask.commit(2, data.clone()).await.unwrap();
    for path in visible(&storage).await {
        storage.delete(&path).await.unwrap();
    }
    // Whoever reads the files may move them away once they are visible.
    let mut restored = table.open(&storage, &state, 2, 0, 1).await.unwrap();
    restored.commit(2, data).await.unwrap();
    let report = restored.context.errors.try_recv().unwrap();
    assert!(report.message.contains("are gone"), "{}", report.message);
    // But the checkpoint before it wants to go on with the file.
    let Err(error) = table.open(&storage, &open, 3, 0, 1).await else { panic!("there is nothing to go on with") };
    assert_eq!(error.kind, ErrorKind::User, "{error}");
    assert!(error.hint.is_some());
}

#[tokio::test]
async fn a_directory_is_created_and_holds_nothing_but_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new/table");
    let options = FileSystemOptions::at(&path.display().to_string());
    let table = Table { options, format: json(), part_bytes: None, padding: 0 };
    let mut sink = table.sink(&memory());
    sink.medium = Medium::default();
    let TestContext { mut ctx, .. } = context(sink.tables(), &Globals::new(), 0, 1);
    sink.open(&mut ctx).await.unwrap();
    sink.write(rows(0..10), &mut ctx).await.unwrap();
    sink.end_of_rows(&mut ctx).await.unwrap();
    let data = sink.pre_commit(Epoch(1), &mut ctx).await.unwrap();
    assert!(std::fs::read_dir(&path).unwrap().all(|entry| entry.unwrap().file_name() == IN_PROGRESS));
    sink.commit(Epoch(1), data.into_iter().collect(), &mut ctx).await.unwrap();
    let names: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 1);
    assert!(names[0].to_string_lossy().ends_with(".json"), "{names:?}");
}
