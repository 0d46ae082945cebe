//! What the tour looks like in a terminal.

mod screen;
mod calendar;
mod findings;
mod changes;
mod outcome;
mod live;
mod month;
mod stream;

pub(crate) use calendar::show_calendar;
pub(crate) use changes::{show_corrections, show_merge, show_shift};
pub(crate) use findings::show_findings;
pub(crate) use live::show_live;
pub(crate) use month::show_month;
pub(crate) use outcome::{show_farewell, show_files, show_outcomes};
pub(crate) use screen::Screen;
pub(crate) use stream::{show_save, show_stream};
