/* The engine over ports that are written in C: it publishes, whatever fails is nowhere posted twice, and what
 * can't be used is refused. */
#include "host.h"

#define OPTIONS(instagram) \
    "{\"store\":\"memory\",\"transport\":\"host\",\"tokens\":\"host\",\"clock\":\"host\",\"telemetry\":\"host\"," \
    "\"engine\":{" SWITCHED_ON ",\"instagram\":" instagram "}}"

/* Lets the worker work until a person must act or nothing is left to do, and an hour longer. The job. */
static json_t *settled(struct host *host, uint64_t engine) {
    int later = 0;
    for (int round = 0; round < 3000; round++) {
        done(engine, "tick", json_pack("{si}", "limit", 10));
        json_t *all = jobs(engine);
        json_t *job = json_incref(json_array_get(all, 0));
        json_decref(all);
        const char *status = text_of(job, "status");
        if (strcmp(status, "publishing") == 0) {
            host->millis += 5000;
        } else if (strcmp(status, "scheduled") == 0 || strcmp(status, "failed") == 0) {
            host->millis += 60000;
        } else {
            host->millis += 600000;
            if (++later == 6) return job;
        }
        json_decref(job);
    }
    CHECK(!"it never settles");
    return NULL;
}

/* Publishes one entry with the host's trouble: the job at its end. */
static json_t *published(struct host *host, const char *options) {
    host->millis = START_MILLIS;
    cp_ports ports = ports_of(host);
    uint64_t engine = opened(options, &ports);
    scheduled(engine, 1, START, DUE);
    json_t *job = settled(host, engine);
    CHECK(host->released == 0);
    CHECK(cp_close(engine) == CP_OK);
    CHECK(host->released == 1);
    return job;
}

static void whatever_fails_is_not_posted_twice(void) {
    struct host calm = {0};
    json_t *job = published(&calm, OPTIONS("{}"));
    CHECK(strcmp(text_of(job, "status"), "published") == 0);
    CHECK(calm.posts == 1 && calm.events > 3 && calm.calls > 6);
    json_decref(job);
    for (int call = 1; call <= calm.calls; call++) {
        for (int way = 0; way < 2 * MANNERS; way++) {
            struct host host = {.trouble = call, .after = way % 2, .manner = way / 2};
            job = published(&host, OPTIONS("{}"));
            CHECK(host.posts <= 1);
            if (strcmp(text_of(job, "status"), "published") == 0)
                CHECK(host.posts == 1);
            else
                CHECK(strcmp(text_of(job, "status"), "needs_attention") == 0 && *text_of(job, "lastError"));
            json_decref(job);
        }
    }
}

/* The number of the call that publishes, where nothing fails. */
static int decisive_call(void) {
    for (int call = 1;; call++) {
        struct host host = {.trouble = call, .after = 1, .hides = 1};
        json_t *job = published(&host, OPTIONS("{\"strict\":true}"));
        int unknown = strcmp(text_of(job, "lastError"), "OUTCOME_UNKNOWN") == 0;
        json_decref(job);
        if (unknown || call > 40) return call;
    }
}

static void a_lost_answer_waits_for_a_person(void) {
    struct host host = {.trouble = decisive_call(), .after = 1, .hides = 1, .millis = START_MILLIS};
    cp_ports ports = ports_of(&host);
    uint64_t engine = opened(OPTIONS("{\"strict\":true}"), &ports);
    scheduled(engine, 1, START, DUE);
    json_t *job = settled(&host, engine);
    CHECK(strcmp(text_of(job, "status"), "needs_attention") == 0);
    CHECK(host.posts == 1);
    /* A plain "try again" is refused. */
    json_t *again = asked(engine, "retry", json_pack("{so s[s]}", "context", context(DUE), "jobIds", text_of(job, "id")), CP_OK);
    char *told = json_dumps(again, 0);
    CHECK(strstr(told, "refused") != NULL);
    free(told);
    json_decref(again);
    json_decref(job);
    job = settled(&host, engine);
    CHECK(host.posts == 1 && strcmp(text_of(job, "status"), "needs_attention") == 0);
    json_decref(job);
    cp_close(engine);
}

static void refused(const char *options, const cp_ports *ports, const char *code, const char *path) {
    uint64_t engine = 7;
    cp_buffer error;
    CHECK(cp_engine_open(BYTES(options), ports, &engine, &error) == CP_ERROR && engine == 0);
    CHECK(says(json_loadb((const char *)error.data, error.len, 0, NULL), code, path));
    cp_buffer_free(&error);
    CHECK(cp_engine_open(BYTES(options), ports, &engine, NULL) == CP_ERROR);
}

