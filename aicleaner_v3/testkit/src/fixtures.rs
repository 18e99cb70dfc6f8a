//! Small helpers of tests: free ports and bounded waiting for a condition.
//! Waiting polls and always ends; it never sleeps for a fixed time in the hope that enough has passed.

use std::future::Future;
use std::time::Duration;

use crate::KitError;
use crate::real::port;

/// How long a poll pauses before it looks again.
const POLL: Duration = Duration::from_millis(5);

/// A TCP port of 127.0.0.1 that nobody listened on a moment ago, outside the range that the kernel
/// gives to outgoing connections.
///
/// For programs that cannot bind port 0 themselves; another program may take it meanwhile.
///
/// # Errors
/// When none was found.
pub fn free_port() -> Result<u16, KitError> {
    Ok(port::free()?)
}

/// Waits until `condition` is true.
///
/// # Errors
/// [`KitError::TimedOut`], naming `what`, when it is still false after `limit`.
pub async fn wait_until<F, Fut>(
    limit: Duration,
    what: &str,
    mut condition: F,
) -> Result<(), KitError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    wait_for(limit, what, || {
        let held = condition();
        async move { held.await.then_some(()) }
    })
    .await
}

/// Waits until `find` gives a value, and returns it.
///
/// # Errors
/// [`KitError::TimedOut`], naming `what`, when there is still none after `limit`.
pub async fn wait_for<T, F, Fut>(limit: Duration, what: &str, mut find: F) -> Result<T, KitError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let poll = async {
        loop {
            if let Some(found) = find().await {
                return found;
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(limit, poll)
        .await
        .map_err(|_elapsed| KitError::TimedOut {
            what: what.to_owned(),
            limit,
        })
}

/// Sends JSON to a URL by a method such as `PUT`: the status and the body as text.
///
/// # Errors
/// When the method is none, nobody answers, or the body is no text.
pub async fn send_json(
    method: &str,
    url: &str,
    body: &serde_json::Value,
) -> Result<(u16, String), KitError> {
    let method = reqwest::Method::from_bytes(method.as_bytes()).map_err(|_| KitError::Unknown {
        what: "HTTP method",
        name: method.to_owned(),
    })?;
    let request = crate::http::client()?.request(method, url).json(body);
    let response = request.send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

/// Fetches a URL: the status and the body.
///
/// # Errors
/// When nobody answers.
pub async fn get_bytes(url: &str) -> Result<(u16, Vec<u8>), KitError> {
    let response = crate::http::client()?.get(url).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.bytes().await?.to_vec()))
}

/// Fetches a page that wants a password (HTTP basic authentication): the status and the body as text.
///
/// # Errors
/// When nobody answers, or the body is no text.
pub async fn get_with_password(url: &str, password: &str) -> Result<(u16, String), KitError> {
    let request = crate::http::client()?
        .get(url)
        .basic_auth("anybody", Some(password));
    let response = request.send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

/// Fetches a URL: the status and the body as text.
///
/// # Errors
/// When nobody answers, or the body is no text.
pub async fn get(url: &str) -> Result<(u16, String), KitError> {
    let response = crate::http::client()?.get(url).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn waiting_ends_when_the_condition_holds() {
        let looks = AtomicU32::new(0);

        let waited = wait_until(Duration::from_secs(5), "three looks", || async {
            looks.fetch_add(1, Ordering::SeqCst) >= 2
        })
        .await;

        assert!(waited.is_ok());
        assert_eq!(looks.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn waiting_in_vain_names_what_was_missing() {
        let waited = wait_until(Duration::from_millis(20), "the moon", || async { false }).await;

        let message = waited.unwrap_err().to_string();
        assert_eq!(message, "waited 20 ms in vain for: the moon");
    }

    #[test]
    fn nobody_listens_on_a_free_port() {
        let port = free_port().unwrap();

        let refused = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap_err();

        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    }
}
