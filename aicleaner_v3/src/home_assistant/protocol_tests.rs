use super::*;

struct Talk {
    protocol: Protocol,
    states: watch::Receiver<Arc<States>>,
}

impl Talk {
    fn start() -> Self {
        let states = watch::Sender::new(Arc::default());
        let receiver = states.subscribe();
        let mut protocol = Protocol::new(states, broadcast::Sender::new(8));
        protocol.take_outgoing();
        Self {
            protocol,
            states: receiver,
        }
    }

    /// The commands to be sent now.
    fn sent(&mut self) -> Vec<Value> {
        self.protocol
            .take_outgoing()
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect()
    }

    fn hear(&mut self, message: &Value) -> Option<HomeReport> {
        self.protocol.frame(&message.to_string()).unwrap()
    }

    fn run(&mut self) {
        self.protocol.ask_config();
        let id = self.sent()[0]["id"].clone();
        let told = self.hear(&config(&id, "RUNNING")).unwrap();
        assert!(told.running);
    }
}

fn config(id: &Value, state: &str) -> Value {
    json!({"id": id, "type": "result", "success": true, "result": {
        "latitude": 1.0, "time_zone": "Europe/Berlin", "language": "de", "location_name": "Home",
        "version": "2026.11.0", "state": state, "components": ["todo"], "unit_system": {},
    }})
}

fn entity(text: &str) -> EntityId {
    EntityId::parse(text).unwrap()
}

fn wanted(lists: &[&str], entities: &[&str]) -> Wanted {
    Wanted {
        entities: BTreeMap::from([("test", entities.iter().map(|text| entity(text)).collect())]),
        events: BTreeMap::new(),
        lists: lists
            .iter()
            .map(|text| (entity(text), watch::Sender::default()))
            .collect(),
    }
}

fn command(limit: usize) -> (OutgoingCommand, oneshot::Receiver<Answer>) {
    let (reply, answer) = oneshot::channel();
    let Value::Object(body) = json!({"type": "call_service"}) else {
        unreachable!();
    };
    let what = "test".to_owned();
    let first_event = false;
    (
        OutgoingCommand {
            body,
            what,
            limit,
            first_event,
            reply,
        },
        answer,
    )
}

#[test]
fn the_states_are_asked_for_before_the_config() {
    let mut protocol = Protocol::new(watch::Sender::default(), broadcast::Sender::new(8));
    protocol.want(&wanted(&["todo.chores"], &[]));
    protocol.ask_config();

    let types: Vec<Value> = protocol
        .take_outgoing()
        .iter()
        .map(|text| serde_json::from_str::<Value>(text).unwrap()["type"].clone())
        .collect();

    assert_eq!(
        types,
        [
            "supported_features",
            "subscribe_events",
            "subscribe_entities",
            "get_config"
        ]
    );
}

proptest::proptest! {
    #[test]
    fn no_text_stops_the_conversation_with_a_panic(text in ".*", kind in "result|event|pong", id in 0_u64..6, body in ".*") {
        let mut talk = Talk::start();
        talk.protocol.want(&wanted(&["todo.chores"], &["camera.a"]));
        let _ = talk.protocol.frame(&text);
        let (asked, _answer) = command(99);
        talk.protocol.command(asked);
        let message = json!({"id": id, "type": kind, "success": true, "result": body, "event": {"a": {body.clone(): {"s": body}}, "items": []}});
        let _ = talk.protocol.frame(&message.to_string());
    }
}

#[test]
fn a_home_that_starts_is_not_running_until_it_says_so() {
    let mut talk = Talk::start();
    talk.protocol.ask_config();
    let id = talk.sent()[0]["id"].clone();

    let told = talk.hear(&config(&id, "STARTING")).unwrap();
    assert!(!told.running);
    assert_eq!(told.info.time_zone, "Europe/Berlin");
    talk.hear(
        &json!({"id": 2, "type": "event", "event": {"event_type": "core_config_updated", "data": {}}}),
    );

    let asked = talk.sent();
    assert_eq!(asked[0]["type"], "get_config");
    assert!(
        talk.hear(&config(&asked[0]["id"], "RUNNING"))
            .unwrap()
            .running
    );
}

