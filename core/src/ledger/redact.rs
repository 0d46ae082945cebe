//! Taking secrets out of what a platform said, before it is kept.

use serde_json::Value;

use crate::error::Code;
use crate::ports::AttemptNote;

const REDACTED: &str = "[redacted]";
const EMAIL: &str = "[email]";

/// The shortest run of letters and digits that is taken for a token by its looks.
const TOKEN_LENGTH: usize = 24;

/// A run of at least this length is taken for a token even if it has letters of one case only.
const LONG_TOKEN_LENGTH: usize = 40;

/// How the platforms' tokens begin.
const TOKEN_STARTS: [&str; 9] = [
    "EAA", "IGQ", "IGA", "act.", "rft.", "clt.", "eyJ", "ya29.", "gho_",
];

/// How TikTok's tokens begin: no word of prose has a dot there and a digit behind it.
const DOTTED_STARTS: [&str; 3] = ["act.", "rft.", "clt."];

/// The shortest token that is known by such a beginning.
const DOTTED_LENGTH: usize = 8;

/// What a name holds if its value is secret, in lower case and without signs.
const SECRET_NAMES: [&str; 14] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "authorization",
    "apikey",
    "privatekey",
    "clientkey",
    "cookie",
    "credential",
    "signature",
    "proof",
    "sessionid",
];

/// Names that are secret only as a whole.
const SECRET_WORDS: [&str; 4] = ["sig", "pwd", "auth", "jwt"];

/// A text without secrets: the query, fragment and credentials of every URL, the value of everything
/// that is named a token, key, password or cookie, e-mail addresses, and runs of letters and digits
/// that look like tokens become `[redacted]` or `[email]`.
///
/// Platform ids, trace ids, UUIDs, hexadecimal hashes, codes and prose stay. A secret without a name
/// that looks like one of those can't be told from it: what is known to be secret isn't to be put
/// into a text at all. Redacting twice changes nothing.
///
/// ```
/// use calendar_publish::ledger::redact;
///
/// assert_eq!(
///     redact("GET https://graph.example/me?access_token=EAAB1x: code 190, fbtrace_id EJplcsCHuLu"),
///     "GET https://graph.example/me?[redacted] code 190, fbtrace_id EJplcsCHuLu"
/// );
/// ```
pub fn redact(text: &str) -> String {
    let text = with_bare_slashes(text);
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = url_start(rest) {
        let (before, from_url) = rest.split_at(start);
        let end = from_url.find(ends_a_url).unwrap_or(from_url.len());
        let (url, after) = from_url.split_at(end);
        clean.push_str(&words(&named(before)));
        clean.push_str(&without_query(url));
        rest = after;
    }
    clean.push_str(&words(&named(rest)));
    clean
}

/// A JSON text without secrets: as [`redact`], and the values of secret names are removed whatever
/// they are. What isn't JSON is taken for text; what holds no secret is given back to the letter.
pub fn redact_json(text: &str) -> String {
    let Ok(value) = crate::json::from_str::<Value>(text) else {
        return redact(text);
    };
    let clean = redact_value(value.clone());
    if clean == value {
        return text.to_owned();
    }
    // A `Value` has no keys that JSON can't write.
    serde_json::to_string(&clean).unwrap_or_default()
}

impl AttemptNote {
    /// The note without secrets, as the ledger may keep it.
    #[must_use]
    pub fn redacted(self) -> Self {
        Self {
            message: self.message.map(|text| redact(&text)),
            response_meta: self.response_meta.map(|text| redact_json(&text)),
        }
    }
}

fn redact_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(redact(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(redact_value).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value = match value {
                        Value::Null | Value::Bool(_) => value,
                        _ if is_secret_name(&name) => Value::String(REDACTED.to_owned()),
                        _ => redact_value(value),
                    };
                    (redact(&name), value)
                })
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// Where the first URL begins: at its scheme.
fn url_start(text: &str) -> Option<usize> {
    let mark = text.find("://")?;
    let in_scheme = |sign: char| sign.is_ascii_alphanumeric() || "+-.".contains(sign);
    let scheme = text[..mark].trim_end_matches(in_scheme).len();
    Some(scheme)
}

fn ends_a_url(sign: char) -> bool {
    sign.is_whitespace() || sign.is_control() || "\"'<>`{}\\^".contains(sign)
}

/// The text with its slashes as they are: some platforms escape those of their JSON, once or more often.
fn with_bare_slashes(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    for sign in text.chars() {
        if sign == '/' {
            bare.truncate(bare.trim_end_matches('\\').len());
        }
        bare.push(sign);
    }
    bare
}

fn without_query(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (address, query) = match rest.find(['?', '#']) {
        Some(start) => rest.split_at(start),
        None => (rest, ""),
    };
    let mut parts = address.split('/');
    let authority = parts.next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let mut clean = format!("{scheme}://{host}");
    for part in parts {
        clean.push('/');
        clean.push_str(&words(&named(part)));
    }
    if !query.is_empty() {
        clean.push('?');
        clean.push_str(REDACTED);
    }
    clean
}

/// Removes the values of secret names: `name=value`, `name: value`, `"name":"value"`.
fn named(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(sign) = rest.find(['=', ':', '%']) {
        let Some(width) = separator(&rest[sign..]) else {
            let end = sign + 1;
            clean.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        };
        let (name_part, from_sign) = rest.split_at(sign);
        let name = name_before(name_part);
        let (mark, after) = from_sign.split_at(width);
        clean.push_str(name_part);
        clean.push_str(mark);
        rest = after;
        if is_secret_name(name) || (mark != ":" && is_oauth_code(name, after)) {
            let gap = after.len() - after.trim_start_matches([' ', '\t', '"', '\'', '\\']).len();
            let (quote, value) = after.split_at(gap);
            let length = value_length(name, value);
            if length > 0 && !(mark == ":" && is_word(name, &value[..length])) {
                clean.push_str(quote);
                clean.push_str(REDACTED);
                rest = &value[length..];
            }
        }
    }
    clean.push_str(rest);
    clean
}

