//! One TLS client configuration for HTTP, websocket and MQTT: compiled-in trust roots (a scratch image has
//! none) and, if given, the home's own certificate authority. ring is the provider, because it builds for
//! static musl targets without a C++ toolchain.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Why no configuration could be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The PEM text has no certificate in it, or a broken one.
    #[error("the certificate file holds no usable PEM certificate: {0}")]
    BadCertificate(String),
    /// The provider does not do the protocol versions that we ask for.
    #[error("TLS could not be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// A configuration that trusts the public roots and the certificates in `own_ca` (PEM), if given.
///
/// # Errors
/// When `own_ca` holds no certificate.
pub fn client_config(own_ca: Option<&[u8]>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(pem) = own_ca {
        let bad = |e: &dyn std::fmt::Display| TlsError::BadCertificate(e.to_string());
        let mut found = 0_usize;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots
                .add(certificate.map_err(|e| bad(&e))?)
                .map_err(|e| bad(&e))?;
            found += 1;
        }
        if found == 0 {
            return Err(bad(&"no BEGIN CERTIFICATE line"));
        }
    }
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
    Ok(Arc::new(config))
}

/// PEM certificates whose line breaks were lost, such as in a text field of one line, with line breaks again.
pub fn with_line_breaks(text: &str) -> String {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    text.split(END)
        .filter_map(|part| part.split_once(BEGIN))
        .map(|(_, body)| {
            let lines: Vec<_> = body.split_whitespace().collect();
            format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_get_their_line_breaks_back() {
        let flat = "-----BEGIN CERTIFICATE----- QUJD REVG -----END CERTIFICATE----- -----BEGIN CERTIFICATE-----R0hJ-----END CERTIFICATE-----";

        let pem = with_line_breaks(flat);

        let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
            .map(|certificate| certificate.unwrap().to_vec())
            .collect();
        assert_eq!(found, [b"ABCDEF".to_vec(), b"GHI".to_vec()]);
        assert_eq!(with_line_breaks(&pem), pem);
        assert_eq!(with_line_breaks("no certificate"), "");
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let error = client_config(Some(b"hello")).unwrap_err();

        assert!(error.to_string().contains("no usable PEM certificate"));
    }

    #[test]
    fn public_roots_are_trusted_without_any_file() {
        assert!(client_config(None).is_ok());
    }
}
