/* Every vector through the C library: `vectors FILE...`. A vector of a held calendar has `steps`. */
#include <calendar_publish.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

/* Fields that the expectation doesn't name aren't judged, and null stands for absent. */
static int fits(const cJSON *expected, const cJSON *actual) {
    const cJSON *item, *other;
    if (actual == NULL || cJSON_IsNull(actual)) return cJSON_IsNull(expected);
    if (cJSON_IsObject(expected) && cJSON_IsObject(actual)) {
        cJSON_ArrayForEach(item, expected) {
            if (!fits(item, cJSON_GetObjectItemCaseSensitive(actual, item->string))) return 0;
        }
        return 1;
    }
    if (cJSON_IsArray(expected) && cJSON_IsArray(actual)) {
        other = actual->child;
        cJSON_ArrayForEach(item, expected) {
            if (other == NULL || !fits(item, other)) return 0;
            other = other->next;
        }
        return other == NULL;
    }
    if (cJSON_IsNumber(expected) && cJSON_IsNumber(actual))
        return fabs(expected->valuedouble - actual->valuedouble) == 0.0;
    return cJSON_Compare(expected, actual, 1);
}

static void judge(const char *file, const cJSON *vector, cp_status status, cp_buffer *out) {
    const cJSON *expected = cJSON_GetObjectItemCaseSensitive(vector, "expected");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(vector, "error");
    cJSON *answer = cJSON_ParseWithLength((const char *)out->data, out->len);
    int good = answer != NULL && (expected == NULL) != (error == NULL) &&
               status == (error ? CP_ERROR : CP_OK) && fits(error ? error : expected, answer);
    if (good && error) {
        const cJSON *messages = cJSON_GetObjectItemCaseSensitive(answer, "messages");
        good = cJSON_IsBool(cJSON_GetObjectItemCaseSensitive(answer, "retryable")) &&
               cJSON_GetObjectItemCaseSensitive(messages, "es") != NULL &&
               cJSON_GetObjectItemCaseSensitive(messages, "en") != NULL;
    }
    if (good) {
        passed++;
    } else {
        failed++;
        fprintf(stderr, "%s: status %d: %.*s\n", file, (int)status, (int)out->len,
                out->data ? (const char *)out->data : "");
    }
    cJSON_Delete(answer);
    cp_buffer_free(out);
}

static char *text_of(const cJSON *parent, const char *name) {
    return cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(parent, name));
}

static const char *string_of(const cJSON *parent, const char *name) {
    const char *string = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(parent, name));
    return string ? string : "";
}

static void pure(const char *file, const cJSON *vector) {
    cp_buffer out;
    char *input = text_of(vector, "input");
    cp_status status =
        cp_call(string_of(vector, "operation"), (const uint8_t *)input, strlen(input), &out);
    judge(file, vector, status, &out);
    free(input);
}

static void held(const char *file, const cJSON *vector, const cJSON *steps) {
    const cJSON *step;
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
    cJSON_ArrayForEach(step, steps) {
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
        cJSON *vector = cJSON_ParseWithLength(data, len);
        free(data);
        if (vector == NULL) return 2;
        const cJSON *steps = cJSON_GetObjectItemCaseSensitive(vector, "steps");
        if (steps)
            held(argv[at], vector, steps);
        else
            pure(argv[at], vector);
        cJSON_Delete(vector);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}
