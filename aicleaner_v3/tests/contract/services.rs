//! Services: what they say when they refuse, and Home Assistant's notifications.

use aicleaner::home_assistant::{HomeError, Refusal};
use serde_json::{Value, json};

use super::Place;
use super::client::Client;

pub async fn a_service_that_does_not_exist_is_not_found(place: &Place) {
    let client = Client::of(place).await;

    let service = client.home.call_service("todo", "burn", json!({}), false);
    let service = service.await.unwrap_err();
    let command = client.home.command(json!({"type": "make/coffee"})).await;
    let command = command.unwrap_err();

    for error in [&service, &command] {
        assert!(
            matches!(
                error,
                HomeError::Refused {
                    refusal: Refusal::NotFound,
                    ..
                }
            ),
            "{error:?}"
        );
        assert!(!error.may_have_happened() && !error.is_absence());
    }
    assert_eq!(
        service.to_string(),
        "Home Assistant refused: Service todo.burn not found. (todo.burn)"
    );
    assert_eq!(
        command.to_string(),
        "Home Assistant refused: Unknown command. (make/coffee)"
    );
}

pub async fn a_service_that_is_asked_wrongly_says_so(place: &Place) {
    let client = Client::of(place).await;
    let no_item = json!({"entity_id": place.list});
    let no_response = json!({"entity_id": place.list});

    for (service, data) in [("add_item", no_item), ("get_items", no_response)] {
        let refused = client.home.call_service("todo", service, data, false).await;

        let error = refused.unwrap_err();
        assert!(
            matches!(
                error,
                HomeError::Refused {
                    refusal: Refusal::Invalid,
                    ..
                }
            ),
            "{service}: {error:?}"
        );
    }
}

pub async fn a_notification_is_shown_replaced_and_dismissed(place: &Place) {
    let client = Client::of(place).await;
    let ours = async || {
        let all = client
            .home
            .command(json!({"type": "persistent_notification/get"}))
            .await
            .unwrap();
        let all: Vec<Value> = all.as_array().unwrap().clone();
        let of_ours = |one: &Value| one["notification_id"] == "contract";
        all.into_iter().filter(of_ours).collect::<Vec<_>>()
    };

    for message in ["one", "two"] {
        client
            .home
            .notify_persistent("contract", "Settings", message)
            .await
            .unwrap();
    }
    let shown = ours().await;
    client.home.dismiss_persistent("contract").await.unwrap();
    let after = ours().await;
    client.home.dismiss_persistent("contract").await.unwrap();

    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0]["title"], "Settings");
    assert_eq!(shown[0]["message"], "two");
    assert!(after.is_empty(), "{after:?}");
}
