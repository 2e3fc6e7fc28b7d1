//! The client against a server that answers with what a test gives it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::pin::pin;

use arroyo_openapi::{StreamError, client, explain, job_states, output};
use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Answers one request and returns its head.
async fn answer(listener: &TcpListener, head: &str, body: &str) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(socket.read_u8().await.unwrap());
    }
    let text = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n{body}");
    socket.write_all(text.as_bytes()).await.unwrap();
    String::from_utf8(request).unwrap()
}

fn job(state: &str) -> String {
    format!(
        "{{\"id\":\"job_1\",\"pipeline_id\":\"pl_1\",\"running_desired\":true,\"state\":\"{state}\",\"run_id\":1,\
         \"generation\":1,\"restarts\":0,\"created_at\":1,\"updated_at\":2,\"scheduler_config\":{{}},\"env_vars\":{{}}}}"
    )
}

#[tokio::test]
async fn a_broken_stream_is_continued_after_its_last_event() {
    let (listener, url) = listen().await;
    let api = client(&url, Some("key")).unwrap();
    let served = async {
        // The promised length is never reached: the connection breaks.
        let head = "200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 100000";
        let first = answer(&listener, head, &format!("id: 41\ndata: {}\n\n", job("Created"))).await;
        let body = format!(": keep-alive\n\nid: 42\ndata: {}\n\n", job("Running"));
        let second = answer(&listener, "200 OK\r\ncontent-type: text/event-stream", &body).await;
        (first, second)
    };
    let read = async {
        let states = pin!(job_states(&api, "pl/1", "job_1"));
        states.map(|job| job.unwrap().state).collect::<Vec<_>>().await
    };
    let ((first, second), states) = tokio::join!(served, read);
    assert_eq!(states, ["Created", "Running"]);
    assert!(first.starts_with("GET /api/v1/pipelines/pl%2F1/jobs/job_1/state "), "{first}");
    assert!(first.contains("authorization: Bearer key"), "{first}");
    assert!(!first.contains("last-event-id") && second.contains("last-event-id: 41"), "{second}");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words() {
    let (listener, url) = listen().await;
    let api = client(&url, None).unwrap();
    let head = "400 Bad Request\r\ncontent-type: application/json";
    let body = "{\"error\":\"Job must be running to read output\"}";
    let mut rows = pin!(output(&api, "pl_1", "job_1"));
    let (_, first) = tokio::join!(answer(&listener, head, body), rows.next());
    match first {
        Some(Err(StreamError::Refused { status: 400, message })) => {
            assert_eq!(message, "Job must be running to read output");
        }
        other => panic!("{other:?}"),
    }
    assert!(rows.next().await.is_none());
    let (_, refused) = tokio::join!(answer(&listener, head, body), api.get_pipeline("pl_1"));
    assert_eq!(explain(&refused.unwrap_err()), "Job must be running to read output");
}

#[tokio::test]
async fn a_server_that_is_away_is_said_so() {
    let (listener, url) = listen().await;
    drop(listener);
    let api = client(&url, None).unwrap();
    let error = explain(&api.list_pipelines(None, None).await.unwrap_err());
    assert!(error.starts_with(&format!("the API at {url} cannot be reached: ")), "{error}");
    assert!(client(&url, Some("a\nb")).is_err());
}
