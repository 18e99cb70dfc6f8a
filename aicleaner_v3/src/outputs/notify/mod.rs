//! Notifications: their words, buttons and pictures, how each kind of target takes them, and the daily digest.

mod digest;
mod notifier;

pub use digest::{digest, due};
pub use notifier::{Button, Notifier, read_button};
