//! What services elsewhere that want a key and a model ask of their settings alike. Knows no kind.

use reqwest::Url;
use secrecy::SecretString;

use super::entry::Entry;
use super::http::SetupError;
use super::prices;
use crate::settings::{DeclaredProvider, Faults, ProviderCheck, ProviderSettings, is_at_home};

const KNOWN: [&str; 6] = [
    "api_key",
    "model",
    "base_url",
    "price_input",
    "price_output",
    "max_answer_tokens",
];

/// What such a kind says of itself.
pub struct KeyedKind {
    /// Its name in the settings.
    pub name: &'static str,
    /// The service's own address.
    pub address: &'static str,
    /// A model that takes pictures, as an example.
    pub model: &'static str,
}

/// What the settings say of such a service.
pub struct KeyedService {
    /// The key.
    pub key: SecretString,
    /// The model.
    pub model: String,
    /// Where it is.
    pub base: Url,
}

impl KeyedKind {
    fn read(&self, mut entry: Entry<'_>) -> Option<KeyedService> {
        entry.expect_only(self.name, &KNOWN);
        let model = entry.model(self.model);
        let base = entry.base_url(self.address, "http://192.168.1.5:1234/v1");
        let key = entry.expect_api_key()?;
        Some(KeyedService {
            key,
            model: model?,
            base: base?,
        })
    }

    /// Checks the entry at `path`; all faults are told.
    pub fn check(
        &self,
        declared: &DeclaredProvider,
        path: &str,
        faults: &mut Faults,
    ) -> Option<ProviderCheck> {
        let service = self.read(Entry::new(declared, path, faults))?;
        let is_original = declared.base_url.is_none();
        // The service itself is elsewhere; something at home that speaks its API may hand on what it gets.
        let stays_home = is_at_home(&service.base) && declared.local;
        Some(ProviderCheck {
            stays_home,
            price: prices::known(self.name, &service.model, is_original, stays_home),
        })
    }

    /// What settings that were checked say.
    ///
    /// # Errors
    /// When they were not.
    pub fn service(&self, provider: &ProviderSettings) -> Result<KeyedService, SetupError> {
        let mut faults = Faults::default();
        self.read(Entry::new(&provider.declared, "", &mut faults))
            .ok_or(SetupError::NotChecked)
    }
}
