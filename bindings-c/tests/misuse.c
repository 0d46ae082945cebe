/* What a caller does wrong is answered, and nothing leaks. */
#include <calendar_publish.h>
#include "check.h"

#define NOW "2026-03-01T09:00:00Z"

static void buffers_and_arguments(void) {
    cp_buffer out, words;
    CHECK(strlen(cp_version()) > 0);
    CHECK(cp_operations(&out) == CP_OK && out.len > 100);
    cp_buffer_free(&out);
    cp_buffer_free(&out);
    cp_buffer_free(NULL);

    CHECK(cp_call("countText", NULL, 5, &out) == CP_INVALID_ARGUMENT && out.data == NULL);
    CHECK(cp_call("countText", (const uint8_t *)"{}", (size_t)-1, &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_call("countText", BYTES("{}"), NULL) == CP_INVALID_ARGUMENT);
    CHECK(cp_call(NULL, BYTES("{}"), &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_call("countText", (const uint8_t *)"\xff\xfe", 2, &out) == CP_INVALID_UTF8);
    CHECK(cp_call("countText", NULL, 0, &out) == CP_ERROR && out.len > 0);
    cp_buffer_free(&out);
    CHECK(cp_call("noSuch", BYTES("{}"), &out) == CP_ERROR);
    CHECK(strstr((char *)memcpy((char[64]){0}, out.data, 40), "OPERATION_UNKNOWN") != NULL);
    CHECK(cp_error_message(out.data, out.len, "es", &words) == CP_OK && words.len > 10);
    cp_buffer_free(&words);
    CHECK(cp_error_message(out.data, out.len, "fr", &words) == CP_INVALID_ARGUMENT);
    cp_buffer_free(&out);
}

/* Whether the document's member is this text. */
static int has(const char *error, const char *name, const char *expected) {
    cp_buffer text;
    int same = cp_error_member(BYTES(error), name, &text) == CP_OK && text.len == strlen(expected) &&
               (text.len == 0 || memcmp(text.data, expected, text.len) == 0);
    cp_buffer_free(&text);
    return same;
}

static void members_of_errors(void) {
    const char *error = "{\"code\":\"DATE_INVALID\",\"path\":\"a \\\"b\\u00f1\",\"measured\":{\"value\":\"x\"},\"retryable\":false,"
                        "\"allowed\":null}";
    CHECK(has(error, "code", "DATE_INVALID") && has(error, "path", "a \"b\xc3\xb1"));
    CHECK(has(error, "retryable", "false") && has(error, "measured", "{\"value\":\"x\"}"));
    CHECK(has(error, "allowed", "") && has(error, "position", "") && has(error, "", ""));
    cp_buffer text;
    for (int at = 0; at < 2; at++) {
        const char *none = at ? "[\"code\"]" : "{";
        CHECK(cp_error_member(BYTES(none), "code", &text) == CP_ERROR && text.len > 0);
        cp_buffer_free(&text);
    }
    CHECK(cp_error_member(NULL, 5, "code", &text) == CP_INVALID_ARGUMENT && text.data == NULL);
    CHECK(cp_error_member(BYTES(error), NULL, &text) == CP_INVALID_ARGUMENT);
    CHECK(cp_error_member(BYTES(error), "code", NULL) == CP_INVALID_ARGUMENT);
    CHECK(cp_error_member((const uint8_t *)"\xff", 1, "code", &text) == CP_INVALID_UTF8);
}

static void calendars(void) {
    cp_buffer out;
    uint64_t handle;
    CHECK(cp_calendar_load(BYTES("{\"entries\":[]}"), "tomorrow", &handle, NULL) == CP_ERROR && handle == 0);
    CHECK(cp_calendar_load(BYTES("{"), NOW, &handle, &out) == CP_ERROR && out.len > 0);
    cp_buffer_free(&out);
    CHECK(cp_calendar_load(BYTES("{\"entries\":[]}"), NOW, &handle, NULL) == CP_OK);
    CHECK(cp_stream_snapshot(handle, &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_close(handle) == CP_OK);
    CHECK(cp_close(handle) == CP_CLOSED);
    CHECK(cp_calendar_call(handle, "page", BYTES("{\"limit\":5}"), &out) == CP_CLOSED && out.len == 0);
    CHECK(cp_close(0) == CP_CLOSED);
}

static void streams(void) {
    cp_buffer out;
    uint64_t handle;
    CHECK(cp_stream_start(NULL, 0, NOW, &handle, NULL) == CP_OK);
    CHECK(cp_stream_push(handle, BYTES("event: data\n"), NOW, &out) == CP_OK && out.len == 2);
    cp_buffer_free(&out);
    CHECK(cp_stream_tick(handle, "2026-03-01T09:01:00Z", &out) == CP_OK && memcmp(out.data, "\"timed_out\"", 11) == 0);
    cp_buffer_free(&out);
    CHECK(cp_stream_end(handle, NOW, &out) == CP_OK && out.len > 2);
    cp_buffer_free(&out);
    CHECK(cp_close(handle) == CP_OK);
}

int main(void) {
    TEST(buffers_and_arguments);
    TEST(members_of_errors);
    TEST(calendars);
    TEST(streams);
    return counted();
}
