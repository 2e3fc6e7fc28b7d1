//! Runs the binary and waits for what it does.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The longest that anything in a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// The repository: the one that is tested, also where several share what they build.
pub(crate) fn repository() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).join("../..").canonicalize().unwrap()
}

/// What a finished run left.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// Exit code and stderr, with what differs from run to run replaced, without the line of addresses and that it runs: a job
    /// that fails at once may do so before anybody hears that it ran.
    pub(crate) fn snapshot(&self, replace: &[(&str, &str)]) -> String {
        let lines = self.stderr.trim_end().lines().filter(|line| !line.starts_with("arroyo 0.") && *line != "Running.");
        let text = lines.fold(format!("exit code {:?}", self.code), |text, line| text + "\n" + line);
        let text = replace.iter().fold(text, |text, (from, to)| text.replace(from, to));
        without_sizes(&without_durations(&text))
    }

    /// Rows of stdout, sorted.
    pub(crate) fn rows(&self) -> Vec<String> {
        sorted_lines(&self.stdout)
    }
}

/// The text with how long a run took, which follows `after` and `in`, replaced.
fn without_durations(text: &str) -> String {
    let mut last = "";
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let (told, rest) = word.split_at(word.trim_end_matches([' ', '\n', '.', ':', ',']).len());
        let is_number = told.starts_with(|c: char| c.is_ascii_digit()) && told.ends_with(['s', 'm']);
        let is_duration = is_number && ["after ", "in "].contains(&last);
        last = word;
        if is_duration { format!("<duration>{rest}") } else { word.to_string() }
    });
    words.collect()
}

/// The text with what is said of kept and dropped state without its size and epoch.
fn without_sizes(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        if let Some((before, _)) = line.split_once(" Of the state at checkpoint ") {
            return format!("{before} Of the state at checkpoint <epoch>:");
        }
        let (what, rest) = match line.rsplit_once(" (") {
            Some(parts) if line.starts_with("  kept ") || line.starts_with("  dropped ") => parts,
            _ => return line.to_string(),
        };
        format!("{what} (<size>){}", rest.split_once(')').map_or("", |(_, note)| note))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The lines of a file, sorted.
pub(crate) fn lines_of(file: &Path) -> Vec<String> {
    sorted_lines(&std::fs::read_to_string(file).unwrap())
}

/// Lines, sorted.
pub(crate) fn sorted_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    lines.sort();
    lines
}

