//! `aicleaner healthcheck`: is the program alive? For the image's HEALTHCHECK.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Environment, FAILURE, SUCCESS, host, load};
use crate::cli::HealthcheckArguments;
use crate::settings::Listeners;

const PATIENCE: Duration = Duration::from_secs(3);
const LONGEST_ANSWER: usize = 1024;

/// Asks the health listener on this machine.
#[expect(clippy::print_stderr, reason = "this command talks to a person")]
pub async fn healthcheck(arguments: HealthcheckArguments, environment: &Environment) -> u8 {
    let host = host(environment);
    let declared = || match load(arguments.settings.settings, &host, environment) {
        Ok(settings) => settings.health_port,
        Err(_) => Listeners::without_file(environment, host.deployment()).health_port,
    };
    let port = arguments.port.unwrap_or_else(declared);
    match timeout(PATIENCE, ask(port)).await {
        Ok(Ok(())) => SUCCESS,
        Ok(Err(reason)) => {
            eprintln!("AICleaner is not alive on port {port}: {reason}");
            FAILURE
        }
        Err(_) => {
            eprintln!(
                "AICleaner did not answer on port {port} within {} seconds",
                PATIENCE.as_secs()
            );
            FAILURE
        }
    }
}

/// One plain HTTP/1.0 request: a whole client would take longer to start than the answer to come.
async fn ask(port: u16) -> Result<(), String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))
        .await
        .map_err(|e| e.to_string())?;
    stream
        .write_all(b"GET /health/live HTTP/1.0\r\n\r\n")
        .await
        .map_err(|e| e.to_string())?;
    let mut answer = vec![0; LONGEST_ANSWER];
    let length = stream.read(&mut answer).await.map_err(|e| e.to_string())?;
    let status = answer[..length]
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    if status.ends_with(b" 200 OK") {
        Ok(())
    } else {
        Err(format!("it answered {:?}", String::from_utf8_lossy(status)))
    }
}
