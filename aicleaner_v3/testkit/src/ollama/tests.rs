//! The simulated Ollama server, seen by an HTTP client.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::model::{SceneJudge, Scripted};
use crate::scene::{Room, USUAL_SIZE};

async fn post(server: &Ollama, path: &str, body: &Value) -> (u16, String) {
    let client = crate::http::client().unwrap();
    let url = format!("{}{path}", server.url());
    let response = client.post(url).json(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn chat(image: &[u8], stream: bool) -> Value {
    json!({
        "model": "gemma3:4b",
        "stream": stream,
        "keep_alive": -1,
        "options": {"num_ctx": 8192},
        "format": {"type": "object", "properties": {
            "score": {"type": "number"},
            "findings": {"type": "array"},
        }},
        "messages": [
            {"role": "system", "content": "You are helpful."},
            {"role": "user", "content": "How tidy is it?", "images": [STANDARD.encode(image)]},
        ],
    })
}

#[tokio::test]
async fn a_picture_in_a_chat_is_judged_by_what_it_shows() {
    let room = Room::new("study", 3);
    room.leave("cup-on-desk").unwrap();
    let picture = room.snapshot(Duration::ZERO, USUAL_SIZE).unwrap().jpeg;
    let server = Ollama::start(SceneJudge::new([room])).await.unwrap();

    let (status, text) = post(&server, "/api/chat", &chat(&picture, false)).await;

    let answer: Value = serde_json::from_str(&text).unwrap();
    let verdict: Value =
        serde_json::from_str(answer["message"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(status, 200);
    assert_eq!(answer["done"], true);
    assert_eq!(verdict["score"], 85);
    assert_eq!(verdict["findings"][0]["location"], "desk");
    assert_eq!(server.requests()[0].images, [picture]);
}

#[tokio::test]
async fn a_streamed_answer_comes_in_lines_that_add_up() {
    let text = "A long answer. ".repeat(30);
    let judge = Arc::new(Scripted::Raw(text.clone()));
    let server = Ollama::start(judge).await.unwrap();

    let (_, body) = post(&server, "/api/chat", &chat(b"x", true)).await;

    let lines: Vec<Value> = body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let joined: String = lines
        .iter()
        .map(|line| line["message"]["content"].as_str().unwrap())
        .collect();
    assert!(lines.len() > 3);
    assert_eq!(joined, text);
    assert_eq!(lines.last().unwrap()["done_reason"], "stop");
}

#[tokio::test]
async fn generate_answers_in_its_own_field() {
    let judge = Arc::new(Scripted::Raw("fine".to_owned()));
    let server = Ollama::start(judge).await.unwrap();
    let body = json!({"model": "gemma3:4b", "prompt": "Hi", "stream": false});

    let (_, text) = post(&server, "/api/generate", &body).await;

    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["response"], "fine");
}

#[tokio::test]
async fn an_unknown_model_is_not_found() {
    let server = Ollama::start(Arc::new(Scripted::Empty)).await.unwrap();
    let body = json!({"model": "other", "messages": [{"role": "user", "content": "Hi"}]});

    let (status, text) = post(&server, "/api/chat", &body).await;

    assert_eq!(status, 404);
    assert_eq!(text, r#"{"error":"model 'other' not found"}"#);
}

#[tokio::test]
async fn a_scripted_error_reaches_the_client_as_it_is() {
    let error = Scripted::Error(503, r#"{"error":"server busy"}"#.to_owned());
    let server = Ollama::start(Arc::new(error)).await.unwrap();

    let (status, text) = post(&server, "/api/chat", &chat(b"x", true)).await;

    assert_eq!((status, text.as_str()), (503, r#"{"error":"server busy"}"#));
}

#[tokio::test]
async fn models_are_listed_with_their_abilities() {
    let server = Ollama::start(Arc::new(Scripted::Empty)).await.unwrap();
    let client = crate::http::client().unwrap();
    let tags = client.get(format!("{}/api/tags", server.url())).send();
    let tags: Value = tags.await.unwrap().json().await.unwrap();

    let (_, shown) = post(&server, "/api/show", &json!({"model": "gemma3:4b"})).await;

    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(tags["models"][0]["name"], "gemma3:4b");
    assert_eq!(
        shown["capabilities"],
        json!(["completion", "vision", "tools"])
    );
}
