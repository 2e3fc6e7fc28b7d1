//! A server for a test.

use std::sync::Arc;
use std::time::Duration;

use arroyo_api::{AlwaysStored, ApiError, ApiServices, start_server};
use arroyo_config::{AuthMode, Config, OriginPolicy, Secret, Sources, load};
use arroyo_metastore::{Metastore, SqliteMetastore};
use arroyo_runtime::Shutdown;
use arroyo_types::{EventTime, ManualClock};
use serde_json::Value;

/// An answer: status and body.
pub(crate) type Answer = (u16, Value);

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) metastore: Arc<SqliteMetastore>,
    pub(crate) clock: ManualClock,
    pub(crate) shutdown: Shutdown,
    pub(crate) client: reqwest::Client,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with("http://127.0.0.1:1".into(), |_| {}).await.expect("the API starts")
    }

    pub(crate) async fn with(
        controller_endpoint: String,
        configure: impl FnOnce(&mut Config),
    ) -> Result<Self, ApiError> {
        let sources = Sources { user_dir: Some("/nonexistent".into()), ..Sources::default() };
        let mut config = load(&sources).expect("the defaults are valid");
        config.api.http_port = 0;
        configure(&mut config);
        let metastore = Arc::new(SqliteMetastore::in_memory().await.expect("SQLite is built in"));
        let shutdown = Shutdown::new("test");
        let clock = ManualClock::new(EventTime::from_nanos(1_700_000_000_000_000_000));
        let services = ApiServices {
            config: Arc::new(config),
            metastore: metastore.clone(),
            controller_endpoint,
            stored: Arc::new(AlwaysStored),
            clock: Arc::new(clock.clone()),
        };
        let address = start_server(services, &shutdown.guard()).await?;
        let url = format!("http://{address}/api/v1");
        Ok(Self { url, metastore, clock, shutdown, client: reqwest::Client::new() })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.client.get(format!("{}{path}", self.url))).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.client.post(format!("{}{path}", self.url)).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        answer(self.client.put(format!("{}{path}", self.url)).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        answer(self.client.patch(format!("{}{path}", self.url)).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.client.delete(format!("{}{path}", self.url))).await
    }
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("the API answers");
    let status = response.status().as_u16();
    let text = response.text().await.expect("the body is text");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

#[tokio::test]
async fn it_is_connectable_when_start_returns_and_gone_after_shutdown() {
    let server = Server::start().await;
    assert_eq!(server.get("/ping").await, (200, Value::from("Pong")));
    assert!(server.url.starts_with("http://127.0.0.1:"), "it listens on this machine only by default");
    assert!(server.shutdown.drain(Duration::from_secs(10)).await);
    assert!(server.client.get(format!("{}/ping", server.url)).send().await.is_err());
}

#[tokio::test]
async fn errors_are_json() {
    let server = Server::start().await;
    assert_eq!(server.get("/nope").await, (404, serde_json::json!({"error": "Route not found"})));
    let (status, body) = server.put("/ping", Value::Null).await;
    assert!(status == 405 && body["error"].is_string(), "{status} {body}");
    let (status, body) = server.post("/pipelines", serde_json::json!({"name": 3})).await;
    assert!(status == 422 && body["error"].is_string(), "{status} {body}");
    let nowhere = serde_json::json!({"name": "p", "query": "SELECT 1", "parallelism": 1, "state_url": "ftp://x/y"});
    let (status, body) = server.post("/pipelines", nowhere).await;
    assert!(status == 400 && body["error"].as_str().unwrap().contains("`ftp`"), "{status} {body}");
    let misspelt = serde_json::json!({"name": "p", "query": "SELECT 1", "paralelism": 2});
    let (status, body) = server.post("/pipelines", misspelt).await;
    assert!(status == 422 && body["error"].as_str().unwrap().contains("`paralelism`"), "{status} {body}");
    let plain = server.client.post(format!("{}/pipelines", server.url)).body("{}");
    let (status, body) = answer(plain).await;
    assert!(status == 415 && body["error"].is_string(), "{status} {body}");
    let huge = server.client.post(format!("{}/pipelines", server.url)).header("content-type", "application/json");
    let (status, body) = answer(huge.body(" ".repeat(5 << 20))).await;
    assert!(status == 413 && body["error"].is_string(), "{status} {body}");
}

