//! Makes a typed constructor for each message of `locales/en.ftl`: a wrong key or a missing argument does not compile.
//! Messages that are found by a type of the model need none.

#[path = "src/i18n/declared.rs"]
mod declared;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use fluent_syntax::ast::{Entry, Message, PatternElement};

const SOURCE: &str = "locales/en.ftl";
/// Messages of error codes, skip reasons and refusals.
const KEYED: [&str; 3] = ["aic-", "skip-", "refusal-"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SOURCE}");
    println!("cargo::rerun-if-changed=src/i18n/declared.rs");
    let source = std::fs::read_to_string(SOURCE)?;
    let resource = fluent_syntax::parser::parse(source.as_str())
        .map_err(|(_, faults)| format!("{SOURCE}: {faults:?}"))?;
    let mut code = String::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry
            && !KEYED.iter().any(|start| message.id.name.starts_with(start))
        {
            constructor(message, &mut code)
                .map_err(|fault| format!("{SOURCE}: {}: {fault}", message.id.name))?;
        }
    }
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("messages.rs"), code)?;
    Ok(())
}

fn constructor(message: &Message<&str>, code: &mut String) -> Result<(), Box<dyn Error>> {
    let comment = message.comment.as_ref();
    let declared = declared::declared(comment.map_or(&[], |comment| &comment.content))?;
    let docs = match declared.docs.as_slice() {
        [] => vec![text(message)],
        docs => docs.to_vec(),
    };
    for line in docs {
        writeln!(code, "/// {line}")?;
    }
    let (id, name) = (message.id.name, message.id.name.replace('-', "_"));
    let (mut takes, mut puts) = (Vec::new(), String::new());
    for (argument, is_number) in &declared.arguments {
        let (kind, put) = match is_number {
            true => ("impl Into<Number>", "number"),
            false => ("&str", "text"),
        };
        takes.push(format!("{argument}: {kind}"));
        write!(puts, ".{put}({argument:?}, {argument})")?;
    }
    // A constant function can be named in tables.
    let constant = if takes.is_empty() { "const " } else { "" };
    writeln!(
        code,
        "pub {constant}fn {name}({}) -> Message {{\n    Message::of({id:?}){puts}\n}}\n",
        takes.join(", ")
    )?;
    Ok(())
}

/// The message's own words, as far as they are always the same.
fn text(message: &Message<&str>) -> String {
    let elements = message.value.iter().flat_map(|value| &value.elements);
    let words = elements.map(|element| match element {
        PatternElement::TextElement { value } => value,
        PatternElement::Placeable { .. } => "…",
    });
    format!("“{}”", words.collect::<String>())
}
