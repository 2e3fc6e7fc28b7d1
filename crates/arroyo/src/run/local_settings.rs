//! Settings that `arroyo run` decides itself.

use anyhow::bail;

use super::state_dir::StateDir;

/// Refuses `--set` of what would have no effect. Files and the environment may have it: they are often those of a cluster, too.
pub(super) fn refuse_without_effect(set: &[(String, String)], state_dir: &StateDir) -> anyhow::Result<()> {
    for (key, _) in set {
        let why = match key.as_str() {
            "database.type" | "database.sqlite.path" => {
                "it keeps its metadata in the state directory; a database of your own is for `arroyo cluster`"
            }
            "checkpoint-url" if !state_dir.is_default => {
                "it keeps checkpoints in the state directory that you named; leave that out to have one below `checkpoint-url`"
            }
            "pipeline.default-sink" => "it prints the rows of a bare SELECT; write them elsewhere with INSERT INTO",
            _ => continue,
        };
        bail!("--set {key} has no effect on `arroyo run`: {why}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_no_effect_is_refused() {
        let named = StateDir::resolve(Some("dir"), None, "/checkpoints", "query", "SELECT 1").unwrap();
        let default = StateDir::resolve(None, None, "/checkpoints", "query", "SELECT 1").unwrap();
        let refusal = |key: &str, state_dir: &StateDir| {
            let set = [("pipeline.queue-size".to_string(), "1".to_string()), (key.to_string(), "x".to_string())];
            refuse_without_effect(&set, state_dir).err().map(|error| error.to_string())
        };
        for key in ["database.type", "database.sqlite.path", "checkpoint-url", "pipeline.default-sink"] {
            assert!(
                refusal(key, &named).is_some_and(|message| message.contains(&format!("--set {key} has no effect")))
            );
        }
        assert_eq!(refusal("checkpoint-url", &default), None);
        assert_eq!(refusal("run.output", &named), None);
    }
}
