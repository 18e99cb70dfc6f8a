//! Why the program can't start at all.

use crate::home_assistant::ConnectionError;
use crate::providers::BuildError;
use crate::settings::SettingsError;
use crate::store::StoreError;
use crate::telemetry::Code;
use crate::tls::TlsError;
use crate::web::ListenError;

/// Why the program can't start at all.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings can't be used, and there is no Supervisor to tell a household so.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The data folder or the database can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A port is taken.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A file named in the settings can't be used.
    #[error("{path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The address of Home Assistant can't be used.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// TLS can't be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A provider can't be set up.
    #[error(transparent)]
    Provider(#[from] BuildError),
}

impl StartError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Settings(e) => e.code(),
            Self::Store(e) => e.code(),
            Self::Listen(e) => e.code(),
            Self::Connection(e) => e.code(),
            Self::File { .. } | Self::Tls(_) | Self::Provider(_) => Code::SettingsInvalid,
        }
    }
}
