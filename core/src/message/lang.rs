//! The languages that texts are written in.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{Allowed, Code, Error, Measure};
use crate::model::text_form::read_as_text;

/// A language that texts are written in.
///
/// `es` and `en` on the wire. A tag is read by its primary language, whatever the region, script or
/// encoding behind it: `es-AR`, `es_419`, `en_US.UTF-8`. Everything else is
/// [`Code::FieldValueInvalid`].
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::message::Lang;
///
/// assert_eq!("es-AR".parse::<Lang>()?, Lang::Es);
/// assert_eq!("fr".parse::<Lang>().unwrap_err().code, Code::FieldValueInvalid);
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "lowercase", try_from = "String")
)]
#[serde(into = "String")]
pub enum Lang {
    /// Spanish.
    #[default]
    Es,
    /// English.
    En,
}

read_as_text!(Lang);

impl Lang {
    /// Every language, the host's first.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        self.pick("es", "en")
    }

    /// Whichever of the two is in this language.
    pub(super) const fn pick(self, es: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Es => es,
            Self::En => en,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Lang {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let primary = text.trim().split(['-', '_', '.', '@']).next();
        Self::ALL
            .into_iter()
            .find(|lang| primary.is_some_and(|tag| tag.eq_ignore_ascii_case(lang.as_str())))
            .ok_or_else(|| {
                Error::new(Code::FieldValueInvalid)
                    .measured(Measure::text(text))
                    .allowed(Allowed::one_of(Self::ALL.map(Self::as_str)))
            })
    }
}

impl TryFrom<String> for Lang {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> String {
        lang.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_tag_by_its_primary_language() {
        for (tag, lang) in [
            ("es", Lang::Es),
            ("ES", Lang::Es),
            ("es-AR", Lang::Es),
            ("es_419", Lang::Es),
            (" en-GB ", Lang::En),
            ("en_US.UTF-8", Lang::En),
        ] {
            assert_eq!(tag.parse::<Lang>(), Ok(lang), "{tag}");
        }
    }

    #[test]
    fn refuses_other_languages_and_names() {
        for tag in ["", "fr", "eso", "spanish", "-es", "e"] {
            let error = tag.parse::<Lang>().unwrap_err();
            assert_eq!(error.code, Code::FieldValueInvalid, "{tag}");
            assert_eq!(error.allowed, Some(Allowed::one_of(["es", "en"])), "{tag}");
        }
    }
}
