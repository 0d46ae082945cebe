// calendar-publish for C++17: `calendar_publish.h` with owners and exceptions. Documents are JSON texts, for
// whichever parser the program has.

#ifndef CALENDAR_PUBLISH_HPP
#define CALENDAR_PUBLISH_HPP

#include <calendar_publish.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace calendar_publish {

namespace detail {

inline const std::uint8_t *bytes(std::string_view text) {
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

// A buffer of the library, given back in any case.
class Buffer {
public:
    Buffer() = default;
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer() { cp_buffer_free(&buffer_); }

    cp_buffer *place() { return &buffer_; }

    std::string text() const {
        return buffer_.len == 0 ? std::string() : std::string(reinterpret_cast<const char *>(buffer_.data), buffer_.len);
    }

private:
    cp_buffer buffer_{nullptr, 0};
};

} // namespace detail

// A call that did nothing, or not for certain: its status and, where the library refused, what the error
// document says.
class Error : public std::exception {
public:
    explicit Error(cp_status status, std::string document = {})
        : status_(status), document_(std::move(document)),
          what_("calendar_publish: status " + std::to_string(static_cast<int>(status)) +
                (document_.empty() ? std::string() : ": " + document_)) {}

    cp_status status() const noexcept { return status_; }
    // Empty where there is only a status.
    const std::string &document() const noexcept { return document_; }
    const char *what() const noexcept override { return what_.c_str(); }

    // What went wrong: `ENTRY_NOT_FOUND`; empty where there is only a status.
    std::string code() const { return member("code"); }

    // Where in the input: `entries[3].piece.date`; empty where the whole input is meant.
    std::string path() const { return member("path"); }

    // Whether the same call can succeed later. Where it may have taken effect already, this is false: look before
    // you try again.
    bool retryable() const { return member("retryable") == "true"; }

    // What is wrong and what to do about it, in `en` or `es`; empty where there is only a status.
    std::string message(const std::string &lang = "en") const {
        detail::Buffer words;
        cp_status status = cp_error_message(detail::bytes(document_), document_.size(), lang.c_str(), words.place());
        return status == CP_OK ? words.text() : std::string();
    }

private:
    std::string member(const char *name) const {
        detail::Buffer text;
        cp_status status = cp_error_member(detail::bytes(document_), document_.size(), name, text.place());
        return status == CP_OK ? text.text() : std::string();
    }

    cp_status status_;
    std::string document_;
    std::string what_;
};

namespace detail {

inline std::string answered(cp_status status, const Buffer &out) {
    if (status != CP_OK) throw Error(status, status == CP_ERROR ? out.text() : std::string());
    return out.text();
}

inline void done(cp_status status) {
    if (status != CP_OK) throw Error(status);
}

// What is closed with its owner.
class Handle {
public:
    explicit Handle(std::uint64_t number) noexcept : number_(number) {}
    Handle(Handle &&other) noexcept : number_(std::exchange(other.number_, 0)) {}
    Handle &operator=(Handle &&other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Handle() { close(); }

    std::uint64_t number() const noexcept { return number_; }
    // The number stays: calls of other threads are answered with `CP_CLOSED`.
    void close() noexcept { cp_close(number_); }

private:
    std::uint64_t number_;
};

} // namespace detail

inline std::string version() { return cp_version(); }

// The names of everything that is called by name.
inline std::string operations() {
    detail::Buffer out;
    return detail::answered(cp_operations(out.place()), out);
}

// Runs a pure operation.
inline std::string call(const std::string &name, std::string_view input) {
    detail::Buffer out;
    return detail::answered(cp_call(name.c_str(), detail::bytes(input), input.size(), out.place()), out);
}

// A calendar that lives in an interface.
class Calendar {
public:
    Calendar(std::string_view document, const std::string &now) : handle_(load(document, now)) {}

    std::string call(const std::string &name, std::string_view input) {
        detail::Buffer out;
        return detail::answered(
            cp_calendar_call(handle_.number(), name.c_str(), detail::bytes(input), input.size(), out.place()), out);
    }

    // The entries as a file: bytes of any kind.
    std::string export_file(std::string_view request) {
        detail::Buffer out;
        return detail::answered(
            cp_calendar_export(handle_.number(), detail::bytes(request), request.size(), out.place()), out);
    }

    void close() noexcept { handle_.close(); }

private:
    static std::uint64_t load(std::string_view document, const std::string &now) {
        std::uint64_t handle = 0;
        detail::Buffer error;
        detail::answered(
            cp_calendar_load(detail::bytes(document), document.size(), now.c_str(), &handle, error.place()), error);
        return handle;
    }

    detail::Handle handle_;
};

// A generation's stream, read as it arrives.
class Stream {
public:
    explicit Stream(const std::string &now, std::string_view options = {}) : handle_(start(now, options)) {}

    std::string push(std::string_view data, const std::string &now) {
        detail::Buffer out;
        return detail::answered(
            cp_stream_push(handle_.number(), detail::bytes(data), data.size(), now.c_str(), out.place()), out);
    }

    std::string tick(const std::string &now) {
        detail::Buffer out;
        return detail::answered(cp_stream_tick(handle_.number(), now.c_str(), out.place()), out);
    }

