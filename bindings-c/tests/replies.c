/* Replies are used once, wherever and whenever; the end of an engine ends what waits, and releases its host
 * once, after the last callback. */
#include "host.h"

/* A host that leaves its replies to others. */
struct desk {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t engine, open;
    int released;
    /* What is done within the callback. */
    void (*within)(struct desk *, uint64_t);
    _Atomic int64_t millis;
    atomic_int reentered;
};

static void desk_init(struct desk *desk) {
    memset(desk, 0, sizeof *desk);
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->changed, NULL);
}

static void taken(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                  const uint8_t *body, size_t body_len, uint64_t number) {
    struct desk *desk = context;
    (void)port, (void)method, (void)request, (void)request_len, (void)body, (void)body_len;
    CHECK(number != 0);
    if (desk->within) {
        desk->within(desk, number);
        return;
    }
    pthread_mutex_lock(&desk->lock);
    desk->open = number;
    pthread_cond_broadcast(&desk->changed);
    pthread_mutex_unlock(&desk->lock);
}

static void let_go(void *context) {
    struct desk *desk = context;
    pthread_mutex_lock(&desk->lock);
    desk->released++;
    pthread_cond_broadcast(&desk->changed);
    pthread_mutex_unlock(&desk->lock);
}

/* The reply that a callback left open. */
static uint64_t left_open(struct desk *desk) {
    pthread_mutex_lock(&desk->lock);
    while (desk->open == 0) pthread_cond_wait(&desk->changed, &desk->lock);
    uint64_t number = desk->open;
    desk->open = 0;
    pthread_mutex_unlock(&desk->lock);
    return number;
}

static void wait_for_release(struct desk *desk) {
    pthread_mutex_lock(&desk->lock);
    while (desk->released == 0) pthread_cond_wait(&desk->changed, &desk->lock);
    CHECK(desk->released == 1);
    pthread_mutex_unlock(&desk->lock);
}

static uint64_t engine_of(struct desk *desk, const char *options) {
    cp_ports ports = {.context = desk, .call = taken, .release = let_go};
    return opened(options, &ports);
}

#define HOST_STORE "{\"store\":\"host\"}"

/* One call in a thread of its own. */
struct caller {
    pthread_t thread;
    uint64_t engine;
    const char *name, *input;
    cp_status status;
    cp_buffer out;
    atomic_int is_over;
};

static void *calls(void *given) {
    struct caller *caller = given;
    caller->status = caller->name ? cp_engine_call(caller->engine, caller->name, BYTES(caller->input), &caller->out)
                                  : cp_engine_run(caller->engine, &caller->out);
    caller->is_over = 1;
    return NULL;
}

static void begin(struct caller *caller, uint64_t engine, const char *name, const char *input) {
    memset(caller, 0, sizeof *caller);
    caller->engine = engine, caller->name = name, caller->input = input;
    CHECK(pthread_create(&caller->thread, NULL, calls, caller) == 0);
}

static json_t *ended(struct caller *caller, cp_status expected) {
    pthread_join(caller->thread, NULL);
    CHECK(caller->status == expected);
    json_t *answer = caller->out.len ? json_loadb((const char *)caller->out.data, caller->out.len, JSON_DECODE_ANY, NULL) : NULL;
    cp_buffer_free(&caller->out);
    return answer;
}

static void a_reply_is_used_once_and_by_any_thread(void) {
    struct desk desk;
    struct caller caller;
    desk_init(&desk);
    uint64_t engine = engine_of(&desk, HOST_STORE);
    begin(&caller, engine, "accounts", "{\"userId\":\"" USER "\"}");
    /* Another thread than the callback's, which has returned or will. */
    uint64_t number = left_open(&desk);
    /* What can't be read leaves it open. */
    CHECK(cp_reply(number, NULL, 5, NULL, 0) == CP_INVALID_ARGUMENT);
    CHECK(cp_reply(number, BYTES("[]"), NULL, 5) == CP_INVALID_ARGUMENT);
    CHECK(cp_reply(number, (const uint8_t *)"[]", (size_t)-1, NULL, 0) == CP_INVALID_ARGUMENT);
    CHECK(cp_reply(number, (const uint8_t *)"[]", SIZE_MAX / 2 + 1, NULL, 0) == CP_INVALID_ARGUMENT);
    CHECK(cp_reply(number, BYTES("\xff\xfe"), NULL, 0) == CP_INVALID_UTF8);
    CHECK(cp_refuse(number, BYTES("\xff")) == CP_INVALID_UTF8);
    CHECK(cp_refuse(number, NULL, 1) == CP_INVALID_ARGUMENT);
    CHECK(cp_reply(number, BYTES("[]"), NULL, 0) == CP_OK);
    CHECK(cp_reply(number, BYTES("[1]"), NULL, 0) == CP_CLOSED);
    CHECK(cp_refuse(number, BYTES("{}")) == CP_CLOSED);
    CHECK(cp_fail(number, "again") == CP_CLOSED);
    json_t *answer = ended(&caller, CP_OK);
    CHECK(json_is_array(answer) && json_array_size(answer) == 0);
    json_decref(answer);

    CHECK(cp_reply(0, BYTES("[]"), NULL, 0) == CP_CLOSED);
    CHECK(cp_fail(UINT64_MAX, NULL) == CP_CLOSED);

    /* Whatever the reason is made of, the failure is told. */
    const char *reasons[] = {NULL, "", "\xff\xfe", NULL};
    char long_reason[10000];
    memset(long_reason, 'x', sizeof long_reason);
    long_reason[sizeof long_reason - 1] = 0;
    reasons[3] = long_reason;
    for (size_t at = 0; at < 4; at++) {
        begin(&caller, engine, "queueDepth", "{}");
        CHECK(cp_fail(left_open(&desk), reasons[at]) == CP_OK);
        CHECK(says(ended(&caller, CP_ERROR), "STORE_UNAVAILABLE", ""));
    }
    CHECK(cp_close(engine) == CP_OK);
    wait_for_release(&desk);
}

