//! Connectors, profiles and tables.

use serde_json::{Value, json};

use crate::server::Server;

#[tokio::test]
async fn connectors_are_listed_with_their_options() {
    let server = Server::start().await;
    let (_, connectors) = server.get("/connectors").await;
    let data = connectors["data"].as_array().unwrap();
    let single_file = data.iter().find(|connector| connector["id"] == "single_file").unwrap();
    let options: Value = serde_json::from_str(single_file["table_config"].as_str().unwrap()).unwrap();
    assert_eq!(options["type"], "object");
    assert_eq!(single_file["source"], true);
}

#[tokio::test]
async fn profiles_keep_their_secrets() {
    let server = Server::start().await;
    let post = json!({"name": "files", "connector": "filesystem", "config": {"secretKey": "hush", "region": "eu"}});
    let (status, profile) = server.post("/connection_profiles", post.clone()).await;
    assert_eq!(status, 200, "{profile}");
    assert_eq!(profile["config"], json!({"secretKey": "*********", "region": "eu"}));
    let (_, listed) = server.get("/connection_profiles").await;
    assert_eq!(listed["data"], json!([profile]));
    assert_eq!(server.post("/connection_profiles", post.clone()).await.0, 400);
    assert_eq!(
        server.post("/connection_profiles/test", post).await,
        (200, json!({"error": false, "done": true, "message": "This connector does not support testing"}))
    );
    let unknown = json!({"name": "x", "connector": "nope", "config": {}});
    assert_eq!(server.post("/connection_profiles", unknown).await.1["error"], "Unknown connector 'nope'");
    let path = format!("/connection_profiles/{}", profile["id"].as_str().unwrap());
    assert_eq!(server.delete(&path).await.0, 200);
    assert_eq!(server.delete(&path).await.0, 404);
}

#[tokio::test]
async fn a_table_is_created_listed_and_deleted() {
    let server = Server::start().await;
    let post = json!({
        "name": "lines", "connector": "single_file", "config": {"type": "source", "path": "/tmp/in.json"},
        "schema": {"format": {"type": "json"}, "fields": [{"name": "a", "type": "f64"}]},
    });
    let (status, table) = server.post("/connection_tables", post.clone()).await;
    assert_eq!(status, 200, "{table}");
    assert_eq!((&table["table_type"], &table["consumers"]), (&json!("source"), &json!(0)));
    assert_eq!(table["schema"]["fields"][0]["type"], "float64");
    assert_eq!(server.get("/connection_tables").await.1, json!({"data": [table], "hasMore": false}));
    assert_eq!(server.post("/connection_tables", post.clone()).await.0, 400, "names are unique");
    let mut wrong = post.clone();
    wrong["config"]["nope"] = json!(1);
    let (status, body) = server.post("/connection_tables", wrong).await;
    assert!(status == 400 && body["error"].as_str().unwrap().contains("nope"), "{status} {body}");
    assert_eq!(
        server.post("/connection_tables/test", post).await.1,
        json!("data: {\"error\":false,\"done\":true,\"message\":\"This connector does not support testing\"}\n\n")
    );
    let path = format!("/connection_tables/{}", table["id"].as_str().unwrap());
    assert_eq!(server.delete(&path).await.0, 200);
    assert_eq!(server.delete(&path).await.0, 404);
}

#[tokio::test]
async fn a_schema_is_checked() {
    let server = Server::start().await;
    let schema = |kind: &str| json!({"fields": [{"name": "a", "type": kind}]});
    assert_eq!(server.post("/connection_tables/schemas/test", schema("int64")).await.0, 200);
    let (status, body) = server.post("/connection_tables/schemas/test", schema("int8")).await;
    assert!(status == 400 && body["error"].as_str().unwrap().contains("int8"), "{status} {body}");
}
