//! To-do lists: followed, changed, missing, reloaded.

use aicleaner::home_assistant::{HomeError, HomeStatus, TodoItem, TodoList, TodoStatus};
use aicleaner::model::ItemUid;
use aicleaner::telemetry::Code;
use aicleaner_testkit::home::{CoreState, Home, features};
use tokio::sync::watch;

use super::{Client, LIST, entity, until};

async fn home() -> Home {
    Home::builder()
        .todo_list(LIST, "Chores")
        .start()
        .await
        .unwrap()
}

/// Waits for items of which this is true.
async fn items(
    list: &mut watch::Receiver<TodoList>,
    mut wanted: impl FnMut(&[TodoItem]) -> bool,
) -> Vec<TodoItem> {
    let found = until(
        list,
        |list| matches!(list, TodoList::Items(items) if wanted(items)),
    )
    .await;
    match found {
        TodoList::Items(items) => items,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_added_item_comes_back_with_its_uid_and_description() {
    let home = home().await;
    let client = Client::running(&home).await;
    let mut list = client.home.todo_list(&entity(LIST));
    items(&mut list, <[_]>::is_empty).await;

    client
        .home
        .add_item(&entity(LIST), "Wipe the table", Some("Crumbs"))
        .await
        .unwrap();

    let found = items(&mut list, |items| !items.is_empty()).await;
    assert_eq!(found[0].summary, "Wipe the table");
    assert_eq!(found[0].description.as_deref(), Some("Crumbs"));
    assert_eq!(found[0].status, TodoStatus::NeedsAction);
    assert!(!found[0].uid.as_str().is_empty());
}

#[tokio::test]
async fn what_people_do_arrives() {
    let home = home().await;
    let client = Client::running(&home).await;
    let mut list = client.home.todo_list(&entity(LIST));
    items(&mut list, <[_]>::is_empty).await;

    home.todo(LIST).add_by_person("Dust").unwrap();
    items(&mut list, |items| items.len() == 1).await;
    home.todo(LIST).tick("Dust").unwrap();
    items(&mut list, |items| items[0].status == TodoStatus::Completed).await;
    home.todo(LIST).delete("Dust").unwrap();

    items(&mut list, <[_]>::is_empty).await;
}

#[tokio::test]
async fn items_are_ticked_and_removed_by_uid() {
    let home = home().await;
    let client = Client::running(&home).await;
    let uid = ItemUid::new(home.todo(LIST).add_by_person("Dust").unwrap());
    let mut list = client.home.todo_list(&entity(LIST));
    items(&mut list, |items| items.len() == 1).await;

    client
        .home
        .complete_item(&entity(LIST), &uid)
        .await
        .unwrap();
    items(&mut list, |items| items[0].status == TodoStatus::Completed).await;
    client.home.remove_item(&entity(LIST), &uid).await.unwrap();

    items(&mut list, <[_]>::is_empty).await;
}

#[tokio::test]
async fn a_list_without_descriptions_gets_none() {
    let home = Home::builder()
        .limited_todo_list(LIST, "Chores", features::ALL & !64)
        .start()
        .await
        .unwrap();
    let client = Client::running(&home).await;
    let mut list = client.home.todo_list(&entity(LIST));
    items(&mut list, <[_]>::is_empty).await;

    client
        .home
        .add_item(&entity(LIST), "Dust", Some("everywhere"))
        .await
        .unwrap();

    let found = items(&mut list, |items| !items.is_empty()).await;
    assert_eq!(found[0].description, None);
}

#[tokio::test]
async fn a_list_that_refuses_says_why() {
    let home = home().await;
    let client = Client::running(&home).await;
    let mut list = client.home.todo_list(&entity(LIST));
    items(&mut list, <[_]>::is_empty).await;

    let error = client
        .home
        .complete_item(&entity(LIST), &ItemUid::new("nobody"))
        .await
        .unwrap_err();

    assert_eq!(error.code(), Code::TodoListRefused);
    assert!(error.to_string().contains("nobody"), "{error}");
}

#[tokio::test]
async fn a_list_is_missing_only_once_the_home_is_running() {
    let home = Home::builder()
        .todo_list(LIST, "Chores")
        .core_state(CoreState::Starting)
        .start()
        .await
        .unwrap();
    home.miss_entities_while_starting(true);
    home.stop().await.unwrap();
    home.start_into(CoreState::Starting).unwrap();
    let client = Client::of(&home);
    let (mut there, mut nowhere) = (
        client.home.todo_list(&entity(LIST)),
        client.home.todo_list(&entity("todo.nowhere")),
    );
    client
        .reaches(|status| *status == HomeStatus::Starting)
        .await;
    // Once this is answered, the states asked for before it have been heard.
    client
        .home
        .command(serde_json::json!({"type": "get_config"}))
        .await
        .unwrap();
    assert_eq!(*there.borrow(), TodoList::Unknown);
    assert_eq!(*nowhere.borrow(), TodoList::Unknown);

    home.finish_starting();

    until(&mut nowhere, |list| *list == TodoList::Missing).await;
    items(&mut there, <[_]>::is_empty).await;
    let error = client
        .home
        .add_item(&entity("todo.nowhere"), "Dust", None)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::TodoListMissing);
}

#[tokio::test]
async fn a_reloaded_list_is_followed_again() {
    let home = home().await;
    let client = Client::running(&home).await;
    let mut list = client.home.todo_list(&entity(LIST));
    items(&mut list, <[_]>::is_empty).await;

    home.todo(LIST).unload().unwrap();
    until(&mut list, |list| *list == TodoList::Unavailable).await;
    let error = client
        .home
        .add_item(&entity(LIST), "Dust", None)
        .await
        .unwrap_err();
    home.todo(LIST).load().unwrap();
    items(&mut list, <[_]>::is_empty).await;
    home.todo(LIST).add_by_person("Dust").unwrap();

    items(&mut list, |items| items.len() == 1).await;
    assert!(
        matches!(error, HomeError::ListUnavailable { .. }),
        "{error:?}"
    );
    assert!(
        home.service_calls("todo", "add_item").is_empty(),
        "nothing was sent"
    );
}

#[tokio::test]
async fn the_same_list_twice_is_one_subscription() {
    let home = home().await;
    let client = Client::running(&home).await;

    let mut first = client.home.todo_list(&entity(LIST));
    items(&mut first, <[_]>::is_empty).await;
    let second = client.home.todo_list(&entity(LIST));

    assert_eq!(*second.borrow(), TodoList::Items(Vec::new()));
}
