//! The engine by documents, over ports by documents, against the simulator of Instagram.
#![allow(clippy::panic, clippy::unwrap_used)]

mod chaos;
mod commands;
mod fixture;
mod sealing;