static void a_close_fails_what_is_open(void) {
    struct desk desk;
    struct caller caller;
    desk_init(&desk);
    uint64_t engine = engine_of(&desk, HOST_STORE);
    begin(&caller, engine, "queueDepth", "{}");
    uint64_t number = left_open(&desk);
    CHECK(cp_close(engine) == CP_OK);
    CHECK(says(ended(&caller, CP_ERROR), "STORE_UNAVAILABLE", ""));
    CHECK(cp_reply(number, BYTES("{}"), NULL, 0) == CP_CLOSED);
    wait_for_release(&desk);
}

static void too_late(struct desk *desk, uint64_t number) {
    /* The test's own thread closes meanwhile. */
    pthread_mutex_lock(&desk->lock);
    desk->open = number;
    pthread_cond_broadcast(&desk->changed);
    while (desk->reentered == 0) pthread_cond_wait(&desk->changed, &desk->lock);
    CHECK(desk->released == 0);
    pthread_mutex_unlock(&desk->lock);
    CHECK(cp_reply(number, BYTES("{}"), NULL, 0) == CP_CLOSED);
}

static void a_callback_under_way_is_waited_for_before_the_release(void) {
    struct desk desk;
    struct caller caller;
    desk_init(&desk);
    desk.within = too_late;
    uint64_t engine = engine_of(&desk, HOST_STORE);
    begin(&caller, engine, "queueDepth", "{}");
    left_open(&desk);
    CHECK(cp_close(engine) == CP_OK);
    pthread_mutex_lock(&desk.lock);
    CHECK(desk.released == 0);
    desk.reentered = 1;
    pthread_cond_broadcast(&desk.changed);
    pthread_mutex_unlock(&desk.lock);
    CHECK(says(ended(&caller, CP_ERROR), "STORE_UNAVAILABLE", ""));
    wait_for_release(&desk);
}

static void call_again(struct desk *desk, uint64_t number) {
    cp_buffer out;
    /* Four deep: each waits for the one within it. */
    if (++desk->reentered < 4) {
        CHECK(cp_engine_call(desk->engine, "accounts", BYTES("{\"userId\":\"" USER "\"}"), &out) == CP_OK);
        cp_buffer_free(&out);
    }
    CHECK(cp_operations(&out) == CP_OK);
    cp_buffer_free(&out);
    reply(number, "[]", "");
}

static void a_callback_may_call_the_engine(void) {
    struct desk desk;
    struct caller caller;
    desk_init(&desk);
    desk.within = call_again;
    desk.engine = engine_of(&desk, HOST_STORE);
    begin(&caller, desk.engine, "accounts", "{\"userId\":\"" USER "\"}");
    json_decref(ended(&caller, CP_OK));
    CHECK(desk.reentered == 4);
    cp_close(desk.engine);
    wait_for_release(&desk);
}

static void close_within(struct desk *desk, uint64_t number) {
    CHECK(cp_close(desk->engine) == CP_OK);
    CHECK(cp_close(desk->engine) == CP_CLOSED);
    CHECK(cp_reply(number, BYTES("[]"), NULL, 0) == CP_CLOSED);
}

static void a_callback_may_close_the_engine(void) {
    struct desk desk;
    struct caller caller;
    desk_init(&desk);
    desk.within = close_within;
    desk.engine = engine_of(&desk, HOST_STORE);
    begin(&caller, desk.engine, "accounts", "{\"userId\":\"" USER "\"}");
    CHECK(says(ended(&caller, CP_ERROR), "STORE_UNAVAILABLE", ""));
    wait_for_release(&desk);
}

static int64_t asking_now(void *context) {
    struct desk *desk = context;
    cp_buffer out;
    if (desk->engine != 0) {
        CHECK(cp_engine_call(desk->engine, "queueDepth", BYTES("{}"), &out) == CP_REENTERED);
        CHECK(cp_engine_run(desk->engine, &out) == CP_REENTERED);
        /* Whatever waits for nothing may be called. */
        CHECK(cp_operations(&out) == CP_OK);
        cp_buffer_free(&out);
        desk->reentered++;
    }
    return desk->millis;
}

