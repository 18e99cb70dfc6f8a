//! The catalogue is whole: what each language lacks, and what stands in it that should not.

mod check;
mod rendering;
mod source;
