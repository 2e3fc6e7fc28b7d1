//! The web console: its files, and that it asks for what there is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use arroyo_config::{AuthMode, Secret};
use serde_json::json;

use crate::server::{Server, answer};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/console");

/// An address of the server beside `/api/v1`.
fn address(server: &Server, path: &str) -> String {
    format!("{}{path}", server.url.trim_end_matches("/api/v1"))
}

async fn get(server: &Server, path: &str) -> reqwest::Response {
    server.client.get(address(server, path)).send().await.unwrap()
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The names of the folder's files that end in one of `endings`.
fn files(folder: &Path, endings: &[&str]) -> BTreeSet<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| endings.iter().any(|ending| name.ends_with(ending))).collect()
}

fn text_of(file: &str) -> String {
    std::fs::read_to_string(Path::new(FOLDER).join(file)).unwrap()
}

/// What stands between `before` and the next `after`, everywhere in `text`.
fn between<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split(after).next().unwrap()).collect()
}

#[tokio::test]
async fn every_file_is_served_with_its_type_and_a_strict_policy() {
    let server = Server::start().await;
    let mut served = vec![("/".to_string(), "text/html; charset=utf-8", text_of("index.html"))];
    for (ending, kind) in
        [(".js", "text/javascript; charset=utf-8"), (".css", "text/css; charset=utf-8"), (".svg", "image/svg+xml")]
    {
        let names = files(Path::new(FOLDER), &[ending]);
        assert!(!names.is_empty(), "{ending}");
        served.extend(names.into_iter().map(|name| (format!("/console/{name}"), kind, text_of(&name))));
    }
    for (path, kind, text) in served {
        let response = get(&server, &path).await;
        assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, kind), "{path}");
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert!(response.text().await.unwrap() == text, "{path} is another text than the file");
    }
    for path in ["/console/", "/console/index.html", "/console/package.json", "/console/..%2Findex.html", "/nope"] {
        let request = server.client.get(address(&server, path));
        assert_eq!(answer(request).await, (404, json!({"error": "Route not found"})), "{path}");
    }
    let (status, body) = answer(server.client.post(address(&server, "/"))).await;
    assert!(status == 405 && body["error"].is_string(), "{status} {body}");
}

#[tokio::test]
async fn a_file_that_is_known_is_not_sent_again() {
    let server = Server::start().await;
    let (page, style) = (get(&server, "/").await, get(&server, "/console/console.css").await);
    let (tag, other) = (header(&page, "etag").to_string(), header(&style, "etag").to_string());
    assert!(tag.starts_with('"') && tag != other, "{tag} {other}");
    assert_eq!(header(&page, "cache-control"), "no-cache");
    let ask = |known: String| server.client.get(address(&server, "/")).header("if-none-match", known).send();
    for known in [tag.clone(), format!("W/{tag}"), format!("{other}, {tag}"), "*".into()] {
        let response = ask(known.clone()).await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "etag")), (304, tag.as_str()), "{known}");
        assert_eq!(response.bytes().await.unwrap().len(), 0);
    }
    assert_eq!(ask(other).await.unwrap().status(), 200);
    let head = server.client.head(address(&server, "/")).send().await.unwrap();
    let length = page.bytes().await.unwrap().len().to_string();
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, length.as_str()));
    assert_eq!((header(&head, "etag"), header(&head, "content-type")), (tag.as_str(), "text/html; charset=utf-8"));
    assert_eq!(head.bytes().await.unwrap().len(), 0);
}

#[tokio::test]
async fn the_page_can_be_read_without_the_key_that_it_asks_for() {
    let server = Server::with("http://127.0.0.1:1".into(), |config| {
        config.api.auth_mode = AuthMode::StaticApiKey { api_key: Secret::new("s3same") };
    })
    .await
    .unwrap();
    for path in ["/", "/console/main.js"] {
        assert_eq!(get(&server, path).await.status(), 200, "{path}");
    }
    for path in ["/api/v1/pipelines", "/nope", "/console/a/b", "/api/v1/swagger-ui/"] {
        assert_eq!(get(&server, path).await.status(), 401, "{path}");
    }
}

