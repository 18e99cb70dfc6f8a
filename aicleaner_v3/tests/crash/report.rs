//! The figures of the crash test: a table for people, and `target/reports/crash.json`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

#[derive(Debug, Default)]
pub struct Report {
    pub kills: u32,
    pub lost: u32,
    pub doubled: u32,
    pub broken: u32,
    pub at_points: BTreeMap<String, u32>,
    pub agreed_after: Vec<Duration>,
    pub faults: Vec<String>,
}

impl Report {
    /// Counts a kill, at a fault point or at any moment.
    pub fn killed(&mut self, point: Option<&str>) {
        self.kills += 1;
        let point = point
            .and_then(|point| point.split(':').next())
            .unwrap_or("any moment");
        *self.at_points.entry(point.to_owned()).or_default() += 1;
    }

    fn percentile(&self, share: f64) -> f64 {
        let mut all: Vec<_> = self
            .agreed_after
            .iter()
            .map(Duration::as_secs_f64)
            .collect();
        all.sort_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = (all.len() as f64 * share) as usize;
        all.get(index.min(all.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0.0)
    }

    pub fn print_and_write(&self) {
        let figure = |name: &str, value: f64, unit: &str, goal: Option<f64>, better: &str| json!({"name": name, "value": value, "unit": unit, "goal": goal, "better": better, "against": null});
        let at_points: u32 = self
            .at_points
            .iter()
            .filter(|(point, _)| *point != "any moment")
            .map(|(_, count)| count)
            .sum();
        let figures = [
            figure("kills", self.kills.into(), "kills", Some(1000.0), "higher"),
            figure(
                "kills at steps of the outbox",
                at_points.into(),
                "kills",
                None,
                "higher",
            ),
            figure("tasks lost", self.lost.into(), "tasks", Some(0.0), "lower"),
            figure(
                "tasks doubled",
                self.doubled.into(),
                "tasks",
                Some(0.0),
                "lower",
            ),
            figure(
                "databases broken",
                self.broken.into(),
                "databases",
                Some(0.0),
                "lower",
            ),
            figure(
                "list agrees after, median",
                self.percentile(0.5),
                "s",
                None,
                "lower",
            ),
            figure(
                "list agrees after, 99 %",
                self.percentile(0.99),
                "s",
                None,
                "lower",
            ),
        ];
        println!("\nkilled: {:?}", self.at_points);
        for figure in &figures {
            println!(
                "{:<32} {:>10.2} {:<10} goal {}",
                figure["name"].as_str().unwrap(),
                figure["value"].as_f64().unwrap(),
                figure["unit"].as_str().unwrap(),
                figure["goal"]
            );
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/reports");
        std::fs::create_dir_all(&folder).unwrap();
        let commit = std::process::Command::new("git")
            .args(["rev-parse", "--short", "HEAD"])
            .output()
            .ok()
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .unwrap_or_default();
        let report = json!({
            "report": "crash",
            "version": env!("CARGO_PKG_VERSION"),
            "commit": commit.trim(),
            "figures": figures,
        });
        std::fs::write(folder.join("crash.json"), format!("{report:#}\n")).unwrap();
    }
}
