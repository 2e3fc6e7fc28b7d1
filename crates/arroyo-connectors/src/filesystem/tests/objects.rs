//! Files of object stores are read like those of directories.

use arroyo_storage::Storage;
use arroyo_storage::testing::S3Server;
use bytes::Bytes;

use super::*;

fn table(url: &str, storage: &BTreeMap<String, String>, format: &FormatOptions) -> SourceConfig {
    let mut written = vec![("path".to_string(), url.to_string())];
    written.extend(storage.iter().map(|(key, value)| (format!("storage.{key}"), value.clone())));
    let written: Vec<(&str, &str)> = written.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    source_config(options(&FileSystem, Role::Source, &written), format, stream_schema(vec![n()]))
}

/// A place in a store.
struct Bucket {
    url: String,
    settings: BTreeMap<String, String>,
}

impl Bucket {
    fn memory(name: &str) -> Self {
        Self { url: format!("memory://{name}/in"), settings: BTreeMap::new() }
    }

    async fn put(&self, path: &str, content: impl Into<Bytes>) {
        let storage = Storage::open_with(&self.url, &self.settings).unwrap();
        storage.put(path, content.into()).await.unwrap();
    }

    fn source(&self, pattern: &str, format: &FormatOptions) -> Box<dyn Source> {
        FileSystem.source(table(&format!("{}{pattern}", self.url), &self.settings, format)).unwrap()
    }

    async fn read(&self, pattern: &str, format: &FormatOptions) -> Result<Vec<i64>, OperatorError> {
        Ok(numbers(&read_to_end(self.source(pattern, format), &Globals::new(), 0, 1).await?))
    }
}

async fn all_formats(bucket: Bucket) {
    let dir = tempfile::tempdir().unwrap();
    write_parquet(&dir.path().join("a.parquet"));
    let parquet_file = std::fs::read(dir.path().join("a.parquet")).unwrap();
    bucket.put("b.json", "{\"n\":3}\n{\"n\":4}\n").await;
    bucket.put("a.json.zst", zstd::encode_all(b"{\"n\":1}\n{\"n\":2}\n".as_slice(), 0).unwrap()).await;
    bucket.put("day=1/c.json", "{\"n\":5}\n").await;
    bucket.put("deep/d.json", "{\"n\":6}\n").await;
    bucket.put(".hidden.json", "{\"n\":7}\n").await;
    bucket.put("__in_progress/x.json", "{\"n\":8}\n").await;
    bucket.put("tables/1.parquet", parquet_file.clone()).await;
    bucket.put("tables/2.parquet", parquet_file).await;
    assert_eq!(bucket.read("", &json()).await, Ok(vec![1, 2, 3, 4, 5]));
    assert_eq!(bucket.read("/b.json", &json()).await, Ok(vec![3, 4]));
    assert_eq!(bucket.read("/*/*.json", &json()).await, Ok(vec![5, 6]));
    assert_eq!(bucket.read("/tables", &parquet()).await, Ok(vec![1, 2, 3, 1, 2, 3]));
    assert_resumes_everywhere(|| bucket.source("/*.json*", &json())).await;
    assert_resumes_everywhere(|| bucket.source("/tables", &parquet())).await;
    let error = bucket.read("/nothing", &json()).await.unwrap_err();
    let url = &bucket.url;
    assert_eq!(error.message, format!("there is no object `{url}/nothing`, nor one below it"));
}

#[tokio::test]
async fn objects_in_memory() {
    all_formats(Bucket::memory("filesystem-source")).await;
}

#[tokio::test]
async fn objects_on_an_s3_server() {
    let server = S3Server::shared().unwrap();
    all_formats(Bucket { url: server.url("filesystem-source/in"), settings: server.settings() }).await;
}

/// Longer than what is fetched at once.
#[tokio::test]
async fn large_objects_are_read_in_parts() {
    let bucket = Bucket::memory("filesystem-large");
    let padding = "x".repeat(1000);
    let lines: String = (0..9000).map(|n| format!("{{\"n\":{n},\"padding\":\"{padding}\"}}\n")).collect();
    assert!(lines.len() > 8 << 20);
    bucket.put("a.json", lines).await;
    let config = |batch_size| SourceConfig { batch_size, ..table(&bucket.url, &bucket.settings, &json()) };
    let whole = read_to_end(FileSystem.source(config(512)).unwrap(), &Globals::new(), 0, 1).await.unwrap();
    assert_eq!(numbers(&whole), (0..9000).collect::<Vec<_>>());
    let half = whole.len() / 2;
    let rest = read_to_end(FileSystem.source(config(512)).unwrap(), &whole[half].1, 0, 1).await.unwrap();
    let before = numbers(&whole[..=half]);
    assert_eq!([before, numbers(&rest)].concat(), (0..9000).collect::<Vec<_>>());
}