/// A command line of the binary, in a home directory of its own.
pub(crate) fn arroyo(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arroyo"));
    command
        .args(args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("ARROYO__CHECKPOINT_URL", home.join("checkpoints"))
        .current_dir(repository())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs to the end.
pub(crate) fn run(home: &Path, args: &[&str]) -> Finished {
    Running::start(arroyo(home, args)).wait()
}

/// Runs to the end with a text as standard input.
pub(crate) fn run_with_stdin(home: &Path, args: &[&str], stdin: &str) -> Finished {
    let mut command = arroyo(home, args);
    command.stdin(Stdio::piped());
    let mut running = Running::start(command);
    let mut pipe = running.child.stdin.take().unwrap();
    // A command that rejects its arguments may not read its input.
    let _ = pipe.write_all(stdin.as_bytes());
    drop(pipe);
    running.wait()
}

/// A process that still runs. Killed if a test ends without waiting for it.
pub(crate) struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    seen: String,
    began: Instant,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        Self { child, stdout, stderr, seen: String::new(), began: Instant::now() }
    }

    /// As [`Running::start`], but its stdout is a pipe that is never read.
    pub(crate) fn start_unread(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (sender, stdout) = mpsc::channel();
        drop(sender);
        let stderr = lines(child.stderr.take().unwrap());
        Self { child, stdout, stderr, seen: String::new(), began: Instant::now() }
    }

    /// Waits for a line on stderr that contains `text`, and answers the line.
    pub(crate) fn wait_for_stderr(&mut self, text: &str) -> String {
        loop {
            if let Some(line) = self.seen.lines().find(|line| line.contains(text)) {
                return line.to_string();
            }
            let left = PATIENCE.saturating_sub(self.began.elapsed());
            match self.stderr.recv_timeout(left) {
                Ok(line) => self.seen.push_str(&(line + "\n")),
                Err(error) => panic!("no `{text}` on stderr ({error}); it said:\n{}", self.seen),
            }
        }
    }

    /// The next line on stdout.
    pub(crate) fn next_row(&mut self) -> String {
        match self.stdout.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(error) => panic!("no row ({error}); stderr: {}", self.drain_stderr()),
        }
    }

    /// Reads no more rows: as when `head` has seen enough.
    pub(crate) fn close_stdout(&mut self) {
        let (_, closed) = mpsc::channel();
        self.stdout = closed;
    }

    /// Waits until `condition` holds, looking again whenever a little time has passed.
    pub(crate) fn wait_until(&mut self, what: &str, condition: impl Fn() -> bool) {
        while !condition() {
            assert!(self.began.elapsed() < PATIENCE, "never: {what}; stderr: {}", self.drain_stderr());
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("ended with {status} before: {what}; stderr: {}", self.drain_stderr());
            }
            // The condition is on files of another process: there is nothing to subscribe to.
            let _ = self.stderr.recv_timeout(Duration::from_millis(5)).map(|line| self.seen.push_str(&(line + "\n")));
        }
    }

    /// Waits until `condition` holds; `false` if the process ends before.
    pub(crate) fn runs_until(&mut self, mut condition: impl FnMut(&mut Self) -> bool) -> bool {
        while !condition(self) {
            assert!(self.began.elapsed() < PATIENCE, "it takes too long; stderr: {}", self.drain_stderr());
            if !self.runs_for(Duration::from_millis(2)) {
                return false;
            }
        }
        true
    }

    /// Lets it run for a while; `false` if it ends meanwhile.
    pub(crate) fn runs_for(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            match self.stderr.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => self.seen.push_str(&(line + "\n")),
                Err(RecvTimeoutError::Timeout) => return true,
                // It closes its stderr when it ends.
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// How many lines on stderr so far contain `text`.
    pub(crate) fn times_said(&mut self, text: &str) -> usize {
        self.stderr.try_iter().for_each(|line| self.seen.push_str(&(line + "\n")));
        self.seen.lines().filter(|line| line.contains(text)).count()
    }

    /// The processes that it has started and that live.
    pub(crate) fn workers(&self) -> Vec<Worker> {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.filter(|id| parent_of(*id) == Some(self.child.id())).map(|id| Worker { id }).collect()
    }

    /// Sends a signal by its name (`INT`, `TERM`, `KILL`).
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Sends a signal twice without a pause, as `timeout` does to a process and to its group.
    pub(crate) fn signal_twice(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id, &id]).status().unwrap().success());
    }

    /// Sends a signal again and again until the process ends. Returns its exit code.
    pub(crate) fn signal_until_end(mut self, name: &str) -> Option<i32> {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(self.began.elapsed() < PATIENCE, "it never ends: {}", self.drain_stderr());
            self.signal(name);
        }
    }

    /// Waits for the end.
    pub(crate) fn wait(mut self) -> Finished {
        // Both pipes to their ends: what was written last may be read after the process is gone.
        let text = |lines: &Receiver<String>| lines.iter().map(|line| line + "\n").collect::<String>();
        let stdout = text(&self.stdout);
        let stderr = std::mem::take(&mut self.seen) + &text(&self.stderr);
        let status = self.child.wait().unwrap();
        Finished { code: status.code(), stdout, stderr }
    }

    /// Kills it as `kill -9` does and waits until it is gone; answers whether it was that what ended it.
    pub(crate) fn kill(mut self) -> bool {
        self.child.kill().unwrap();
        self.child.wait().unwrap().signal() == Some(9)
    }

    fn drain_stderr(&mut self) -> String {
        let rest: Vec<String> = self.stderr.try_iter().collect();
        for line in rest {
            self.seen.push_str(&line);
            self.seen.push('\n');
        }
        std::mem::take(&mut self.seen)
    }
}

/// Waits until one of two has ended; answers what it left, and the other one.
pub(crate) fn first_to_end([mut one, mut other]: [Running; 2]) -> (Finished, Running) {
    loop {
        if !one.runs_for(Duration::from_millis(2)) {
            return (one.wait(), other);
        }
        (one, other) = (other, one);
        assert!(one.began.elapsed() < PATIENCE, "neither ends; stderr: {}{}", one.drain_stderr(), other.drain_stderr());
    }
}

/// A process that a process has started.
pub(crate) struct Worker {
    id: u32,
}

impl Worker {
    /// Kills it as `kill -9` does; answers whether it was there.
    pub(crate) fn kill(&self) -> bool {
        self.signal("KILL")
    }

    /// Sends a signal by its name; answers whether it was there.
    pub(crate) fn signal(&self, name: &str) -> bool {
        let sent = Command::new("kill").args([format!("-{name}"), self.id.to_string()]).stderr(Stdio::null()).status();
        sent.unwrap().success()
    }

    /// Whether it was stopped by a signal, and would go on.
    pub(crate) fn is_stopped(&self) -> bool {
        state_of(self.id).is_some_and(|state| state == "T")
    }

    /// Whether it is gone.
    pub(crate) fn has_ended(&self) -> bool {
        state_of(self.id).is_none()
    }
}

/// The parent of a process that lives.
fn parent_of(process: u32) -> Option<u32> {
    status_of(process)?.split(' ').nth(1)?.parse().ok()
}

/// The state of a process that lives.
fn state_of(process: u32) -> Option<String> {
    status_of(process)?.split(' ').next().map(str::to_string)
}

/// What the system says of a process that lives, from its state on.
fn status_of(process: u32) -> Option<String> {
    // `4711 (name, which may hold anything) S 42 …`
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    status.rsplit_once(") ").map(|(_, rest)| rest.to_string()).filter(|rest| !rest.starts_with('Z'))
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
