//! Points at which tests let the program die as if it were killed. Without the feature `fault-points`, which no
//! release has, nothing of it is compiled in.

/// Dies here if the environment variable `AICLEANER_FAULT_POINT` is `NAME:N` and this is the Nth time that the
/// point is passed.
#[cfg(feature = "fault-points")]
pub fn pass(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static WANTED: OnceLock<Option<(String, AtomicU32)>> = OnceLock::new();
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("AICLEANER_FAULT_POINT").ok()?;
        let (name, count) = text.rsplit_once(':')?;
        Some((name.to_owned(), AtomicU32::new(count.parse().ok()?)))
    });
    if let Some((wanted, left)) = wanted
        && wanted == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

/// A point at which tests can let the program die.
#[macro_export]
macro_rules! fault_point {
    ($name:literal) => {
        #[cfg(feature = "fault-points")]
        $crate::fault_point::pass($name);
    };
}
