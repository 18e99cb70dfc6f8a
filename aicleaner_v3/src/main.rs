//! The program `aicleaner`.

fn main() {}
