//! Topic filters. rumqttc's own `matches` slices by bytes and panics on a topic that starts with a character
//! of several bytes.

/// Whether `topic` is among those that `filter` stands for (MQTT 3.1.1 section 4.7; `$` topics are never asked for).
pub(super) fn matches(topic: &str, filter: &str) -> bool {
    let mut levels = topic.split('/');
    for part in filter.split('/') {
        if part == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if part == "+" || part == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_whole_levels() {
        assert!(matches("a/kitchen/watching/set", "a/+/+/set"));
        assert!(matches("a/b/c", "a/#"));
        assert!(!matches("a/kitchen/watching", "a/+/+/set"));
        assert!(!matches("a/b/c/d", "a/+/c"));
        assert!(!matches("é", "a"));
    }
}
