//! Tells which retained messages on the broker are leftovers of ours: of zones that are gone, or pictures that
//! may not be there any more. Says no to everything that is not of this instance.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::discovery::{ORIGIN, is_shown};
use super::topics::EntityOptions;
use super::{system, zone};
use crate::model::ZoneId;
use crate::mqtt::Stale;

/// What is stale when just `zones` are there.
pub(super) fn stale(options: &EntityOptions, zones: &BTreeSet<ZoneId>) -> Stale {
    let (instance, prefix) = (&options.instance, &options.prefix);
    // Also what was said under a prefix that we had before.
    let mut definitions = vec![
        "+/device/+/config".to_owned(),
        "+/+/device/+/config".to_owned(),
    ];
    if prefix.as_str().split('/').count() > 2 {
        definitions.push(format!("{prefix}/device/+/config"));
    }
    let values = vec![
        format!("{instance}/+/+"),
        format!("{instance}/+/+/attributes"),
    ];
    let devices = zones.iter().map(Some).chain([None]);
    let wanted: BTreeSet<String> = devices.map(|zone| options.discovery_topic(zone)).collect();
    let (options, zones) = (options.clone(), zones.clone());
    Stale {
        definitions,
        values,
        is_stale: Arc::new(move |topic, payload| {
            if topic.ends_with("/config") {
                !wanted.contains(topic) && is_our_discovery(&options, payload)
            } else {
                is_stale_state(&options, &zones, topic)
            }
        }),
    }
}

/// By the availability topic, which holds the instance's whole name: ids of two instances can begin alike.
fn is_our_discovery(options: &EntityOptions, payload: &[u8]) -> bool {
    let Ok(message) = serde_json::from_slice::<Value>(payload) else {
        return false;
    };
    message["origin"]["name"] == ORIGIN
        && message["availability"][0]["topic"] == options.mqtt().availability_topic()
}

/// `<instance>/<zone>/<key>` and its attributes, of entities that we know: other keys are not of our making.
fn is_stale_state(options: &EntityOptions, zones: &BTreeSet<ZoneId>, topic: &str) -> bool {
    let levels: Vec<&str> = topic.split('/').collect();
    let (zone, key) = match levels[..] {
        [base, zone, key] | [base, zone, key, "attributes"]
            if base == options.instance.as_str() =>
        {
            (zone, key)
        }
        _ => return false,
    };
    if key == "attributes" && system::ENTITIES.iter().any(|entity| entity.key == zone) {
        return false;
    }
    match zone::ENTITIES.iter().find(|entity| entity.key == key) {
        Some(entity) => {
            !is_shown(options, entity) || !zones.iter().any(|known| known.as_str() == zone)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::discovery::tests::options;
    use crate::entities::discovery::zone_discovery;
    use crate::entities::zone::tests::kitchen;
    use crate::i18n::Texts;
    use crate::model::{DiscoveryPrefix, InstanceName, Zone, ZoneView};

    fn is_stale(topic: &str, payload: &[u8]) -> bool {
        let zones = BTreeSet::from([kitchen().zone.id]);
        (stale(&options(), &zones).is_stale)(topic, payload)
    }

    fn attic(options: &EntityOptions) -> (String, String) {
        let zone = Zone::new(ZoneId::parse("attic").unwrap(), "Attic");
        zone_discovery(options, &Texts::default(), &ZoneView::new(zone))
    }

    #[test]
    fn a_removed_zone_is_stale_and_a_known_one_is_not() {
        let (topic, payload) = attic(&options());
        assert!(is_stale(&topic, payload.as_bytes()));

        let (topic, payload) = zone_discovery(&options(), &Texts::default(), &kitchen());
        assert!(!is_stale(&topic, payload.as_bytes()));
        assert!(is_stale("aicleaner/attic/cleanliness", b"5"));
        assert!(is_stale("aicleaner/attic/interval", b"5"));
        assert!(is_stale("aicleaner/attic/open_tasks/attributes", b"{}"));
        assert!(!is_stale("aicleaner/kitchen/cleanliness", b"5"));
    }

    #[test]
    fn what_was_said_under_another_prefix_is_stale() {
        let before = EntityOptions {
            prefix: DiscoveryPrefix::parse("ha/discovery").unwrap(),
            ..options()
        };
        let (topic, payload) = zone_discovery(&before, &Texts::default(), &kitchen());

        assert!(topic.starts_with("ha/discovery/device/"));
        assert!(is_stale(&topic, payload.as_bytes()));
    }

    #[test]
    fn an_instance_whose_name_begins_like_ours_is_left_alone() {
        let other = EntityOptions {
            instance: InstanceName::parse("aicleaner_2").unwrap(),
            ..options()
        };
        let (topic, payload) = attic(&other);

        assert!(!is_stale(&topic, payload.as_bytes()));
        assert!(!is_stale("aicleaner_2/attic/cleanliness", b"5"));
    }

    #[test]
    fn what_others_left_on_the_broker_is_left_alone() {
        for payload in [
            &b"{}"[..],
            b"[1]",
            b"\xff",
            b"",
            br#"{"origin":{"name":"AICleaner"}}"#,
        ] {
            assert!(!is_stale(
                "homeassistant/device/aicleaner-attic/config",
                payload
            ));
        }
        assert!(!is_stale("aicleaner/attic/other_key", b"5"));
        assert!(!is_stale("aicleaner/status/attributes", b"{}"));
    }

    #[test]
    fn pictures_are_taken_off_the_broker_when_they_may_not_be_there() {
        let private = EntityOptions {
            publish_pictures: false,
            ..options()
        };
        let zones = BTreeSet::from([kitchen().zone.id]);

        assert!((stale(&private, &zones).is_stale)(
            "aicleaner/kitchen/last_frame",
            b"\xff\xd8"
        ));
        assert!(!is_stale("aicleaner/kitchen/last_frame", b"\xff\xd8"));
    }
}
