//! Rows for items that are on the list already: ticked, opened again, taken off.

use super::*;

#[test]
fn an_open_item_is_ticked_and_one_that_is_ticked_already_needs_nothing() {
    let task = task();
    let rows = [row(1, task, ItemAction::Complete, pending())];
    let known = [(task, "a")];
    let open = [item("a", "Cup", TodoStatus::NeedsAction)];
    let ticked = [item("a", "Cup", TodoStatus::Completed)];

    assert!(matches!(
        plan(&rows, &open, &known, now()),
        OutboxStep::Try {
            call: Call::Complete(_),
            ..
        }
    ));
    assert!(matches!(
        plan(&rows, &ticked, &known, now()),
        OutboxStep::Confirm {
            item: Some(ItemSeen {
                is_ticked: true,
                ..
            }),
            ..
        }
    ));
    assert_eq!(
        plan(&rows, &[], &[], now()),
        OutboxStep::Drop(vec![RowId::from(1)])
    );
}

#[test]
fn an_item_to_tick_that_is_not_shown_is_believed_gone_only_when_it_stays_away() {
    let task = task();
    let known = [(task, "a")];
    let at = |stage, seconds| {
        plan(
            &[row(1, task, ItemAction::Complete, stage)],
            &[],
            &known,
            later(seconds),
        )
    };

    assert!(matches!(
        at(pending(), 0),
        OutboxStep::Note {
            stage: Stage::Sent { absent: 0, .. },
            ..
        }
    ));
    assert!(matches!(at(sent(&[], 1), 40), OutboxStep::Refresh { .. }));
    assert_eq!(
        at(sent(&[], 2), 40),
        OutboxStep::Confirm {
            row: RowId::from(1),
            item: Some(known_item("a"))
        }
    );
}

#[test]
fn an_item_is_opened_again_where_it_is_and_added_where_it_is_not() {
    let task = task();
    let rows = [row(1, task, ItemAction::Reopen(text("Cup")), pending())];
    let known = [(task, "a")];

    assert!(matches!(
        plan(
            &rows,
            &[item("a", "Cup", TodoStatus::Completed)],
            &known,
            now()
        ),
        OutboxStep::Try {
            call: Call::Reopen(_),
            ..
        }
    ));
    assert!(matches!(
        plan(
            &rows,
            &[item("a", "Cup", TodoStatus::NeedsAction)],
            &known,
            now()
        ),
        OutboxStep::Confirm {
            item: Some(ItemSeen {
                is_ticked: false,
                ..
            }),
            ..
        }
    ));
    assert!(matches!(
        plan(&rows, &[], &known, now()),
        OutboxStep::Wait { .. }
    ));
    assert!(matches!(
        plan(&rows, &[], &known, later(960)),
        OutboxStep::Try {
            call: Call::Add(_),
            ..
        }
    ));
}

#[test]
fn a_list_is_asked_only_for_what_it_can_do() {
    let task = task();
    let known = [(task, "a")];
    let open = [item("a", "Cup", TodoStatus::NeedsAction)];
    let step = |action, items: &[TodoItem], can| {
        plan_with(
            &[row(1, task, action, pending())],
            items,
            &known,
            now(),
            can,
        )
    };
    let only_delete = Abilities {
        create: false,
        delete: true,
        update: false,
    };
    let only_update = Abilities {
        create: false,
        delete: false,
        update: true,
    };
    let nothing = Abilities {
        create: false,
        delete: false,
        update: false,
    };

    assert!(matches!(
        step(ItemAction::Complete, &open, only_delete),
        OutboxStep::Try {
            call: Call::Remove(_),
            ..
        }
    ));
    assert!(matches!(
        step(ItemAction::Remove, &open, only_update),
        OutboxStep::Try {
            call: Call::Complete(_),
            ..
        }
    ));
    assert_eq!(
        step(ItemAction::Add(text("Cup")), &[], nothing),
        OutboxStep::Wait { until: None }
    );
    assert!(matches!(
        step(ItemAction::Complete, &open, nothing),
        OutboxStep::Drop(_)
    ));
}
