use super::*;

fn connected() -> DesiredState {
    let mut desired_state = DesiredState::new("a/availability");
    desired_state.connected();
    desired_state
}

/// Hands over everything that may go and confirms it, in order. Gives `topic=payload`.
fn flush(desired_state: &mut DesiredState) -> Vec<String> {
    let mut sent = Vec::new();
    let mut packet = 0;
    while let Some(message) = desired_state.next() {
        let payload = String::from_utf8_lossy(&message.payload).into_owned();
        sent.push(format!("{}={payload}", message.topic));
        packet += 1;
        desired_state.sent(packet);
        desired_state.confirmed(packet);
    }
    sent
}

fn set(desired_state: &mut DesiredState, rank: Rank, topic: &str, payload: &'static str) -> bool {
    desired_state
        .set(rank, topic, Bytes::from_static(payload.as_bytes()))
        .unwrap()
}

#[test]
fn definitions_go_before_values_and_online_comes_last() {
    let mut desired_state = connected();
    set(&mut desired_state, Rank::Value, "a/kitchen/score", "5");
    set(
        &mut desired_state,
        Rank::Definition,
        "h/device/a/config",
        "{}",
    );
    desired_state.complete();

    assert_eq!(
        flush(&mut desired_state),
        [
            "h/device/a/config={}",
            "a/kitchen/score=5",
            "a/availability=online"
        ]
    );
}

#[test]
fn online_is_not_said_before_everything_was_set_and_confirmed() {
    let mut desired_state = connected();
    set(&mut desired_state, Rank::Value, "a/x", "1");
    assert_eq!(flush(&mut desired_state), ["a/x=1"]);

    desired_state.connected();
    desired_state.complete();
    desired_state.next().unwrap();
    desired_state.sent(1);
    assert_eq!(desired_state.next(), None);
    desired_state.confirmed(1);

    assert_eq!(flush(&mut desired_state), ["a/availability=online"]);
}

#[test]
fn the_latest_value_wins_while_one_is_on_its_way() {
    let mut desired_state = connected();
    set(&mut desired_state, Rank::Value, "a/x", "1");
    desired_state.next().unwrap();
    desired_state.sent(1);
    set(&mut desired_state, Rank::Value, "a/x", "2");
    set(&mut desired_state, Rank::Value, "a/x", "3");
    assert_eq!(desired_state.next(), None);

    desired_state.confirmed(1);

    assert_eq!(flush(&mut desired_state), ["a/x=3"]);
}

#[test]
fn what_the_broker_already_holds_is_not_sent_again() {
    let mut desired_state = connected();
    set(&mut desired_state, Rank::Value, "a/x", "1");
    flush(&mut desired_state);

    assert!(!set(&mut desired_state, Rank::Value, "a/x", "1"));
    set(&mut desired_state, Rank::Value, "a/x", "2");
    set(&mut desired_state, Rank::Value, "a/x", "1");

    assert!(flush(&mut desired_state).is_empty());
}

#[test]
fn a_new_connection_gets_everything_again_but_old_packets_confirm_nothing() {
    let mut desired_state = connected();
    desired_state.complete();
    set(&mut desired_state, Rank::Value, "a/x", "1");
    desired_state.next().unwrap();
    desired_state.sent(1);
    desired_state.disconnected();
    assert_eq!(desired_state.next(), None);

    desired_state.connected();
    desired_state.confirmed(1);

    assert_eq!(
        flush(&mut desired_state),
        ["a/x=1", "a/availability=online"]
    );
}

#[test]
fn removals_go_one_at_a_time_and_are_forgotten_when_confirmed() {
    let mut desired_state = connected();
    desired_state
        .set(Rank::Removal, "a/old", Bytes::new())
        .unwrap();
    desired_state
        .set(Rank::Removal, "a/older", Bytes::new())
        .unwrap();

    desired_state.next().unwrap();
    desired_state.sent(1);
    assert_eq!(desired_state.next(), None);
    desired_state.confirmed(1);
    assert_eq!(flush(&mut desired_state), ["a/older="]);

    desired_state.connected();
    assert!(flush(&mut desired_state).is_empty());
}