    std::string end(const std::string &now) {
        detail::Buffer out;
        return detail::answered(cp_stream_end(handle_.number(), now.c_str(), out.place()), out);
    }

    std::string snapshot() {
        detail::Buffer out;
        return detail::answered(cp_stream_snapshot(handle_.number(), out.place()), out);
    }

    void close() noexcept { handle_.close(); }

private:
    static std::uint64_t start(const std::string &now, std::string_view options) {
        std::uint64_t handle = 0;
        detail::Buffer error;
        detail::answered(
            cp_stream_start(detail::bytes(options), options.size(), now.c_str(), &handle, error.place()), error);
        return handle;
    }

    detail::Handle handle_;
};

// The answer to a callback, to be given once: there and then, or later from any thread. One that is dropped
// without an answer fails, so that nothing waits for it.
class Reply {
public:
    explicit Reply(std::uint64_t number) noexcept : number_(number), exceptions_(std::uncaught_exceptions()) {}
    Reply(Reply &&other) noexcept : number_(std::exchange(other.number_, 0)), exceptions_(other.exceptions_) {}
    Reply &operator=(Reply &&other) noexcept {
        std::swap(number_, other.number_);
        std::swap(exceptions_, other.exceptions_);
        return *this;
    }
    ~Reply() {
        // While an exception leaves the callback, whoever catches it says why.
        if (number_ != 0 && std::uncaught_exceptions() <= exceptions_)
            cp_fail(number_, "the reply was dropped without an answer");
    }

    // Each gives false where nobody waits any more.
    bool answer(std::string_view document, std::string_view body = {}) {
        return used(cp_reply(number_, detail::bytes(document), document.size(), detail::bytes(body), body.size()));
    }
    bool refuse(std::string_view document) {
        return used(cp_refuse(number_, detail::bytes(document), document.size()));
    }
    bool fail(const std::string &why) { return used(cp_fail(number_, why.c_str())); }

private:
    // What can't be read leaves the reply open.
    bool used(cp_status status) {
        if (status != CP_OK && status != CP_CLOSED) throw Error(status);
        number_ = 0;
        return status == CP_OK;
    }

    std::uint64_t number_;
    int exceptions_;
};

// What a callback asks. It lives until the callback returns.
struct Request {
    std::string_view port;
    std::string_view method;
    std::string_view document;
    std::string_view body;
};

// The ports that a program implements itself. They are called from any thread, several at once.
class Ports {
public:
    virtual ~Ports() = default;

    // Answers with `reply`. An exception that leaves it fails the reply. Telemetry waits for no answer.
    virtual void call(const Request &request, Reply reply) = 0;

    // The present in milliseconds since 1970, asked where the options say so. It must call nothing here.
    virtual std::int64_t now() noexcept {
        using namespace std::chrono;
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    }
};

// The publish engine. Its functions may be called from any thread, several at once; only moving and
// destroying it is for one alone.
class Engine {
public:
    // `ports` are kept until the last callback has returned.
    explicit Engine(std::string_view options, std::shared_ptr<Ports> ports = nullptr)
        : handle_(open(options, std::move(ports))) {}

    std::string call(const std::string &name, std::string_view input) const {
        detail::Buffer out;
        return detail::answered(
            cp_engine_call(handle_.number(), name.c_str(), detail::bytes(input), input.size(), out.place()), out);
    }

    // Publishes what is due until `stop`, and gives the report.
    std::string run() const {
        detail::Buffer out;
        return detail::answered(cp_engine_run(handle_.number(), out.place()), out);
    }

    void stop() const { detail::done(cp_engine_stop(handle_.number())); }
    void close() noexcept { handle_.close(); }

private:
    using Kept = std::shared_ptr<Ports>;

    static std::uint64_t open(std::string_view options, Kept ports) {
        std::uint64_t handle = 0;
        detail::Buffer error;
        auto kept = ports ? std::make_unique<Kept>(std::move(ports)) : nullptr;
        const cp_ports table{kept.get(), called, now, released};
        detail::answered(
            cp_engine_open(detail::bytes(options), options.size(), kept ? &table : nullptr, &handle, error.place()), error);
        // From here on the library releases them.
        static_cast<void>(kept.release());
        return handle;
    }

    static void called(void *context, const char *port, const char *method, const std::uint8_t *request,
                       std::size_t request_len, const std::uint8_t *body, std::size_t body_len,
                       std::uint64_t reply) noexcept {
        const auto text = [](const std::uint8_t *data, std::size_t len) {
            return std::string_view(reinterpret_cast<const char *>(data), len);
        };
        try {
            const Request asked{port, method, text(request, request_len), text(body, body_len)};
            (*static_cast<Kept *>(context))->call(asked, Reply(reply));
        } catch (const std::exception &thrown) {
            cp_fail(reply, thrown.what());
        } catch (...) {
            cp_fail(reply, nullptr);
        }
    }

    static std::int64_t now(void *context) noexcept { return (*static_cast<Kept *>(context))->now(); }
    static void released(void *context) noexcept { delete static_cast<Kept *>(context); }

    detail::Handle handle_;
};

} // namespace calendar_publish

#endif // CALENDAR_PUBLISH_HPP