#[test]
fn answers_reach_who_asked() {
    let mut talk = Talk::start();
    let ((first, mut first_answer), (second, mut second_answer)) = (command(99), command(99));
    talk.protocol.command(first);
    talk.protocol.command(second);
    let ids: Vec<_> = talk
        .sent()
        .iter()
        .map(|command| command["id"].clone())
        .collect();

    talk.hear(&json!([
        {"id": ids[1], "type": "result", "success": false, "error": {"code": "unauthorized", "message": "Unauthorized"}},
        {"id": ids[0], "type": "result", "success": true, "result": {"context": {}}},
    ]));

    assert_eq!(
        first_answer.try_recv().unwrap().unwrap().get(),
        r#"{"context":{}}"#
    );
    assert_eq!(
        second_answer.try_recv().unwrap().unwrap_err(),
        HomeError::refused("test", "unauthorized", "Unauthorized")
    );
}

#[test]
fn a_too_large_answer_is_an_error() {
    let mut talk = Talk::start();
    let (asked, mut answer) = command(10);
    talk.protocol.command(asked);
    let id = talk.sent()[0]["id"].clone();

    talk.hear(
        &json!({"id": id, "type": "result", "success": true, "result": {"response": "x".repeat(10)}}),
    );

    assert!(matches!(
        answer.try_recv().unwrap(),
        Err(HomeError::AnswerTooLarge { limit: 10, .. })
    ));
}

#[test]
fn more_orders_than_may_wait_are_refused() {
    let mut talk = Talk::start();
    let mut waiting = Vec::new();
    for _ in 0..MOST_PENDING {
        let (asked, answer) = command(10);
        talk.protocol.command(asked);
        waiting.push(answer);
    }

    let (one_more, mut answer) = command(10);
    talk.protocol.command(one_more);
    assert_eq!(answer.try_recv().unwrap().unwrap_err(), HomeError::Busy);

    drop(waiting);
    let (after, mut answer) = command(10);
    talk.protocol.command(after);
    assert!(answer.try_recv().is_err(), "it waits for its answer");
}

#[test]
fn no_entity_wanted_asks_for_none() {
    let mut talk = Talk::start();

    talk.protocol.want(&wanted(&[], &[]));

    assert_eq!(talk.sent(), Vec::<Value>::new());
}

#[test]
fn a_changed_set_is_subscribed_anew_and_the_old_one_dropped() {
    let mut talk = Talk::start();
    talk.protocol
        .want(&wanted(&[], &["camera.a", "binary_sensor.b"]));
    let old = talk.sent()[0].clone();
    assert_eq!(old["entity_ids"], json!(["binary_sensor.b", "camera.a"]));
    talk.hear(&json!({"id": old["id"], "type": "event", "event": {"a": {
        "camera.a": {"s": "idle", "a": {}, "c": "x", "lc": 1.5}, "binary_sensor.b": {"s": "on", "a": {}, "c": "x", "lc": 1.5}}}}));
    assert_eq!(talk.states.borrow().len(), 2);

    talk.protocol.want(&wanted(&[], &["camera.a"]));
    let sent = talk.sent();
    assert_eq!(
        (&sent[0]["type"], &sent[1]["type"]),
        (&json!("subscribe_entities"), &json!("unsubscribe_events"))
    );
    assert_eq!(sent[1]["subscription"], old["id"]);
    talk.hear(&json!({"id": old["id"], "type": "event", "event": {"r": ["camera.a"]}}));
    talk.hear(&json!({"id": sent[0]["id"], "type": "event", "event": {"a": {"camera.a": {"s": "idle", "a": {}, "c": "x", "lc": 1.5}}}}));

    assert_eq!(
        talk.states.borrow().keys().cloned().collect::<Vec<_>>(),
        [entity("camera.a")]
    );
}

#[test]
fn a_list_is_subscribed_when_its_entity_is_there_and_pushes_reach_its_watcher() {
    let mut talk = Talk::start();
    let wanted = wanted(&["todo.chores"], &[]);
    let mut list = wanted.lists[&entity("todo.chores")].subscribe();
    talk.protocol.want(&wanted);
    let states = talk.sent()[0]["id"].clone();
    talk.run();
    assert_eq!(*list.borrow_and_update(), TodoList::Unknown);

    talk.hear(&json!({"id": states, "type": "event", "event": {"a": {}}}));
    assert_eq!(*list.borrow_and_update(), TodoList::Missing);
    talk.hear(&json!({"id": states, "type": "event", "event": {"a": {"todo.chores": {"s": "1", "a": {}, "lc": 1.5}}}}));
    let subscribed = talk.sent()[0].clone();
    assert_eq!(
        (&subscribed["type"], &subscribed["entity_id"]),
        (&json!("todo/item/subscribe"), &json!("todo.chores"))
    );
    talk.hear(&json!([
        {"id": subscribed["id"], "type": "result", "success": true, "result": null},
        {"id": subscribed["id"], "type": "event", "event": {"items": [{"uid": "1", "summary": "Wipe", "status": "needs_action"}]}},
    ]));

    assert!(matches!(&*list.borrow_and_update(), TodoList::Items(items) if items.len() == 1));
}

