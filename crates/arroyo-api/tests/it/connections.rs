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
    assert_eq!(server.get(&format!("{path}/autocomplete")).await, (200, json!({"values": {}})));
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
    let mut louder = post.clone();
    louder["name"] = json!("LINES");
    assert_eq!(server.post("/connection_tables", louder).await.0, 400, "names are the same in any case");
    let mut wrong = post.clone();
    wrong["name"] = json!("wrong");
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
async fn a_table_is_refused_as_create_table_would_be() {
    let server = Server::start().await;
    let fields = json!([{"name": "a", "type": "int64"}]);
    let file = json!({"type": "source", "path": "/tmp/in.json"});
    let cases = [
        ("single_file", file.clone(), json!({"fields": fields}), "needs a format"),
        ("single_file", file.clone(), json!({"format": {"type": "jsn"}, "fields": fields}), "unknown format `jsn`"),
        (
            "single_file",
            file.clone(),
            json!({"format": {"type": "json", "confluent_schema_registry": true}, "fields": fields}),
            "`json.confluent_schema_registry` is not supported yet",
        ),
        (
            "single_file",
            file.clone(),
            json!({"format": {"type": "json"}, "bad_data": {"behavior": "nap"}, "fields": fields}),
            "`nap` is not a value of `bad_data`",
        ),
        (
            "single_file",
            file,
            json!({"format": {"type": "json"}, "fields": [{"name": "o", "type": "int64", "metadata_key": "offset"}]}),
            "has no metadata `offset`",
        ),
        ("impulse", json!({"type": "sink", "event_rate": 1}), json!(null), "cannot be written"),
        ("impulse", json!({}), json!(null), "event_rate"),
    ];
    for (connector, config, schema, told) in cases {
        let post = json!({"name": "t", "connector": connector, "config": config, "schema": schema});
        let (status, body) = server.post("/connection_tables", post.clone()).await;
        let error = body["error"].as_str().unwrap_or_default();
        assert!(status == 400 && error.contains(told), "{post}: {status} {body}");
    }
}

#[tokio::test]
async fn a_table_shows_the_columns_that_it_has() {
    let server = Server::start().await;
    let create = async |connector: &str, config: Value, schema: Value| {
        let post = json!({"name": connector, "connector": connector, "config": config, "schema": schema});
        let (status, table) = server.post("/connection_tables", post).await;
        assert_eq!(status, 200, "{table}");
        table["schema"].clone()
    };
    let own = create("impulse", json!({"event_rate": 10}), Value::Null).await;
    assert_eq!(
        own["fields"][0],
        json!({"name": "counter", "type": "int64", "required": true, "sql_name": "BIGINT"}),
        "{own}"
    );
    let definition = r#"{"type": "object", "properties": {"a": {"type": "integer"}, "o": {"type": "object"}}}"#;
    let schema = json!({
        // What earlier releases wrote into each format.
        "format": {"type": "json", "confluent_schema_registry": false, "include_schema": false, "debezium": false},
        "framing": {"method": "newline", "max_line_length": 100},
        "definition": {"type": "json_schema", "schema": definition},
    });
    let defined = create("single_file", json!({"type": "source", "path": "/tmp/in.json"}), schema).await;
    let types: Vec<&str> =
        defined["fields"].as_array().unwrap().iter().filter_map(|field| field["sql_name"].as_str()).collect();
    assert_eq!(types, ["BIGINT", "JSON"]);
    let sink =
        create("filesystem", json!({"type": "sink", "path": "/tmp/out"}), json!({"format": {"type": "json"}})).await;
    assert_eq!((&sink["inferred"], &sink["fields"]), (&json!(true), &json!([])));

    let nested = json!({"table_type": {
        "type": "sink", "path": "s3://bucket/out", "storage_options": {"aws_region": "eu-west-1"},
        "rolling_policy": {"interval_seconds": 60, "file_size_bytes": 1_000_000}, "file_naming": {"strategy": "serial"},
        "partitioning": {"fields": ["k"], "shuffle_by_partition": {"enabled": true}}, "version": "v2",
    }});
    let post =
        json!({"name": "nested", "connector": "filesystem", "config": nested, "schema": {"format": {"type": "json"}}});
    let (status, table) = server.post("/connection_tables", post).await;
    assert_eq!((status, &table["table_type"]), (200, &json!("sink")), "{table}");

    let query = "INSERT INTO filesystem SELECT a, json_get_str(o, 'k') AS k FROM single_file";
    let (status, body) = server.post("/pipelines/validate_query", json!({"query": query})).await;
    assert_eq!((status, &body["errors"]), (200, &json!([])), "{body}");
}

#[tokio::test]
async fn a_schema_is_checked() {
    let server = Server::start().await;
    let schema = |kind: &str| json!({"fields": [{"name": "a", "type": kind}]});
    assert_eq!(server.post("/connection_tables/schemas/test", schema("int64")).await.0, 200);
    let (status, body) = server.post("/connection_tables/schemas/test", schema("int8")).await;
    assert!(status == 400 && body["error"].as_str().unwrap().contains("int8"), "{status} {body}");
    for (schema, told) in [
        (json!({"format": {"type": "avro"}}), "the format `avro` is not supported yet"),
        (json!({"format": {"type": "json", "nope": 1}}), "json.nope"),
        (json!({"framing": {"method": "newline"}}), "no `format`"),
        (json!({"definition": {"type": "avro_schema", "schema": "{}"}}), "`avro_schema` are not built in yet"),
    ] {
        let (status, body) = server.post("/connection_tables/schemas/test", schema).await;
        assert!(status == 400 && body["error"].as_str().unwrap().contains(told), "{status} {body}");
    }
}
