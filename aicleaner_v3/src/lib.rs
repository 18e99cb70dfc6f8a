//! AICleaner.
