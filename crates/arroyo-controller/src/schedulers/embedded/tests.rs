use std::sync::Arc;

use arroyo_runtime::Shutdown;
use async_trait::async_trait;
use tokio::sync::watch;

use super::*;
use crate::schedulers::WorkerHandle;
use crate::schedulers::conformance::{BEHAVIOUR, CRASHING, STUBBORN, scheduler_conformance};

fn make(options: &Options, shutdown: &Shutdown) -> Arc<dyn Scheduler> {
    Arc::new(EmbeddedScheduler::new(options, Arc::new(FakeWorkers), Random::default(), &shutdown.guard()))
}

scheduler_conformance!(make);

#[derive(Debug)]
struct FakeWorkers;

#[async_trait]
impl EmbeddedWorkers for FakeWorkers {
    async fn start(&self, options: WorkerOptions) -> Result<Box<dyn WorkerHandle>, String> {
        let (ended, end) = watch::channel(false);
        let behaviour = options.env_vars[BEHAVIOUR].clone();
        Ok(Box::new(FakeWorker { behaviour, ended, end }))
    }
}

struct FakeWorker {
    behaviour: String,
    ended: watch::Sender<bool>,
    end: watch::Receiver<bool>,
}

#[async_trait]
impl WorkerHandle for FakeWorker {
    fn stop(&mut self) {
        self.ended.send_replace(self.behaviour != STUBBORN);
    }

    fn kill(&mut self) {
        self.ended.send_replace(true);
    }

    async fn wait(&mut self) -> Result<(), String> {
        if self.behaviour == CRASHING {
            return Err("crashed".to_string());
        }
        let _ = self.end.wait_for(|ended| *ended).await;
        Ok(())
    }
}
