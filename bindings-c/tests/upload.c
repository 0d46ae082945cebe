/* Uploads a video to TikTok in three chunks: `upload TOKEN VIDEO die` is killed when it is about to read the
 * second, and `upload TOKEN VIDEO`, run after it, says which chunks it read and what became of the post.
 *
 * TIKTOK_API says where TikTok is, SEALING_KEY seals the upload's address. */
#include <signal.h>
#include <time.h>

#include "host.h"

#define VIDEO_BYTES 18000000
#define ACCOUNT "018f0000-0000-7000-8000-0000000000a1"
#define ENTRY "018f0000-0000-7000-8000-0000000000e1"

struct uploader {
    const char *token;
    int dies;
    /* A real video with zeros behind it. */
    uint8_t *video;
};

static void serve(void *context, const char *port, const char *method, const uint8_t *request, size_t request_len,
                  const uint8_t *body, size_t body_len, uint64_t number) {
    struct uploader *uploader = context;
    (void)method, (void)body, (void)body_len;
    if (strcmp(port, "tokens") == 0) {
        char token[256];
        snprintf(token, sizeof token, "{\"token\":\"%s\",\"version\":1}", uploader->token);
        reply(number, token, "");
        return;
    }
    CHECK(strcmp(port, "media") == 0);
    json_int_t offset = 0, length = 0;
    json_t *range = json_loadb((const char *)request, request_len, 0, NULL);
    json_unpack(range, "{sI sI}", "offset", &offset, "length", &length);
    json_decref(range);
    if (uploader->dies && offset > 0) raise(SIGKILL);
    printf("%lld ", (long long)offset);
    char head[64];
    snprintf(head, sizeof head, "{\"totalBytes\":%d,\"mimeType\":\"video/mp4\"}", VIDEO_BYTES);
    if (length > VIDEO_BYTES - offset) length = VIDEO_BYTES - offset;
    CHECK(cp_reply(number, BYTES(head), uploader->video + offset, (size_t)length) == CP_OK);
}

/* Short deadlines make a short lease: the takeover is what is to be seen. */
static uint64_t uploading(const cp_ports *ports, const char *api, const char *key) {
    char options[2048];
    const char *host = strstr(api, "://") + 3;
    int origin = (int)(host - api + (long)strcspn(host, "/"));
    snprintf(options, sizeof options,
             "{\"store\":{\"sqlite\":{\"path\":\"jobs.db\"}},\"transport\":{\"http\":{\"allowedOrigins\":[\"%.*s\"]}},"
             "\"tokens\":\"host\",\"media\":\"host\",\"engine\":{" SWITCHED_ON ",\"leaseSeconds\":14,"
             "\"sealingKeys\":[{\"id\":\"2026-11\",\"key\":\"%s\"}],\"tiktok\":{\"api\":\"%s\",\"uploadHosts\":[\"%.*s\"],"
             "\"requestDeadlineSeconds\":2,\"uploadDeadlineSeconds\":4,\"tokenDeadlineSeconds\":1,"
             "\"mediaDeadlineSeconds\":1}}}",
             origin, api, key, api, origin, api);
    return opened(options, ports);
}

static void schedule_video(uint64_t engine) {
    time_t at = time(NULL);
    char now[21], due[21];
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime(&at));
    at += 3;
    strftime(due, sizeof due, "%Y-%m-%dT%H:%M:%SZ", gmtime(&at));
    done(engine, "putAccount",
         json_pack("{ssssss ssssssss s[ssss]}", "id", ACCOUNT, "userId", USER, "channel", "tiktok",
                   "externalAccountId", "sim-open-id-0001", "displayName", "sim.baker", "timezone", "Europe/Madrid",
                   "status", "ok", "scopes", "user.info.basic", "video.publish", "video.upload", "video.list"));
    json_t *piece = json_pack("{ssssssss ss# ss}", "title", "Pan", "channel", "tiktok", "format", "video", "copy",
                              "Hoy hay pan.", "date", due, 10, "time", "11:00");
    json_t *media = json_pack("[{ssssss si si si si si ssss}]", "kind", "video", "url", "https://host.example/oven.mp4",
                              "mimeType", "video/mp4", "sizeBytes", VIDEO_BYTES, "width", 720, "height", 1280,
                              "durationMs", 4000, "frameRate", 30, "videoCodec", "h264", "audioCodec", "aac");
    json_t *tiktok = json_pack("{ssss s{ssss}}", "mode", "direct", "privacy", "PUBLIC_TO_EVERYONE", "consent", "givenAt",
                               now, "text", "By posting, you agree to TikTok's Music Usage Confirmation.");
    done(engine, "schedule",
         json_pack("{so s{s[{ssssss ss sb so so so}]}}", "context", context(now), "schedule", "entries", "id", ENTRY,
                   "calendarId", CALENDAR, "accountId", ACCOUNT, "scheduledAt", due, "reviewed", 1, "piece", piece,
                   "media", media, "tiktok", tiktok));
}

static int waits(uint64_t engine, char status[32]) {
    json_t *all = jobs(engine);
    snprintf(status, 32, "%s", text_of(json_array_get(all, 0), "status"));
    json_decref(all);
    return strcmp(status, "scheduled") == 0 || strcmp(status, "publishing") == 0;
}

int main(int argc, char **argv) {
    const char *api = getenv("TIKTOK_API"), *key = getenv("SEALING_KEY");
    if (argc < 3 || api == NULL || key == NULL) {
        fprintf(stderr, "TIKTOK_API=… SEALING_KEY=… upload TOKEN VIDEO [die]\n");
        return 2;
    }
    struct uploader uploader = {.token = argv[1], .dies = argc > 3, .video = calloc(1, VIDEO_BYTES)};
    FILE *file = fopen(argv[2], "rb");
    if (uploader.video == NULL || file == NULL || fread(uploader.video, 1, VIDEO_BYTES, file) == 0) {
        fprintf(stderr, "%s can't be read\n", argv[2]);
        return 2;
    }
    fclose(file);

    cp_ports ports = {.context = &uploader, .call = serve};
    uint64_t engine = uploading(&ports, api, key);
    if (uploader.dies) schedule_video(engine);
    char status[32];
    while (waits(engine, status)) {
        done(engine, "tick", json_pack("{si}", "limit", 10));
        nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    }
    CHECK(cp_close(engine) == CP_OK);
    free(uploader.video);
    puts(status);
    return refuted != 0;
}
