//! `EXPLAIN ANALYZE`: the plan of a job with what its operators do, live and at the end.

mod table;

use arroyo_openapi::{Client, types};
use arroyo_types::{Clock, SystemClock};

use self::table::Table;
use super::submission::StartedJob;
use crate::terminal;

/// What is known of a job's operators.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    /// The last plan that had figures.
    last: Option<types::JobPlan>,
    /// Rates since the plan before that one.
    before: Option<types::JobPlan>,
}

impl Analysis {
    /// Asks for the plan, and draws it with the rates since it was last asked for; nothing if the API does not answer.
    pub(crate) async fn live(&mut self, client: &Client, job: &StartedJob) -> Option<String> {
        self.ask(client, job).await;
        let last = self.last.as_ref()?;
        Some(Table::new(last, self.before.as_ref(), SystemClock.now_micros()).to_string())
    }

    /// Prints the plan as it is at the end, with rates over the whole run.
    pub(crate) async fn print(&mut self, client: &Client, job: &StartedJob) -> std::io::Result<()> {
        self.ask(client, job).await;
        match &self.last {
            Some(plan) => terminal::print(&format!("{}\n", Table::new(plan, None, SystemClock.now_micros()))),
            None => {
                terminal::line("There are no figures: no task has started.");
                Ok(())
            }
        }
    }

    async fn ask(&mut self, client: &Client, job: &StartedJob) {
        match client.get_job_plan(&job.pipeline, &job.job).await {
            Ok(plan) if plan.nodes.iter().any(|node| node.figures.is_some()) => {
                self.before = self.last.replace(plan.into_inner());
            }
            Ok(_) => {}
            Err(error) => tracing::debug!("no figures to show: {}", arroyo_openapi::explain(&error)),
        }
    }
}
