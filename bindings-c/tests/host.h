/* A host that is written in C: its tokens, its time, its log, and an Instagram of its own behind its
 * transport, which posts as often as it is told to. */
#ifndef HOST_H
#define HOST_H

#include <calendar_publish.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define USER "018f0000-0000-7000-8000-0000000000b1"
#define CALENDAR "018f0000-0000-7000-8000-0000000000c1"
#define START "2026-11-20T09:59:00Z"
#define START_MILLIS INT64_C(1795168740000)
#define DUE "2026-11-20T10:00:00Z"

/* In an engine's settings: publishing is on. */
#define SWITCHED_ON "\"settings\":[{\"name\":\"PUBLISH_SERVICE_ENABLED\",\"value\":\"true\"}]"

/* How a port fails a call that it fails. */
enum manner { FAILS, REFUSES_ODDLY, ANSWERS_GARBAGE, MANNERS };

struct host {
    /* The time that `now` tells. */
    _Atomic int64_t millis;
    /* Which call of tokens or transport fails, counted from 1, and whether before or after its effect. */
    int trouble, after;
    enum manner manner;
    /* Whether what was posted shows nowhere. */
    int hides;
    atomic_int calls, containers, posts, events, released;
    /* The container that was posted last. */
    atomic_int posted;
};

static inline const char *text_of(json_t *document, const char *name) {
    const char *text = json_string_value(json_object_get(document, name));
    return text ? text : "";
}

static inline void reply(uint64_t number, const char *document, const char *body) {
    CHECK(cp_reply(number, BYTES(document), BYTES(body)) == CP_OK);
}

static inline void fail(uint64_t number, enum manner manner) {
    switch (manner) {
        case REFUSES_ODDLY: CHECK(cp_refuse(number, BYTES("{\"type\":\"odd\"}")) == CP_OK); break;
        case ANSWERS_GARBAGE: reply(number, "[\"garbage", "garbage"); break;
        default: CHECK(cp_fail(number, "boom") == CP_OK);
    }
}

/* What Instagram answers. */
static inline void instagram(struct host *host, const char *method, const char *url, char *body, size_t size) {
    const char *last = strrchr(url, '/') + 1;
    int post = strcmp(method, "POST") == 0, shown = host->hides ? 0 : host->posts;
    if (strncmp(last, "content_publishing_limit", 24) == 0) {
        snprintf(body, size, "{\"data\":[{\"quota_usage\":%d,\"config\":{\"quota_total\":100,\"quota_duration\":86400}}]}",
                 shown);
    } else if (post && strcmp(last, "media") == 0) {
        snprintf(body, size, "{\"id\":\"9%d\"}", ++host->containers);
    } else if (post && strcmp(last, "media_publish") == 0) {
        host->posted = host->containers;
        snprintf(body, size, "{\"id\":\"5%d\"}", ++host->posts);
    } else if (*last == '9') {
        int published = shown && atoi(last + 1) == host->posted;
        snprintf(body, size, "{\"id\":\"9\",\"status_code\":\"%s\"}", published ? "PUBLISHED" : "FINISHED");
    } else if (*last == '5') {
        snprintf(body, size, "{\"id\":\"%.2s\",\"permalink\":\"https://www.instagram.com/p/x/\"}", last);
    } else if (shown) {
        snprintf(body, size,
                 "{\"data\":[{\"id\":\"5%d\",\"caption\":\"Fresh buns\",\"timestamp\":\"2026-11-20T10:00:00+0000\"}]}",
                 shown);
    } else {
        snprintf(body, size, "{\"data\":[]}");
    }
}

/* The function of `cp_ports`. */
static inline void answer(void *context, const char *port, const char *method, const uint8_t *request,
                          size_t request_len, const uint8_t *sent, size_t sent_len, uint64_t number) {
    struct host *host = context;
    (void)method;
    json_t *asked = json_loadb((const char *)request, request_len, 0, NULL);
    CHECK(asked != NULL);
    if (strcmp(port, "telemetry") == 0) {
        CHECK(number == 0 && json_object_get(asked, "event") != NULL);
        host->events++;
    } else if (strcmp(port, "clock") == 0) {
        host->millis += json_integer_value(json_object_get(asked, "millis"));
        reply(number, "null", "");
    } else {
        int troubled = ++host->calls == host->trouble;
        if (troubled && !host->after) {
            fail(number, host->manner);
        } else if (strcmp(port, "tokens") == 0) {
            if (troubled)
                fail(number, host->manner);
            else
                reply(number, "{\"token\":\"secret\",\"version\":1}", "");
        } else {
            char body[256];
            /* A form that is posted stands beside the document. */
            CHECK((sent_len > 0) == (strcmp(text_of(asked, "method"), "POST") == 0));
            CHECK(sent_len == 0 ? sent == NULL : memchr(sent, '=', sent_len) != NULL);
            instagram(host, text_of(asked, "method"), text_of(asked, "url"), body, sizeof body);
            if (troubled)
                fail(number, host->manner);
            else
                reply(number, "{\"status\":200}", body);
        }
    }
    json_decref(asked);
}

