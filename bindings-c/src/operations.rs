//! Functions without a handle.

use std::collections::BTreeMap;
use std::ffi::c_char;

use calendar_publish::Error;
use calendar_publish::calendar::CALENDAR_OPERATIONS;
use calendar_publish::message::{Lang, MessageContext, error_text};
use calendar_publish::operation::{self, OPERATIONS};
use calendar_publish_documents::ENGINE_OPERATIONS;
use serde_json::Value;

use crate::guard;
use crate::memory::{CpBuffer, Out, string, text};
use crate::status::CpStatus;

/// The library's version, `0.1.0`. It is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn cp_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The names of everything that is called by name: `{"call":[...],"calendar":[...],"engine":[...]}`.
///
/// # Safety
/// `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_operations(out: *mut CpBuffer) -> CpStatus {
    // SAFETY: the caller's promise.
    let out = unsafe { Out::buffer(out) };
    guard::answer(out, || {
        let call: Vec<_> = OPERATIONS.iter().map(|it| it.name).collect();
        let calendar: Vec<_> = CALENDAR_OPERATIONS.iter().map(|it| it.name).collect();
        let engine: Vec<_> = ENGINE_OPERATIONS.iter().map(|it| it.name).collect();
        let names = serde_json::json!({ "call": call, "calendar": calendar, "engine": engine });
        Ok(names.to_string().into_bytes())
    })
}

/// Runs a pure operation: `cp_call("countText", json, len, &out)`. Safe from any number of threads at once.
///
/// # Safety
/// `name` ends in a NUL, `input` has `input_len` bytes, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_call(
    name: *const c_char,
    input: *const u8,
    input_len: usize,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, name, input) = unsafe { (Out::buffer(out), string(name), text(input, input_len)) };
    guard::answer(out, || Ok(operation::call(name?, input?)?.into_bytes()))
}

/// An error document in the words of one language, `es` or `en`: what is wrong and what to do about it, as
/// plain text on two lines. The document's `messages` hold the same.
///
/// # Safety
/// As of `cp_call`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_error_message(
    error: *const u8,
    error_len: usize,
    lang: *const c_char,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, error, lang) = unsafe { (Out::buffer(out), text(error, error_len), string(lang)) };
    guard::answer(out, || {
        let lang = match lang? {
            "es" => Lang::Es,
            "en" => Lang::En,
            _ => return Err(CpStatus::CpInvalidArgument.into()),
        };
        let mut document: Value = operation::read_document(error?)?;
        if let Some(members) = document.as_object_mut() {
            members.remove("retryable");
            members.remove("messages");
        }
        let error: Error = operation::read_document(&document.to_string())?;
        let words = error_text(&error, lang, &MessageContext::default());
        Ok(format!("{}\n{}", words.message, words.action).into_bytes())
    })
}

/// One member of an error document, such as `code`, `path` or `retryable`, for programs without a parser of
/// JSON. A text is given as it is, anything else as JSON. Where the document has no such member, the buffer is
/// empty: without a `path` the whole input is meant.
///
/// ```c
/// cp_error_member(error.data, error.len, "code", &code); // ENTRY_NOT_FOUND
/// cp_error_member(error.data, error.len, "retryable", &retryable); // false
/// ```
///
/// # Safety
/// As of `cp_call`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_error_member(
    error: *const u8,
    error_len: usize,
    name: *const c_char,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, error, name) = unsafe { (Out::buffer(out), text(error, error_len), string(name)) };
    guard::answer(out, || {
        let members: BTreeMap<String, Value> = operation::read_document(error?)?;
        let member = match members.get(name?) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        };
        Ok(member.into_bytes())
    })
}
