//! A simulated day as a folder of frames with its truth: to look at, and as an example of the footage format.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use aicleaner_testkit::scene::day::{Day, Tempo};

use crate::arguments::Arguments;
use crate::figures::clock;
use crate::simulation::timestamp;

/// Frames of one look: a first one, and as many as the gate may want to be sure.
const SECONDS: [u64; 7] = [0, 8, 16, 24, 32, 40, 48];

/// Writes the frames of each look and `truth.txt`.
///
/// # Errors
/// When a file can't be written.
pub fn write(folder: &Path, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let seed = *arguments.seeds.start();
    let day = Day::new(seed, Tempo::Busy, arguments.size);
    let interval = arguments.interval.unwrap_or(Duration::from_secs(900));
    let mut truth = String::from("# file time changed\n");
    let mut before = day.lying(Duration::ZERO);
    let mut planned = Duration::ZERO;
    while planned < Day::LENGTH {
        for second in SECONDS {
            let at = planned + Duration::from_secs(second);
            let file = format!("{:06}-{}.jpg", at.as_secs(), clock(at).replace(':', ""));
            std::fs::write(folder.join(&file), day.jpeg(at)?)?;
            let lying = day.lying(at);
            writeln!(
                truth,
                "{file} {} {}",
                timestamp(at),
                u8::from(lying != before)
            )?;
            before = lying;
        }
        planned += interval;
    }
    std::fs::write(folder.join("truth.txt"), truth)?;
    println!("day {seed}: {}", folder.display());
    Ok(())
}
