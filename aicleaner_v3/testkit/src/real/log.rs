//! Keeps what a child process writes, and lets a test wait for a line of it.
//! Must never grow without a bound, nor block the process that writes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Older lines are dropped beyond this many.
const MOST_LINES: usize = 20_000;

/// The lines that one or more processes wrote. Clones share the same lines.
#[derive(Clone)]
pub struct Log {
    lines: Arc<Mutex<VecDeque<String>>>,
    /// How many lines were written in all.
    written: watch::Sender<u64>,
}

impl Log {
    pub fn new() -> Self {
        Self {
            lines: Arc::default(),
            written: watch::Sender::new(0),
        }
    }

    /// Collects the lines of `output`. The task ends with the output.
    pub fn collect(&self, output: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<()> {
        let log = self.clone();
        tokio::spawn(async move {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            while matches!(output.read_until(b'\n', &mut line).await, Ok(1..)) {
                log.push(String::from_utf8_lossy(&line).trim_end().to_owned());
                line.clear();
            }
        })
    }

    fn push(&self, line: String) {
        let mut lines = self.lines();
        if lines.len() == MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
        self.written.send_modify(|written| *written += 1);
    }

    fn lines(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lines were written so far: where a later [`Log::wait_for`] starts to look.
    pub fn position(&self) -> u64 {
        *self.written.borrow()
    }

    /// Waits until a line after `position` contains `text`. Has no time limit of its own.
    pub async fn wait_for(&self, position: u64, text: &str) {
        let mut written = self.written.subscribe();
        loop {
            let now = *written.borrow_and_update();
            if self
                .tail(now.saturating_sub(position))
                .iter()
                .any(|line| line.contains(text))
            {
                return;
            }
            // The sender lives as long as this log.
            if written.changed().await.is_err() {
                return;
            }
        }
    }

    /// The last `count` lines.
    pub fn tail(&self, count: u64) -> Vec<String> {
        let lines = self.lines();
        let skip = lines
            .len()
            .saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
        lines.iter().skip(skip).cloned().collect()
    }

    /// All lines that are still kept.
    pub fn text(&self) -> String {
        self.tail(u64::MAX).join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_is_found_whether_it_comes_before_or_after_the_waiting() {
        let log = Log::new();
        let (mut writer, reader) = tokio::io::duplex(64);
        log.collect(reader);

        tokio::io::AsyncWriteExt::write_all(&mut writer, b"one\ntwo\n")
            .await
            .unwrap();
        log.wait_for(0, "two").await;
        log.wait_for(0, "one").await;

        assert_eq!(log.text(), "one\ntwo");
        assert_eq!(log.position(), 2);
    }

    #[test]
    fn only_the_newest_lines_are_kept() {
        let log = Log::new();

        (0..=MOST_LINES).for_each(|number| log.push(number.to_string()));

        assert_eq!(log.lines().len(), MOST_LINES);
        assert_eq!(log.tail(1), [MOST_LINES.to_string()]);
    }
}
