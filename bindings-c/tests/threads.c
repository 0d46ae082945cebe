/* One engine under many threads: scheduling, reading, two workers, and replies that come from a thread of
 * their own; then a close in the middle of it. Each entry is posted once. Time goes on as the test says, so
 * that it holds however slowly a tool lets it run. */
#include "host.h"

#define SCHEDULERS 4
#define ENTRIES 4
#define READERS 2
#define WORKERS 2

/* What a callback left to the thread that answers. */
struct question {
    struct question *next;
    uint64_t number;
    char method[8], url[256];
    int asks_for_token;
};

struct office {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct question *first, *sleeping;
    int is_over;
    struct host host;
    uint64_t engine;
    /* How many posts each account has. */
    int posts_of[SCHEDULERS * ENTRIES + 1];
};

static void noted(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                  const uint8_t *body, size_t body_len, uint64_t number) {
    struct office *office = context;
    (void)method, (void)body, (void)body_len;
    if (strcmp(port, "telemetry") == 0) {
        office->host.events++;
        return;
    }
    json_t *asked = json_loadb((const char *)request, request_len, 0, NULL);
    struct question *question = calloc(1, sizeof *question);
    if (question == NULL) abort();
    question->number = number;
    question->asks_for_token = strcmp(port, "tokens") == 0;
    snprintf(question->method, sizeof question->method, "%s", text_of(asked, "method"));
    snprintf(question->url, sizeof question->url, "%s", text_of(asked, "url"));
    json_decref(asked);
    pthread_mutex_lock(&office->lock);
    struct question **list = strcmp(port, "clock") == 0 ? &office->sleeping : &office->first;
    question->next = *list;
    *list = question;
    pthread_cond_signal(&office->changed);
    pthread_mutex_unlock(&office->lock);
}

