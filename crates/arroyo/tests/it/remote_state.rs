//! State directories in buckets of servers of S3, Azure and Google Cloud Storage: whatever happens to the process, the server or the
//! stored database, the output is the one of an undisturbed run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use arroyo_storage::Storage;
use arroyo_storage::testing::{AzureServer, GcsServer, S3Server};
use tokio::runtime::Runtime;

use crate::process::{Finished, Running, arroyo, first_to_end, sorted_lines};

const DATABASE: &str = "state.sqlite";

/// A manifest is longer than this, a claim of a slot for one is not.
const CLAIM_BYTES_MAX: u64 = 256;

/// One query, one state directory in a bucket, one output file.
struct Pipeline {
    home: tempfile::TempDir,
    scheduler: &'static str,
    url: String,
    environment: BTreeMap<String, String>,
    storage: Storage,
    runtime: Runtime,
}

impl Pipeline {
    fn new(server: &S3Server, name: &str, scheduler: &'static str) -> Self {
        let url = server.url(name);
        let storage = Storage::open_with(&url, &server.settings()).unwrap();
        Self::over(storage, url, &server.environment(), scheduler)
    }

    /// `url` is found by `environment`, and is the same place as `storage`.
    fn over(storage: Storage, url: String, environment: &[(&'static str, String)], scheduler: &'static str) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("tmp")).unwrap();
        let environment = environment.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { home, scheduler, url, environment, storage, runtime }
    }

    fn output(&self) -> PathBuf {
        self.home.path().join("out.ndjson")
    }

