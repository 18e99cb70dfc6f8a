//! From a file or a tree, and the environment, to checked settings. Nothing gets past the checks.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ProviderKinds, Sections, Settings, SettingsError, check, merge};
use crate::model::Deployment;

impl Settings {
    /// Reads, merges and checks. `file` may be missing only if it is none; `environment` is the whole
    /// environment, of which the variables that start with [`ENVIRONMENT_PREFIX`] count. `kinds` are the kinds of
    /// providers that there are.
    ///
    /// # Errors
    /// When the file can't be read or parsed, or a value is not allowed: one fault for each.
    pub fn load(
        file: Option<&Path>,
        environment: &BTreeMap<String, String>,
        deployment: Deployment,
        kinds: &dyn ProviderKinds,
    ) -> Result<Self, SettingsError> {
        Self::of(merge::merge(file, environment)?, deployment, kinds)
    }

    /// As [`Self::load`], of a tree in the place of a file: the options that Supervisor hands out.
    ///
    /// # Errors
    /// When a value is not allowed: one fault for each.
    pub fn of_options(
        options: serde_json::Value,
        environment: &BTreeMap<String, String>,
        deployment: Deployment,
        kinds: &dyn ProviderKinds,
    ) -> Result<Self, SettingsError> {
        Self::of(merge::lay_over(options, environment)?, deployment, kinds)
    }

    fn of(
        tree: merge::Tree,
        deployment: Deployment,
        kinds: &dyn ProviderKinds,
    ) -> Result<Self, SettingsError> {
        let sections = Sections::of(tree.root());
        let declared = merge::typed(tree)?;
        let settings = check::check(declared, deployment, kinds)?;
        Ok(Self {
            sections,
            ..settings
        })
    }
}
