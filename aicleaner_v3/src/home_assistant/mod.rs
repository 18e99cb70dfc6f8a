//! Home Assistant: sessions, REST, cameras, to-do lists, services.
