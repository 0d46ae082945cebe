//! The worker, step by step on a clock that the test owns: what it makes of everything a platform can
//! answer, and of everything that can happen to itself.

mod fixture;
mod incident;
mod lateness;
mod outcomes;
mod settings;
mod shutdown;
