//! What may happen in the simulated home.

use proptest::prelude::*;

use super::things::THINGS;

/// What may happen.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Leave(usize),
    Tidy(usize),
    /// A check; the wording; how sure; and whether the provider can't tell.
    Look {
        wording: usize,
        sure: bool,
        unclear: bool,
    },
    Tick(usize),
    Untick(usize),
    Delete(usize),
    Rename(usize),
    Sync(u8),
    /// The program dies: in the middle of a call, before or after it was done.
    Die {
        before: bool,
    },
    /// The answer of the next call is lost, or it is refused after it was done.
    LoseAnswer,
    Hold(bool),
    Blank(bool),
    ChangeUids,
    Wait(u16),
}

/// Any of them.
pub(super) fn op() -> impl Strategy<Value = Op> {
    let thing = 0..THINGS.len();
    prop_oneof![
        3 => thing.clone().prop_map(Op::Leave),
        3 => thing.prop_map(Op::Tidy),
        6 => (0..3_usize, prop::bool::weighted(0.8), prop::bool::weighted(0.1))
            .prop_map(|(wording, sure, unclear)| Op::Look { wording, sure, unclear }),
        1 => (0..4_usize).prop_map(Op::Tick),
        1 => (0..4_usize).prop_map(Op::Untick),
        1 => (0..4_usize).prop_map(Op::Delete),
        1 => (0..4_usize).prop_map(Op::Rename),
        5 => (1..6_u8).prop_map(Op::Sync),
        1 => any::<bool>().prop_map(|before| Op::Die { before }),
        1 => Just(Op::LoseAnswer),
        1 => any::<bool>().prop_map(Op::Hold),
        1 => any::<bool>().prop_map(Op::Blank),
        1 => Just(Op::ChangeUids),
        3 => (1..400_u16).prop_map(Op::Wait),
    ]
}
