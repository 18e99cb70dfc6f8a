//! The HTTP client of the simulations and their tests: plain HTTP to loopback, no proxy, no global.
//! It must never be used for anything outside 127.0.0.1.

use std::sync::Arc;

use crate::KitError;

/// A client that needs no process-wide TLS provider.
pub(crate) fn client() -> Result<reqwest::Client, KitError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .build()?)
}
