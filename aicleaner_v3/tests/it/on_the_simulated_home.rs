//! The contract tests on the simulated home.

use aicleaner::model::EntityId;
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::Room;

use super::contract::{self, Place};

const LIST: &str = "todo.chores";
const CAMERA: &str = "camera.kitchen";

async fn place(case: &str) -> Place {
    let room = Room::new(case, 7);
    let home = Home::builder()
        .camera(CAMERA, Source::Room(room.clone()))
        .todo_list(LIST, "Chores")
        .preferred_ai_task(None)
        .judge(SceneJudge::new([room.clone()]))
        .start()
        .await
        .unwrap();
    Place {
        url: home.url(),
        token: home.token().unwrap(),
        list: EntityId::parse(LIST).unwrap(),
        camera: EntityId::parse(CAMERA).unwrap(),
        room,
        _keep: Box::new(home),
    }
}

macro_rules! on_the_simulated_home {
    ($($case:ident),*) => {
        $(
            #[tokio::test]
            async fn $case() {
                contract::$case(&place(stringify!($case)).await).await;
            }
        )*
    };
}

contract::cases!(on_the_simulated_home);