static void options_are_refused_at_their_place(void) {
    struct host host = {0};
    cp_ports ports = ports_of(&host), timeless = ports, mute = ports;
    timeless.now = NULL;
    mute.call = NULL;
    refused("{}", &ports, "INPUT_INVALID", "store");
    refused("{\"store\":\"mem\"}", &ports, "INPUT_INVALID", "store");
    refused("{\"store\":{\"sqlite\":{}}}", &ports, "INPUT_INVALID", "store.sqlite.path");
    refused("{\"store\":{\"sqlite\":{\"path\":\"/no/such/folder/jobs.db\"}}}", &ports, "STORE_UNAVAILABLE", "store.sqlite.path");
    refused("{\"store\":\"memory\",\"transport\":{\"http\":{\"allowedOrigins\":[3]}}}", &ports, "INPUT_INVALID",
            "transport.http.allowedOrigins[0]");
    refused("{\"store\":\"memory\",\"transprt\":\"host\"}", &ports, "INPUT_INVALID", "transprt");
    refused("{\"store\":\"memory\",\"engine\":{\"instagram\":{\"strct\":true}}}", &ports, "INPUT_INVALID", "engine.instagram.strct");
    refused("{\"store\":\"memory\",\"engine\":{\"idlePollSeconds\":0}}", &ports, "FIELD_VALUE_INVALID", "engine.idlePollSeconds");
    refused("{\"store\":\"memory\",\"engine\":{\"sealingKeys\":[]}}", &ports, "FIELD_VALUE_INVALID", "engine.sealingKeys");
    refused("{\"store\":\"memory\",\"engine\":{\"sealingKeys\":[{\"id\":\"a\",\"key\":\"c2hvcnQ=\"}]}}", &ports,
            "FIELD_VALUE_INVALID", "engine.sealingKeys[0].key");
    refused("{\"store\":\"memory\",\"engine\":{\"sealingKeys\":\"a:c2hvcnQ=\"}}", &ports, "INPUT_INVALID",
            "engine.sealingKeys");
    refused("{\"store\":\"memory\",\"engine\":{\"instagram\":{}}}", &ports, "APP_MISCONFIGURED", "transport");
    refused("{\"store\":\"memory\",\"transport\":\"host\",\"engine\":{\"instagram\":{}}}", &ports, "APP_MISCONFIGURED", "tokens");
    refused("{\"store\":\"host\"}", NULL, "APP_MISCONFIGURED", "store");
    refused("{\"store\":\"memory\",\"telemetry\":\"host\"}", &mute, "APP_MISCONFIGURED", "telemetry");
    refused("{\"store\":\"memory\",\"clock\":\"host\"}", &timeless, "APP_MISCONFIGURED", "clock");
    refused("{\"store\":\"memory\",\"adapters\":[{\"channel\":\"instagram\"}]}", &ports, "INPUT_INVALID",
            "adapters[0].callDeadlineSeconds");
    uint64_t engine;
    CHECK(cp_engine_open(NULL, 5, &ports, &engine, NULL) == CP_INVALID_ARGUMENT && engine == 0);
    CHECK(cp_engine_open(BYTES("{\"store\":\"memory\"}"), &ports, NULL, NULL) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_open(BYTES("{\"store\":\"m\xff\"}"), &ports, &engine, NULL) == CP_INVALID_UTF8);
    /* What was never opened was never kept. */
    CHECK(host.released == 0);
}

/* A store that answers everything alike. */
struct store {
    const char *answer, *refusal;
    char method[32];
};

static void keep(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                 const uint8_t *body, size_t body_len, uint64_t number) {
    struct store *store = context;
    (void)request, (void)request_len, (void)body, (void)body_len;
    CHECK(strcmp(port, "store") == 0);
    snprintf(store->method, sizeof store->method, "%s", method);
    if (store->answer)
        reply(number, store->answer, "");
    else if (store->refusal)
        CHECK(cp_refuse(number, BYTES(store->refusal)) == CP_OK);
    else
        CHECK(cp_fail(number, NULL) == CP_OK);
}

static json_t *depth(struct store *store, uint64_t engine, const char *answer, const char *refusal, cp_status expected) {
    store->answer = answer, store->refusal = refusal;
    return asked(engine, "queueDepth", json_object(), expected);
}

