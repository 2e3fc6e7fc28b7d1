use std::fs;

use super::*;
use crate::{AuthMode, HumanDuration, SchedulerKind};

fn env(vars: &[(&str, &str)]) -> Sources {
    Sources {
        user_dir: Some("/home/me/.config".into()),
        env: vars.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect(),
        ..Sources::default()
    }
}

fn error(sources: &Sources) -> String {
    load(sources).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
}

#[test]
fn the_defaults_are_those_of_the_reference() {
    let config = load(&env(&[])).unwrap();
    assert_eq!(config.api.http_port, 5115);
    assert_eq!(config.controller.rpc_port, 5116);
    assert_eq!(config.admin.http_port, 5114);
    assert_eq!(config.pipeline.source_batch_size, 512);
    assert_eq!(config.database.sqlite.path, PathBuf::from("/home/me/.config/arroyo/config.sqlite"));
}

#[test]
fn later_layers_win_and_defaults_of_a_command_yield() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("my.toml");
    fs::write(&file, "[api]\nhttp-port = 1111\n[worker]\ntask-slots = 3\n").unwrap();
    let more = dir.path().join("more");
    fs::create_dir(&more).unwrap();
    fs::write(more.join("b.yaml"), "worker:\n  task-slots: 4\n").unwrap();
    fs::write(more.join("a.toml"), "worker.task-slots = 5").unwrap();
    let sources = Sources {
        config_file: Some(file),
        config_dir: Some(more),
        defaults: vec![("api.http-port", "0".into()), ("controller.rpc-port", "0".into())],
        set: vec![("pipeline.source-batch-linger".into(), "7ms".into())],
        forced: vec![("checkpoint-url", "123".into())],
        ..env(&[("ARROYO__PIPELINE__ALLOWED_RESTARTS", "-1")])
    };
    let config = load(&sources).unwrap();
    assert_eq!(config.api.http_port, 1111, "the user's file wins over the command's default");
    assert_eq!(config.controller.rpc_port, 0);
    assert_eq!(config.worker.task_slots, 4, "files of the directory merge in order of their names");
    assert_eq!(config.pipeline.allowed_restarts, -1);
    assert_eq!(config.pipeline.source_batch_linger, "7ms".parse::<HumanDuration>().unwrap());
    assert_eq!(config.checkpoint_url, "123");
}