#[tokio::test]
async fn the_page_asks_the_api_that_is_configured() {
    let configured = |endpoint: &'static str| {
        Server::with("http://127.0.0.1:1".into(), |config| config.api_endpoint = Some(endpoint.into()))
    };
    for endpoint in ["https://api.example.com/arroyo/", "https://api.example.com/arroyo/api/v1"] {
        let server = configured(endpoint).await.unwrap();
        let page = get(&server, "/").await;
        let policy = header(&page, "content-security-policy").to_string();
        assert!(policy.ends_with("; connect-src 'self' https://api.example.com"), "{policy}");
        let page = page.text().await.unwrap();
        assert!(page.contains(r#"<meta name="arroyo-api" content="https://api.example.com/arroyo/api/v1">"#), "{page}");
    }
    let quoted = configured("http://h/a\"b&c").await.unwrap();
    let page = get(&quoted, "/").await.text().await.unwrap();
    assert!(page.contains(r#"content="http://h/a%22b&amp;c/api/v1""#), "{page}");
    for endpoint in ["api.example.com", "ftp://h", "http://h?x"] {
        let error = configured(endpoint).await.err().unwrap().to_string();
        assert!(error.contains("api-endpoint") && error.contains(endpoint), "{error}");
    }
}

#[test]
fn the_page_needs_nothing_that_is_not_served() {
    let page = text_of("index.html");
    let (linked, loaded) = (between(&page, "href=\"console/", '"'), between(&page, "src=\"console/", '"'));
    assert!(linked.len() == 2 && loaded.len() == 2, "{page}");
    let mut needed: BTreeSet<String> = linked.into_iter().chain(loaded).map(str::to_string).collect();
    for module in files(Path::new(FOLDER), &[".js"]) {
        let text = text_of(&module);
        needed.extend(between(&text, "from \"./", '"').into_iter().map(str::to_string));
        assert!(!text.contains("innerHTML") && !text.contains("eval("), "{module}: data is put in as text");
        assert!(module == "api.js" || !text.contains("fetch("), "{module}: api.js asks the API");
    }
    assert_eq!(needed, files(Path::new(FOLDER), &[".js", ".css", ".svg"]), "no file is missing, none is left over");
    assert!(
        !page.contains("<style") && !page.contains(" style=") && !page.contains("<script>"),
        "the policy forbids it"
    );
}

#[test]
fn the_console_asks_for_what_the_api_has() {
    let paths = text_of("paths.js");
    let document = arroyo_api::openapi_document();
    let lines = paths.lines().filter_map(|line| line.trim().strip_suffix("\","));
    let asked: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": \"")).collect();
    for (name, endpoint) in &asked {
        let (method, path) = endpoint.split_once(' ').unwrap();
        let operation = &document["paths"][format!("/api/v1{path}")][method.to_lowercase()];
        assert!(operation.is_object(), "{name}: {endpoint} is not in the OpenAPI document");
    }
    let modules: String = files(Path::new(FOLDER), &[".js"]).iter().map(|module| text_of(module)).collect();
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let used = modules.split("ASK.").skip(1).map(|rest| rest.split(|c| !is_letter(c)).next().unwrap());
    let (used, names): (BTreeSet<_>, BTreeSet<_>) = (used.collect(), asked.iter().map(|(name, _)| *name).collect());
    assert_eq!(used, names, "each is declared once and used");
}

#[test]
fn its_functions_do_what_their_tests_say() {
    let folder = Path::new(FOLDER).join("tests");
    let tests: Vec<PathBuf> = files(&folder, &[".test.js"]).iter().map(|name| folder.join(name)).collect();
    assert!(!tests.is_empty());
    let ran = Command::new("node").arg("--test").args(tests).env("TZ", "UTC").output();
    let output = ran.expect("Node.js runs them: `scripts/setup tests` installs it");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
