//! A simulated home for tests and the demo.
