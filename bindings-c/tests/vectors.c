/* Every vector through the C library: `vectors FILE...`. Those of a held calendar have `steps` and a `document`,
 * those of an engine `steps` and `settings`. */
#include <calendar_publish.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

/* How many ran of each kind. */
static int operations, calendar_steps, engine_steps;

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

static json_t *answer_of(const cp_buffer *out) {
    return out->len ? parsed((const char *)out->data, out->len) : NULL;
}

/* `answer` and `out` are spent. */
static void judge(const char *file, json_t *expected, json_t *error, cp_status status, json_t *answer, cp_buffer *out) {
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

static void judge_vector(const char *file, json_t *vector, cp_status status, cp_buffer *out) {
    json_t *expected = json_object_get(vector, "expected"), *error = json_object_get(vector, "error");
    judge(file, expected, error, status, answer_of(out), out);
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
    operations++;
    judge_vector(file, vector, status, &out);
}

static void held(const char *file, json_t *vector, json_t *steps) {
    json_t *step;
    size_t at;
    uint64_t calendar;
    cp_buffer out;
    char *document = text_of(vector, "document");
    cp_status status = cp_calendar_load(BYTES(document), string_of(vector, "now"), &calendar, &out);
    free(document);
    if (status != CP_OK) {
        failed++;
        fprintf(stderr, "%s: can't be loaded\n", file);
        cp_buffer_free(&out);
        return;
    }
    json_array_foreach(steps, at, step) {
        char *input = text_of(step, "input");
        status = cp_calendar_call(calendar, string_of(step, "call"), BYTES(input), &out);
        calendar_steps++;
        judge_vector(file, step, status, &out);
        free(input);
    }
    CHECK(cp_close(calendar) == CP_OK && cp_close(calendar) == CP_CLOSED);
}

/* A clock that stands. An engine of a vector speaks to nobody else, and its sleeps end when it is closed. */
static void nobody(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                   const uint8_t *body, size_t body_len, uint64_t reply) {
    (void)context, (void)method, (void)request, (void)request_len, (void)body, (void)body_len, (void)reply;
    CHECK(strcmp(port, "clock") == 0);
}

static int64_t standing(void *context) { return *(const int64_t *)context; }

static int64_t millis_of(const char *instant) {
    struct tm at = {0};
    CHECK(sscanf(instant, "%d-%d-%dT%d:%d:%dZ", &at.tm_year, &at.tm_mon, &at.tm_mday, &at.tm_hour, &at.tm_min,
                 &at.tm_sec) == 6);
    at.tm_year -= 1900;
    at.tm_mon -= 1;
    /* The program's time zone is UTC. */
    return (int64_t)mktime(&at) * 1000;
}

/* The value that a JSON pointer without escapes leads to. */
static json_t *at_pointer(json_t *value, const char *pointer) {
    char key[64];
    for (int len; sscanf(pointer, "/%63[^/]%n", key, &len) == 1; pointer += len)
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key)) : json_object_get(value, key);
    return value;
}

/* The value, a new one, with what was kept in place of its names, `"$job"`. */
static json_t *filled(json_t *value, json_t *kept) {
    const char *name, *text = json_string_value(value);
    json_t *item, *copy;
    size_t at;
    if (text && *text == '$') {
        copy = json_deep_copy(json_object_get(kept, text + 1));
        CHECK(copy != NULL);
        return copy;
    }
    if (json_is_object(value)) {
        copy = json_object();
        json_object_foreach(value, name, item) json_object_set_new(copy, name, filled(item, kept));
    } else if (json_is_array(value)) {
        copy = json_array();
        json_array_foreach(value, at, item) json_array_append_new(copy, filled(item, kept));
    } else {
        copy = json_deep_copy(value);
    }
    return copy;
}

static void step_of_engine(const char *file, uint64_t engine, json_t *step, json_t *kept) {
    const char *name;
    json_t *pointer, *input = filled(json_object_get(step, "input"), kept);
    char *text = json_dumps(input, JSON_COMPACT | JSON_ENCODE_ANY);
    cp_buffer out;
    cp_status status = cp_engine_call(engine, string_of(step, "call"), BYTES(text), &out);
    engine_steps++;
    json_t *answer = answer_of(&out);
    json_object_foreach(json_object_get(step, "keep"), name, pointer)
        CHECK(json_object_set(kept, name, at_pointer(answer, json_string_value(pointer))) == 0);
    json_t *expected = filled(json_object_get(step, "expected"), kept);
    judge(file, expected, json_object_get(step, "error"), status, answer, &out);
    free(text);
    json_decref(input);
    json_decref(expected);
}

static void engine_of(const char *file, json_t *vector, json_t *steps) {
    json_t *step, *kept = json_object();
    size_t at;
    uint64_t engine = 0;
    int64_t now = millis_of(string_of(vector, "now"));
    const cp_ports ports = {.context = &now, .call = nobody, .now = standing};
    json_t *options = json_pack("{ssss sO}", "store", "memory", "clock", "host", "engine",
                                json_object_get(vector, "settings"));
    char *text = json_dumps(options, JSON_COMPACT);
    cp_status status = cp_engine_open(BYTES(text), &ports, &engine, NULL);
    if (status != CP_OK) fprintf(stderr, "%s: can't be opened\n", file);
    CHECK(status == CP_OK);
    json_array_foreach(steps, at, step) step_of_engine(file, engine, step, kept);
    CHECK(cp_close(engine) == CP_OK && cp_close(engine) == CP_CLOSED);
    free(text);
    json_decref(options);
    json_decref(kept);
}

int main(int argc, char **argv) {
    setenv("TZ", "UTC0", 1);
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
        if (json_object_get(vector, "settings"))
            engine_of(argv[at], vector, steps);
        else if (steps)
            held(argv[at], vector, steps);
        else
            pure(argv[at], vector, data, len);
        json_decref(vector);
        free(data);
    }
    /* As every language's tests do: the gate holds it against the folders. */
    printf("vectors: %d operations\nvectors: %d calendar steps\nvectors: %d engine steps\n", operations,
           calendar_steps, engine_steps);
    return counted() || refuted;
}
