//! Where pictures are worked on: one at a time over all zones, beside what waits for networks. A picture's pixels live
//! only here; what goes out is measured, or written as JPEG again.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Pictures that are worked on at the same time: each may take 120 MB for a moment at the limits.
const AT_A_TIME: usize = 1;

/// The place for work on pictures. Cheap to clone; all clones are one place.
#[derive(Debug, Clone)]
pub struct ImageThread(Arc<Semaphore>);

/// The program stops, or the work panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the work on a picture was interrupted")]
pub struct Interrupted;

impl Default for ImageThread {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl ImageThread {
    /// Does `work` when its turn comes.
    ///
    /// # Errors
    /// When it can't be done to its end.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Interrupted> {
        let place = self.0.clone().acquire_owned().await;
        let place = place.map_err(|_| Interrupted)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            // Not before: the work goes on when nobody waits for it any more.
            drop(place);
            done
        })
        .await
        .map_err(|_| Interrupted)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_works_at_a_time() {
        let thread = ImageThread::default();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (now, most) = (now.clone(), most.clone());
            thread.run(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };

        let done = join_all((0..50).map(|_| work())).await;

        assert!(done.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn work_that_panics_leaves_the_place_free() {
        let thread = ImageThread::default();

        let failed = thread
            .run(|| panic!("as if the picture were too odd"))
            .await;

        assert_eq!(failed, Err::<(), _>(Interrupted));
        assert_eq!(thread.run(|| 7).await, Ok(7));
    }
}
