//! Other people's text made fit to show: control characters stripped, cut to a length.
//! Never used on text that a program reads.

/// The longest message of Home Assistant's that is passed on, in characters.
pub(super) const LONGEST_MESSAGE: usize = 300;

/// `text` without control characters, at most `longest` characters long.
pub(super) fn plain(text: &str, longest: usize) -> String {
    let mut out: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control())
        .take(longest + 1)
        .collect();
    if out.chars().count() > longest {
        out = out.chars().take(longest.saturating_sub(1)).collect();
        out.push('…');
    }
    out
}

/// An error with all its causes, in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !out.ends_with(&text) {
            out.push_str(": ");
            out.push_str(&text);
        }
        cause = next.source();
    }
    plain(&out, LONGEST_MESSAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_stripped_and_long_text_is_cut() {
        assert_eq!(plain("a\u{1b}[31m\nb\0", 10), "a[31m b");
        assert_eq!(plain("abcdef", 4), "abc…");
        assert_eq!(plain("abcd", 4), "abcd");
    }
}
