// The C++ wrapper: owners, exceptions, and ports as a class.
#include <calendar_publish.hpp>

#include <atomic>
#include <functional>
#include <iostream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

namespace cp = calendar_publish;

static std::atomic<int> refuted;
static int passed, failed;

// From any thread.
static void check(bool good, const char *what, int line) {
    if (good) return;
    refuted++;
    std::cerr << "line " << line << ": " << what << '\n';
}
#define CHECK(what) check((what), #what, __LINE__)

static void test(void (*what)()) {
    const int before = refuted;
    what();
    (refuted == before ? passed : failed)++;
}

static bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

// The error that `work` throws.
static cp::Error thrown(const std::function<void()> &work) {
    try {
        work();
    } catch (const cp::Error &error) {
        return error;
    }
    return cp::Error(CP_OK);
}

static void operations_calendars_and_streams() {
    CHECK(!cp::version().empty());
    CHECK(contains(cp::operations(), "\"scheduleCalendar\""));
    CHECK(contains(cp::call("countText", R"({"text":"Pan","channel":"tiktok"})"), "\"utf16\":3"));

    const char *now = "2026-03-01T09:00:00Z";
    cp::Calendar calendar(R"({"entries":[]})", now);
    CHECK(contains(calendar.call("page", R"({"limit":5})"), "\"total\":0"));
    cp::Calendar moved = std::move(calendar);
    CHECK(thrown([&] { calendar.call("page", R"({"limit":5})"); }).status() == CP_CLOSED);
    CHECK(contains(moved.call("page", R"({"limit":5})"), "\"total\":0"));
    moved.close();
    CHECK(thrown([&] { moved.call("page", R"({"limit":5})"); }).status() == CP_CLOSED);
    CHECK(thrown([] { cp::Calendar("{", "2026-03-01T09:00:00Z"); }).code() == "INPUT_INVALID");

    cp::Stream stream(now);
    CHECK(stream.push("event: data\n", now) == "[]");
    CHECK(stream.tick("2026-03-01T09:01:00Z") == "\"timed_out\"");
    CHECK(!stream.snapshot().empty() && !stream.end(now).empty());
}

static void errors_say_what_went_wrong_where_and_whether_to_try_again() {
    const cp::Error error = thrown([] { cp::call("wallClock", R"({"instant":"gestern","zone":"Europe/Madrid"})"); });
    CHECK(error.status() == CP_ERROR && error.code() == "TIMESTAMP_INVALID" && error.path() == "instant");
    CHECK(!error.retryable() && contains(error.what(), "TIMESTAMP_INVALID"));
    CHECK(contains(error.message(), "gestern") && error.message("es") != error.message("en"));
    CHECK(error.message() == error.message("en") && error.message("fr").empty());
    const cp::Error unknown = thrown([] { cp::call("noSuch", "{}"); });
    CHECK(unknown.code() == "OPERATION_UNKNOWN" && unknown.path().empty());

    const cp::Error unreadable = thrown([] { cp::call("countText", "\xff"); });
    CHECK(unreadable.status() == CP_INVALID_UTF8 && unreadable.document().empty() && unreadable.message().empty());
    CHECK(unreadable.code().empty() && unreadable.path().empty() && !unreadable.retryable());
}

// A store that does with each call what it is told to.
class Store : public cp::Ports {
public:
    using Behaviour = std::function<void(const cp::Request &, cp::Reply)>;

    explicit Store(std::atomic<bool> &is_gone) : is_gone_(is_gone) {}
    ~Store() override { is_gone_ = true; }

    void behave(Behaviour behaviour) {
        const std::lock_guard<std::mutex> guard(lock_);
        behaviour_ = std::move(behaviour);
    }

    void call(const cp::Request &request, cp::Reply reply) override {
        std::unique_lock<std::mutex> guard(lock_);
        const Behaviour behaviour = behaviour_;
        guard.unlock();
        CHECK(request.port == "store" && request.body.empty());
        behaviour(request, std::move(reply));
    }

private:
    std::atomic<bool> &is_gone_;
    std::mutex lock_;
    Behaviour behaviour_;
};

