//! The way through Supervisor, and Supervisor's own API.

use aicleaner::home_assistant::{Connection, HomeError, HomeStatus, Refusal, Supervisor, TodoList};
use aicleaner::model::InstanceName;
use aicleaner::telemetry::Code;
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::home::{CoreState, Home};
use aicleaner_testkit::scene::Room;
use aicleaner_testkit::supervisor::{MqttService, Supervisor as Front};
use secrecy::{ExposeSecret as _, SecretString};

use super::{CAMERA, Client, LIMIT, LIST, entity, until};

const TOKEN: &str = "supervisor-token";

async fn home(state: CoreState) -> Home {
    Home::builder()
        .todo_list(LIST, "Chores")
        .camera(CAMERA, Source::Room(Room::new("study", 1)))
        .core_state(state)
        .start()
        .await
        .unwrap()
}

async fn front(home: &Home, mqtt: MqttService) -> Front {
    Front::start(home, TOKEN, mqtt).await.unwrap()
}

fn connection(front: &Front, token: &str) -> Connection {
    Connection::supervisor_at(&front.url(), &SecretString::from(token)).unwrap()
}

fn supervisor(front: &Front, token: &str) -> Supervisor {
    Supervisor::at(&front.url(), &SecretString::from(token)).unwrap()
}

#[tokio::test]
async fn a_502_is_a_home_that_starts() {
    let home = home(CoreState::Starting).await;
    let front = front(&home, MqttService::NotEnabled).await;
    let client = Client::start(connection(&front, TOKEN));
    client
        .reaches(|status| *status == HomeStatus::Starting)
        .await;
    let error = client
        .home
        .snapshot(&entity(CAMERA), None, 1 << 20, LIMIT)
        .await
        .unwrap_err();
    assert_eq!(error, HomeError::Starting);

    home.finish_starting();
    client.reaches(HomeStatus::is_running).await;

    let code = Code::HomeAssistantUnreachable.as_str();
    assert_eq!(client.count("home_assistant_disconnected", code), 0);
    assert_eq!(client.count("home_assistant_starting", ""), 1);
    assert_eq!(client.count("home_assistant_connected", ""), 1);
}

#[tokio::test]
async fn everything_works_through_the_proxy() {
    let home = home(CoreState::Running).await;
    let front = front(&home, MqttService::NotEnabled).await;
    let client = Client::start(connection(&front, TOKEN));
    let mut list = client.home.todo_list(&entity(LIST));
    until(&mut list, |list| matches!(list, TodoList::Items(_))).await;

    let snapshot = client
        .home
        .snapshot(&entity(CAMERA), Some(640), 1 << 20, LIMIT)
        .await
        .unwrap();
    let image = client
        .home
        .upload_image(&InstanceName::default(), snapshot.bytes)
        .await
        .unwrap();

    assert_eq!(home.uploads().len(), 1);
    client.home.delete_image(&image).await.unwrap();
    assert!(home.uploads().is_empty());
}

#[tokio::test]
async fn a_wrong_supervisor_token_is_refused() {
    let home = home(CoreState::Running).await;
    let front = front(&home, MqttService::NotEnabled).await;
    let client = Client::start(connection(&front, "wrong"));

    client
        .reaches(|status| *status == HomeStatus::TokenRefused)
        .await;
    let error = supervisor(&front, "wrong").mqtt().await.unwrap_err();

    assert!(
        matches!(
            error,
            HomeError::TokenRefused
                | HomeError::Refused {
                    refusal: Refusal::NotAllowed,
                    ..
                }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_homes_broker_is_found() {
    let home = home(CoreState::Running).await;
    let front = front(&home, MqttService::on_port(1884)).await;

    let service = supervisor(&front, TOKEN).mqtt().await.unwrap().unwrap();

    assert_eq!((service.host.as_str(), service.port), ("127.0.0.1", 1884));
    assert_eq!(service.username.as_deref(), Some("addons"));
    assert_eq!(service.password.unwrap().expose_secret(), "simulated");
    assert!(!service.ssl);
}

#[tokio::test]
async fn a_home_without_a_broker_is_no_error_but_a_missing_right_is() {
    let home = home(CoreState::Running).await;
    let front = front(&home, MqttService::NotEnabled).await;
    let supervisor = supervisor(&front, TOKEN);

    assert!(supervisor.mqtt().await.unwrap().is_none());
    front.set_mqtt(MqttService::Forbidden);

    assert!(supervisor.mqtt().await.is_err());
}

#[tokio::test]
async fn supervisor_says_who_we_are() {
    let home = home(CoreState::Running).await;
    let front = front(&home, MqttService::NotEnabled).await;

    let info = supervisor(&front, TOKEN).self_info().await.unwrap();

    assert!(info.slug.contains("aicleaner"), "{info:?}");
}
