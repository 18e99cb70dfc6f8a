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

/// The entries of a source one by one, comments among them. What an entry is: see [`entry`].
pub(super) fn entries(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        let mut at = rest.find('\n').map_or(rest.len(), |end| end + 1);
        while let Some(line) = rest
            .get(at..)
            .filter(|line| line.starts_with([' ', '\n', '\r']))
        {
            at += line.find('\n').map_or(line.len(), |end| end + 1);
        }
        let (entry, others) = rest.split_at(at);
        rest = others;
        (!entry.is_empty()).then_some(entry)
    })
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
    fn all_entries_together_are_the_source() {
        let all: Vec<&str> = entries(SOURCE).collect();

        assert_eq!(all.concat(), SOURCE);
        assert_eq!(all[2], "name =\n    Two\n    lines\n\n    .more = Yes\n");
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn the_beginning_of_a_key_is_no_key() {
        assert_eq!(entry(SOURCE, "na"), None);
        assert_eq!(entry(SOURCE, "comment"), None);
    }
}