    fn command(&self, parallelism: u32, options: &[&str]) -> Command {
        let sql = format!(
            "CREATE TABLE bids WITH (connector = 'nexmark', event_rate = 20000, event_count = 60000,
                                     start_time = '2024-01-01T00:00:00Z');
             CREATE TABLE out WITH (connector = 'single_file', path = '{}', format = 'json', type = 'sink');
             INSERT INTO out
             SELECT tumble(INTERVAL '100 milliseconds') AS window, bid.channel AS channel, count(*) AS bids,
                    sum(bid.price) AS total, count(DISTINCT bid.bidder) AS bidders
             FROM bids WHERE bid IS NOT NULL GROUP BY 1, 2;",
            self.output().display()
        );
        let parallelism = parallelism.to_string();
        let mut args = vec!["run", "--execute", &sql, "--state-dir", &self.url, "--scheduler", self.scheduler];
        args.extend(["--parallelism", &parallelism, "--set", "default-checkpoint-interval=200ms"]);
        args.extend(options);
        let mut command = arroyo(self.home.path(), &args);
        command.envs(&self.environment).env("TMPDIR", self.home.path().join("tmp"));
        command
    }

    fn start(&self, parallelism: u32, options: &[&str]) -> Running {
        Running::start(self.command(parallelism, options))
    }

    fn finish(&self, parallelism: u32) -> Finished {
        let finished = self.start(parallelism, &[]).wait();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        finished
    }

    /// The numbers of all checkpoints.
    fn checkpoints(&self) -> Vec<u64> {
        // The server may be down.
        let objects = self.runtime.block_on(self.storage.list("")).unwrap_or_default();
        let manifests = objects.iter().filter(|object| object.size > CLAIM_BYTES_MAX);
        manifests
            .filter_map(|object| object.path.split_once("/manifests/")?.1.strip_suffix(".json")?.parse().ok())
            .collect()
    }

    fn newest(&self) -> u64 {
        self.checkpoints().into_iter().max().unwrap_or(0)
    }

    /// Waits until the run has published `more` checkpoints.
    fn wait_for_checkpoints(&self, running: &mut Running, more: u64) {
        let before = self.newest();
        running.wait_until("a checkpoint", || self.newest() >= before + more);
    }

    fn is_exact(&self) {
        let rows = sorted_lines(&std::fs::read_to_string(self.output()).unwrap());
        assert_eq!(rows, crate::resume::undisturbed());
        let left: Vec<_> = std::fs::read_dir(self.home.path().join("tmp")).unwrap().flatten().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn kill_and_resume_embedded() {
    kill_and_resume("embedded");
}

#[test]
fn kill_and_resume_process() {
    kill_and_resume("process");
}

fn kill_and_resume(scheduler: &'static str) {
    killed_it_resumes(&Pipeline::new(S3Server::shared().unwrap(), &format!("kill/{scheduler}"), scheduler));
}

/// With the endpoint in the environment, and Azure's own form of the URL.
#[test]
fn kill_and_resume_on_azure() {
    let server = AzureServer::shared().unwrap();
    let url = server.url("kill");
    let storage = Storage::open_with(&url, &server.settings()).unwrap();
    killed_it_resumes(&Pipeline::over(storage, url, &server.environment(), "process"));
}

/// In the way of Azure's own tools, with the short form of the URL.
#[test]
fn a_second_runner_is_refused_on_azure_until_it_insists() {
    let server = AzureServer::shared().unwrap();
    let storage = Storage::open_with(&server.url("second"), &server.settings()).unwrap();
    let url = format!("az://{}/second", server.container());
    let pipeline = Pipeline::over(storage, url, &server.emulator_environment(), "embedded");
    a_second_one_is_refused_until(&pipeline, "--take-over");
}

/// With tokens that the machine hands out.
#[test]
fn kill_and_resume_on_google_cloud_storage() {
    killed_it_resumes(&google_pipeline(GcsServer::shared().unwrap(), "kill", "process"));
}

#[test]
fn a_second_runner_is_refused_on_google_cloud_storage_until_it_insists() {
    a_second_one_is_refused_until(&google_pipeline(GcsServer::shared().unwrap(), "second", "embedded"), "--take-over");
}

#[test]
fn google_cloud_storage_that_refuses_its_tokens_for_a_while_is_outlasted() {
    let directory = tempfile::tempdir().unwrap();
    let server = GcsServer::start_in(directory.path()).unwrap();
    server.kill().unwrap();
    server.start_again_with("first").unwrap();
    let pipeline = google_pipeline(&server, "refused", "embedded");
    let mut running = pipeline.start(2, &["--set", "run.lease-ttl=1500ms"]);
    pipeline.wait_for_checkpoints(&mut running, 1);
    server.kill().unwrap();
    server.start_again_with("second").unwrap();
    running.wait_for_stderr("The state is not durable since");
    running.wait_for_stderr("Authentication required (AuthenticationRequired)");
    server.kill().unwrap();
    server.start_again_with("first").unwrap();
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
}

fn google_pipeline(server: &GcsServer, name: &str, scheduler: &'static str) -> Pipeline {
    let url = server.url(name);
    let storage = Storage::open_with(&url, &server.settings()).unwrap();
    Pipeline::over(storage, url, &server.environment(), scheduler)
}

fn killed_it_resumes(pipeline: &Pipeline) {
    for parallelism in [1, 3] {
        let mut running = pipeline.start(parallelism, &[]);
        pipeline.wait_for_checkpoints(&mut running, 2);
        running.kill();
    }
    pipeline.finish(2);
    pipeline.is_exact();
}

#[test]
fn an_outage_of_the_store_is_outlasted() {
    let directory = tempfile::tempdir().unwrap();
    let server = S3Server::start_in(directory.path()).unwrap();
    let pipeline = Pipeline::new(&server, "outage", "embedded");
    let mut running = pipeline.start(2, &["--set", "run.lease-ttl=1500ms"]);
    pipeline.wait_for_checkpoints(&mut running, 1);
    server.kill().unwrap();
    running.wait_for_stderr("The state is not durable since");
    server.start_again().unwrap();
    // It may have ended before it says that the state is durable again.
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
    // What is stored says so, too.
    let again = pipeline.finish(1);
    assert!(again.stderr.contains("has already finished"), "{}", again.stderr);
}

#[test]
fn a_store_that_refuses_the_credentials_for_a_while_is_outlasted() {
    let directory = tempfile::tempdir().unwrap();
    let server = S3Server::start_in(directory.path()).unwrap();
    let pipeline = Pipeline::new(&server, "refused", "process");
    let mut running = pipeline.start(2, &["--set", "run.lease-ttl=1500ms"]);
    pipeline.wait_for_checkpoints(&mut running, 1);
    server.kill().unwrap();
    server.start_again_with("another secret").unwrap();
    running.wait_for_stderr("The state is not durable since");
    running.wait_for_stderr("SignatureDoesNotMatch");
    server.kill().unwrap();
    server.start_again().unwrap();
    // It may have ended before it says that the state is durable again.
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
}

#[test]
fn a_checkpoint_that_fails_is_told_with_what_is_durable() {
    let directory = tempfile::tempdir().unwrap();
    let server = S3Server::start_in(directory.path()).unwrap();
    let pipeline = Pipeline::new(&server, "failed", "embedded");
    let mut running = pipeline.start(1, &["--set", "pipeline.checkpoint.timeout=1s"]);
    pipeline.wait_for_checkpoints(&mut running, 1);
    server.kill().unwrap();
    let told = running.wait_for_stderr("A checkpoint failed: ");
    assert!(told.contains("the last complete one is checkpoint "), "{told}");
    server.start_again().unwrap();
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
}

#[test]
fn an_older_database_resumes_at_the_latest_checkpoint() {
    let pipeline = Pipeline::new(S3Server::shared().unwrap(), "older", "embedded");
    let mut running = pipeline.start(1, &[]);
    let stored = || pipeline.runtime.block_on(pipeline.storage.head(DATABASE)).unwrap().is_some();
    running.wait_until("a stored database", stored);
    let older = pipeline.runtime.block_on(pipeline.storage.get(DATABASE)).unwrap();
    pipeline.wait_for_checkpoints(&mut running, 3);
    running.kill();
    pipeline.runtime.block_on(pipeline.storage.put(DATABASE, older)).unwrap();
    let before = pipeline.newest();
    let mut running = pipeline.start(3, &[]);
    pipeline.wait_for_checkpoints(&mut running, 1);
    assert!(pipeline.newest() > before);
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
}

#[test]
fn without_its_database_another_query_is_refused_and_the_same_one_goes_on() {
    let pipeline = Pipeline::new(S3Server::shared().unwrap(), "missing", "embedded");
    let mut running = pipeline.start(1, &[]);
    pipeline.wait_for_checkpoints(&mut running, 2);
    running.kill();
    pipeline.runtime.block_on(pipeline.storage.delete(DATABASE)).unwrap();
    let before = pipeline.newest();
    let query = "CREATE TABLE n WITH (connector = 'nexmark'); SELECT * FROM n";
    let mut other = arroyo(pipeline.home.path(), &["run", "--execute", query, "--state-dir", &pipeline.url]);
    other.envs(&pipeline.environment);
    let refused = Running::start(other).wait();
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(refused.stderr.contains("the query would drop state"), "{}", refused.stderr);

    let torn = "SQLite format 3\0 and not much more";
    pipeline.runtime.block_on(pipeline.storage.put(DATABASE, torn.into())).unwrap();
    let mut running = pipeline.start(2, &[]);
    running.wait_for_stderr("Running, from where it was.");
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(pipeline.checkpoints().into_iter().all(|epoch| epoch > before.saturating_sub(4)), "it began anew");
    pipeline.is_exact();
}

/// `--force` is every consent there is.
#[test]
fn a_second_runner_is_refused_until_it_insists() {
    a_second_one_is_refused_until(&Pipeline::new(S3Server::shared().unwrap(), "second", "embedded"), "--force");
}

fn a_second_one_is_refused_until(pipeline: &Pipeline, consent: &str) {
    let mut first = pipeline.start(1, &[]);
    pipeline.wait_for_checkpoints(&mut first, 1);
    let refused = pipeline.start(1, &[]).wait();
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    for part in [pipeline.url.as_str(), "is in use by process", " since 20", "--take-over does not wait for that"] {
        assert!(refused.stderr.contains(part), "`{part}` is missing: {}", refused.stderr);
    }
    let second = pipeline.start(2, &[consent]);
    let replaced = first.wait();
    assert_eq!(replaced.code, Some(1), "{}", replaced.stderr);
    assert!(replaced.stderr.contains("was taken over by process"), "{}", replaced.stderr);
    let finished = second.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
}

/// In each round from where the last one got to.
#[test]
fn of_two_runners_that_insist_at_once_one_goes_on() {
    let pipeline = Pipeline::new(S3Server::shared().unwrap(), "insist", "embedded");
    for parallelism in [1, 2, 3] {
        let racers = [1, parallelism].map(|parallelism| pipeline.start(parallelism, &["--take-over"]));
        let (replaced, mut running) = first_to_end(racers);
        assert_eq!(replaced.code, Some(1), "{}", replaced.stderr);
        assert!(replaced.stderr.contains("was taken over by process"), "{}", replaced.stderr);
        pipeline.wait_for_checkpoints(&mut running, 1);
        running.kill();
    }
    pipeline.finish(2);
    pipeline.is_exact();
}

#[test]
fn wrong_credentials_name_the_bucket_and_the_url() {
    let server = S3Server::shared().unwrap();
    let mut pipeline = Pipeline::new(server, "wrong", "embedded");
    pipeline.environment.insert("AWS_SECRET_ACCESS_KEY".to_string(), "hunter2".to_string());
    let refused = pipeline.start(1, &[]).wait();
    let endpoint = pipeline.url.trim_end_matches("/wrong").to_string();
    insta::assert_snapshot!(refused.snapshot(&[(&endpoint, "<BUCKET>")]), @r"
    exit code Some(1)
    error: S3 refuses to read <BUCKET>/wrong/lease.json: The request signature we calculated does not match the signature you provided. Check your key and signing method (SignatureDoesNotMatch); check the credentials for bucket `arroyo`, usually in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
    ");
}

/// The API of a run.
struct Api {
    root: String,
    http: reqwest::Client,
}

impl Api {
    fn of(running: &mut Running) -> Self {
        let line = running.wait_for_stderr(" · API ");
        let root = line.split_whitespace().find(|word| word.ends_with("/api/v1")).unwrap().to_string();
        Self { root, http: reqwest::Client::new() }
    }

    /// The one pipeline's interval of checkpoints.
    fn interval(&self, runtime: &Runtime) -> (String, u64) {
        let listed = runtime.block_on(async {
            let answer = self.http.get(format!("{}/pipelines", self.root)).send().await.unwrap();
            answer.json::<serde_json::Value>().await.unwrap()
        });
        let pipeline = &listed["data"][0];
        (pipeline["id"].as_str().unwrap().to_string(), pipeline["checkpoint_interval_micros"].as_u64().unwrap())
    }

    /// Changes it; answers status and body.
    fn set_interval(&self, runtime: &Runtime, pipeline: &str, micros: u64) -> (u16, String) {
        let patch = serde_json::json!({ "checkpoint_interval_micros": micros });
        let request = self.http.patch(format!("{}/pipelines/{pipeline}", self.root)).json(&patch);
        runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }
}

#[test]
fn what_the_api_has_acknowledged_survives_a_kill() {
    let pipeline = Pipeline::new(S3Server::shared().unwrap(), "acknowledged", "embedded");
    let (mut previous, mut id) = (None, String::new());
    for micros in [1_111_111, 2_222_222, 3_333_333] {
        let mut running = pipeline.start(1, &[]);
        let api = Api::of(&mut running);
        running.wait_for_stderr("Running");
        let (stored, interval) = api.interval(&pipeline.runtime);
        if let Some(previous) = previous {
            assert_eq!((&stored, interval), (&id, previous));
        }
        let answer = api.set_interval(&pipeline.runtime, &stored, micros);
        // At once: what is stored later is lost.
        assert!(running.kill());
        assert_eq!(answer.0, 200, "{}", answer.1);
        (previous, id) = (Some(micros), stored);
    }
    pipeline.finish(1);
    pipeline.is_exact();
}

#[test]
fn a_change_that_cannot_be_stored_is_not_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let server = S3Server::start_in(directory.path()).unwrap();
    let pipeline = Pipeline::new(&server, "unstored", "embedded");
    let mut running = pipeline.start(1, &[]);
    let api = Api::of(&mut running);
    pipeline.wait_for_checkpoints(&mut running, 1);
    let (id, _) = api.interval(&pipeline.runtime);
    server.kill().unwrap();
    let (status, body) = api.set_interval(&pipeline.runtime, &id, 1_111_111);
    assert!(status == 503 && body.contains("The change was made, but it is not stored yet"), "{status} {body}");
    server.start_again().unwrap();
    // It may have ended before it says that the state is durable again.
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    pipeline.is_exact();
}
