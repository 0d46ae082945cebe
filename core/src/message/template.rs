//! Templates: sentences with placeholders, and parts that fall away when a value is absent.
//!
//! `{name}` stands for a value. `[…]` is a part that is written only if every placeholder inside has
//! a value; `[…|…|…]` writes the first alternative for which that holds, and nothing if none does:
//!
//! `Acórtalo[ en {excess}].` → `Acórtalo en 145 caracteres.` or `Acórtalo.`
//!
//! A placeholder whose value is empty works as a condition. Values are never read as templates.

use std::iter;

/// Writes `template` with the values that `value` gives by name, its first letter a capital.
pub(super) fn render(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('[') {
        let (group, tail) = after.split_once(']').unwrap_or((after, ""));
        text.extend(fill(before, &value));
        text.extend(group.split('|').find_map(|part| fill(part, &value)));
        rest = tail;
    }
    text.extend(fill(rest, &value));
    capitalised(&text)
}

/// `part` with its placeholders filled; `None` if one of them has no value.
fn fill(part: &str, value: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        text.push_str(before);
        text.push_str(&value(name)?);
        rest = tail;
    }
    text.push_str(rest);
    Some(text)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => iter::once(capital(first)).chain(letters).collect(),
        None => String::new(),
    }
}

/// The capital of a letter that Spanish or English is written with. (A browser would download the
/// table for every script.)
fn capital(letter: char) -> char {
    match letter {
        // Latin-1 has each small letter 32 places behind its capital; the sign is no letter.
        'à'..='þ' if letter != '÷' => char::from_u32(u32::from(letter) - 32).unwrap_or(letter),
        _ => letter.to_ascii_uppercase(),
    }
}

/// The names of the placeholders of `template`, sorted, each once.
#[cfg(test)]
pub(super) fn placeholders(template: &str) -> std::collections::BTreeSet<&str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[cfg(test)]
mod tests {

    use super::*;

    fn check(template: &str, expected: &str) {
        let value = |name: &str| match name {
            "a" => Some("1".to_owned()),
            "word" => Some("el archivo".to_owned()),
            "yes" => Some(String::new()),
            "hostile" => Some("{a} [x|y]".to_owned()),
            _ => None,
        };
        assert_eq!(render(template, value), expected, "{template}");
    }

    #[test]
    fn values_and_optional_parts() {
        check("Quedan {a}.", "Quedan 1.");
        check("Quita[ {a}].", "Quita 1.");
        check("Quita[ {absent}].", "Quita.");
        check("[{absent} y {a}|solo {a}|nada].", "Solo 1.");
        check("[{absent}|nada].", "Nada.");
        check("[{yes}luego|ahora]", "Luego");
        check("[{no}luego|ahora]", "Ahora");
        check("{word} pesa[ {a}][ {b}].", "El archivo pesa 1.");
    }

    #[test]
    fn values_are_not_templates() {
        check("¡{hostile}!", "¡{a} [x|y]!");
    }

    #[test]
    fn names_its_placeholders() {
        assert_eq!(
            placeholders("{a}[ {b}|{a} {c}]")
                .into_iter()
                .collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
    }
}
