//! A model that thinks until it is told to answer, so that a test can do something in the middle of a check.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use aicleaner_testkit::model::{Answer, Judge};
use serde_json::Value;

/// A test that forgets to open the gate ends here.
const LONGEST: Duration = Duration::from_secs(90);

pub struct Gate {
    judge: Arc<dyn Judge>,
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    /// A closed gate in front of `judge`.
    pub fn closed(judge: Arc<dyn Judge>) -> Arc<Self> {
        Arc::new(Self {
            judge,
            open: Mutex::new(false),
            opened: Condvar::new(),
        })
    }

    /// Lets all answers through, those that wait and those to come.
    pub fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

impl Judge for Gate {
    fn answer(&self, instructions: &str, structure: Option<&Value>, images: &[Vec<u8>]) -> Answer {
        let answer = self.judge.answer(instructions, structure, images);
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_timeout_while(open, LONGEST, |open| !*open));
        answer
    }
}
