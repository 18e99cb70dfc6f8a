//! The services of the domain `todo`, with the checks and errors of Home Assistant 2026.11.
//! A list that does not exist is passed over in silence, exactly as Home Assistant does.

use serde_json::{Map, Value, json};

use super::fields::{entity_ids, only_fields, required_text};
use super::service_error::ServiceError;
use super::todo::{Item, Status, TodoList, features};
use super::world::World;

/// Fields of an item and the feature each needs.
const FIELDS: [(&str, u32); 3] = [
    ("due_date", features::DUE_DATE),
    ("due_datetime", features::DUE_DATETIME),
    ("description", features::DESCRIPTION),
];

/// Runs a service on every list that the call names.
pub(super) fn call(
    world: &mut World,
    service: &str,
    data: &Value,
    wants_response: bool,
) -> Result<Option<Value>, ServiceError> {
    let needed = match service {
        "add_item" => features::CREATE,
        "update_item" => features::UPDATE,
        "remove_item" | "remove_completed_items" => features::DELETE,
        _ => 0,
    };
    check(service, data)?;
    let data = &with_local_due(data, &world.config.time_zone)?;
    let mut responses = Map::new();
    for entity_id in entity_ids(data)? {
        let Some(list) = world.usable_list(&entity_id) else {
            continue;
        };
        if list.features & needed != needed {
            return Err(ServiceError::validation(
                "homeassistant",
                "service_not_supported",
                &format!("Entity {entity_id} does not support action todo.{service}"),
                json!({"domain": "todo", "service": service, "entity_id": entity_id}),
            ));
        }
        let response = world.change_list(&entity_id, |list| run(list, service, data));
        if let Some(response) = response {
            responses.insert(entity_id, response?);
        }
    }
    if !wants_response {
        return Ok(None);
    }
    if responses.is_empty() {
        return Err(ServiceError::expected(
            "Service call requested response data but did not match any entities",
        ));
    }
    Ok(Some(Value::Object(responses)))
}

/// The checks of a service's schema.
fn check(service: &str, data: &Value) -> Result<(), ServiceError> {
    const TARGETS: [&str; 5] = ["entity_id", "device_id", "area_id", "floor_id", "label_id"];
    let fields: &[&str] = match service {
        "add_item" => &["item", "due_date", "due_datetime", "description"],
        "update_item" => &[
            "item",
            "rename",
            "status",
            "due_date",
            "due_datetime",
            "description",
        ],
        "remove_item" => &["item"],
        "get_items" => &["status"],
        _ => &[],
    };
    only_fields(data, &[&TARGETS, fields].concat())?;
    let names_one_item = matches!(service, "add_item" | "update_item");
    if names_one_item && required_text(data, "item")?.trim().is_empty() {
        return Err(ServiceError::invalid(
            "length of value must be at least 1 for dictionary value @ data['item']",
        ));
    }
    if service == "remove_item" && data.get("item").is_none() {
        return Err(ServiceError::missing("item"));
    }
    if data.get("due_date").is_some() && data.get("due_datetime").is_some() {
        return Err(ServiceError::invalid(
            "must contain at most one of due_date, due_datetime.",
        ));
    }
    let changes = [
        "rename",
        "status",
        "due_date",
        "due_datetime",
        "description",
    ];
    if service == "update_item" && !changes.iter().any(|field| data.get(field).is_some()) {
        return Err(ServiceError::invalid(
            "must contain at least one of rename, status, due_date, due_datetime, description.",
        ));
    }
    for status in statuses(data) {
        if Status::parse(status).is_none() {
            return Err(ServiceError::invalid(
                "value must be one of ['completed', 'needs_action'] for dictionary value @ data['status']",
            ));
        }
    }
    Ok(())
}