#[test]
fn a_refused_list_is_unavailable_and_tried_again() {
    let mut talk = Talk::start();
    let wanted = wanted(&["todo.chores"], &[]);
    let list = wanted.lists[&entity("todo.chores")].subscribe();
    talk.protocol.want(&wanted);
    let states = talk.sent()[0]["id"].clone();
    talk.hear(&json!({"id": states, "type": "event", "event": {"a": {"todo.chores": {"s": "1", "a": {}, "lc": 1.5}}}}));
    let id = talk.sent()[0]["id"].clone();

    talk.hear(&json!({"id": id, "type": "result", "success": false, "error": {"code": "invalid_entity_id", "message": "To-do list entity not found: todo.chores"}}));
    assert_eq!(*list.borrow(), TodoList::Unavailable);
    talk.protocol.retry();

    assert_eq!(talk.sent()[0]["type"], "todo/item/subscribe");
}

#[test]
fn a_second_list_on_a_followed_entity_hears_at_once() {
    let mut talk = Talk::start();
    talk.protocol.want(&wanted(&[], &["todo.chores"]));
    let states = talk.sent()[0]["id"].clone();
    talk.hear(&json!({"id": states, "type": "event", "event": {"a": {"todo.chores": {"s": "1", "a": {}, "lc": 1.5}}}}));

    talk.protocol
        .want(&wanted(&["todo.chores"], &["todo.chores"]));

    assert_eq!(talk.sent()[0]["type"], "todo/item/subscribe");
}

#[test]
fn the_first_event_answers_a_look_and_ends_its_subscription() {
    let mut talk = Talk::start();
    let (mut look, mut answer) = command(99);
    look.first_event = true;
    talk.protocol.command(look);
    let id = talk.sent()[0]["id"].clone();

    talk.hear(&json!({"id": id, "type": "result", "success": true, "result": null}));
    assert!(answer.try_recv().is_err());
    talk.hear(&json!({"id": id, "type": "event", "event": {"a": {}}}));

    assert_eq!(answer.try_recv().unwrap().unwrap().get(), r#"{"a":{}}"#);
    assert_eq!(talk.sent()[0]["subscription"], id);
}

#[test]
fn unknown_messages_are_passed_over_and_broken_ones_are_not() {
    let mut talk = Talk::start();

    assert_eq!(talk.hear(&json!({"type": "news", "id": 1})), None);
    assert_eq!(talk.hear(&json!({"type": "pong", "id": 77})), None);
    assert_eq!(
        talk.hear(&json!({"id": null, "type": "result", "success": false})),
        None
    );
    assert!(talk.protocol.frame("<html>").is_err());
}

#[test]
fn events_are_subscribed_while_somebody_wants_them_and_told() {
    let events = broadcast::Sender::new(8);
    let mut heard = events.subscribe();
    let mut talk = Talk::start();
    talk.protocol = Protocol::new(watch::Sender::default(), events);
    talk.sent();
    let wants = |who: &'static str, types: &[&str]| Wanted {
        events: BTreeMap::from([(who, types.iter().map(|text| (*text).to_owned()).collect())]),
        ..Wanted::default()
    };

    talk.protocol
        .want(&wants("triggers", &["doorbell", "tag_scanned"]));
    let asked = talk.sent();
    let doorbell = asked[0]["id"].clone();
    talk.hear(&json!({"id": doorbell, "type": "result", "success": true, "result": null}));
    talk.hear(
        &json!({"id": asked[1]["id"], "type": "result", "success": false,
        "error": {"code": "unauthorized", "message": "Unauthorized"}}),
    );
    talk.hear(&json!({"id": doorbell, "type": "event",
        "event": {"event_type": "doorbell", "data": {"door": "front"}}}));
    talk.protocol.want(&wants("triggers", &["tag_scanned"]));

    let types: Vec<_> = asked.iter().map(|asked| &asked["event_type"]).collect();
    assert_eq!(types, ["doorbell", "tag_scanned"]);
    assert_eq!(heard.try_recv().unwrap().data["door"], "front");
    assert_eq!(
        (&talk.sent()[0]["type"], &asked[0]["id"]),
        (&json!("unsubscribe_events"), &doorbell)
    );
}
