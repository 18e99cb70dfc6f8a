//! Figures as a table for people and as JSON for machines, so that they can be followed over time.
//! A figure that misses its goal is printed as missed; it is no failure.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::KitError;

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The goal is a most.
    Lower,
    /// The goal is a least.
    Higher,
}

/// One measured figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The measured value.
    pub value: f64,
    /// Its unit, such as `ms`.
    pub unit: &'static str,
    /// What it should be, if there is a goal.
    pub goal: Option<f64>,
    /// Which way is good.
    pub better: Better,
    /// What it is compared with, if with anything.
    pub against: Option<String>,
}

impl Figure {
    /// A figure that should be at most `goal`.
    #[must_use]
    pub fn at_most(name: &str, value: f64, unit: &'static str, goal: f64) -> Self {
        Self::new(name, value, unit, Some(goal), Better::Lower)
    }

    /// A figure that should be at least `goal`.
    #[must_use]
    pub fn at_least(name: &str, value: f64, unit: &'static str, goal: f64) -> Self {
        Self::new(name, value, unit, Some(goal), Better::Higher)
    }

    /// A figure without a goal.
    #[must_use]
    pub fn plain(name: &str, value: f64, unit: &'static str, better: Better) -> Self {
        Self::new(name, value, unit, None, better)
    }

    fn new(name: &str, value: f64, unit: &'static str, goal: Option<f64>, better: Better) -> Self {
        Self {
            name: name.to_owned(),
            value,
            unit,
            goal,
            better,
            against: None,
        }
    }

    /// Names what it is compared with.
    #[must_use]
    pub fn against(mut self, what: &str) -> Self {
        self.against = Some(what.to_owned());
        self
    }

    /// Whether the goal, if there is one, is reached.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.goal.is_none_or(|goal| match self.better {
            Better::Lower => self.value <= goal,
            Better::Higher => self.value >= goal,
        })
    }

    fn row(&self) -> String {
        let goal = match (self.goal, self.better) {
            (None, _) => String::new(),
            (Some(goal), Better::Lower) => format!("at most {goal} {}", self.unit),
            (Some(goal), Better::Higher) => format!("at least {goal} {}", self.unit),
        };
        let verdict = match (self.goal, self.holds()) {
            (None, _) => "",
            (Some(_), true) => "held",
            (Some(_), false) => "MISSED",
        };
        let against = self
            .against
            .as_deref()
            .map(|what| format!("  (against {what})"))
            .unwrap_or_default();
        format!(
            "{:<56} {:>10.2} {:<6} {goal:<20} {verdict}{against}",
            self.name, self.value, self.unit
        )
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "goal": self.goal,
            "better": match self.better { Better::Lower => "lower", Better::Higher => "higher" },
            "against": self.against,
        })
    }
}

/// The figures of one report.
#[derive(Clone, Debug)]
pub struct Report {
    name: &'static str,
    figures: Vec<Figure>,
}

impl Report {
    /// An empty report; its file will be `NAME.json`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            figures: Vec::new(),
        }
    }

    /// Adds a figure.
    pub fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// The table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let rows: Vec<_> = self.figures.iter().map(Figure::row).collect();
        format!("{}\n{}\n", self.name, rows.join("\n"))
    }

    /// Writes `target/reports/NAME.json` below `crate_folder` and returns its path. `commit` is git's short id.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&self, crate_folder: &Path, version: &str) -> Result<PathBuf, KitError> {
        let folder = crate_folder.join("target").join("reports");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{}.json", self.name));
        let figures: Vec<_> = self.figures.iter().map(Figure::json).collect();
        let report = json!({
            "report": self.name,
            "version": version,
            "commit": commit(crate_folder),
            "figures": figures,
        });
        std::fs::write(&file, format!("{report:#}\n"))?;
        Ok(file)
    }
}

/// None outside a checkout.
fn commit(folder: &Path) -> Option<String> {
    let output = std::process::Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .current_dir(folder)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_goal_is_said_and_a_held_one_too() {
        let mut report = Report::new("example");
        report.add(Figure::at_most("start", 60.0, "ms", 50.0));
        report.add(Figure::at_least("speed", 3.5, "x", 3.0).against("Pillow"));

        let table = report.table();

        assert!(
            table
                .lines()
                .any(|line| line.contains("start") && line.ends_with("MISSED")),
            "{table}"
        );
        assert!(
            table
                .lines()
                .any(|line| line.contains("held  (against Pillow)")),
            "{table}"
        );
    }

    #[test]
    fn the_file_can_be_read_by_machines() {
        let folder = tempfile::tempdir().unwrap();
        let mut report = Report::new("example");
        report.add(Figure::at_most("start", 12.5, "ms", 50.0));

        let file = report.write(folder.path(), "1.2.3").unwrap();

        let read: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(read["report"], "example");
        assert_eq!(read["figures"][0]["value"], 12.5);
        assert_eq!(read["figures"][0]["better"], "lower");
    }
}
