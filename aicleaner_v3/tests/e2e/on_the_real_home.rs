//! The contract tests on the real Home Assistant.

use aicleaner::model::EntityId;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::Room;

use super::contract::{self, Place};
use super::house::{Inventory, in_the_house};

async fn place(house: &mut Inventory, case: &str) -> Place {
    let room = Room::new(case, 7);
    let list = house.furnish(case, &room).await;
    house.models.set_judge(SceneJudge::new([room.clone()]));
    Place {
        url: house.home.url().to_owned(),
        token: house.home.token().to_owned(),
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
                in_the_house(async |house| {
                    let place = place(house, stringify!($case)).await;
                    contract::$case(&place).await;
                });
            }
        )*
    };
}

contract::cases!(on_the_real_home);
