//! What the program expects of Home Assistant, as tests that run on the simulated home and on the real one alike. Where
//! only one of them passes, the simulation is wrong.

mod client;
mod lists;
mod pictures;
mod services;

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use aicleaner::model::EntityId;
use aicleaner_testkit::scene::Room;

pub use lists::*;
pub use pictures::*;
pub use services::*;

/// Longer than anything here takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// One of the two homes: RUNNING, with an empty list, a camera of 1280 x 720 pixels, and a model that knows the room.
pub struct Place {
    pub url: String,
    pub token: String,
    pub list: EntityId,
    pub camera: EntityId,
    pub room: Arc<Room>,
    /// What must live as long as the test.
    pub _keep: Box<dyn Any>,
}

/// Hands the names of all contract tests to a macro.
macro_rules! cases {
    ($with:ident) => {
        $with!(
            a_running_home_says_so_and_what_it_is,
            states_that_are_followed_arrive_and_change,
            an_item_is_added_with_its_description_ticked_and_removed_by_its_uid,
            two_items_of_the_same_text_are_told_apart_by_their_uids,
            an_item_that_does_not_exist_can_not_be_ticked,
            a_list_that_does_not_exist_is_missing,
            a_snapshot_is_the_cameras_own_jpeg,
            a_smaller_snapshot_is_at_least_as_wide_as_asked,
            a_camera_that_does_not_exist_is_missing,
            a_picture_is_uploaded_found_again_and_deleted,
            the_model_fills_in_the_products_own_form,
            a_home_prefers_no_ai_task_at_first_and_has_one_that_takes_pictures,
            a_service_that_does_not_exist_is_not_found,
            a_service_that_is_asked_wrongly_says_so,
            a_notification_is_shown_replaced_and_dismissed
        );
    };
}
pub(crate) use cases;
