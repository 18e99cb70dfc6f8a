//! The entry of one provider in the settings, while it is read: what each setting of a service must look like. All
//! faults are told, with their paths. Knows no kind.

use reqwest::Url;
use secrecy::SecretString;

use crate::settings::{DeclaredProvider, Faults, is_at_home};

/// A provider as declared, and where faults go.
pub struct Entry<'a> {
    /// As declared.
    pub declared: &'a DeclaredProvider,
    path: &'a str,
    faults: &'a mut Faults,
}

impl<'a> Entry<'a> {
    /// The entry at `path`.
    pub fn new(declared: &'a DeclaredProvider, path: &'a str, faults: &'a mut Faults) -> Self {
        Self {
            declared,
            path,
            faults,
        }
    }

    /// A fault of the entry as a whole.
    pub fn add(&mut self, reason: &str) {
        self.faults.add(self.path, reason);
    }

    /// A fault of one setting.
    pub fn add_at(&mut self, setting: &str, reason: impl Into<String>) {
        self.faults.add(format!("{}.{setting}", self.path), reason);
    }

    /// Refuses the settings that only some kinds know and `kind` does not: they would be passed over in silence.
    pub fn expect_only(&mut self, kind: &str, known: &[&str]) {
        let declared = self.declared;
        let given = [
            ("api_key", declared.api_key.is_some()),
            ("model", declared.model.is_some()),
            ("base_url", declared.base_url.is_some()),
            ("entity", declared.entity.is_some()),
            ("own_camera_source", declared.own_camera_source),
            ("keep_alive", declared.keep_alive.is_some()),
            ("context_tokens", declared.context_tokens.is_some()),
            ("price_input", declared.price_input.is_some()),
            ("price_output", declared.price_output.is_some()),
            ("max_answer_tokens", declared.max_answer_tokens.is_some()),
        ];
        for (setting, is_given) in given {
            if is_given && !known.contains(&setting) {
                self.add_at(
                    setting,
                    format!("found a value, expected none: the kind {kind} has no such setting"),
                );
            }
        }
    }

    /// The key.
    pub fn api_key(&self) -> Option<SecretString> {
        self.declared.api_key.as_ref().map(|key| key.0.clone())
    }

    /// The key of a service that wants one.
    pub fn expect_api_key(&mut self) -> Option<SecretString> {
        let key = self.api_key();
        if key.is_none() {
            self.add_at("api_key", "found nothing, expected the service's key");
        }
        key
    }

    /// The model; `example` is one that takes pictures.
    pub fn model(&mut self, example: &str) -> Option<String> {
        let model = self.declared.model.as_ref().map(|model| model.0.clone());
        let good = |model: &String| {
            let known = |c: char| c.is_ascii_alphanumeric() || "-._:/@+".contains(c);
            !model.is_empty() && model.chars().all(known) && !model.contains("..")
        };
        let found = match model {
            None => "nothing".to_owned(),
            Some(model) if good(&model) => return Some(model),
            Some(model) => format!("{model:?}"),
        };
        self.add_at(
            "model",
            format!(
                "found {found}, expected the name of a model that takes pictures, such as {example}"
            ),
        );
        None
    }

    /// The address of the service: `usual` when none is declared. `example` is one at home.
    pub fn base_url(&mut self, usual: &str, example: &str) -> Option<Url> {
        let declared = self.declared.base_url.as_ref();
        let text = declared.map_or(usual, |url| url.0.as_str()).to_owned();
        let url = Url::parse(&text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none()
        });
        let Some(url) = url else {
            self.add_at("base_url", format!("found {text:?}, expected http:// or https://, a host, and the path up to the version, such as {example}"));
            return None;
        };
        if !url.username().is_empty() || url.password().is_some() {
            self.add_at(
                "base_url",
                "found a user name or a password in the URL, expected it without: use api_key",
            );
            return None;
        }
        if url.scheme() == "http" && !is_at_home(&url) {
            self.add_at("base_url", format!("found {text:?}, expected https://: pictures and key would cross the internet for all to read"));
        }
        Some(url)
    }
}