#[test]
fn legacy_variables_still_work() {
    let config = load(&env(&[("SCHEDULER", "embedded"), ("DATABASE_PORT", "6000")])).unwrap();
    assert_eq!(config.controller.scheduler, SchedulerKind::Embedded);
    assert_eq!(config.database.postgres.port, 6000);
    insta::assert_snapshot!(config.warnings.join("\n"), @"
    the environment variable SCHEDULER is deprecated; use ARROYO__CONTROLLER__SCHEDULER
    the environment variable DATABASE_PORT is deprecated; use ARROYO__DATABASE__POSTGRES__PORT
    ");
}

#[test]
fn texts_may_look_like_numbers() {
    let sources = Sources {
        set: vec![("node.id".into(), "true".into()), ("hostname".into(), "[a]".into())],
        ..env(&[
            ("ARROYO__DATABASE__POSTGRES__DATABASE_NAME", "2026"),
            ("ARROYO__DATABASE__POSTGRES__PASSWORD", "007"),
            ("ARROYO__DATABASE__POSTGRES__USER", "0123"),
            ("ARROYO__PIPELINE__ALLOWED_RESTARTS", "-1"),
        ])
    };
    let config = load(&sources).unwrap();
    let postgres = &config.database.postgres;
    assert_eq!((postgres.database_name.as_str(), postgres.user.as_str()), ("2026", "0123"));
    assert_eq!(postgres.password.expose(), "007");
    assert_eq!((config.node.id.as_deref(), config.hostname.as_deref()), (Some("true"), Some("[a]")));
    assert_eq!(config.pipeline.allowed_restarts, -1);
}

#[test]
fn secrets_are_masked_wherever_they_are_printed() {
    let sources = env(&[
        ("ARROYO__DATABASE__POSTGRES__PASSWORD", "31415"),
        ("ARROYO__API__AUTH_MODE", "{type=\"static-api-key\", api-key=\"hunter2\"}"),
    ]);
    let config = load(&sources).unwrap();
    assert_eq!(config.database.postgres.password.expose(), "31415");
    assert!(matches!(&config.api.auth_mode, AuthMode::StaticApiKey { api_key } if api_key.expose() == "hunter2"));
    for printed in [format!("{config:?}"), config.to_masked_toml(), serde_json::to_string(&config).unwrap()] {
        assert!(!printed.contains("31415") && !printed.contains("hunter2"), "{printed}");
    }
    assert!(config.to_masked_toml().contains("password = \"*********\""));
    assert!(config.is_secret("database.postgres.password") && config.is_secret("database.postgres"));
    assert!(!config.is_secret("database.postgres.user") && !config.is_secret("checkpoint-url"));
    assert!(config.is_secret("no.such.setting"), "what is not known is not shown");
}

#[test]
fn faults_name_the_key_its_origin_and_the_nearest_known_key() {
    insta::assert_snapshot!(error(&env(&[("ARROYO__API__HTTP_PROT", "1")])), @"
    Configuration is invalid!
      • `api.http-prot`: is not a known key (in the environment variable ARROYO__API__HTTP_PROT); did you mean `http-port`?
    ");
    insta::assert_snapshot!(error(&env(&[("ARROYO__API__HTTP_PORT", "many")])), @r#"
    Configuration is invalid!
      • `api.http-port`: invalid type: found string "many", expected u16 (in the environment variable ARROYO__API__HTTP_PORT)
    "#);
    insta::assert_snapshot!(error(&env(&[("ARROYO__DEFAULT_CHECKPOINT_INTERVAL", "soon")])), @"
    Configuration is invalid!
      • `default-checkpoint-interval`: `soon` is not a duration; write a number and a unit, such as 500ms, 10s, 5m or 1h (in the environment variable ARROYO__DEFAULT_CHECKPOINT_INTERVAL)
    ");
}

#[test]
fn what_cannot_work_is_refused() {
    let sources = Sources {
        set: vec![
            ("pipeline.worker-heartbeat-timeout".into(), "0s".into()),
            ("run.lease-ttl".into(), "0s".into()),
            ("logging.buffered-lines-limit".into(), "0".into()),
            ("default-checkpoint-interval".into(), "25h".into()),
        ],
        ..env(&[])
    };
    insta::assert_snapshot!(error(&sources), @"
    Configuration is invalid!
      • `logging.buffered-lines-limit`: must be at least 1
      • `default-checkpoint-interval`: must be between 100ms and 24h
      • `pipeline.worker-heartbeat-timeout`: must be more than 0
      • `run.lease-ttl`: must be more than 0
    ");
}

#[test]
fn what_is_not_built_in_is_refused() {
    let sources = env(&[
        ("ARROYO__CONTROLLER__SCHEDULER", "node"),
        ("ARROYO__API__TLS", "{enabled=true}"),
        ("ARROYO__WORKER__NAME", "w"),
    ]);
    insta::assert_snapshot!(error(&sources), @"
    Configuration is invalid!
      • `api.tls.enabled`: TLS is not built in yet; put a proxy in front, or stay on localhost
      • `controller.scheduler`: `node` is not built in yet; use `embedded` or `process`
      • `worker.name`: nothing shows it yet; leave it out
    ");
    let sources = env(&[("ARROYO__LOGGING__STATIC_FIELDS", "{zone=b}"), ("ARROYO__WORKER__MACHINE_ID", "m")]);
    insta::assert_snapshot!(error(&sources), @"
    Configuration is invalid!
      • `worker.machine-id`: nothing shows it yet; leave it out
      • `logging.static-fields`: only lines of `logging.format = \"json\"` have them
    ");
}

#[test]
fn a_missing_file_and_directory_are_named() {
    let missing = Sources { config_file: Some("/no/such.toml".into()), ..env(&[]) };
    insta::assert_snapshot!(error(&missing), @"Cannot load configuration from /no/such.toml; file does not exist");
    let missing = Sources { config_dir: Some("/no/such".into()), ..env(&[]) };
    insta::assert_snapshot!(error(&missing), @"Cannot read the configuration directory /no/such: No such file or directory (os error 2)");
}

#[test]
fn cors_any_excludes_credentials() {
    let sources = env(&[("ARROYO__API__CORS", "{origin-policy=\"any\", allow-credentials=true}")]);
    insta::assert_snapshot!(error(&sources), @"
    Configuration is invalid!
      • `api.cors`: origin-policy `any` excludes allow-credentials and allowed-origins; use `allow-list`
    ");
}
