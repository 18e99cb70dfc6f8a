//! What the comment of a message declares. Shared by the build script, which makes constructors of it, and by tests,
//! which compare it with what the text uses.

/// A message's comment.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// What it is for.
    pub docs: Vec<String>,
    /// Its arguments, and whether each is a number, in their order.
    pub arguments: Vec<(String, bool)>,
}

/// Reads the lines of a comment: `$name (Number) - what it is`, `$name (String) - what it is`, and others, which say
/// what the message is for.
pub fn declared(lines: &[&str]) -> Result<Declared, String> {
    let mut found = Declared::default();
    for line in lines {
        let Some(argument) = line.strip_prefix('$') else {
            found.docs.push((*line).to_owned());
            continue;
        };
        let parts = argument
            .split_once(" (")
            .and_then(|(name, rest)| Some((name, rest.split_once(") - ")?.0)));
        match parts {
            Some((name, "Number")) => found.arguments.push((name.to_owned(), true)),
            Some((name, "String")) => found.arguments.push((name.to_owned(), false)),
            _ => return Err(format!("{line:?} is not like `$name (Number) - …`")),
        }
    }
    Ok(found)
}
