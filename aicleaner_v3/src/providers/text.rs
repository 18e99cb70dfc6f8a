//! Text from models and services made plain: no control characters, no invisible ones, no markup, no links.
//! Never used on text that a program reads.

/// Text as plain words, one space between them, at most `longest` characters.
pub fn plain(text: &str, longest: usize) -> String {
    let visible: String = text.chars().filter_map(visible).collect();
    let bare = without_links(&without_tags(&visible));
    let words = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&words, longest)
}

/// A service's own words about a fault: as they are, but on one line and cut.
pub fn own_words(text: &str, longest: usize) -> String {
    let visible: String = text.chars().filter_map(visible).collect();
    cut(
        &visible.split_whitespace().collect::<Vec<_>>().join(" "),
        longest,
    )
}

fn cut(text: &str, longest: usize) -> String {
    let cut: String = text.chars().take(longest).collect();
    cut.trim_end().to_owned()
}

/// Control characters become spaces; characters that only hide, join or turn text around are dropped.
fn visible(c: char) -> Option<char> {
    match c {
        c if c.is_control() => Some(' '),
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffd}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        c => Some(c),
    }
}

/// Drops `<tag …>`, `</tag>` and `<!…>`; a `<` that opens no tag is text.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let opens = tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        match tag.find('>').filter(|_| opens) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `[words](address)` becomes `words`, and bare web addresses are dropped: lists and pages make links of them.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at);
        match (before.rfind('['), after.find(')')) {
            (Some(open), Some(close)) => {
                out.push_str(before[..open].trim_end_matches('!'));
                out.push_str(&before[open + 1..]);
                rest = &after[close + 1..];
            }
            _ => {
                out.push_str(before);
                out.push_str("](");
                rest = &after[2..];
            }
        }
    }
    out.push_str(rest);
    out.split(' ')
        .filter(|word| !word.contains("://"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_links_and_hidden_characters_do_not_pass() {
        let cases = [
            ("Wipe <b>the\n table</b>", "Wipe the table"),
            ("a < b and c > d", "a < b and c > d"),
            ("<script>alert(1)</script>", "alert(1)"),
            (
                "See [the list](http://evil.example/x) now",
                "See the list now",
            ),
            ("![pixel](https://evil.example/p.png) cup", "pixel cup"),
            ("Pay at https://evil.example/pay now", "Pay at now"),
            ("Cup\u{202e}gnp\u{200b}\u{0}\u{1b}[31m", "Cupgnp [31m"),
            ("Räum die Tassen weg 🧹", "Räum die Tassen weg 🧹"),
            ("把杯子拿走", "把杯子拿走"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text, 100), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_and_has_no_tag_and_no_control(text in "\\PC{0,200}|[<>a-z/!\\[\\]() ]{0,60}", longest in 1_usize..50) {
            let plain = plain(&text, longest);

            proptest::prop_assert!(plain.chars().count() <= longest);
            proptest::prop_assert!(!plain.chars().any(char::is_control));
            proptest::prop_assert!(!plain.contains("://"));
        }
    }
}
