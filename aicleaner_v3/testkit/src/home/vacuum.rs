//! Robot vacuums: their services, with the refusals of `components/vacuum/services.py`, and coming home.

use serde_json::{Value, json};

use super::fields::entity_ids;
use super::service_error::ServiceError;
use super::world::World;

/// A robot that can be started (`VacuumEntityFeature.START`).
pub const START: u32 = 8192;
/// A robot that can be sent to areas (`VacuumEntityFeature.CLEAN_AREA`).
pub const CLEAN_AREA: u32 = 16_384;

/// Whether the domain `vacuum` has this service.
pub(super) fn has_service(service: &str) -> bool {
    matches!(service, "start" | "clean_area" | "stop" | "return_to_base")
}

/// Runs a service of the domain `vacuum`.
pub(super) fn call(world: &mut World, service: &str, data: &Value) -> Result<(), ServiceError> {
    for entity_id in entity_ids(data)? {
        let Some(known) = world.known.get(&entity_id).cloned() else {
            // A call to an entity that does not exist succeeds and does nothing.
            continue;
        };
        let features = known.attributes.get("supported_features");
        let features = features.and_then(Value::as_u64).unwrap_or(0);
        let needed = match service {
            "clean_area" => CLEAN_AREA,
            "start" => START,
            _ => 0,
        };
        if features & u64::from(needed) != u64::from(needed) {
            let text = format!("Entity {entity_id} does not support action vacuum.{service}");
            return Err(ServiceError::validation(
                "homeassistant",
                "service_not_supported",
                &text,
                json!({"entity_id": entity_id}),
            ));
        }
        if service == "clean_area" {
            mapped(world, &entity_id, data)?;
        }
        let state = match service {
            "start" | "clean_area" => "cleaning",
            "stop" => "idle",
            _ => "returning",
        };
        let mut known = known;
        state.clone_into(&mut known.state);
        world.set_known(&entity_id, known);
    }
    Ok(())
}

fn mapped(world: &World, entity_id: &str, data: &Value) -> Result<(), ServiceError> {
    let areas: Vec<&str> = match &data["cleaning_area_id"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => return Err(ServiceError::missing("cleaning_area_id")),
    };
    let Some(mapping) = world.vacuum_areas.get(entity_id) else {
        return Err(ServiceError::validation(
            "vacuum",
            "area_mapping_not_configured",
            &format!("Area mapping is not configured for `{entity_id}`."),
            json!({"entity_id": entity_id}),
        ));
    };
    let unmapped: Vec<&str> = areas
        .into_iter()
        .filter(|area| !mapping.iter().any(|known| known == area))
        .collect();
    if unmapped.is_empty() {
        return Ok(());
    }
    let areas = unmapped.join(", ");
    Err(ServiceError::validation(
        "vacuum",
        "areas_not_mapped",
        &format!("The following areas are not mapped to any segments: {areas}."),
        json!({"areas": areas}),
    ))
}
