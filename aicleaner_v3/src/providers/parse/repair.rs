//! What had to be put right before an answer could be read. Each is counted, so that a model that needs
//! many can be told from one that follows its instructions.

use std::collections::BTreeSet;

/// Something that was put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// The object stood in a Markdown fence.
    Fence,
    /// There were words around the object.
    Prose,
    /// The model's thoughts stood before the object.
    Thoughts,
    /// The object, or a list in it, was text.
    NestedText,
    /// The object was inside another, or in a list of one.
    Wrapped,
    /// There was a comma before a closing bracket.
    TrailingComma,
    /// A field stood there twice, with the same value.
    DuplicateKey,
    /// A number was text.
    NumberAsText,
    /// A share was given in percent, or a score as a fraction.
    Percentage,
    /// A box was given in thousandths.
    BoxScaled,
    /// A box was given by its corners.
    BoxCorners,
    /// A box could not be understood and was left out.
    BoxDropped,
    /// The same finding stood there twice.
    DuplicateFinding,
    /// A word stood for another one, such as "medium" for "normal".
    Word,
    /// A judgement of a task could not be understood, and says nothing.
    JudgementDropped,
}

impl Repair {
    /// The word that stands for it in logs and counts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fence => "fence",
            Self::Prose => "prose",
            Self::Thoughts => "thoughts",
            Self::NestedText => "nested_text",
            Self::Wrapped => "wrapped",
            Self::TrailingComma => "trailing_comma",
            Self::DuplicateKey => "duplicate_key",
            Self::NumberAsText => "number_as_text",
            Self::Percentage => "percentage",
            Self::BoxScaled => "box_scaled",
            Self::BoxCorners => "box_corners",
            Self::BoxDropped => "box_dropped",
            Self::DuplicateFinding => "duplicate_finding",
            Self::Word => "word",
            Self::JudgementDropped => "judgement_dropped",
        }
    }
}

/// What was read, and what had to be put right for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// What was read.
    pub value: T,
    /// In the order of the kinds.
    pub repairs: BTreeSet<Repair>,
}

/// The repairs so far.
#[derive(Debug, Default)]
pub struct Repairs(BTreeSet<Repair>);

impl Repairs {
    pub fn note(&mut self, repair: Repair) {
        self.0.insert(repair);
    }

    pub fn done<T>(self, value: T) -> Read<T> {
        Read {
            value,
            repairs: self.0,
        }
    }
}
