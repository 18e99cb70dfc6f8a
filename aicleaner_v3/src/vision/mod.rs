//! Pixels: pure functions that decode, resize and encode pictures.
