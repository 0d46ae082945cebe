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
  // The handle was closed, or never was one; the reply was used, or nobody waits for it any more.
  CP_CLOSED = 4,
  // A defect of the library. The process goes on, and the handle that was used is as it was or closed.
  CP_PANIC = 5,
  // The call would wait for the thread that it stands on: it was made within `now`.
  CP_REENTERED = 6,
} cp_status;

// Bytes that the library gave away. Every buffer that a call filled is given back once, with
// `cp_buffer_free`; an empty one has no memory, and giving it back does nothing.
typedef struct cp_buffer {
  // The bytes; null where there are none. They don't end in a NUL.
  uint8_t *data;
  // How many.
  size_t len;
} cp_buffer;

// The host's ports. The library calls them from threads of its own, several at once, and never while a
// function of this library holds anything: callbacks may call every function, but for `now`, from which
// `cp_engine_call` and `cp_engine_run` are refused. No callback may throw, or jump out with `longjmp`.
typedef struct cp_ports {
  // What every function is given. It must be usable from any thread.
  void *context;
  // Asks `port` for `method` with a document and, from `transport`, the body of the request. What it is
  // given lives until it returns. It answers with `cp_reply`, `cp_refuse` or `cp_fail`, at once or
  // later; `reply` is 0 where no answer is waited for.
  void (*call)(void *context,
               const char *port,
               const char *method,
               const uint8_t *request,
               size_t request_len,
               const uint8_t *body,
               size_t body_len,
               uint64_t reply);
  // The present in milliseconds since 1970 (UTC), at once. Only the clock `host` calls it; may be
  // null otherwise.
  int64_t (*now)(void *context);
  // Called once, when the engine was closed and the last callback has returned; on any thread. May be
  // null.
  void (*release)(void *context);
} cp_ports;

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

// Opens an engine, which works only while `cp_engine_run` or `cp_engine_call` does. `options` says where
// each port comes from and how the engine works:
//
// ```json
// {"store": {"sqlite": {"path": "jobs.db"}}, "transport": {"http": {}}, "tokens": "host",
//  "engine": {"settings": [{"name": "PUBLISH_SERVICE_ENABLED", "value": "true"}], "instagram": {}}}
// ```
//
// `store` is `"memory"`, `"host"` or a file, `transport` and `media` are `"host"` or `http`, `tokens`,
// `clock` and `telemetry` are `"host"`; all but `store` may be left out. `adapters` lists the platforms that
// the host speaks to itself. What is `host` calls `ports`, which is copied and may be null where there is none. The handle is
// closed with `cp_close`; until then, and until `release`, the library keeps `context`. Where opening
// fails nothing is kept, and `release` isn't called. `error` may be null.
//
// # Safety
// `options` has `options_len` bytes, `ports` is null or readable, and its functions keep to what is said
// there; `handle` and `error` may be written.
enum cp_status cp_engine_open(const uint8_t *options,
                              size_t options_len,
                              const struct cp_ports *ports,
                              uint64_t *handle,
                              struct cp_buffer *error);

// Runs an operation of the engine and waits for its answer. Any number of threads may call one engine at
// once, also from within a callback, but not from within `now`: `CP_REENTERED`.
//
// # Safety
// `name` ends in a NUL, `input` has `input_len` bytes, `out` may be written.
enum cp_status cp_engine_call(uint64_t handle,
                              const char *name,
                              const uint8_t *input,
                              size_t input_len,
                              struct cp_buffer *out);

// Publishes what is due until `cp_engine_stop` is called, and answers with the report of what was done. It
// is meant for a thread of its own. A stop that was called before doesn't count; a close does.
//
// # Safety
// `out` may be written.
enum cp_status cp_engine_run(uint64_t handle,
                             struct cp_buffer *out);

// Tells every `cp_engine_run` of the engine to end, and returns at once. They take no further job, bring
// those under way to a point from where any worker goes on, and answer.
enum cp_status cp_engine_stop(uint64_t handle);

// Answers a callback: with the port's document and, for `transport` and `media`, bytes. Both are copied.
// It may be called within the callback or later, from any thread, once: afterwards, and when the engine
// waits no more, it is `CP_CLOSED`.
//
// # Safety
// `document` has `document_len` bytes, `body` has `body_len`.
enum cp_status cp_reply(uint64_t reply,
                        const uint8_t *document,
                        size_t document_len,
                        const uint8_t *body,
                        size_t body_len);

// Refuses what a callback asked, with a document of the port's own failures or an error document. What the
// port doesn't know counts as `cp_fail`.
//
// # Safety
// `document` has `document_len` bytes.
enum cp_status cp_refuse(uint64_t reply,
                         const uint8_t *document,
                         size_t document_len);

// Says that a callback failed, and in `why` what developers should know: it must hold no secret, and may
// be null. It means what is safe: a request of `transport` may have been sent, a store may be asked again.
//
// # Safety
// `why` is null or ends in a NUL.
enum cp_status cp_fail(uint64_t reply,
                       const char *why);

// Closes a handle of any kind. `CP_CLOSED` where it was closed already. Calls that other threads are in go
// on to their end; those of an engine have ten seconds for that, and are `CP_CLOSED` afterwards, done or
// not.
//
// An engine's open replies fail at once, and its `cp_engine_run`s are stopped: to end gracefully, call
// `cp_engine_stop` and let them return first. Whoever is the last to leave the engine, this function or a
// call of another thread, waits for callbacks that are under way: ten seconds at most, and not at all
// within a callback. `release` is called when the last one has returned.
enum cp_status cp_close(uint64_t handle);

// Gives a buffer back and makes it empty, so that doing it twice is harmless. Null is taken too.
//
// # Safety
// `buffer` is null or points to a buffer that a function of this library filled, unchanged since.
void cp_buffer_free(struct cp_buffer *buffer);

// The library's version, `0.1.0`. It is never freed.
const char *cp_version(void);

// The names of everything that is called by name: `{"call":[...],"calendar":[...],"engine":[...]}`.
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

// One member of an error document, such as `code`, `path` or `retryable`, for programs without a parser of
// JSON. A text is given as it is, anything else as JSON. Where the document has no such member, the buffer is
// empty: without a `path` the whole input is meant.
//
// ```c
// cp_error_member(error.data, error.len, "code", &code); // ENTRY_NOT_FOUND
// cp_error_member(error.data, error.len, "retryable", &retryable); // false
// ```
//
// # Safety
// As of `cp_call`.
enum cp_status cp_error_member(const uint8_t *error,
                               size_t error_len,
                               const char *name,
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
