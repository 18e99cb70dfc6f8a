//! Finds one entry in a source of texts, so that it can be parsed alone. Pure.

/// The entry of `key` with its attributes; none if there is none. Entries begin at the start of a line and go on as
/// long as lines are indented or empty.
pub(super) fn entry<'a>(source: &'a str, key: &str) -> Option<&'a str> {
    let mut start = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        match start {
            None => {
                let rest = line.strip_prefix(key).map(str::trim_start);
                if rest.is_some_and(|rest| rest.starts_with('=')) {
                    start = Some(at);
                }
            }
            Some(start) => {
                if !line.starts_with([' ', '\n', '\r']) {
                    return source.get(start..at);
                }
            }
        }
        at += line.len();
    }
    source.get(start?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "# A comment\nname-long = No\nname =\n    Two\n    lines\n\n    .more = Yes\n# Next\nlast = End";

    #[test]
    fn an_entry_is_found_with_all_its_lines_and_attributes() {
        assert_eq!(
            entry(SOURCE, "name"),
            Some("name =\n    Two\n    lines\n\n    .more = Yes\n")
        );
        assert_eq!(entry(SOURCE, "last"), Some("last = End"));
    }

    #[test]
    fn the_beginning_of_a_key_is_no_key() {
        assert_eq!(entry(SOURCE, "na"), None);
        assert_eq!(entry(SOURCE, "comment"), None);
    }
}
