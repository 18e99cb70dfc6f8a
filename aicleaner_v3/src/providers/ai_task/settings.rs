//! What Home Assistant's AI Task asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use super::client::{AiTask, AiTaskOptions};
use crate::model::EntityId;
use crate::providers::entry::Entry;
use crate::providers::facts::Facts;
use crate::providers::http::SetupError;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings,
};

const NAME: &str = "ai_task";
const KNOWN: [&str; 2] = ["entity", "own_camera_source"];

/// Home Assistant's AI Task in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: NAME,
        title: "Home Assistant's AI Task",
        timeout: Duration::from_secs(300),
        // A model at home answers one after the other anyway.
        at_a_time: 1,
        pricing: Pricing::Calls,
        asks_home_assistant: true,
        check,
    },
    build,
};

fn check(declared: &DeclaredProvider, path: &str, faults: &mut Faults) -> Option<ProviderCheck> {
    Entry::new(declared, path, faults).expect_only(NAME, &KNOWN);
    if let Some(entity) = &declared.entity {
        faults.expect_domain(format!("{path}.entity"), entity, "ai_task");
    }
    Some(ProviderCheck {
        // Which integration the entity belongs to is asked before the first picture.
        stays_home: true,
        price: None,
    })
}

fn build(
    provider: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn Provider>, SetupError> {
    let declared = &provider.declared;
    let model = declared
        .entity
        .as_ref()
        .map_or("preferred", EntityId::as_str);
    let facts = Facts {
        // One to generate data, one to evaluate where the entity can.
        calls_per_question: 2,
        most_tokens_out: 0,
        tokens_per_picture: 0,
        ..facts(provider, model)
    };
    let options = AiTaskOptions {
        instance: context.instance.clone(),
        entity: declared.entity.clone(),
        own_camera_source: declared.own_camera_source,
        must_stay_home: context.local_only && !declared.local,
    };
    let (home, telemetry) = (context.home.clone(), context.telemetry.clone());
    Ok(Arc::new(AiTask::new(facts, home, telemetry, options)))
}
