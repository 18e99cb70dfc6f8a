//! Adds config entries to a running Home Assistant through its config flows, as its pages do.
//! Must never guess an entity id: it asks which entities belong to the entry.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Client, Error, in_time};

const ENTRIES: &str = "/api/config/config_entries/flow";
const SUBENTRIES: &str = "/api/config/config_entries/subentries/flow";
const ENTITY_WITHIN: Duration = Duration::from_secs(30);

/// Adds an entry for `integration`, answering the forms of its flow with `answers` in order. Returns the entry's id.
///
/// # Errors
/// `Refused` when the flow does not end with an entry.
pub async fn add_entry(
    client: &Client,
    integration: &str,
    answers: &[Value],
) -> Result<String, Error> {
    let end = go_through(client, ENTRIES, &json!(integration), answers).await?;
    end["result"]["entry_id"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Error::refused(format!("an entry for {integration}"), &end))
}

/// Adds a subentry of the given kind to an entry.
///
/// # Errors
/// `Refused` when the flow does not end with a subentry.
pub async fn add_subentry(
    client: &Client,
    entry: &str,
    kind: &str,
    answers: &[Value],
) -> Result<(), Error> {
    go_through(client, SUBENTRIES, &json!([entry, kind]), answers).await?;
    Ok(())
}

async fn go_through(
    client: &Client,
    path: &str,
    handler: &Value,
    answers: &[Value],
) -> Result<Value, Error> {
    let mut step = client.rest_post(path, &json!({"handler": handler})).await?;
    for answer in answers {
        let Some(flow) = step["flow_id"].as_str().filter(|_| step["type"] == "form") else {
            break;
        };
        step = client.rest_post(&format!("{path}/{flow}"), answer).await?;
    }
    if step["type"] == "create_entry" {
        return Ok(step);
    }
    Err(Error::refused(
        format!("the configuration of {handler}"),
        &step,
    ))
}

/// Waits until an entry has an entity of `domain` with a state, and returns its id.
///
/// # Errors
/// `Timeout` when none appears.
pub async fn entity_of(client: &Client, entry: &str, domain: &str) -> Result<String, Error> {
    let what = format!("a {domain} entity");
    let entity = in_time(&what, ENTITY_WITHIN, async {
        let mut socket = client.websocket().await?;
        let (changes, _) = socket
            .subscribe(
                &json!({"type": "subscribe_events", "event_type": "entity_registry_updated"}),
            )
            .await?;
        loop {
            if let Some(entity) = client
                .entity_registry()
                .await?
                .iter()
                .find_map(|entity| belongs(entity, entry, domain))
            {
                return Ok(entity);
            }
            socket.next_event(changes, ENTITY_WITHIN).await?;
        }
    })
    .await?;
    client
        .wait_for_state(&entity, ENTITY_WITHIN, Value::is_object)
        .await?;
    Ok(entity)
}

fn belongs(entity: &Value, entry: &str, domain: &str) -> Option<String> {
    let id = entity["entity_id"].as_str()?;
    (entity["config_entry_id"] == entry && id.split('.').next() == Some(domain))
        .then(|| id.to_owned())
}

/// Gives an entity another id.
///
/// # Errors
/// `Refused` when the id is taken or not valid.
pub async fn rename_entity(client: &Client, from: &str, to: &str) -> Result<(), Error> {
    if from != to {
        client.ws_command(&json!({"type": "config/entity_registry/update", "entity_id": from, "new_entity_id": to})).await?;
        client
            .wait_for_state(to, ENTITY_WITHIN, Value::is_object)
            .await?;
    }
    Ok(())
}
