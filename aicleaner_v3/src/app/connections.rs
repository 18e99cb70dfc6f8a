//! Where Home Assistant and the MQTT broker are, and how to get in: from the settings, or from Supervisor. Opens no
//! connection itself.

use std::path::PathBuf;

use futures_util::future::BoxFuture;

use super::error::StartError;
use super::options::{Host, SupervisorAccess};
use crate::home_assistant::{Connection, Supervisor};
use crate::mqtt::{Broker, BrokerSource, BrokerUnknown};
use crate::settings::{BrokerSettings, Settings};
use crate::telemetry::{Code, Redactor};
use crate::tls;

/// Supervisor's API.
pub(super) fn supervisor(access: &SupervisorAccess) -> Result<Supervisor, StartError> {
    Ok(Supervisor::at(&access.url, &access.token)?)
}

/// The way to Home Assistant.
pub(super) fn home_assistant(host: &Host, settings: &Settings) -> Result<Connection, StartError> {
    match (&host.supervisor, &settings.home_assistant) {
        (Some(access), _) => Ok(Connection::supervisor_at(&access.url, &access.token)?),
        (None, Some(access)) => {
            let ca = own_ca(settings, access.ca_file.as_ref())?;
            let connection = Connection::standalone(&access.url, &access.token, ca.as_deref())?;
            Ok(connection)
        }
        // Settings without an address do not pass their check.
        (None, None) => Err(StartError::File {
            path: "home_assistant".to_owned(),
            reason: "no address is set".to_owned(),
        }),
    }
}

/// The certificates of the settings, and those in a file of one connection.
fn own_ca(settings: &Settings, file: Option<&PathBuf>) -> Result<Option<Vec<u8>>, StartError> {
    let mut pem = settings.own_ca.clone().unwrap_or_default().into_bytes();
    if let Some(path) = file {
        pem.extend(std::fs::read(path).map_err(|e| StartError::File {
            path: path.display().to_string(),
            reason: e.to_string(),
        })?);
    }
    Ok((settings.own_ca.is_some() || file.is_some()).then_some(pem))
}

/// None when no broker is wanted: without Supervisor, and without one in the settings.
pub(super) fn broker(
    host: &Host,
    settings: &Settings,
    redactor: Redactor,
) -> Result<Option<AnyBroker>, StartError> {
    match (&settings.mqtt.broker, &host.supervisor) {
        (Some(declared), _) => {
            let ca = own_ca(settings, declared.ca_file.as_ref())?;
            let broker = declared_broker(declared, ca.as_deref())?;
            Ok(Some(AnyBroker::Declared(broker)))
        }
        (None, Some(access)) => Ok(Some(AnyBroker::Supervisor {
            supervisor: supervisor(access)?,
            own_ca: settings.own_ca.clone(),
            redactor,
        })),
        (None, None) => Ok(None),
    }
}

fn declared_broker(declared: &BrokerSettings, ca: Option<&[u8]>) -> Result<Broker, StartError> {
    let tls = match declared.tls {
        true => Some(tls::client_config(ca)?),
        false => None,
    };
    Ok(Broker {
        host: declared.host.clone(),
        port: declared.port,
        username: declared.username.clone(),
        password: declared.password.clone(),
        tls,
    })
}

/// The broker of the settings, or the one that Supervisor names at each connection.
pub(super) enum AnyBroker {
    Declared(Broker),
    Supervisor {
        supervisor: Supervisor,
        own_ca: Option<String>,
        redactor: Redactor,
    },
}

impl BrokerSource for AnyBroker {
    fn broker(&self) -> BoxFuture<'_, Result<Broker, BrokerUnknown>> {
        Box::pin(async move {
            match self {
                Self::Declared(broker) => Ok(broker.clone()),
                Self::Supervisor {
                    supervisor,
                    own_ca,
                    redactor,
                } => supervisors_broker(supervisor, own_ca.as_deref(), redactor).await,
            }
        })
    }
}

async fn supervisors_broker(
    supervisor: &Supervisor,
    own_ca: Option<&str>,
    redactor: &Redactor,
) -> Result<Broker, BrokerUnknown> {
    let unknown = |code, details: String| BrokerUnknown { code, details };
    let service = supervisor
        .mqtt()
        .await
        .map_err(|e| {
            unknown(
                e.code(),
                format!("Supervisor does not name the MQTT broker: {e}"),
            )
        })?
        .ok_or_else(|| {
            unknown(
                Code::MqttMissing,
                "There is no MQTT broker in this home.".to_owned(),
            )
        })?;
    if let Some(password) = &service.password {
        redactor.register(password);
    }
    let tls = if service.ssl {
        Some(
            tls::client_config(own_ca.map(str::as_bytes))
                .map_err(|e| unknown(Code::MqttRefused, e.to_string()))?,
        )
    } else {
        None
    };
    Ok(Broker {
        host: service.host,
        port: service.port,
        username: service.username,
        password: service.password,
        tls,
    })
}