#[tokio::test]
async fn a_static_key_is_asked_for_on_every_route() {
    let server = Server::with("http://127.0.0.1:1".into(), |config| {
        config.api.auth_mode = AuthMode::StaticApiKey { api_key: Secret::new("s3same") };
    })
    .await
    .unwrap();
    for path in ["/ping", "/api-docs/openapi.json", "/swagger-ui/", "/nope"] {
        let get = || server.client.get(format!("{}{path}", server.url));
        for request in
            [get(), get().bearer_auth("s3sam"), get().bearer_auth("s3samf"), get().header("authorization", "s3same")]
        {
            assert_eq!(answer(request).await.0, 401, "{path}");
        }
        assert_ne!(answer(get().bearer_auth("s3same")).await.0, 401, "{path}");
    }
    let empty = Server::with("http://127.0.0.1:1".into(), |config| {
        config.api.auth_mode = AuthMode::StaticApiKey { api_key: Secret::new("") };
    })
    .await;
    assert!(empty.err().unwrap().to_string().contains("api.auth-mode.api-key"));
}

#[tokio::test]
async fn origins_are_allowed_as_configured() {
    let origin_header = "access-control-allow-origin";
    let ask = |server: &Server| server.client.get(format!("{}/ping", server.url)).header("origin", "http://page");
    let closed = Server::start().await;
    assert!(ask(&closed).send().await.unwrap().headers().get(origin_header).is_none());
    let listed = Server::with("http://127.0.0.1:1".into(), |config| {
        config.api.cors.allowed_origins = vec!["http://page".into()];
    })
    .await
    .unwrap();
    assert_eq!(ask(&listed).send().await.unwrap().headers()[origin_header], "http://page");
    let any = Server::with("http://127.0.0.1:1".into(), |config| {
        config.api.cors.origin_policy = OriginPolicy::Any;
        config.api.cors.allowed_origins = Vec::new();
    })
    .await
    .unwrap();
    assert_eq!(ask(&any).send().await.unwrap().headers()[origin_header], "*");
}

#[tokio::test]
async fn what_this_build_does_not_have_is_refused() {
    let error = Server::with("http://127.0.0.1:1".into(), |config| config.tls.enabled = true).await.err().unwrap();
    assert!(error.to_string().contains("api.tls.enabled"), "{error}");
    let error = Server::with("http://127.0.0.1:1".into(), |config| {
        config.api.auth_mode = AuthMode::Mtls { ca_cert_file: None };
    })
    .await
    .err()
    .unwrap();
    assert!(error.to_string().contains("static-api-key"), "{error}");
    let error = Server::with("http://127.0.0.1:1".into(), |config| config.api.bind_address = "nowhere.invalid".into())
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("api.bind-address"), "{error}");
}

#[tokio::test]
async fn answers_are_compressed_for_whom_can_read_it() {
    let server = Server::start().await;
    let get = |encodings: &str| {
        server.client.get(format!("{}/connectors", server.url)).header("accept-encoding", encodings).send()
    };
    let compressed = get("gzip, zstd").await.unwrap();
    assert_eq!(compressed.headers()["content-encoding"], "zstd");
    assert_eq!(compressed.bytes().await.unwrap()[..4], [0x28, 0xb5, 0x2f, 0xfd], "zstd's magic number");
    assert!(get("gzip").await.unwrap().headers().get("content-encoding").is_none());
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let server = Server::start().await;
    let (status, document) = server.get("/api-docs/openapi.json").await;
    assert_eq!((status, &document["info"]["title"]), (200, &Value::from("Arroyo REST API")));
    assert_eq!(server.get("/swagger-ui/").await.0, 200);
    server.metastore.ping().await.unwrap();
}