static void ports_answer_refuse_and_throw() {
    std::atomic<bool> is_gone{false};
    auto store = std::make_shared<Store>(is_gone);
    cp::Engine engine(R"({"store":"host"})", store);
    const auto accounts = [&] { return engine.call("accounts", R"({"userId":"018f0000-0000-7000-8000-0000000000b1"})"); };

    store->behave([](const cp::Request &request, cp::Reply reply) {
        CHECK(request.method == "accounts" && contains(std::string(request.document), "userId"));
        CHECK(reply.answer("[]"));
        CHECK(!reply.answer("[1]"));
    });
    CHECK(accounts() == "[]");

    store->behave([](const cp::Request &, cp::Reply) { throw std::runtime_error("the disk is gone"); });
    const cp::Error failure = thrown(accounts);
    CHECK(failure.status() == CP_ERROR && failure.code() == "STORE_UNAVAILABLE" && failure.retryable());
    CHECK(contains(failure.document(), "the disk is gone"));
    store->behave([](const cp::Request &, cp::Reply) { throw 7; });
    CHECK(thrown(accounts).code() == "STORE_UNAVAILABLE");
    store->behave([](const cp::Request &, cp::Reply) {});
    CHECK(contains(thrown(accounts).document(), "dropped without an answer"));
    store->behave([](const cp::Request &, cp::Reply reply) { reply.fail("no"); });
    CHECK(thrown(accounts).code() == "STORE_UNAVAILABLE");
    store->behave([](const cp::Request &, cp::Reply reply) { reply.refuse(R"({"type":"not_found","what":"account"})"); });
    CHECK(thrown(accounts).code() == "ACCOUNT_NOT_FOUND");
    // A text that isn't UTF-8 is the port's own mistake: it throws there, and fails the reply.
    store->behave([](const cp::Request &, cp::Reply reply) { reply.answer("\xff"); });
    CHECK(thrown(accounts).code() == "STORE_UNAVAILABLE");

    // Later, from another thread; the callback has returned.
    std::optional<std::thread> other;
    store->behave([&](const cp::Request &, cp::Reply reply) {
        other.emplace([](cp::Reply later) { CHECK(later.answer("[]")); }, std::move(reply));
    });
    CHECK(accounts() == "[]");
    other->join();

    // A port may call the engine.
    store->behave([&](const cp::Request &request, cp::Reply reply) {
        if (request.method == "accounts") CHECK(engine.call("lastGeneration",
            R"({"userId":"018f0000-0000-7000-8000-0000000000b1","calendarId":"018f0000-0000-7000-8000-0000000000c1"})") == "null");
        reply.answer(request.method == "accounts" ? "[]" : "null");
    });
    CHECK(accounts() == "[]");

    std::optional<cp::Reply> late;
    store->behave([&](const cp::Request &, cp::Reply reply) {
        late.emplace(std::move(reply));
        engine.close();
    });
    CHECK(thrown(accounts).code() == "STORE_UNAVAILABLE");
    CHECK(!late->answer("[]"));
    CHECK(thrown(accounts).status() == CP_CLOSED);
    store->behave({});
    CHECK(!is_gone);
    store.reset();
    // The last callback may still be returning.
    while (!is_gone) std::this_thread::yield();
}

static void an_engine_that_does_not_open_keeps_nothing() {
    std::atomic<bool> is_gone{false};
    auto store = std::make_shared<Store>(is_gone);
    const cp::Error error = thrown([&] { cp::Engine(R"({"store":"mem"})", store); });
    CHECK(error.path() == "store");
    CHECK(store.use_count() == 1);
    CHECK(thrown([] { cp::Engine(R"({"store":"host"})"); }).code() == "APP_MISCONFIGURED");
}

static void a_run_ends_when_it_is_stopped() {
    cp::Engine engine(
        R"({"store":"memory","engine":{"settings":[{"name":"PUBLISH_SERVICE_ENABLED","value":"true"}]}})");
    std::atomic<bool> is_over{false};
    std::string report;
    std::thread worker([&] {
        report = engine.run();
        is_over = true;
    });
    while (!is_over) engine.stop();
    worker.join();
    CHECK(contains(report, "\"claimed\":0"));
    CHECK(thrown([] { cp::Engine(R"({"store":"memory"})").run(); }).code() == "FLAG_OFF");
}

int main() {
    test(operations_calendars_and_streams);
    test(errors_say_what_went_wrong_where_and_whether_to_try_again);
    test(ports_answer_refuse_and_throw);
    test(an_engine_that_does_not_open_keeps_nothing);
    test(a_run_ends_when_it_is_stopped);
    std::cout << passed << " passed, " << failed << " failed\n";
    return failed != 0 || passed == 0;
}