#[test]
fn a_topic_that_is_wanted_again_is_not_removed() {
    let mut desired_state = connected();
    set(&mut desired_state, Rank::Value, "a/x", "");
    set(&mut desired_state, Rank::Value, "a/x", "1");
    assert!(desired_state.wants("a/x"));
    assert_eq!(flush(&mut desired_state), ["a/x=1"]);

    desired_state
        .set(Rank::Removal, "a/x", Bytes::new())
        .unwrap();

    assert!(!desired_state.wants("a/x"));
    assert_eq!(flush(&mut desired_state), ["a/x="]);
}

#[test]
fn a_message_that_rumqttc_would_break_the_connection_for_is_refused() {
    let mut desired_state = connected();
    let most = MAX_PACKET - OVERHEAD - "a/x".len();

    assert!(
        desired_state
            .set(Rank::Value, "a/x", Bytes::from(vec![1; most]))
            .is_ok()
    );
    let fault = desired_state
        .set(Rank::Value, "a/x", Bytes::from(vec![2; most + 1]))
        .unwrap_err();

    assert_eq!(
        fault,
        SetFault::TooLarge {
            topic: "a/x".to_owned(),
            size: MAX_PACKET + 1
        }
    );
    assert_eq!(fault.code(), Code::MqttTooLarge);
    assert_eq!(desired_state.next().unwrap().payload[0], 1);
}

#[test]
fn the_number_of_topics_and_of_messages_on_their_way_is_bounded() {
    let mut desired_state = connected();
    let mut fault = None;
    for n in 0..=MAX_TOPICS {
        fault = desired_state
            .set(Rank::Value, &format!("a/{n}"), Bytes::from_static(b"1"))
            .err();
    }
    assert!(matches!(fault, Some(SetFault::TooMany(_))));

    let mut handed_over = 0;
    while desired_state.next().is_some() {
        handed_over += 1;
    }

    assert_eq!(handed_over, MAX_IN_FLIGHT);
}

#[test]
fn an_event_goes_after_the_values_and_only_with_a_connection() {
    let mut desired_state = DesiredState::new("a/availability");
    assert_eq!(
        desired_state.add_event("a/event", Bytes::from_static(b"e")),
        Err("disconnected")
    );
    desired_state.connected();
    desired_state
        .add_event("a/event", Bytes::from_static(b"e"))
        .unwrap();
    set(&mut desired_state, Rank::Value, "a/x", "1");

    assert_eq!(flush(&mut desired_state), ["a/x=1", "a/event=e"]);

    desired_state
        .add_event("a/event", Bytes::from_static(b"e"))
        .unwrap();
    assert_eq!(desired_state.disconnected().len(), 1);
}

#[test]
fn after_stop_only_offline_is_sent() {
    let mut desired_state = connected();
    set(&mut desired_state, Rank::Value, "a/x", "1");

    desired_state.stop();

    let message = desired_state.next().unwrap();
    assert_eq!(
        (message.topic.as_ref(), message.payload.as_ref()),
        ("a/availability", &b"offline"[..])
    );
    assert_eq!(desired_state.next(), None);
    desired_state.sent(1);
    assert_eq!(desired_state.confirmed(1), Confirmed::Offline);
}

#[test]
fn a_birth_brings_everything_again_once() {
    let mut desired_state = connected();
    desired_state.complete();
    set(
        &mut desired_state,
        Rank::Definition,
        "h/device/a/config",
        "{}",
    );
    set(&mut desired_state, Rank::Value, "a/x", "1");
    flush(&mut desired_state);

    desired_state.replay();

    assert_eq!(
        flush(&mut desired_state),
        ["h/device/a/config={}", "a/x=1", "a/availability=online"]
    );
    assert!(flush(&mut desired_state).is_empty());
}
