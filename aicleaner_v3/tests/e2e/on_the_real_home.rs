//! The contract tests on the real Home Assistant.

use aicleaner::model::EntityId;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::Room;

use super::contract::{self, Place};
use super::shared_home::{SharedHome, on_the_shared_home};

async fn place(shared: &mut SharedHome, case: &str) -> Place {
    let room = Room::new(case, 7);
    let list = shared.furnish(case, &room).await;
    shared.models.set_judge(SceneJudge::new([room.clone()]));
    Place {
        url: shared.home.url().to_owned(),
        token: shared.home.token().to_owned(),
        list: EntityId::parse(&list).unwrap(),
        camera: EntityId::parse(&format!("camera.{case}")).unwrap(),
        room,
        _keep: Box::new(()),
    }
}

macro_rules! on_the_real_home {
    ($($case:ident),*) => {
        $(
            #[test]
            #[ignore = "needs a real Home Assistant: make e2e"]
            fn $case() {
                on_the_shared_home(async |shared| {
                    let place = place(shared, stringify!($case)).await;
                    contract::$case(&place).await;
                });
            }
        )*
    };
}

contract::cases!(on_the_real_home);
