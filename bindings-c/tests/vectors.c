/* Every vector through the C library: `vectors FILE...`. A vector of a held calendar has `steps`. */
#include <calendar_publish.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

/* A text may hold a NUL, and a document may be a single value. */
#define READ (JSON_ALLOW_NUL | JSON_DECODE_ANY)

/* With an integer beyond 64 bits, a document's numbers are judged by their nearest double. */
static json_t *parsed(const char *data, size_t len) {
    json_t *value = json_loadb(data, len, READ, NULL);
    return value ? value : json_loadb(data, len, READ | JSON_DECODE_INT_AS_REAL, NULL);
}

/* Fields that the expectation doesn't name aren't judged, and null stands for absent. */
static int fits(json_t *expected, json_t *actual) {
    const char *name;
    json_t *item;
    size_t at;
    if (actual == NULL || json_is_null(actual)) return json_is_null(expected);
    if (json_is_object(expected) && json_is_object(actual)) {
        json_object_foreach(expected, name, item) {
            if (!fits(item, json_object_get(actual, name))) return 0;
        }
        return 1;
    }
    if (json_is_array(expected) && json_is_array(actual)) {
        if (json_array_size(expected) != json_array_size(actual)) return 0;
        json_array_foreach(expected, at, item) {
            if (!fits(item, json_array_get(actual, at))) return 0;
        }
        return 1;
    }
    if (json_is_number(expected) && json_is_number(actual))
        return json_number_value(expected) == json_number_value(actual);
    return json_equal(expected, actual);
}

static void judge(const char *file, json_t *vector, cp_status status, cp_buffer *out) {
    json_t *expected = json_object_get(vector, "expected");
    json_t *error = json_object_get(vector, "error");
    json_t *answer = out->len ? parsed((const char *)out->data, out->len) : NULL;
    int good = answer != NULL && (expected == NULL) != (error == NULL) &&
               status == (error ? CP_ERROR : CP_OK) && fits(error ? error : expected, answer);
    if (good && error) {
        json_t *messages = json_object_get(answer, "messages");
        good = json_is_boolean(json_object_get(answer, "retryable")) &&
               json_object_get(messages, "es") != NULL &&
               json_object_get(messages, "en") != NULL;
    }
    if (good) {
        passed++;
    } else {
        failed++;
        fprintf(stderr, "%s: status %d: %.*s\n", file, (int)status, (int)out->len,
                out->data ? (const char *)out->data : "");
    }
    json_decref(answer);
    cp_buffer_free(out);
}

static char *text_of(json_t *parent, const char *name) {
    return json_dumps(json_object_get(parent, name), JSON_COMPACT | JSON_ENCODE_ANY);
}

static const char *string_of(json_t *parent, const char *name) {
    const char *string = json_string_value(json_object_get(parent, name));
    return string ? string : "";
}

/* Where the string that begins at `at` ends, behind its quote. */
static const char *behind_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\') at++;
    return at + 1;
}

/* The text of the member "input", to the letter: a parser would lose integers beyond 64 bits. */
static const char *raw_input(const char *data, const char *end, size_t *len) {
    static const char name[] = "\"input\"";
    const char *start = NULL;
    int depth = 0;
    for (const char *at = data; at < end;) {
        if (*at == '}' || *at == ']') depth--;
        if (start != NULL && (depth == 0 || (depth == 1 && *at == ','))) {
            *len = (size_t)(at - start);
            return start;
        }
        if (*at == '"') {
            const char *behind = behind_string(at, end);
            if (start == NULL && depth == 1 && strncmp(at, name, sizeof name - 1) == 0)
                start = strchr(behind, ':') + 1;
            at = behind;
            continue;
        }
        if (*at == '{' || *at == '[') depth++;
        at++;
    }
    return NULL;
}

static void pure(const char *file, json_t *vector, const char *data, size_t size) {
    cp_buffer out;
    size_t len = 0;
    const char *input = raw_input(data, data + size, &len);
    cp_status status =
        cp_call(string_of(vector, "operation"), (const uint8_t *)input, len, &out);
    judge(file, vector, status, &out);
}

static void held(const char *file, json_t *vector, json_t *steps) {
    json_t *step;
    size_t at;
    uint64_t calendar;
    cp_buffer out;
    char *document = text_of(vector, "document");
    cp_status status = cp_calendar_load((const uint8_t *)document, strlen(document),
                                        string_of(vector, "now"), &calendar, &out);
    free(document);
    if (status != CP_OK) {
        failed++;
        fprintf(stderr, "%s: can't be loaded\n", file);
        cp_buffer_free(&out);
        return;
    }
    json_array_foreach(steps, at, step) {
        char *input = text_of(step, "input");
        status = cp_calendar_call(calendar, string_of(step, "call"), (const uint8_t *)input,
                                  strlen(input), &out);
        judge(file, step, status, &out);
        free(input);
    }
    if (cp_close(calendar) != CP_OK || cp_close(calendar) != CP_CLOSED) failed++;
}

int main(int argc, char **argv) {
    for (int at = 1; at < argc; at++) {
        FILE *file = fopen(argv[at], "rb");
        if (file == NULL) return 2;
        fseek(file, 0, SEEK_END);
        size_t len = (size_t)ftell(file);
        rewind(file);
        char *data = malloc(len);
        if (data == NULL || fread(data, 1, len, file) != len) return 2;
        fclose(file);
        json_t *vector = parsed(data, len);
        if (vector == NULL) {
            failed++;
            fprintf(stderr, "%s: not read\n", argv[at]);
            free(data);
            continue;
        }
        json_t *steps = json_object_get(vector, "steps");
        if (steps)
            held(argv[at], vector, steps);
        else
            pure(argv[at], vector, data, len);
        json_decref(vector);
        free(data);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}
