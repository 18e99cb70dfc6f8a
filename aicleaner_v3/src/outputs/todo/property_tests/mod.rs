//! Random histories against the pure middle: reconcile, people's user actions, the plan and the hearing, with a list
//! that is late, loses answers and lies, people who do as they like, and a program that dies at any step.

mod check;
mod invariants;
mod op;
mod people;
mod sync;
mod things;
mod world;

use proptest::prelude::*;

use op::op;
use world::World;

/// Two thousand, unless `PROPTEST_CASES` says otherwise.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_list_comes_to_agree_with_the_tasks(ops in prop::collection::vec(op(), 1..60)) {
        let mut world = World::new();
        for op in &ops {
            world.apply(op);
            world.check();
        }
        world.settle();
    }
}
