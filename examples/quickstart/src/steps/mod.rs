//! The steps of the tour, each a plain use of the library.

mod stream;
mod keep;
mod plan;
mod take_in;
mod publish;
mod month;
mod export;

pub(crate) use export::export;
pub(crate) use keep::{Shelf, Version};
pub(crate) use month::simulate_month;
pub(crate) use plan::{correct_clashes, edit_by_hand, preview_shift};
pub(crate) use publish::publish;
pub(crate) use stream::read_stream;
pub(crate) use take_in::{Desk, TakenIn, take_in};
