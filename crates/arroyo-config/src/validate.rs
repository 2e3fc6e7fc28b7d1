//! Rules that a single value's type cannot say.

use crate::{
    AuthMode, Config, ConfigError, JobController, LogFormat, OriginPolicy, PostgresTlsMode, SchedulerKind, Tls,
};

/// Checks the whole configuration and reports every fault.
pub(crate) fn check(config: &Config) -> Result<(), ConfigError> {
    let mut faults = Vec::new();
    check_sizes(config, &mut faults);
    check_times(config, &mut faults);
    check_cors(config, &mut faults);
    check_database(config, &mut faults);
    check_not_built_in(config, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(ConfigError::Invalid(faults)) }
}

fn check_sizes(config: &Config, faults: &mut Vec<String>) {
    for (key, value) in [
        ("pipeline.source-batch-size", config.pipeline.source_batch_size),
        ("worker.queue-size", config.worker.queue_size),
        ("worker.queue-bytes", config.worker.queue_bytes),
        ("worker.task-slots", config.worker.task_slots as usize),
        ("process-scheduler.slots-per-process", config.process_scheduler.slots_per_process as usize),
        ("logging.buffered-lines-limit", config.logging.buffered_lines_limit),
    ] {
        if value == 0 {
            faults.push(format!("`{key}`: must be at least 1"));
        }
    }
    if config.pipeline.checkpoint.tolerated_failures < -1 {
        faults.push("`pipeline.checkpoint.tolerated-failures`: must be -1 (any number), 0 or more".to_string());
    }
    if config.pipeline.checkpoint.keep == 0 {
        faults
            .push("`pipeline.checkpoint.keep`: must be 1 or more, a job resumes from its last checkpoint".to_string());
    }
    if config.pipeline.compaction.checkpoints_to_compact < 2 {
        faults.push("`pipeline.compaction.checkpoints-to-compact`: must be 2 or more".to_string());
    }
    if config.pipeline.allowed_restarts < -1 {
        faults.push("`pipeline.allowed-restarts`: must be -1 (no limit), 0 or more".to_string());
    }
}

/// Nothing is done in no time.
fn check_times(config: &Config, faults: &mut Vec<String>) {
    let interval = config.default_checkpoint_interval.0.as_secs_f64();
    if !(0.1..=86_400.0).contains(&interval) {
        faults.push("`default-checkpoint-interval`: must be between 100ms and 24h".to_string());
    }
    let pipeline = &config.pipeline;
    for (key, time) in [
        ("controller.connect-timeout", config.controller.connect_timeout),
        ("pipeline.worker-heartbeat-timeout", Some(pipeline.worker_heartbeat_timeout)),
        ("pipeline.worker-startup-time", Some(pipeline.worker_startup_time)),
        ("pipeline.task-startup-time", Some(pipeline.task_startup_time)),
        ("pipeline.checkpoint.timeout", Some(pipeline.checkpoint.timeout)),
        ("run.lease-ttl", Some(config.run.lease_ttl)),
        ("run.backup-interval", Some(config.run.backup_interval)),
    ] {
        if time.is_some_and(|time| time.0.is_zero()) {
            faults.push(format!("`{key}`: must be more than 0"));
        }
    }
}

fn check_cors(config: &Config, faults: &mut Vec<String>) {
    let cors = &config.api.cors;
    match cors.origin_policy {
        OriginPolicy::Any if cors.allow_credentials || !cors.allowed_origins.is_empty() => faults.push(
            "`api.cors`: origin-policy `any` excludes allow-credentials and allowed-origins; use `allow-list`"
                .to_string(),
        ),
        OriginPolicy::Any => {}
        OriginPolicy::AllowList => {
            faults.extend(cors.allowed_origins.iter().filter(|origin| !is_canonical_origin(origin)).map(|origin| {
                format!("`api.cors.allowed-origins`: `{origin}` is not of the form scheme://host[:port]")
            }))
        }
    }
}

fn is_canonical_origin(origin: &str) -> bool {
    url::Url::parse(origin).is_ok_and(|url| url.origin().is_tuple() && url.origin().ascii_serialization() == origin)
}

fn check_database(config: &Config, faults: &mut Vec<String>) {
    let postgres = &config.database.postgres;
    if postgres.schema.is_empty() || !postgres.schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        faults.push("`database.postgres.schema`: only letters, digits and `_` are allowed".to_string());
    }
    if postgres.tls.mode == PostgresTlsMode::CaCert && postgres.tls.path.is_none() {
        faults.push("`database.postgres.tls.path`: needed for mode `ca-cert`".to_string());
    }
}

/// Settings that are known, but whose feature this build does not have: refused, never ignored.
fn check_not_built_in(config: &Config, faults: &mut Vec<String>) {
    let services: [(&str, Option<&Tls>); 7] = [
        ("tls", Some(&config.tls)),
        ("api.tls", config.api.tls.as_ref()),
        ("controller.tls", config.controller.tls.as_ref()),
        ("compiler.tls", config.compiler.tls.as_ref()),
        ("worker.tls", config.worker.tls.as_ref()),
        ("node.tls", config.node.tls.as_ref()),
        ("admin.tls", config.admin.tls.as_ref()),
    ];
    for (key, _) in services.iter().filter(|(_, tls)| tls.is_some_and(|tls| tls.enabled)) {
        faults.push(format!("`{key}.enabled`: TLS is not built in yet; put a proxy in front, or stay on localhost"));
    }
    for (key, mode) in [("api.auth-mode", &config.api.auth_mode), ("admin.auth-mode", &config.admin.auth_mode)] {
        if matches!(mode, AuthMode::Mtls { .. }) {
            faults.push(format!("`{key}`: `mtls` is not built in yet; use `static-api-key`"));
        }
    }
    if !matches!(config.controller.scheduler, SchedulerKind::Embedded | SchedulerKind::Process) {
        faults.push(format!(
            "`controller.scheduler`: `{}` is not built in yet; use `embedded` or `process`",
            config.controller.scheduler
        ));
    }
    if config.job_controller == JobController::Worker {
        faults.push("`job-controller`: `worker` is not built in yet; use `controller`".to_string());
    }
    for (key, is_set) in
        [("worker.machine-id", config.worker.machine_id.is_some()), ("worker.name", config.worker.name.is_some())]
    {
        if is_set {
            faults.push(format!("`{key}`: nothing shows it yet; leave it out"));
        }
    }
    if !config.logging.static_fields.is_empty() && config.logging.format != LogFormat::Json {
        faults.push("`logging.static-fields`: only lines of `logging.format = \"json\"` have them".to_string());
    }
    if config.database.postgres.tls.mode != PostgresTlsMode::NoTls {
        faults.push("`database.postgres.tls.mode`: TLS is not built in yet; use `no-tls`".to_string());
    }
}