/// The data with `due_datetime` in the home's time zone, where Home Assistant moves it.
fn with_local_due(data: &Value, time_zone: &str) -> Result<Value, ServiceError> {
    let mut data = data.clone();
    if let Some(due) = data.get("due_datetime").and_then(Value::as_str) {
        let local = local_time(due, time_zone).ok_or_else(|| {
            ServiceError::Invalid(format!(
                "Invalid datetime specified: {due} for dictionary value @ data['due_datetime']"
            ))
        })?;
        data["due_datetime"] = local.into();
    }
    Ok(data)
}

fn local_time(text: &str, time_zone: &str) -> Option<String> {
    let zone = jiff::tz::TimeZone::get(time_zone).ok()?;
    let at = match text.parse::<jiff::Timestamp>() {
        Ok(at) => at.to_zoned(zone),
        Err(_without_offset) => text
            .parse::<jiff::civil::DateTime>()
            .ok()?
            .to_zoned(zone)
            .ok()?,
    };
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

fn run(list: &mut TodoList, service: &str, data: &Value) -> Result<Value, ServiceError> {
    match service {
        "add_item" => {
            check_fields(list, data)?;
            let mut item = Item::new(required_text(data, "item")?.trim());
            set_fields(&mut item, data);
            list.items.push(item);
            Ok(Value::Null)
        }
        "update_item" => {
            let place = find(list, &required_text(data, "item")?)?;
            check_fields(list, data)?;
            let item = &mut list.items[place];
            if let Some(name) = data.get("rename").and_then(Value::as_str) {
                name.trim().clone_into(&mut item.summary);
            }
            if let Some(status) = statuses(data).next().and_then(Status::parse) {
                item.mark(status);
            }
            set_fields(item, data);
            Ok(Value::Null)
        }
        "remove_item" => {
            let wanted: Vec<&str> = texts(data.get("item")).collect();
            let places = wanted
                .iter()
                .map(|item| find(list, item))
                .collect::<Result<Vec<usize>, _>>()?;
            let uids: Vec<String> = places
                .into_iter()
                .map(|place| list.items[place].uid.clone())
                .collect();
            list.items.retain(|item| !uids.contains(&item.uid));
            Ok(Value::Null)
        }
        "remove_completed_items" => {
            list.items.retain(|item| item.status == Status::NeedsAction);
            Ok(Value::Null)
        }
        _ => {
            let wanted: Vec<&str> = statuses(data).collect();
            let items: Vec<Value> = list
                .visible
                .iter()
                .filter(|item| wanted.is_empty() || wanted.contains(&item.status.as_str()))
                .map(Item::listed)
                .collect();
            Ok(json!({"items": items}))
        }
    }
}

/// Finds an item by uid or summary among those Home Assistant knows.
fn find(list: &TodoList, wanted: &str) -> Result<usize, ServiceError> {
    let known = list
        .visible
        .iter()
        .find(|item| item.uid == wanted || item.summary == wanted);
    known
        .and_then(|known| list.items.iter().position(|item| item.uid == known.uid))
        .ok_or_else(|| {
            ServiceError::validation(
                "todo",
                "item_not_found",
                &format!("Unable to find to-do list item: {wanted}"),
                json!({"item": wanted}),
            )
        })
}

fn check_fields(list: &TodoList, data: &Value) -> Result<(), ServiceError> {
    for (field, needed) in FIELDS {
        if data.get(field).is_some() && list.features & needed == 0 {
            return Err(ServiceError::validation(
                "todo",
                "update_field_not_supported",
                &format!("Entity does not support setting field: {field}"),
                json!({"service_field": field}),
            ));
        }
    }
    Ok(())
}

fn set_fields(item: &mut Item, data: &Value) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(description) = data.get("description") {
        item.description = text(description);
    }
    for field in ["due_date", "due_datetime"] {
        if let Some(due) = data.get(field) {
            item.due = text(due);
        }
    }
}

fn statuses(data: &Value) -> impl Iterator<Item = &str> {
    texts(data.get("status"))
}

/// One text or a list of texts, as Home Assistant's `ensure_list` reads it.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let single = value.and_then(Value::as_str);
    let many = value.and_then(Value::as_array);
    single
        .into_iter()
        .chain(many.into_iter().flatten().filter_map(Value::as_str))
}