static void now_is_told_that_it_may_not_wait(void) {
    struct desk desk;
    desk_init(&desk);
    desk.millis = START_MILLIS;
    cp_ports ports = {.context = &desk, .call = taken, .now = asking_now, .release = let_go};
    desk.engine = opened("{\"store\":\"memory\",\"clock\":\"host\",\"engine\":{" SWITCHED_ON "}}", &ports);
    done(desk.engine, "tick", json_pack("{si}", "limit", 1));
    CHECK(desk.reentered > 0);
    cp_close(desk.engine);
    wait_for_release(&desk);
}

static int64_t desk_time(void *context) { return ((struct desk *)context)->millis; }

static void a_missing_answer_ends_with_its_deadline(void) {
    struct desk desk;
    struct caller caller;
    desk_init(&desk);
    desk.millis = START_MILLIS;
    cp_ports ports = {.context = &desk, .call = taken, .now = desk_time, .release = let_go};
    uint64_t engine = opened(
        "{\"store\":\"memory\",\"tokens\":\"host\",\"transport\":\"host\",\"clock\":\"host\",\"engine\":{" SWITCHED_ON
        ",\"instagram\":{},\"tiktok\":{\"tokenDeadlineSeconds\":1}}}", &ports);
    scheduled(engine, 1, START, DUE);
    desk.millis += 61000;
    begin(&caller, engine, "tick", "{\"limit\":1}");
    uint64_t number = left_open(&desk);
    /* Nothing was sent: the job is given back. */
    json_t *report = ended(&caller, CP_OK);
    CHECK(json_integer_value(json_object_get(report, "waiting")) == 1);
    json_decref(report);
    CHECK(cp_reply(number, BYTES("{\"token\":\"late\",\"version\":1}"), NULL, 0) == CP_CLOSED);
    cp_close(engine);
    wait_for_release(&desk);
}

/* A log that stands still until it is let go on. */
struct journal {
    pthread_mutex_t standing;
    int records, lost;
};

static void recorded(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                     const uint8_t *body, size_t body_len, uint64_t number) {
    struct journal *journal = context;
    (void)port, (void)body, (void)body_len;
    CHECK(number == 0);
    pthread_mutex_lock(&journal->standing);
    if (strcmp(method, "lost") == 0) {
        json_t *told = json_loadb((const char *)request, request_len, 0, NULL);
        journal->lost += (int)json_integer_value(json_object_get(told, "events"));
        json_decref(told);
    } else {
        journal->records++;
    }
    pthread_mutex_unlock(&journal->standing);
}

static void a_log_that_stands_still_is_told_what_it_missed(void) {
    struct journal journal = {.standing = PTHREAD_MUTEX_INITIALIZER};
    cp_ports ports = {.context = &journal, .call = recorded};
    uint64_t engine = opened("{\"store\":\"memory\",\"telemetry\":\"host\",\"engine\":{" SWITCHED_ON "}}", &ports);
    const int ticks = 4200;
    pthread_mutex_lock(&journal.standing);
    for (int tick = 0; tick < ticks; tick++) done(engine, "tick", json_pack("{si}", "limit", 1));
    pthread_mutex_unlock(&journal.standing);
    /* The close lets what waits be handed over. */
    CHECK(cp_close(engine) == CP_OK);
    CHECK(journal.lost > 0 && journal.records + journal.lost == ticks);
}

static void a_run_is_ended_by_another_thread(void) {
    const char *options = "{\"store\":\"memory\",\"engine\":{" SWITCHED_ON "}}";
    for (int closes = 0; closes < 2; closes++) {
        struct caller caller;
        uint64_t engine = opened(options, NULL);
        begin(&caller, engine, NULL, NULL);
        if (closes) {
            CHECK(cp_close(engine) == CP_OK);
            pthread_join(caller.thread, NULL);
            /* Begun before the close, or found closed. */
            CHECK(caller.status == CP_OK || caller.status == CP_CLOSED);
            cp_buffer_free(&caller.out);
            continue;
        }
        /* A stop that comes too early doesn't count. */
        while (!caller.is_over) {
            CHECK(cp_engine_stop(engine) == CP_OK);
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
        json_t *report = ended(&caller, CP_OK);
        CHECK(json_integer_value(json_object_get(report, "claimed")) == 0);
        json_decref(report);
        CHECK(cp_close(engine) == CP_OK);
    }
}

int main(void) {
    TEST(a_reply_is_used_once_and_by_any_thread);
    TEST(a_close_fails_what_is_open);
    TEST(a_callback_under_way_is_waited_for_before_the_release);
    TEST(a_callback_may_call_the_engine);
    TEST(a_callback_may_close_the_engine);
    TEST(now_is_told_that_it_may_not_wait);
    TEST(a_missing_answer_ends_with_its_deadline);
    TEST(a_log_that_stands_still_is_told_what_it_missed);
    TEST(a_run_is_ended_by_another_thread);
    return counted();
}
