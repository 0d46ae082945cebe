/* What the test programs share: tests that are counted, checks within them, and texts as bytes. */
#ifndef CHECK_H
#define CHECK_H

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int refuted;
static int passed, failed;

/* From any thread. */
#define CHECK(what) \
    ((what) ? (void)0 \
            : (void)(atomic_fetch_add(&refuted, 1), fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what)))
#define BYTES(text) (const uint8_t *)(text), strlen(text)

/* Runs a test, which passes where no check of it is refuted. */
#define TEST(test) tested(test, #test)

static inline void tested(void (*test)(void), const char *name) {
    int before = refuted;
    test();
    if (refuted == before) {
        passed++;
    } else {
        failed++;
        fprintf(stderr, "failed: %s\n", name);
    }
}

/* The last line of every test program, and its exit code. */
static inline int counted(void) {
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}

#endif
