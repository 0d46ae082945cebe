//! What users read, in Spanish and English: by code, with the same placeholders in both languages.
//!
//! [`finding_text`], [`error_text`] and [`code_text`] word what is wrong and what to do about it;
//! [`explain_text`] words why an entry is where it is; [`ux_text`] words what an interface is
//! doing; [`labels`] are the words on badges and buttons. Every text is made of the same few pieces:
//! a template (`es`, `en`), values worded by [`Formatter`], and field paths worded by [`field_label`].
//!
//! Texts address creators, not engineers: one calm sentence about what is wrong, one about what to
//! do, no code names and no jargon. The Spanish is the one read from Madrid to Buenos Aires, with
//! `tú`.
//!
//! ```
//! use calendar_publish::error::{Allowed, Code, Measure, Unit};
//! use calendar_publish::message::{Lang, MessageContext, finding_text};
//! use calendar_publish::model::{Channel, Finding};
//!
//! let finding = Finding::blocking(Code::CaptionTooLong, "piece.copy")
//!     .measured(Measure::number(2_345, Unit::Utf16))
//!     .allowed(Allowed::at_most(2_200, Unit::Utf16));
//! let context = MessageContext { channel: Some(Channel::Tiktok), ..MessageContext::default() };
//! let text = finding_text(&finding, Lang::Es, &context);
//! assert_eq!(text.message, "El texto tiene 2.345 caracteres; TikTok admite 2.200 como máximo.");
//! assert_eq!(text.action, "Acórtalo en 145 caracteres.");
//! ```

mod case;
mod en;
mod es;
mod explain;
mod field;
mod format;
mod label;
mod lang;
mod measure;
mod template;
mod text;
mod ux;
mod ux_template;
mod word;

#[cfg(test)]
mod tests;

pub use explain::{ExplanationText, explain_text};
pub use field::field_label;
pub use format::{Conjunction, Formatter};
pub use label::{
    AccountStatusLabel, ActionLabel, ActorLabel, JobStatusLabel, Labels, SeverityLabel, TileLabel,
    Tone, labels, tile_label,
};
pub use lang::Lang;
pub use text::{MessageContext, MessageText, code_text, error_text, finding_text};
pub use ux::{UxAction, UxActionLabel, UxState, UxText, ux_text};
