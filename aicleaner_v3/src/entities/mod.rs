//! What Home Assistant shows: entities defined once, rendered to discovery and state.
