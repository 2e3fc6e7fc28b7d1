//! Storages of tests that services open by a URL.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Storage;

static MOUNTS: Mutex<BTreeMap<String, Storage>> = Mutex::new(BTreeMap::new());

fn mounts() -> MutexGuard<'static, BTreeMap<String, Storage>> {
    MOUNTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What `memory://name` was made to stand for.
pub(crate) fn mounted(name: &str) -> Option<Storage> {
    mounts().get(name).cloned()
}

/// From now on `memory://name` is `storage` for everything in this process, until the answer is dropped.
pub fn mount(name: &str, storage: &Storage) -> Mounted {
    mounts().insert(name.to_string(), storage.clone());
    Mounted(name.to_string())
}

/// A storage that has a URL as long as this lives.
#[derive(Debug)]
#[must_use]
pub struct Mounted(String);

impl Mounted {
    /// Its URL.
    pub fn url(&self) -> String {
        format!("memory://{}", self.0)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        mounts().remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Faults, with_faults};

    #[tokio::test]
    async fn a_url_leads_to_what_is_mounted() {
        let (faulty, control) = with_faults(&Storage::open("memory://under").unwrap(), Faults::none());
        let mounted = mount("over", &faulty);
        let opened = Storage::open("memory://over/below").unwrap();
        control.go_down();
        assert!(opened.put("a", "1".into()).await.is_err());
        control.heal();
        opened.put("a", "1".into()).await.unwrap();
        assert_eq!(faulty.get("below/a").await.unwrap(), "1");
        drop(mounted);
        assert!(Storage::open("memory://over/below").unwrap().get("a").await.is_err());
    }
}
