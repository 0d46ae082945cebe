/* The smallest program that publishes: one photo to Instagram, at most once.
 *
 * `publish ACCOUNT TOKEN PHOTO_URL` -- with INSTAGRAM_API it publishes to a simulator there. */
#define _POSIX_C_SOURCE 200809L
#include <calendar_publish.h>
#include <ctype.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define USER "018f0000-0000-7000-8000-0000000000b1"
#define CALENDAR "018f0000-0000-7000-8000-0000000000c1"
#define ACCOUNT "018f0000-0000-7000-8000-0000000000a1"

static const char *instant(char text[21], time_t at) {
    struct tm utc;
    strftime(text, 21, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &utc));
    return text;
}

/* The document as bytes, and the end of the value. */
static char *written(json_t *value, size_t *len) {
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    if (text == NULL) abort();
    *len = strlen(text);
    return text;
}

/* What went well gives its document; anything else ends the program. */
static json_t *checked(cp_status status, cp_buffer *answer) {
    if (status != CP_OK) {
        fprintf(stderr, "status %d: %.*s\n", (int)status, (int)answer->len, (const char *)answer->data);
        exit(1);
    }
    json_t *value = json_loadb((const char *)answer->data, answer->len, JSON_DECODE_ANY, NULL);
    cp_buffer_free(answer);
    return value;
}

static json_t *ask(uint64_t engine, const char *name, json_t *request) {
    size_t len;
    char *text = written(request, &len);
    cp_buffer answer;
    cp_status status = cp_engine_call(engine, name, (const uint8_t *)text, len, &answer);
    free(text);
    return checked(status, &answer);
}

/* Asked right before each call of the platform. A server keeps tokens; a phone asks its server. */
static void token(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                  const uint8_t *body, size_t body_len, uint64_t reply) {
    (void)port, (void)request, (void)request_len, (void)body, (void)body_len;
    if (strcmp(method, "accessToken") != 0) {
        static const char expired[] = "{\"type\":\"expired\"}";
        cp_refuse(reply, (const uint8_t *)expired, sizeof expired - 1);
        return;
    }
    size_t len;
    char *text = written(json_pack("{ss si}", "token", (const char *)context, "version", 1), &len);
    cp_reply(reply, (const uint8_t *)text, len, NULL, 0);
    free(text);
}

static void *work(void *engine) {
    cp_buffer report;
    json_decref(checked(cp_engine_run(*(uint64_t *)engine, &report), &report));
    return NULL;
}

static uint64_t opened(char *secret, const char *api) {
    json_t *http = json_pack("{s[]}", "allowedOrigins");
    json_t *instagram = json_object();
    if (api) {
        const char *host = strstr(api, "://");
        size_t origin = host ? (size_t)(host + 3 - api) + strcspn(host + 3, "/") : strlen(api);
        json_array_append_new(json_object_get(http, "allowedOrigins"), json_stringn(api, origin));
        json_object_set_new(instagram, "graph", json_string(api));
    }
    size_t len;
    char *options = written(
        json_pack("{s{s{ss}} s{so} ss s{s[{ssss}] so}}", "store", "sqlite", "path", "jobs.db", "transport", "http",
                  http, "tokens", "host", "engine", "settings", "name", "PUBLISH_SERVICE_ENABLED", "value",
                  "true", "instagram", instagram),
        &len);
    cp_ports ports = {.context = secret, .call = token};
    uint64_t engine;
    cp_buffer error;
    cp_status status = cp_engine_open((const uint8_t *)options, len, &ports, &engine, &error);
    free(options);
    if (status != CP_OK) json_decref(checked(status, &error));
    return engine;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "publish ACCOUNT TOKEN PHOTO_URL\n");
        return 2;
    }
    uint64_t engine = opened(argv[2], getenv("INSTAGRAM_API"));
    json_decref(ask(engine, "putAccount",
                    json_pack("{ssssss ssssssss s[ss]}", "id", ACCOUNT, "userId", USER, "channel", "instagram",
                              "externalAccountId", argv[1], "displayName", "Panadería", "timezone", "Europe/Madrid",
                              "status", "ok", "scopes", "instagram_business_basic",
                              "instagram_business_content_publish")));

    char now[21], due[21], id[37];
    time_t seconds = time(NULL);
    instant(now, seconds);
    instant(due, seconds + 3);
    snprintf(id, sizeof id, "018f0000-0000-7000-8000-%012llx", (unsigned long long)seconds);
    json_t *entry = json_pack(
        "{ssssss ss sb s{ssssssss ss# ss} s[{ssssss}]}", "id", id, "calendarId", CALENDAR, "accountId", ACCOUNT,
        "scheduledAt", due, "reviewed", 1, "piece", "title", "Pan", "channel", "instagram", "format", "post", "copy",
        "Hoy hay pan.", "date", now, 10, "time", "09:00", "media", "kind", "image", "url", argv[3], "mimeType",
        "image/jpeg");
    json_t *scheduled = ask(engine, "schedule",
                            json_pack("{s{ssssss} s{s[o]}}", "context", "requestId", "example", "userId", USER, "now",
                                      now, "schedule", "entries", entry));
    const char *job_id = NULL;
    json_unpack(scheduled, "{s[{s{ss}}]}", "outcomes", "job", "id", &job_id);
    if (job_id == NULL) {
        json_dumpf(scheduled, stderr, 0);
        return 1;
    }

    pthread_t worker;
    pthread_create(&worker, NULL, work, &engine);
    char status[32] = "";
    do {
        nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
        json_t *job = ask(engine, "job", json_pack("{ssss}", "userId", USER, "jobId", job_id));
        const char *told = "";
        json_unpack(job, "{s{s{ss}}}", "record", "job", "status", &told);
        snprintf(status, sizeof status, "%s", told);
        json_decref(job);
    } while (strcmp(status, "scheduled") == 0 || strcmp(status, "publishing") == 0);
    json_decref(scheduled);
    cp_engine_stop(engine);
    pthread_join(worker, NULL);
    cp_close(engine);

    for (char *letter = status; *letter; letter++) *letter = (char)toupper((unsigned char)*letter);
    puts(status);
    return 0;
}