static inline int64_t told_time(void *context) { return ((struct host *)context)->millis; }

static inline void released(void *context) { ((struct host *)context)->released++; }

static inline cp_ports ports_of(struct host *host) {
    return (cp_ports){.context = host, .call = answer, .now = told_time, .release = released};
}

/* Opens an engine, which must work. */
static inline uint64_t opened(const char *options, const cp_ports *ports) {
    uint64_t engine = 0;
    cp_buffer error;
    cp_status status = cp_engine_open(BYTES(options), ports, &engine, &error);
    if (status != CP_OK) fprintf(stderr, "%.*s\n", (int)error.len, (const char *)error.data);
    CHECK(status == CP_OK && engine != 0);
    cp_buffer_free(&error);
    return engine;
}

/* Runs an operation: its answer, or the error document; `request` is spent. */
static inline json_t *asked(uint64_t engine, const char *name, json_t *request, cp_status expected) {
    char *text = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    cp_buffer out;
    cp_status status = cp_engine_call(engine, name, BYTES(text), &out);
    if (status != expected) fprintf(stderr, "%s: %d %.*s\n", name, status, (int)out.len, (const char *)out.data);
    CHECK(status == expected);
    json_t *answer = out.len ? json_loadb((const char *)out.data, out.len, JSON_DECODE_ANY, NULL) : NULL;
    cp_buffer_free(&out);
    free(text);
    return answer;
}

static inline void done(uint64_t engine, const char *name, json_t *request) {
    json_decref(asked(engine, name, request, CP_OK));
}

static inline char *uuid(char text[37], char kind, int number) {
    snprintf(text, 37, "018f0000-0000-7000-8000-%c%011d", kind, number);
    return text;
}

static inline json_t *context(const char *now) {
    return json_pack("{ssssss}", "requestId", "test", "userId", USER, "now", now);
}

/* Links account `number` and schedules its entry for `due`. */
static inline void scheduled(uint64_t engine, int number, const char *now, const char *due) {
    char account[37], entry[37], external[24];
    uuid(account, 'a', number), uuid(entry, 'e', number);
    snprintf(external, sizeof external, "1784149900000%04d", number);
    done(engine, "putAccount",
         json_pack("{ssssss ssssssss s[ss]}", "id", account, "userId", USER, "channel", "instagram",
                   "externalAccountId", external, "displayName", "bakery.demo", "timezone", "Europe/Madrid", "status",
                   "ok", "scopes", "instagram_business_basic", "instagram_business_content_publish"));
    json_t *piece = json_pack("{ssssssss ss# ss}", "title", "Buns", "channel", "instagram", "format", "post", "copy",
                              "Fresh buns", "date", due, 10, "time", "11:00");
    json_t *media = json_pack("[{ssssss}]", "kind", "image", "url", "https://cdn.test/bun.jpg", "mimeType", "image/jpeg");
    json_t *made = asked(
        engine, "schedule",
        json_pack("{so s{s[{ssssss ss sb so so}]}}", "context", context(now), "schedule", "entries", "id", entry,
                  "calendarId", CALENDAR, "accountId", account, "scheduledAt", due, "reviewed", 1, "piece", piece,
                  "media", media),
        CP_OK);
    CHECK(strcmp(text_of(json_array_get(json_object_get(made, "outcomes"), 0), "result"), "scheduled") == 0);
    json_decref(made);
}

/* The user's jobs. */
static inline json_t *jobs(uint64_t engine) {
    return asked(engine, "jobs", json_pack("{ss}", "userId", USER), CP_OK);
}

/* Whether an error document, which is spent, has this code and path. */
static inline int says(json_t *error, const char *code, const char *path) {
    int same = strcmp(text_of(error, "code"), code) == 0 && strcmp(text_of(error, "path"), path) == 0;
    if (!same) fprintf(stderr, "%s at `%s`\n", text_of(error, "code"), text_of(error, "path"));
    json_decref(error);
    return same;
}

#endif
