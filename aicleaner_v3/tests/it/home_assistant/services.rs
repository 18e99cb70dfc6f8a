//! Services, AI Task and notifications.

use std::sync::Arc;
use std::time::Duration;

use aicleaner::home_assistant::{Attachment, GenerateData, HomeError, Refusal};
use aicleaner::telemetry::Code;
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::home::{AI_TASK, Fault, Home};
use aicleaner_testkit::model::Scripted;
use aicleaner_testkit::scene::Room;
use serde_json::json;

use super::{CAMERA, Client, LIMIT, entity};

fn question(timeout: Duration) -> GenerateData {
    GenerateData {
        task_name: "Judge the study".to_owned(),
        entity: None,
        instructions: "Say what lies about.".to_owned(),
        structure: None,
        attachments: Vec::new(),
        timeout,
    }
}

#[tokio::test]
async fn a_model_answers_with_the_picture_it_was_given() {
    let home = Home::builder()
        .camera(CAMERA, Source::Room(Room::new("study", 1)))
        .judge(Arc::new(Scripted::Raw("tidy".to_owned())))
        .start()
        .await
        .unwrap();
    let client = Client::running(&home).await;
    let mut question = question(LIMIT);
    question.entity = Some(entity(AI_TASK));
    question.attachments = vec![Attachment::camera(&entity(CAMERA))];

    let answer = client.home.generate_data(question).await.unwrap();

    assert_eq!(answer.data, json!("tidy"));
    assert!(answer.conversation_id.is_some());
    assert_eq!(home.ai_task_calls()[0].attachments.len(), 1);
}

#[tokio::test]
async fn a_late_answer_is_a_time_out_and_the_connection_stays() {
    let home = Home::builder().start().await.unwrap();
    let client = Client::running(&home).await;
    home.strike("ai_task", "generate_data", Fault::LoseAnswer);

    let error = client
        .home
        .generate_data(question(Duration::from_millis(100)))
        .await
        .unwrap_err();

    assert!(matches!(error, HomeError::TimedOut { .. }), "{error:?}");
    assert!(error.may_have_happened());
    assert_eq!(client.count("home_assistant_connected", ""), 1);
    assert_eq!(home.websocket_count(), 1);
}

#[tokio::test]
async fn ten_megabytes_are_too_large_an_answer_and_the_next_one_works() {
    let home = Home::builder()
        .judge(Arc::new(Scripted::TenMegabytes))
        .start()
        .await
        .unwrap();
    let client = Client::running(&home).await;

    let error = client
        .home
        .generate_data(question(LIMIT))
        .await
        .unwrap_err();
    home.set_judge(Arc::new(Scripted::Prose));
    let next = client.home.generate_data(question(LIMIT)).await;

    assert!(
        matches!(error, HomeError::AnswerTooLarge { .. }),
        "{error:?}"
    );
    assert!(next.is_ok());
    assert_eq!(client.count("home_assistant_connected", ""), 1);
}

#[tokio::test]
async fn a_refusal_keeps_home_assistants_words() {
    let home = Home::builder().start().await.unwrap();
    let client = Client::running(&home).await;
    home.strike(
        "ai_task",
        "generate_data",
        Fault::Refuse("The model\nis asleep".to_owned()),
    );

    let error = client
        .home
        .generate_data(question(LIMIT))
        .await
        .unwrap_err();
    let unknown = client
        .home
        .call_service("nobody", "knows", json!({}), false)
        .await
        .unwrap_err();

    assert!(error.to_string().contains("The model is asleep"), "{error}");
    assert_eq!(error.code(), Code::HomeAssistantAnswer);
    assert!(
        matches!(
            unknown,
            HomeError::Refused {
                refusal: Refusal::NotFound,
                ..
            }
        ),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn the_homes_ai_tasks_are_found() {
    let home = Home::builder().start().await.unwrap();
    let client = Client::running(&home).await;

    let tasks = client.home.ai_tasks().await.unwrap();
    let preferred = client.home.preferred_ai_task().await.unwrap();

    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].entity, entity(AI_TASK));
    assert!(tasks[0].takes_pictures());
    assert_eq!(preferred, Some(entity(AI_TASK)));
}

#[tokio::test]
async fn a_notification_is_shown_replaced_and_dismissed() {
    let home = Home::builder().start().await.unwrap();
    let client = Client::running(&home).await;

    client
        .home
        .notify_persistent("aicleaner", "Settings", "one")
        .await
        .unwrap();
    client
        .home
        .notify_persistent("aicleaner", "Settings", "two")
        .await
        .unwrap();

    let shown = home.notifications();
    assert_eq!((shown.len(), shown[0].message.as_str()), (1, "two"));
    client.home.dismiss_persistent("aicleaner").await.unwrap();
    assert!(home.notifications().is_empty());
}
