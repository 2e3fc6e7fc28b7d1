//! A state directory of which one file was cut short, changed in one bit, or lost, whatever it is: the run goes on and its output is
//! the one of an undisturbed run, or it says which file it is and what the last good checkpoint is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::files::{read_back, visible};
use crate::process::{Finished, lines_of, run};
use crate::resume::{Pipeline, SINGLE_FILE, undisturbed};

/// Files of a few rows: what is committed stays, so that rows that are processed again are there twice.
const FILES: &str = "connector = 'filesystem', format = 'json', rolling_policy.file_size = 20000";

/// A manifest is longer than this, a claim of a slot for one is not.
const CLAIM_BYTES_MAX: usize = 64;

/// Every file below a directory, or the file, by its path.
fn files(directory: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    if directory.is_file() {
        found.insert(directory.to_path_buf(), std::fs::read(directory).unwrap());
        return;
    }
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files(&path, found),
            false => drop(found.insert(path.clone(), std::fs::read(path).unwrap())),
        }
    }
}

/// Makes a directory, or a file, what it was.
fn put_back(place: &Path, content: &BTreeMap<PathBuf, Vec<u8>>) {
    match place.is_dir() {
        true => std::fs::remove_dir_all(place).unwrap(),
        // A sink that had nothing to commit has not made it.
        false if !place.exists() => {}
        false => std::fs::remove_file(place).unwrap(),
    }
    for (path, content) in content {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// A stopped run: all files of its state directory, and its output.
struct Stopped {
    pipeline: Pipeline,
    state: BTreeMap<PathBuf, Vec<u8>>,
    output: BTreeMap<PathBuf, Vec<u8>>,
}

impl Stopped {
    /// Stopped midway, gone on with and stopped again, so that there is a claim, with a savepoint.
    fn midway(sink: &'static str) -> Self {
        // On a busy machine the end of the input may come before the stop.
        let pipeline = (0..10).find_map(|_| stopped_twice(sink)).unwrap();
        let (mut state, mut output) = (BTreeMap::new(), BTreeMap::new());
        files(&pipeline.state(), &mut state);
        let newest = newest(&state, "manifests", CLAIM_BYTES_MAX).unwrap();
        let job = newest.parent().unwrap().parent().unwrap();
        let savepoint = job.join("savepoints").join(newest.file_name().unwrap());
        state.insert(savepoint, state[&newest].clone());
        files(&pipeline.output(), &mut output);
        Self { pipeline, state, output }
    }

    /// Everything as it was.
    fn restore(&self) {
        put_back(&self.pipeline.state(), &self.state);
        put_back(&self.pipeline.output(), &self.output);
    }

    /// The rows that a sink of files shows, or that of one file.
    fn rows(&self) -> Vec<String> {
        let output = self.pipeline.output();
        if output.is_dir() { read_back(self.pipeline.home(), &output, "json") } else { lines_of(&output) }
    }

    /// A file of each kind that a state directory has; of manifests the last two, as the first one to go on from is another case.
    fn of_each_kind(&self) -> Vec<PathBuf> {
        let manifest = newest(&self.state, "manifests", CLAIM_BYTES_MAX).unwrap();
        let mut earlier = self.state.clone();
        earlier.remove(&manifest);
        let claim = |(path, content): (&PathBuf, &Vec<u8>)| {
            (path.parent().unwrap().ends_with("manifests") && content.len() <= CLAIM_BYTES_MAX).then(|| path.clone())
        };
        let mut kinds = vec![
            newest(&earlier, "manifests", CLAIM_BYTES_MAX).unwrap(),
            newest(&self.state, "savepoints", 0).unwrap(),
            self.state.iter().rev().find_map(claim).unwrap(),
        ];
        let text = String::from_utf8(self.state[&manifest].clone()).unwrap();
        let tables = self.state.keys().filter(|path| {
            let name = path.to_string_lossy();
            name.split_once("/checkpoints/").is_some_and(|(_, rest)| text.contains(rest))
        });
        let mut tables: Vec<PathBuf> = tables.cloned().collect();
        assert!(tables.len() > 1, "{:?}", self.state.keys());
        tables.truncate(2);
        kinds.extend(tables);
        kinds.push(manifest);
        kinds.extend(["state.sqlite", "lease.json"].map(|name| self.pipeline.state().join(name)));
        kinds
    }
}

/// A pipeline that was stopped before its end, and again; `None` if it ended or has committed nothing, which could then not be there
/// twice.
fn stopped_twice(sink: &'static str) -> Option<Pipeline> {
    let pipeline = Pipeline::new("embedded", 20_000, sink);
    for _ in 0..2 {
        let mut running = pipeline.start(1);
        pipeline.wait_for_checkpoints(&mut running, 1);
        running.signal("INT");
        let stopped = running.wait();
        assert_eq!(stopped.code, Some(0), "{}", stopped.stderr);
        if !stopped.stderr.contains("Stopped after") {
            return None;
        }
    }
    let output = pipeline.output();
    (output.is_file() || !visible(&output).is_empty()).then_some(pipeline)
}

/// The file of the highest number in directories of this name that is longer than `length`.
fn newest(state: &BTreeMap<PathBuf, Vec<u8>>, directory: &str, length: usize) -> Option<PathBuf> {
    let number = |path: &Path| path.file_stem()?.to_str()?.parse::<u64>().ok();
    let files = state.iter().filter(|(path, content)| {
        path.parent().is_some_and(|parent| parent.ends_with(directory)) && content.len() > length
    });
    files.filter_map(|(path, _)| Some((number(path)?, path.clone()))).max().map(|(_, path)| path)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Cut,
    Flipped,
    Lost,
}

fn damage(path: &Path, content: &[u8], damage: Damage) {
    match damage {
        Damage::Cut => std::fs::write(path, content.get(..content.len() / 2).unwrap()).unwrap(),
        Damage::Flipped => {
            let mut flipped = content.to_vec();
            *flipped.get_mut(content.len() / 3).unwrap() ^= 1;
            std::fs::write(path, flipped).unwrap();
        }
        Damage::Lost => std::fs::remove_file(path).unwrap(),
    }
}

#[test]
fn no_damage_of_any_file_is_a_panic_or_a_wrong_answer() {
    damage_each_file(&Stopped::midway(SINGLE_FILE));
}

#[test]
fn no_damage_of_any_file_is_a_panic_or_a_row_twice() {
    damage_each_file(&Stopped::midway(FILES));
}

fn damage_each_file(stopped: &Stopped) {
    let (pipeline, directory) = (&stopped.pipeline, stopped.pipeline.state());
    let mut refused = 0;
    for path in stopped.of_each_kind() {
        for kind in [Damage::Cut, Damage::Flipped, Damage::Lost] {
            stopped.restore();
            damage(&path, &stopped.state[&path], kind);
            let case = format!("{} {kind:?}", path.display());
            let verified = run(pipeline.home(), &["state", "verify", &directory.to_string_lossy()]);
            let finished = pipeline.start(1).wait();
            no_panic(&case, &[&verified, &finished]);
            let is_checked = path.parent() != Some(&directory);
            match finished.code {
                Some(0) => assert!(stopped.rows() == undisturbed(), "{case}: {}", finished.stderr),
                Some(1) => {
                    refused += 1;
                    assert!(finished.stderr.contains(&*path.to_string_lossy()), "{case}: {}", finished.stderr);
                    // Whether there is one depends on how many of them the compaction has left without the file.
                    let last_good = ["the last good checkpoint is epoch ", "there is no earlier good checkpoint"];
                    let says_last_good = last_good.iter().any(|text| finished.stderr.contains(text));
                    assert!(says_last_good || !is_checked, "{case}: {}", finished.stderr);
                    assert_eq!(verified.code, Some(if is_checked { 1 } else { 0 }), "{case}: {}", verified.stdout);
                }
                code => panic!("{case}: ended with {code:?}: {}", finished.stderr),
            }
        }
    }
    assert!(refused >= 8, "{refused} were refused");
    stopped.restore();
    assert_eq!(pipeline.start(1).wait().code, Some(0));
    assert!(stopped.rows() == undisturbed());
}

#[test]
fn a_lost_last_manifest_is_missed_until_somebody_goes_back() {
    let stopped = Stopped::midway(SINGLE_FILE);
    let (pipeline, directory) = (&stopped.pipeline, stopped.pipeline.state());
    let manifest = newest(&stopped.state, "manifests", CLAIM_BYTES_MAX).unwrap();
    std::fs::remove_file(&manifest).unwrap();
    let verified = run(pipeline.home(), &["state", "verify", &directory.to_string_lossy()]);
    assert_eq!(verified.code, Some(1), "{}", verified.stdout);
    assert!(verified.stdout.contains(&format!("{}: it does not exist", manifest.display())), "{}", verified.stdout);
    let last_good = pipeline.newest();
    // Each refused start leaves its mark in the log of manifests.
    for _ in 0..2 {
        let refused = pipeline.start(1).wait();
        assert_eq!(refused.code, Some(1), "{}", refused.stderr);
        assert!(refused.stderr.contains(&format!("{} does not exist", manifest.display())), "{}", refused.stderr);
        assert!(refused.stderr.contains(&format!("--from-checkpoint {last_good},")), "{}", refused.stderr);
    }
    let finished = pipeline.start_at(1, last_good).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(stopped.rows() == undisturbed());

    // Also when several are lost, and nobody has tried to start it since.
    stopped.restore();
    for _ in 0..2 {
        std::fs::remove_file(manifest_beside(&manifest, pipeline.newest())).unwrap();
    }
    let went = pipeline.start_at(1, pipeline.newest()).wait();
    assert_eq!(went.code, Some(0), "{}", went.stderr);
    assert!(stopped.rows() == undisturbed());
}

/// The manifest of an epoch, beside another one.
fn manifest_beside(manifest: &Path, epoch: usize) -> PathBuf {
    manifest.with_file_name(format!("{epoch}.json"))
}

fn no_panic(case: &str, finished: &[&Finished]) {
    for finished in finished {
        assert!(!finished.stderr.contains("panicked"), "{case}: {}", finished.stderr);
    }
}
