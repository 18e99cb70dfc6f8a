//! Zones that come, change and go while the program runs.

use std::time::Duration;

use aicleaner::engine::Applied;
use aicleaner::model::{EntityId, Score, Zone, ZoneId};
use aicleaner_testkit::fixtures::wait_until;

use super::rig::{LIST, Running, home, settings, until_open};

fn named(zone: &Zone, id: &str) -> Zone {
    Zone {
        id: ZoneId::parse(id).unwrap(),
        name: id.to_owned(),
        ..zone.clone()
    }
}

fn kitchen(app: &Running) -> Zone {
    let views = app.engine.views().borrow().clone();
    let view = views
        .iter()
        .find(|view| view.borrow().zone.id.as_str() == "kitchen");
    view.unwrap().borrow().zone.clone()
}

#[tokio::test]
async fn zones_come_change_and_go_while_the_others_go_on() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    let kitchen = kitchen(&app);
    let (attic, cellar) = (named(&kitchen, "attic"), named(&kitchen, "cellar"));

    let came = app
        .engine
        .apply(vec![kitchen.clone(), attic.clone()])
        .await
        .unwrap();
    let zone = app
        .event("the attic's assessment", |event| match event {
            aicleaner::engine::ZoneEvent::ZoneAssessed(event) => Some(event.zone.clone()),
            _ => None,
        })
        .await;
    let strict = Zone {
        threshold: Score::new(100).unwrap(),
        interval: Duration::from_secs(7200),
        ..kitchen.clone()
    };
    let mixed = app
        .engine
        .apply(vec![strict.clone(), cellar.clone()])
        .await
        .unwrap();
    let nothing = app
        .engine
        .apply(vec![strict.clone(), cellar.clone()])
        .await
        .unwrap();

    assert_eq!(zone, attic.id);
    assert_eq!(came.added, std::slice::from_ref(&attic.id));
    assert_eq!(
        mixed,
        Applied {
            added: vec![cellar.id],
            changed: vec![kitchen.id.clone()],
            removed: vec![attic.id.clone()],
        }
    );
    assert_eq!(nothing, Applied::default());
    wait_until(Duration::from_secs(20), "the new threshold", || async {
        let views = app.engine.views().borrow().clone();
        assert_eq!(views.len(), 2);
        views.iter().any(|view| {
            let view = view.borrow();
            view.zone == strict && view.score.is_some()
        })
    })
    .await
    .unwrap();
    app.stop().await;
}

#[tokio::test]
async fn open_items_follow_to_the_list_that_is_declared_anew() {
    let (home, room) = home().await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &["Take the cup to the kitchen"]).await;

    let without = Zone {
        todo_list: None,
        ..kitchen(&app)
    };
    app.engine.apply(vec![without.clone()]).await.unwrap();
    until_open(&home, &[]).await;
    let back = Zone {
        todo_list: Some(EntityId::parse(LIST).unwrap()),
        ..without
    };
    app.engine.apply(vec![back]).await.unwrap();
    until_open(&home, &["Take the cup to the kitchen"]).await;

    assert_eq!(app.open_tasks().len(), 1);
    app.stop().await;
}
