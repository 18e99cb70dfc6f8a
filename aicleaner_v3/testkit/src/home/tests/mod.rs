//! The simulated home, seen by its clients.

mod ai_task;
mod lifecycle;
mod rest;
mod todo;
mod websocket;

use super::Home;
use crate::client_for_tests::Client;

const TOKEN: &str = "simulated-long-lived-token";
const LIST: &str = "todo.chores";

async fn home() -> Home {
    let home = Home::builder().todo_list(LIST, "Chores").start().await;
    home.unwrap()
}

async fn client(home: &Home) -> Client {
    Client::login(&home.websocket_url(), TOKEN).await
}