/// How long the sign between a name and its value is, if `text` begins with one.
fn separator(text: &str) -> Option<usize> {
    if text.starts_with(['=', ':']) {
        Some(1)
    } else {
        let escaped = text.get(..3)?;
        ["%3D", "%3A"]
            .iter()
            .any(|sign| sign.eq_ignore_ascii_case(escaped))
            .then_some(3)
    }
}

fn name_before(text: &str) -> &str {
    let text = text.trim_end_matches(['"', '\'', '\\', ' ']);
    let in_name = |sign: char| sign.is_ascii_alphanumeric() || "_-.".contains(sign);
    &text[text.trim_end_matches(in_name).len()..]
}

/// Whether a value of that name (of a header, a field, a pair of a query) is secret by its name:
/// `access_token`, `Authorization`, `client_secret`, `X-Amz-Signature`…
///
/// OAuth's `code` isn't among them: platforms call their error numbers so too. [`redact`] tells the two by
/// their values.
pub fn is_secret_name(name: &str) -> bool {
    // Our own codes say what happened to a token, not what it is.
    if name.parse::<Code>().is_ok() {
        return false;
    }
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|sign| sign.to_ascii_lowercase())
        .collect();
    SECRET_NAMES.iter().any(|secret| plain.contains(secret))
        || SECRET_WORDS.contains(&plain.as_str())
}

/// Whether `code=value` is OAuth's: the platforms' own codes are numbers, or words with underscores.
fn is_oauth_code(name: &str, value: &str) -> bool {
    let value = &value[..value_length(name, value)];
    let has = |class: fn(char) -> bool| value.contains(class);
    name == "code"
        && value.len() >= DOTTED_LENGTH
        && has(|sign| sign.is_ascii_digit())
        && has(|sign| !sign.is_ascii_digit() && !sign.is_ascii_lowercase() && sign != '_')
}

/// How much of `value` belongs to the secret.
fn value_length(name: &str, value: &str) -> usize {
    let name = name.to_ascii_lowercase();
    let whole_line = name.contains("cookie") || name.ends_with("authorization");
    let ends = |sign: char| {
        if whole_line {
            "\r\n\"".contains(sign)
        } else {
            sign.is_whitespace() || "\"'&,;<>(){}".contains(sign)
        }
    };
    value.find(ends).unwrap_or(value.len())
}

/// Whether what follows `token:` is prose: "token: expired".
fn is_word(name: &str, value: &str) -> bool {
    let is_token = name.to_ascii_lowercase().contains("token");
    let is_prose = |sign: char| sign.is_alphabetic() || ".!?".contains(sign);
    is_token && value.chars().count() < 16 && value.chars().all(is_prose)
}

/// Removes what looks like a secret by itself.
fn words(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(in_word).unwrap_or(rest.len());
        let (between, from_word) = rest.split_at(start);
        let end = from_word
            .find(|sign: char| !in_word(sign))
            .unwrap_or(from_word.len());
        let (word, after) = from_word.split_at(end);
        clean.push_str(between);
        match word {
            _ if is_email(word) => clean.push_str(EMAIL),
            _ if looks_like_a_token(word) => clean.push_str(REDACTED),
            _ => clean.push_str(word),
        }
        rest = after;
    }
    clean
}

fn in_word(sign: char) -> bool {
    sign.is_alphanumeric() || "_-.+/~%|@=".contains(sign)
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        !name.trim_matches('.').is_empty() && host.trim_end_matches('.').contains('.')
    })
}

fn looks_like_a_token(word: &str) -> bool {
    let word = word.trim_matches(['.', '=', '-', '/', '|']);
    if word.len() >= 20 && TOKEN_STARTS.iter().any(|start| word.starts_with(start)) {
        return true;
    }
    let is_dotted = DOTTED_STARTS.iter().any(|start| word.starts_with(start));
    if is_dotted && word.len() >= DOTTED_LENGTH && word.contains(|sign: char| sign.is_ascii_digit())
    {
        return true;
    }
    let word = without_uuids(word);
    word.split('/').any(|part| is_random(part, TOKEN_LENGTH)) || {
        // Base64 may hold slashes, and then its parts are shorter.
        word.contains(['+', '=']) && is_random(&word, TOKEN_LENGTH)
    }
}

fn is_random(text: &str, least: usize) -> bool {
    let has = |class: fn(&char) -> bool| text.chars().any(|sign| class(&sign));
    let has_digits = has(char::is_ascii_digit);
    let has_lower = has(char::is_ascii_lowercase);
    let has_upper = has(char::is_ascii_uppercase);
    if text.len() < least || !has_digits {
        return false;
    }
    (has_lower && has_upper)
        || (text.len() >= LONG_TOKEN_LENGTH
            && (has_lower || has_upper)
            && !text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The text without the UUIDs in it.
fn without_uuids(text: &str) -> String {
    const LENGTH: usize = 36;
    let is_uuid = |text: &str| {
        text.char_indices().all(|(place, sign)| match place {
            8 | 13 | 18 | 23 => sign == '-',
            _ => sign.is_ascii_hexdigit(),
        })
    };
    let mut plain = String::new();
    let mut place = 0;
    while let Some(sign) = text[place..].chars().next() {
        match text.get(place..place + LENGTH) {
            Some(uuid) if is_uuid(uuid) => place += LENGTH,
            _ => {
                plain.push(sign);
                place += sign.len_utf8();
            }
        }
    }
    plain
}
