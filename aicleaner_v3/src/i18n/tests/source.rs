//! A source of texts as tests look at it: its keys, the arguments that they use, and those that comments declare.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource,
};
use fluent_syntax::parser::parse;

/// What a message or an attribute uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    pub arguments: BTreeSet<String>,
    /// Messages, terms and functions, which no text may use: an entry is parsed alone where a language lacks a key.
    pub others: BTreeSet<String>,
}

/// Parses a source; fails with what is wrong in it.
pub fn parsed(source: &str) -> Resource<&str> {
    parse(source).unwrap_or_else(|(_, faults)| panic!("{faults:?}"))
}

/// The arguments that each message declares in its comment, by its id.
pub fn declared(resource: &Resource<&str>) -> BTreeMap<String, BTreeSet<String>> {
    let of_message = |message: &Message<&str>| {
        let comment = message.comment.as_ref();
        let lines = comment.map_or(&[][..], |comment| &comment.content);
        let declared = crate::i18n::declared::declared(lines).unwrap();
        let names = declared.arguments.into_iter().map(|(name, _)| name);
        (message.id.name.to_owned(), names.collect())
    };
    entries(resource).map(of_message).collect()
}

/// Each key, `id` or `id.attribute`, with what it uses.
pub fn keys(resource: &Resource<&str>) -> BTreeMap<String, Used> {
    let mut found = BTreeMap::new();
    for entry in entries(resource) {
        let value = entry.value.iter().map(|value| (String::new(), value));
        let attributes = entry
            .attributes
            .iter()
            .map(|attribute| (format!(".{}", attribute.id.name), &attribute.value));
        for (name, pattern) in value.chain(attributes) {
            let mut used = Used::default();
            in_pattern(pattern, &mut used);
            let key = format!("{}{name}", entry.id.name);
            assert!(
                found.insert(key.clone(), used).is_none(),
                "{key} is there twice"
            );
        }
    }
    found
}

fn entries<'a>(resource: &'a Resource<&'a str>) -> impl Iterator<Item = &'a Message<&'a str>> {
    resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        Entry::Term(term) => panic!("-{}: terms are not used", term.id.name),
        _ => None,
    })
}

fn in_pattern(pattern: &Pattern<&str>, used: &mut Used) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, used);
        }
    }
}

fn in_expression(expression: &Expression<&str>, used: &mut Used) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, used),
        Expression::Select { selector, variants } => {
            in_inline(selector, used);
            for variant in variants {
                in_pattern(&variant.value, used);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, used: &mut Used) {
    match inline {
        InlineExpression::VariableReference { id } => {
            used.arguments.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => in_expression(expression, used),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. }
        | InlineExpression::FunctionReference { id, .. } => {
            used.others.insert(id.name.to_owned());
        }
    }
}
