use super::*;

fn connected() -> Ledger {
    let mut ledger = Ledger::new("a/availability");
    ledger.connected();
    ledger
}

/// Hands over everything that may go and confirms it, in order. Gives `topic=payload`.
fn flush(ledger: &mut Ledger) -> Vec<String> {
    let mut sent = Vec::new();
    let mut packet = 0;
    while let Some(message) = ledger.next() {
        let payload = String::from_utf8_lossy(&message.payload).into_owned();
        sent.push(format!("{}={payload}", message.topic));
        packet += 1;
        ledger.sent(packet);
        ledger.confirmed(packet);
    }
    sent
}

fn set(ledger: &mut Ledger, rank: Rank, topic: &str, payload: &'static str) -> bool {
    ledger
        .set(rank, topic, Bytes::from_static(payload.as_bytes()))
        .unwrap()
}

#[test]
fn definitions_go_before_values_and_online_comes_last() {
    let mut ledger = connected();
    set(&mut ledger, Rank::Value, "a/kitchen/score", "5");
    set(&mut ledger, Rank::Definition, "h/device/a/config", "{}");
    ledger.complete();

    assert_eq!(
        flush(&mut ledger),
        [
            "h/device/a/config={}",
            "a/kitchen/score=5",
            "a/availability=online"
        ]
    );
}

#[test]
fn online_is_not_said_before_everything_was_set_and_confirmed() {
    let mut ledger = connected();
    set(&mut ledger, Rank::Value, "a/x", "1");
    assert_eq!(flush(&mut ledger), ["a/x=1"]);

    ledger.connected();
    ledger.complete();
    ledger.next().unwrap();
    ledger.sent(1);
    assert_eq!(ledger.next(), None);
    ledger.confirmed(1);

    assert_eq!(flush(&mut ledger), ["a/availability=online"]);
}

#[test]
fn the_latest_value_wins_while_one_is_on_its_way() {
    let mut ledger = connected();
    set(&mut ledger, Rank::Value, "a/x", "1");
    ledger.next().unwrap();
    ledger.sent(1);
    set(&mut ledger, Rank::Value, "a/x", "2");
    set(&mut ledger, Rank::Value, "a/x", "3");
    assert_eq!(ledger.next(), None);

    ledger.confirmed(1);

    assert_eq!(flush(&mut ledger), ["a/x=3"]);
}

#[test]
fn what_the_broker_already_holds_is_not_sent_again() {
    let mut ledger = connected();
    set(&mut ledger, Rank::Value, "a/x", "1");
    flush(&mut ledger);

    assert!(!set(&mut ledger, Rank::Value, "a/x", "1"));
    set(&mut ledger, Rank::Value, "a/x", "2");
    set(&mut ledger, Rank::Value, "a/x", "1");

    assert!(flush(&mut ledger).is_empty());
}

#[test]
fn a_new_connection_gets_everything_again_but_old_packets_confirm_nothing() {
    let mut ledger = connected();
    ledger.complete();
    set(&mut ledger, Rank::Value, "a/x", "1");
    ledger.next().unwrap();
    ledger.sent(1);
    ledger.disconnected();
    assert_eq!(ledger.next(), None);

    ledger.connected();
    ledger.confirmed(1);

    assert_eq!(flush(&mut ledger), ["a/x=1", "a/availability=online"]);
}

#[test]
fn removals_go_one_at_a_time_and_are_forgotten_when_confirmed() {
    let mut ledger = connected();
    ledger.set(Rank::Removal, "a/old", Bytes::new()).unwrap();
    ledger.set(Rank::Removal, "a/older", Bytes::new()).unwrap();

    ledger.next().unwrap();
    ledger.sent(1);
    assert_eq!(ledger.next(), None);
    ledger.confirmed(1);
    assert_eq!(flush(&mut ledger), ["a/older="]);

    ledger.connected();
    assert!(flush(&mut ledger).is_empty());
}

#[test]
fn a_topic_that_is_wanted_again_is_not_removed() {
    let mut ledger = connected();
    set(&mut ledger, Rank::Value, "a/x", "");
    set(&mut ledger, Rank::Value, "a/x", "1");
    assert!(ledger.wants("a/x"));
    assert_eq!(flush(&mut ledger), ["a/x=1"]);

    ledger.set(Rank::Removal, "a/x", Bytes::new()).unwrap();

    assert!(!ledger.wants("a/x"));
    assert_eq!(flush(&mut ledger), ["a/x="]);
}

#[test]
fn a_message_that_rumqttc_would_break_the_connection_for_is_refused() {
    let mut ledger = connected();
    let most = MAX_PACKET - OVERHEAD - "a/x".len();

    assert!(
        ledger
            .set(Rank::Value, "a/x", Bytes::from(vec![1; most]))
            .is_ok()
    );
    let fault = ledger
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
    assert_eq!(ledger.next().unwrap().payload[0], 1);
}

#[test]
fn the_number_of_topics_and_of_messages_on_their_way_is_bounded() {
    let mut ledger = connected();
    let mut fault = None;
    for n in 0..=MAX_TOPICS {
        fault = ledger
            .set(Rank::Value, &format!("a/{n}"), Bytes::from_static(b"1"))
            .err();
    }
    assert!(matches!(fault, Some(SetFault::TooMany(_))));

    let mut handed_over = 0;
    while ledger.next().is_some() {
        handed_over += 1;
    }

    assert_eq!(handed_over, MAX_IN_FLIGHT);
}

#[test]
fn an_event_goes_after_the_values_and_only_with_a_connection() {
    let mut ledger = Ledger::new("a/availability");
    assert_eq!(
        ledger.add_event("a/event", Bytes::from_static(b"e")),
        Err("disconnected")
    );
    ledger.connected();
    ledger
        .add_event("a/event", Bytes::from_static(b"e"))
        .unwrap();
    set(&mut ledger, Rank::Value, "a/x", "1");

    assert_eq!(flush(&mut ledger), ["a/x=1", "a/event=e"]);

    ledger
        .add_event("a/event", Bytes::from_static(b"e"))
        .unwrap();
    assert_eq!(ledger.disconnected().len(), 1);
}

#[test]
fn after_stop_only_offline_is_sent() {
    let mut ledger = connected();
    set(&mut ledger, Rank::Value, "a/x", "1");

    ledger.stop();

    let message = ledger.next().unwrap();
    assert_eq!(
        (message.topic.as_ref(), message.payload.as_ref()),
        ("a/availability", &b"offline"[..])
    );
    assert_eq!(ledger.next(), None);
    ledger.sent(1);
    assert_eq!(ledger.confirmed(1), Confirmed::Offline);
}

#[test]
fn a_birth_brings_everything_again_once() {
    let mut ledger = connected();
    ledger.complete();
    set(&mut ledger, Rank::Definition, "h/device/a/config", "{}");
    set(&mut ledger, Rank::Value, "a/x", "1");
    flush(&mut ledger);

    ledger.replay();

    assert_eq!(
        flush(&mut ledger),
        ["h/device/a/config={}", "a/x=1", "a/availability=online"]
    );
    assert!(flush(&mut ledger).is_empty());
}