/* Lets a second pass. Whoever wakes too early sleeps again. */
static void pass(struct office *office) {
    pthread_mutex_lock(&office->lock);
    struct question *question = office->sleeping;
    office->sleeping = NULL;
    pthread_mutex_unlock(&office->lock);
    office->host.millis += 1000;
    while (question) {
        struct question *next = question->next;
        cp_reply(question->number, BYTES("null"), NULL, 0);
        free(question);
        question = next;
    }
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

/* Answers one question. The platform knows each account by the last digits of its id. */
static void settle(struct office *office, struct question *question) {
    char body[256];
    const char *document = "{\"status\":200}";
    if (question->asks_for_token) {
        document = "{\"token\":\"secret\",\"version\":1}";
        *body = 0;
    } else {
        const char *external = strstr(question->url, "1784149900000");
        struct host account = {0};
        int number = external ? atoi(external + 13) : 0;
        if (number > SCHEDULERS * ENTRIES) abort();
        account.posts = office->posts_of[number];
        instagram(&account, question->method, question->url, body, sizeof body);
        office->posts_of[number] = account.posts;
    }
    /* Nobody waits any more where the engine was closed. */
    cp_status status = cp_reply(question->number, BYTES(document), BYTES(body));
    CHECK(status == CP_OK || status == CP_CLOSED);
}

static void *answers(void *context) {
    struct office *office = context;
    pthread_mutex_lock(&office->lock);
    for (;;) {
        while (office->first == NULL && !office->is_over) pthread_cond_wait(&office->changed, &office->lock);
        struct question *question = office->first;
        if (question == NULL) break;
        office->first = question->next;
        pthread_mutex_unlock(&office->lock);
        settle(office, question);
        free(question);
        pthread_mutex_lock(&office->lock);
    }
    pthread_mutex_unlock(&office->lock);
    return NULL;
}

static void office_released(void *context) { ((struct office *)context)->host.released++; }

static int64_t office_time(void *context) { return ((struct office *)context)->host.millis; }

struct scheduler {
    struct office *office;
    int first;
};

static void *schedules(void *given) {
    struct scheduler *own = given;
    for (int entry = 0; entry < ENTRIES; entry++) scheduled(own->office->engine, own->first + entry, START, DUE);
    return NULL;
}

static void *reads(void *context) {
    struct office *office = context;
    for (int round = 0; round < 50; round++) {
        json_decref(jobs(office->engine));
        done(office->engine, "queueDepth", json_object());
    }
    return NULL;
}

/* Works until it is stopped, or until the engine is closed. */
static void *works(void *context) {
    struct office *office = context;
    cp_buffer report;
    cp_status status = cp_engine_run(office->engine, &report);
    CHECK(status == CP_OK || status == CP_CLOSED);
    cp_buffer_free(&report);
    return NULL;
}

static int are_all_published(uint64_t engine) {
    json_t *all = jobs(engine), *job;
    size_t at;
    int published = 0;
    json_array_foreach(all, at, job) {
        const char *status = text_of(job, "status");
        CHECK(strcmp(status, "needs_attention") != 0);
        published += strcmp(status, "published") == 0;
    }
    json_decref(all);
    return published == SCHEDULERS * ENTRIES;
}

static int are_any_publishing(uint64_t engine) {
    json_t *all = jobs(engine), *job;
    size_t at;
    int publishing = 0;
    json_array_foreach(all, at, job) publishing += strcmp(text_of(job, "status"), "publishing") == 0;
    json_decref(all);
    return publishing > 0;
}

static void *stops(void *context) {
    cp_engine_stop(((struct office *)context)->engine);
    return NULL;
}

static void *closes(void *context) {
    cp_close(((struct office *)context)->engine);
    return NULL;
}

/* Lets everybody work; `waits` until all is published, otherwise it closes in the middle. */
static void worked(int waits) {
    struct office office = {0};
    pthread_t answering, workers[WORKERS], schedulers[SCHEDULERS], readers[READERS], ending[2];
    struct scheduler own[SCHEDULERS];
    pthread_mutex_init(&office.lock, NULL);
    pthread_cond_init(&office.changed, NULL);
    office.host.millis = START_MILLIS;
    cp_ports ports = {.context = &office, .call = noted, .now = office_time, .release = office_released};
    office.engine = opened("{\"store\":\"memory\",\"transport\":\"host\",\"tokens\":\"host\",\"telemetry\":\"host\",\"clock\":\"host\",\"engine\":{" SWITCHED_ON ",\"instagram\":{}}}", &ports);
    pthread_create(&answering, NULL, answers, &office);
    for (int at = 0; at < SCHEDULERS; at++) {
        own[at] = (struct scheduler){.office = &office, .first = 1 + at * ENTRIES};
        pthread_create(&schedulers[at], NULL, schedules, &own[at]);
    }
    for (int at = 0; at < READERS; at++) pthread_create(&readers[at], NULL, reads, &office);
    for (int at = 0; at < WORKERS; at++) pthread_create(&workers[at], NULL, works, &office);
    for (int at = 0; at < SCHEDULERS; at++) pthread_join(schedulers[at], NULL);
    for (int at = 0; at < READERS; at++) pthread_join(readers[at], NULL);
    if (waits) {
        while (!are_all_published(office.engine)) pass(&office);
        pthread_create(&ending[0], NULL, stops, &office);
        pthread_create(&ending[1], NULL, stops, &office);
    } else {
        while (!are_any_publishing(office.engine)) pass(&office);
        pthread_create(&ending[0], NULL, closes, &office);
        pthread_create(&ending[1], NULL, closes, &office);
    }
    for (int at = 0; at < 2; at++) pthread_join(ending[at], NULL);
    for (int at = 0; at < WORKERS; at++) pthread_join(workers[at], NULL);
    CHECK(cp_close(office.engine) == (waits ? CP_OK : CP_CLOSED));
    pthread_mutex_lock(&office.lock);
    office.is_over = 1;
    pthread_cond_signal(&office.changed);
    pthread_mutex_unlock(&office.lock);
    pthread_join(answering, NULL);
    pass(&office);
    CHECK(office.host.released == 1);
    for (int number = 1; number <= SCHEDULERS * ENTRIES; number++)
        CHECK(waits ? office.posts_of[number] == 1 : office.posts_of[number] <= 1);
    CHECK(office.host.events > 0);
}

static void everybody_works_and_each_entry_is_posted_once(void) { worked(1); }

static void a_close_in_the_middle_ends_everybody(void) { worked(0); }

int main(void) {
    TEST(everybody_works_and_each_entry_is_posted_once);
    TEST(a_close_in_the_middle_ends_everybody);
    return counted();
}
