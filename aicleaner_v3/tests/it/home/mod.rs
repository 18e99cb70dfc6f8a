//! At home in Home Assistant: what the house has, and settings that change while the program runs.

mod dashboard;
mod inventory;
mod notifications;
mod reload;
mod robot;
