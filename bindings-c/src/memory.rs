//! Memory that passes the border: a caller's bytes in, the library's buffers out.

use std::ffi::c_char;
use std::ptr;
use std::slice;

use crate::status::{CpStatus, Failure};

/// Bytes that the library gave away. Every buffer that a call filled is given back once, with
/// `cp_buffer_free`; an empty one has no memory, and giving it back does nothing.
#[repr(C)]
#[derive(Debug)]
pub struct CpBuffer {
    /// The bytes; null where there are none. They don't end in a NUL.
    pub data: *mut u8,
    /// How many.
    pub len: usize,
}

impl CpBuffer {
    const EMPTY: Self = Self {
        data: ptr::null_mut(),
        len: 0,
    };

    fn holding(bytes: Vec<u8>) -> Self {
        if bytes.is_empty() {
            return Self::EMPTY;
        }
        let len = bytes.len();
        Self {
            data: Box::into_raw(bytes.into_boxed_slice()).cast(),
            len,
        }
    }
}

/// Gives a buffer back and makes it empty, so that doing it twice is harmless. Null is taken too.
///
/// # Safety
/// `buffer` is null or points to a buffer that a function of this library filled, unchanged since.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_buffer_free(buffer: *mut CpBuffer) {
    // SAFETY: null is told apart; otherwise the caller's promise makes it a valid buffer.
    let Some(buffer) = (unsafe { buffer.as_mut() }) else {
        return;
    };
    let CpBuffer { data, len } = std::mem::replace(buffer, CpBuffer::EMPTY);
    if !data.is_null() {
        // SAFETY: `data` and `len` are those of the boxed slice that `holding` gave away, and nobody else
        // has them: the buffer was emptied.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(data, len)) });
    }
}

/// Where an answer goes.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Sets what is there to `empty` first, so that a caller never reads what was there before.
    ///
    /// # Safety
    /// `place` is null or may be written until the call returns.
    pub(crate) unsafe fn new(place: *mut T, empty: T) -> Result<Self, Failure> {
        if place.is_null() || !place.is_aligned() {
            return Err(CpStatus::CpInvalidArgument.into());
        }
        // SAFETY: it isn't null, is aligned, and may be written, as the caller promises. What was there is
        // plain data without a destructor.
        unsafe { place.write(empty) };
        Ok(Self(place))
    }

    pub(crate) fn set(self, value: T) {
        // SAFETY: `new` was promised that it may be written until the call returns, and outs don't outlive it.
        unsafe { self.0.write(value) };
    }
}

impl Out<CpBuffer> {
    /// # Safety
    /// As of `new`.
    pub(crate) unsafe fn buffer(place: *mut CpBuffer) -> Result<Self, Failure> {
        // SAFETY: the caller's promise is the same.
        unsafe { Self::new(place, CpBuffer::EMPTY) }
    }

    pub(crate) fn fill(self, bytes: Vec<u8>) {
        self.set(CpBuffer::holding(bytes));
    }
}

/// A caller's bytes. Null is taken where the length is 0.
///
/// # Safety
/// `data` is null or points to `len` readable bytes that nobody writes while the slice lives.
pub(crate) unsafe fn bytes<'a>(data: *const u8, len: usize) -> Result<&'a [u8], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    // No object is larger: such a length is a negative number, or garbage.
    if data.is_null() || isize::try_from(len).is_err() || data.addr().checked_add(len).is_none() {
        return Err(CpStatus::CpInvalidArgument.into());
    }
    // SAFETY: it isn't null, bytes have no alignment, the size fits, and the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts(data, len) })
}

/// A caller's document.
///
/// # Safety
/// As of [`bytes`].
pub(crate) unsafe fn text<'a>(data: *const u8, len: usize) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise is the same.
    let bytes = unsafe { bytes(data, len) }?;
    std::str::from_utf8(bytes).map_err(|_| CpStatus::CpInvalidUtf8.into())
}

/// The longest name, path or time that is read: a string that was never ended is noticed there.
const MAX_STRING_BYTES: usize = 4096;

/// A short string of a caller: a name, a path, a time.
///
/// # Safety
/// `string` is null or ends in a NUL, and nobody writes it while the text lives.
pub(crate) unsafe fn string<'a>(string: *const c_char) -> Result<&'a str, Failure> {
    if string.is_null() {
        return Err(CpStatus::CpInvalidArgument.into());
    }
    // SAFETY: every byte up to the NUL may be read, and the first NUL ends the search.
    let len = (0..MAX_STRING_BYTES).find(|at| unsafe { *string.add(*at) } == 0);
    let len = len.ok_or(CpStatus::CpInvalidArgument)?;
    // SAFETY: those bytes were just read.
    unsafe { text(string.cast(), len) }
}

/// What a caller says went wrong. Nothing that it can get wrong there keeps a failure from being told.
///
/// # Safety
/// As of [`string`].
pub(crate) unsafe fn reason(why: *const c_char) -> String {
    if why.is_null() {
        return "the host gives no reason".to_owned();
    }
    // SAFETY: every byte up to the NUL may be read, and the first NUL ends the walk.
    let bytes = (0..MAX_STRING_BYTES).map(|at| unsafe { *why.add(at) }.to_ne_bytes()[0]);
    let bytes: Vec<u8> = bytes.take_while(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A caller's structure; `None` where it is null.
///
/// # Safety
/// `place` is null or may be read.
pub(crate) unsafe fn copied<T: Copy>(place: *const T) -> Result<Option<T>, Failure> {
    if place.is_null() {
        return Ok(None);
    }
    if !place.is_aligned() {
        return Err(CpStatus::CpInvalidArgument.into());
    }
    // SAFETY: it isn't null, is aligned, and may be read, as the caller promises.
    Ok(Some(unsafe { place.read() }))
}
