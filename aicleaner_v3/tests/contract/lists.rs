//! The home's state, entities' states, and to-do lists.

use std::collections::BTreeSet;

use aicleaner::home_assistant::{HomeError, TodoItem, TodoList, TodoStatus};
use aicleaner::model::{EntityId, ItemUid};
use aicleaner::telemetry::Code;
use tokio::sync::watch;

use super::Place;
use super::client::{Client, until};

/// Waits for items of which this is true.
async fn items(
    list: &mut watch::Receiver<TodoList>,
    mut wanted: impl FnMut(&[TodoItem]) -> bool,
) -> Vec<TodoItem> {
    let is_wanted = |list: &TodoList| matches!(list, TodoList::Items(items) if wanted(items));
    match until(list, is_wanted).await {
        TodoList::Items(items) => items,
        other => panic!("{other:?}"),
    }
}

pub async fn a_running_home_says_so_and_what_it_is(place: &Place) {
    let client = Client::of(place).await;

    let home = until(&mut client.home.home(), Option::is_some).await;

    let home = home.unwrap();
    assert!(client.home.status().borrow().is_running());
    assert_eq!(home.version, "2026.11.0");
    assert_eq!(home.language, "en");
    assert!(home.time_zone.contains('/'), "{}", home.time_zone);
    assert!(!home.location_name.is_empty());
}

pub async fn states_that_are_followed_arrive_and_change(place: &Place) {
    let client = Client::of(place).await;
    let list = place.list.clone();
    let nowhere = EntityId::parse("camera.nobody").unwrap();

    let followed = [place.camera.clone(), list.clone(), nowhere.clone()];
    client.home.watch_entities("test", BTreeSet::from(followed));

    let mut states = client.home.states();
    let first = until(&mut states, |states| states.len() == 2).await;
    assert!(first[&place.camera].is_available());
    assert!(first[&place.camera].friendly_name().is_some());
    assert_eq!(first[&list].state, "0");
    assert_eq!(first[&list].supported_features() & 0b100_0111, 0b100_0111);
    assert!(!first.contains_key(&nowhere));
    // A list takes items once it is followed as one.
    let mut items_of = client.home.todo_list(&list);
    items(&mut items_of, <[_]>::is_empty).await;
    client.home.add_item(&list, "Dust", None).await.unwrap();
    until(&mut states, |states| states[&list].state == "1").await;
}

pub async fn an_item_is_added_with_its_description_ticked_and_removed_by_its_uid(place: &Place) {
    let client = Client::of(place).await;
    let mut list = client.home.todo_list(&place.list);
    items(&mut list, <[_]>::is_empty).await;
    assert!(
        client
            .home
            .todo_features(&place.list)
            .unwrap()
            .description()
    );

    client
        .home
        .add_item(
            &place.list,
            "Wipe the table",
            Some("Kitchen, by the window."),
        )
        .await
        .unwrap();
    let added = items(&mut list, |items| items.len() == 1).await;
    let uid = added[0].uid.clone();
    assert_eq!(added[0].summary, "Wipe the table");
    assert_eq!(
        added[0].description.as_deref(),
        Some("Kitchen, by the window.")
    );
    assert_eq!(added[0].status, TodoStatus::NeedsAction);
    assert!(!uid.as_str().is_empty());

    client.home.complete_item(&place.list, &uid).await.unwrap();
    let ticked = items(&mut list, |items| items[0].status == TodoStatus::Completed).await;
    assert_eq!((ticked.len(), &ticked[0].uid), (1, &uid));
    assert_eq!(ticked[0].description, added[0].description);

    client.home.remove_item(&place.list, &uid).await.unwrap();
    items(&mut list, <[_]>::is_empty).await;
}

pub async fn two_items_of_the_same_text_are_told_apart_by_their_uids(place: &Place) {
    let client = Client::of(place).await;
    let mut list = client.home.todo_list(&place.list);
    items(&mut list, <[_]>::is_empty).await;
    for count in 1..=2 {
        client
            .home
            .add_item(&place.list, "Dust", None)
            .await
            .unwrap();
        items(&mut list, |items| items.len() == count).await;
    }
    let both = items(&mut list, |items| items.len() == 2).await;
    assert_ne!(both[0].uid, both[1].uid);
    assert_eq!(both[0].description, None);

    client
        .home
        .complete_item(&place.list, &both[1].uid)
        .await
        .unwrap();

    let is_ticked = |item: &TodoItem| item.status == TodoStatus::Completed;
    let after = items(&mut list, |items| items.iter().any(is_ticked)).await;
    let ticked: Vec<_> = after.iter().filter(|item| is_ticked(item)).collect();
    assert_eq!(ticked.len(), 1);
    assert_eq!(ticked[0].uid, both[1].uid);
}

pub async fn an_item_that_does_not_exist_can_not_be_ticked(place: &Place) {
    let client = Client::of(place).await;
    let mut list = client.home.todo_list(&place.list);
    items(&mut list, <[_]>::is_empty).await;
    let nobody = ItemUid::new("nobody");

    let ticked = client.home.complete_item(&place.list, &nobody).await;
    let removed = client.home.remove_item(&place.list, &nobody).await;

    for error in [ticked.unwrap_err(), removed.unwrap_err()] {
        assert_eq!(error.code(), Code::TodoListRefused);
        assert!(!error.may_have_happened());
        assert!(error.to_string().contains("nobody"), "{error}");
    }
}

pub async fn a_list_that_does_not_exist_is_missing(place: &Place) {
    let client = Client::of(place).await;
    let nowhere = EntityId::parse("todo.nowhere").unwrap();
    let mut list = client.home.todo_list(&nowhere);

    until(&mut list, |list| *list == TodoList::Missing).await;

    let error = client.home.add_item(&nowhere, "Dust", None).await;
    let error = error.unwrap_err();
    assert!(matches!(error, HomeError::ListMissing { .. }), "{error:?}");
}
