//! The states of the home, passed on a few times a second at most, so that a flood of changes does not keep every zone
//! busy. What must be known at once, such as who is in a room right before a picture, is asked of the home itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::home_assistant::States;

/// The shortest time between two updates.
const PAUSE: Duration = Duration::from_millis(100);

/// The states, and the future that passes them on until `stop`.
pub fn throttle(
    mut states: watch::Receiver<Arc<States>>,
    stop: CancellationToken,
) -> (
    watch::Receiver<Arc<States>>,
    impl Future<Output = ()> + Send,
) {
    let (sender, throttled) = watch::channel(Arc::default());
    let work = async move {
        loop {
            let now = states.borrow_and_update().clone();
            sender.send_replace(now);
            let changed = async {
                sleep(PAUSE).await;
                states.changed().await
            };
            if !matches!(stop.run_until_cancelled(changed).await, Some(Ok(()))) {
                return;
            }
        }
    };
    (throttled, work)
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::home_assistant::EntityState;
    use crate::model::EntityId;

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_passed_on_ten_times_a_second_and_the_last_state_is_not_lost() {
        let stop = CancellationToken::new();
        let source = watch::Sender::new(Arc::new(States::new()));
        let (mut throttled, work) = throttle(source.subscribe(), stop.clone());
        let task = tokio::spawn(work);
        let flood = tokio::spawn(async move {
            for number in 0..10_000_u32 {
                let state = EntityState {
                    state: number.to_string(),
                    attributes: Arc::default(),
                    last_changed: jiff::Timestamp::UNIX_EPOCH,
                };
                let entity = EntityId::parse("sensor.power").unwrap();
                source.send_replace(Arc::new(States::from([(entity, state)])));
                sleep(Duration::from_micros(1000)).await;
            }
            source
        });
        let start = Instant::now();
        let mut updates = 0;

        loop {
            throttled.changed().await.unwrap();
            updates += 1;
            let is_last = throttled
                .borrow_and_update()
                .values()
                .any(|state| state.state == "9999");
            if is_last {
                break;
            }
        }

        let seconds = u32::try_from(start.elapsed().as_secs()).unwrap();
        assert!(updates <= seconds * 10 + 12, "{updates} in {seconds} s");
        drop(flood.await);
        stop.cancel();
        task.await.unwrap();
    }
}