static void a_store_of_the_hosts_answers_or_is_named(void) {
    struct store store = {0};
    cp_ports ports = {.context = &store, .call = keep};
    uint64_t engine = opened("{\"store\":\"host\"}", &ports);
    json_t *accounts = (store.answer = "[]", asked(engine, "accounts", json_pack("{ss}", "userId", USER), CP_OK));
    CHECK(json_is_array(accounts) && strcmp(store.method, "accounts") == 0);
    json_decref(accounts);
    CHECK(says(depth(&store, engine, "{\"scheduled\":\"many\"}", NULL, CP_ERROR), "STORE_CORRUPT", "queueDepth.scheduled"));
    CHECK(says(depth(&store, engine, "", NULL, CP_ERROR), "STORE_CORRUPT", "queueDepth"));
    CHECK(says(depth(&store, engine, NULL, NULL, CP_ERROR), "STORE_UNAVAILABLE", ""));
    CHECK(says(depth(&store, engine, NULL, "garbage", CP_ERROR), "STORE_UNAVAILABLE", ""));
    CHECK(says(depth(&store, engine, NULL, "{\"type\":\"not_found\",\"what\":\"account\"}", CP_ERROR), "ACCOUNT_NOT_FOUND", "accountId"));
    cp_close(engine);
}

/* A platform that the host speaks to itself: it publishes in one step. */
static void publish(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                    const uint8_t *body, size_t body_len, uint64_t number) {
    struct host *host = context;
    if (strcmp(port, "instagram") != 0) {
        answer(context, port, method, request, request_len, body, body_len, number);
        return;
    }
    const char *word = "published";
    if (strcmp(method, "advance") == 0) {
        word = "done";
        host->posts++;
    }
    char receipt[128];
    snprintf(receipt, sizeof receipt, "{\"type\":\"%s\",\"kind\":\"published\",\"externalId\":\"9\",\"permalink\":null,\"at\":\"" DUE "\"}", word);
    if (host->trouble && strcmp(method, "advance") == 0)
        fail(number, host->manner);
    else
        reply(number, receipt, "");
}

static void an_adapter_of_the_hosts_publishes_once(void) {
    for (int trouble = 0; trouble < 2; trouble++) {
        struct host host = {.millis = START_MILLIS, .trouble = trouble};
        cp_ports ports = ports_of(&host);
        ports.call = publish;
        uint64_t engine = opened(
            "{\"store\":\"memory\",\"clock\":\"host\",\"adapters\":[{\"channel\":\"instagram\",\"callDeadlineSeconds\":30,"
            "\"first\":{\"stage\":\"publish\",\"kind\":\"decisive\",\"state\":\"{}\"}}],\"engine\":{" SWITCHED_ON "}}", &ports);
        scheduled(engine, 1, START, DUE);
        json_t *job = settled(&host, engine);
        CHECK(strcmp(text_of(job, "status"), "published") == 0 && host.posts == 1);
        json_decref(job);
        cp_close(engine);
    }
}

static void handles_are_told_apart(void) {
    uint64_t engine = opened("{\"store\":\"memory\"}", NULL), calendar;
    cp_buffer out;
    CHECK(cp_calendar_load(BYTES("{\"entries\":[]}"), START, &calendar, NULL) == CP_OK);
    CHECK(cp_engine_call(calendar, "jobs", BYTES("{}"), &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_run(calendar, &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_stop(calendar) == CP_INVALID_ARGUMENT);
    CHECK(cp_calendar_call(engine, "page", BYTES("{\"limit\":5}"), &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_stream_snapshot(engine, &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_call(engine, "jobs", NULL, 5, &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_call(engine, NULL, BYTES("{}"), &out) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_call(engine, "jobs", BYTES("{}"), NULL) == CP_INVALID_ARGUMENT);
    CHECK(cp_engine_call(engine, "noSuch", BYTES("{}"), &out) == CP_ERROR);
    cp_buffer_free(&out);
    /* Publishing is off. */
    CHECK(cp_engine_run(engine, &out) == CP_ERROR);
    CHECK(says(json_loadb((const char *)out.data, out.len, 0, NULL), "FLAG_OFF", ""));
    cp_buffer_free(&out);
    CHECK(cp_close(engine) == CP_OK);
    CHECK(cp_close(engine) == CP_CLOSED);
    CHECK(cp_engine_call(engine, "jobs", BYTES("{}"), &out) == CP_CLOSED);
    CHECK(cp_engine_run(engine, &out) == CP_CLOSED);
    CHECK(cp_engine_stop(engine) == CP_CLOSED);
    CHECK(cp_close(calendar) == CP_OK);
}

int main(void) {
    TEST(options_are_refused_at_their_place);
    TEST(handles_are_told_apart);
    TEST(a_store_of_the_hosts_answers_or_is_named);
    TEST(an_adapter_of_the_hosts_publishes_once);
    TEST(a_lost_answer_waits_for_a_person);
    TEST(whatever_fails_is_not_posted_twice);
    return counted();
}
