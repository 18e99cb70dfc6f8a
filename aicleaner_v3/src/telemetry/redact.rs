//! The second wall around secrets: a log writer that blots out every registered secret, in the forms in
//! which it may turn up. The first wall is that secrets live in a type that never prints itself.

use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::fmt::MakeWriter;

const BLOT: &[u8] = b"[redacted]";
/// Shorter texts would blot out ordinary words; settings refuse such secrets elsewhere or they stay behind the first wall.
const SHORTEST: usize = 4;

/// What is escaped in URLs: all but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The secrets to blot out. Cheap to clone; all clones share one list.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Arc<RwLock<Vec<Vec<u8>>>>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// Blots out `secret` from now on: as it is, escaped as in JSON, percent-encoded, and in base64.
    pub fn register(&self, secret: &SecretString) {
        let plain = secret.expose_secret();
        if plain.len() < SHORTEST {
            return;
        }
        // Once for a JSON body or a `Debug` text, twice for one inside the other.
        let escaped_once = plain.escape_debug().to_string();
        let escaped_twice = escaped_once.escape_debug().to_string();
        let forms = [
            plain.to_owned(),
            escaped_once,
            escaped_twice,
            utf8_percent_encode(plain, RESERVED).to_string(),
            STANDARD.encode(plain),
        ];
        let mut needles = self.needles.write().unwrap_or_else(PoisonError::into_inner);
        for form in forms {
            if !needles.iter().any(|needle| needle == form.as_bytes()) {
                needles.push(form.into_bytes());
            }
        }
        // The longest first, so that no part of a longer secret is left over.
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
    }

    /// `text` with every secret blotted out.
    pub fn redact(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.redact_bytes(text.as_bytes())).into_owned()
    }

    fn redact_bytes(&self, line: &[u8]) -> Vec<u8> {
        let needles = self.needles.read().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::with_capacity(line.len());
        let mut rest = line;
        while let Some(first) = rest.first() {
            match needles.iter().find(|needle| rest.starts_with(needle)) {
                Some(needle) => {
                    out.extend_from_slice(BLOT);
                    rest = &rest[needle.len()..];
                }
                None => {
                    out.push(*first);
                    rest = &rest[1..];
                }
            }
        }
        out
    }
}

/// Makes writers to standard error that blot out secrets. tracing hands a whole line to each write.
#[derive(Debug, Clone)]
pub struct RedactingWriter<W = fn() -> io::Stderr> {
    redactor: Redactor,
    target: W,
}

impl RedactingWriter {
    /// Writes to standard error.
    pub fn stderr(redactor: Redactor) -> Self {
        Self {
            redactor,
            target: io::stderr,
        }
    }
}

impl<W> RedactingWriter<W> {
    /// Writes to what `target` makes.
    pub fn new(redactor: Redactor, target: W) -> Self {
        Self { redactor, target }
    }
}

impl<'a, W, T> MakeWriter<'a> for RedactingWriter<W>
where
    W: Fn() -> T + 'a,
    T: Write,
{
    type Writer = RedactedLine<T>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactedLine {
            redactor: self.redactor.clone(),
            target: (self.target)(),
        }
    }
}

/// One log line on its way.
#[derive(Debug)]
pub struct RedactedLine<T> {
    redactor: Redactor,
    target: T,
}

impl<T: Write> Write for RedactedLine<T> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.target.write_all(&self.redactor.redact_bytes(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_registered_secret_never_reaches_the_log_in_any_form() {
        let redactor = Redactor::default();
        redactor.register(&SecretString::from("s3cr\"et/p w"));
        let captured = Captured::default();
        let target = captured.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(RedactingWriter::new(redactor, move || target.clone()))
            .finish();

        tracing::subscriber::with_default(subscriber, || {
            tracing::error!(debug = ?"s3cr\"et/p w", url = "http://x/?k=s3cr%22et%2Fp%20w", "login with s3cr\"et/p w failed");
            tracing::error!(
                json = r#"{"k":"s3cr\"et/p w"}"#,
                basic = STANDARD.encode("s3cr\"et/p w")
            );
        });

        let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
        assert!(!log.contains("s3cr"), "{log}");
        assert!(!log.contains(&STANDARD.encode("s3cr\"et/p w")), "{log}");
        assert!(log.contains("login with [redacted] failed"), "{log}");
    }
}
