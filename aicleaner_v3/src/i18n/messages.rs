//! A constructor for each message of `locales/en.ftl`, with its arguments: `entity-cleanliness` is
//! `entity_cleanliness()`. The build script writes them.

use super::message::{Message, Number};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
