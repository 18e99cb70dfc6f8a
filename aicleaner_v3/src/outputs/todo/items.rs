//! Items as they are remembered and as rows of the outbox mean them. Pure.

use crate::home_assistant::TodoItem;
use crate::model::{ItemAction, ItemSeen};

/// The item as it is shown, with the other items of the same text.
pub fn seen(items: &[TodoItem], shown: &TodoItem, is_ticked: bool) -> ItemSeen {
    seen_as(items, shown, &shown.summary, is_ticked)
}

/// The item as it is shown, but with the text by which it is known, and the other items of that text.
pub fn seen_as(items: &[TodoItem], shown: &TodoItem, summary: &str, is_ticked: bool) -> ItemSeen {
    let twins = items
        .iter()
        .filter(|other| other.uid != shown.uid && other.summary == summary)
        .map(|other| other.uid.clone());
    ItemSeen {
        uid: shown.uid.clone(),
        summary: summary.to_owned(),
        due: shown.due.clone(),
        is_ticked,
        twins: twins.collect(),
    }
}

/// The text of the item that a row may add.
pub fn added_text(action: &ItemAction) -> Option<&str> {
    match action {
        ItemAction::Add(item) | ItemAction::Reopen(item) => Some(&item.summary),
        ItemAction::Complete | ItemAction::Remove => None,
    }
}
