// Written by `cargo xtask generate` from the crate `calendar-publish-c`.

#ifndef CALENDAR_PUBLISH_H
#define CALENDAR_PUBLISH_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// How a call went. Everything but `CP_OK` changed nothing, unless its function says otherwise.
typedef enum cp_status {
  // It was done; the buffer holds the answer.
  CP_OK = 0,
  // The library refuses; the buffer holds the error document.
  CP_ERROR = 1,
  // A null pointer, a length that no memory has, or a handle of another kind.
  CP_INVALID_ARGUMENT = 2,
  // A text isn't UTF-8.
  CP_INVALID_UTF8 = 3,
  // The handle was closed, or never was one.
  CP_CLOSED = 4,
  // A defect of the library. The process goes on, and the handle that was used is as it was or closed.
  CP_PANIC = 5,
} cp_status;

// Bytes that the library gave away. Every buffer that a call filled is given back once, with
// `cp_buffer_free`; an empty one has no memory, and giving it back does nothing.
typedef struct cp_buffer {
  // The bytes; null where there are none. They don't end in a NUL.
  uint8_t *data;
  // How many.
  size_t len;
} cp_buffer;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Loads a calendar document (entries, accounts, jobs, settings) as it stands at `now`, an instant such as
// `2026-03-01T09:00:00Z`. The handle is closed with `cp_close`. `error` may be null.
//
// # Safety
// `document` has `document_len` bytes, `now` ends in a NUL, `handle` and `error` may be written.
enum cp_status cp_calendar_load(const uint8_t *document,
                                size_t document_len,
                                const char *now,
                                uint64_t *handle,
                                struct cp_buffer *error);

// Runs an operation of the calendar. Threads take turns.
//
// # Safety
// `name` ends in a NUL, `input` has `input_len` bytes, `out` may be written.
enum cp_status cp_calendar_call(uint64_t handle,
                                const char *name,
                                const uint8_t *input,
                                size_t input_len,
                                struct cp_buffer *out);

// Writes the calendar's entries as a file, as the export request says.
//
// # Safety
// `request` has `request_len` bytes, `out` may be written.
enum cp_status cp_calendar_export(uint64_t handle,
                                  const uint8_t *request,
                                  size_t request_len,
                                  struct cp_buffer *out);

// Closes a handle of any kind. `CP_CLOSED` where it was closed already. Calls that other threads are in go
// on to their end.
enum cp_status cp_close(uint64_t handle);

// Gives a buffer back and makes it empty, so that doing it twice is harmless. Null is taken too.
//
// # Safety
// `buffer` is null or points to a buffer that a function of this library filled, unchanged since.
void cp_buffer_free(struct cp_buffer *buffer);

// The library's version, `0.1.0`. It is never freed.
const char *cp_version(void);

// The names of everything that is called by name: `{"call":[...],"calendar":[...]}`.
//
// # Safety
// `out` may be written.
enum cp_status cp_operations(struct cp_buffer *out);

// Runs a pure operation: `cp_call("countText", json, len, &out)`. Safe from any number of threads at once.
//
// # Safety
// `name` ends in a NUL, `input` has `input_len` bytes, `out` may be written.
enum cp_status cp_call(const char *name,
                       const uint8_t *input,
                       size_t input_len,
                       struct cp_buffer *out);

// An error document in the words of one language, `es` or `en`: what is wrong and what to do about it, as
// plain text on two lines. The document's `messages` hold the same.
//
// # Safety
// As of `cp_call`.
enum cp_status cp_error_message(const uint8_t *error,
                                size_t error_len,
                                const char *lang,
                                struct cp_buffer *out);

// A generation whose request was sent at `now`. `options` is a session's options as a document; with
// length 0 they are the library's. The handle is closed with `cp_close`. `error` may be null.
//
// # Safety
// `options` has `options_len` bytes, `now` ends in a NUL, `handle` and `error` may be written.
enum cp_status cp_stream_start(const uint8_t *options,
                               size_t options_len,
                               const char *now,
                               uint64_t *handle,
                               struct cp_buffer *error);

// Takes bytes that arrived at `now`, cut anywhere; the answer is the array of the events they completed.
//
// # Safety
// `data` has `len` bytes, `now` ends in a NUL, `out` may be written.
enum cp_status cp_stream_push(uint64_t handle,
                              const uint8_t *data,
                              size_t len,
                              const char *now,
                              struct cp_buffer *out);

// Looks at the clock while nothing arrives; the answer is the stream's state.
//
// # Safety
// `now` ends in a NUL, `out` may be written.
enum cp_status cp_stream_tick(uint64_t handle, const char *now, struct cp_buffer *out);

// The stream ended at `now`; the answer is the snapshot.
//
// # Safety
// As of `cp_stream_tick`.
enum cp_status cp_stream_end(uint64_t handle, const char *now, struct cp_buffer *out);

// The calendar so far, in every state.
//
// # Safety
// `out` may be written.
enum cp_status cp_stream_snapshot(uint64_t handle, struct cp_buffer *out);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CALENDAR_PUBLISH_H */
