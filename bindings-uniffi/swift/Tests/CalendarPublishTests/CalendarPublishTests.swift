import CalendarPublish
import Foundation
import XCTest

private let user = "018f0000-0000-7000-8000-0000000000b1"
private let account = "018f0000-0000-7000-8000-0000000000a1"
private let calendar = "018f0000-0000-7000-8000-0000000000c1"

private func later(_ seconds: TimeInterval) -> String {
    ISO8601DateFormatter().string(from: Date().addingTimeInterval(seconds))
}

private func entry(_ at: String) -> CalendarEntry {
    CalendarEntry(
        id: "018f0000-0000-7000-8000-000000000001", calendarId: calendar,
        piece: CalendarPiece(
            title: "Pan", channel: .instagram, format: "post", copy: "Hoy hay pan.", date: String(at.prefix(10)),
            time: "09:00"),
        accountId: account, scheduledAt: at,
        media: [
            Media(kind: .image, url: "https://media.example/bread.jpg", mimeType: "image/jpeg")
        ],
        reviewed: true)
}

/// A platform of Swift's.
private final class Platform: ChannelAdapter, @unchecked Sendable {
    private(set) var posts: [String] = []

    func channel() throws -> Channel { .instagram }

    func callDeadline() throws -> TimeInterval { 5 }

    func begin(post: Post) throws -> Progress {
        Progress(stage: "publish", kind: .decisive, state: "{}")
    }

    func advance(post: Post, progress: Progress) async throws -> AdapterStep {
        posts.append(post.entry.piece.copy)
        return .done(Receipt(kind: .published, externalId: "post-1", permalink: nil, at: later(0)))
    }

    func reconcile(post: Post, progress: Progress) async throws -> Reconciled {
        .stillUnknown(lookAgainAfter: nil, progress: progress)
    }
}

final class CalendarPublishTests: XCTestCase {
    func testAnOperationByTypesAndByDocument() throws {
        let count = try countText(input: CountTextInput(text: "Pan 🍞", channel: .tiktok))
        XCTAssertEqual(count.utf16, 6)
        let document = try call(name: "countText", input: #"{"text":"Pan 🍞","channel":"tiktok"}"#)
        XCTAssertTrue(document.contains(#""utf16":6"#))
    }

    func testAnErrorSaysWhatAndWhere() throws {
        do {
            _ = try call(name: "wallClock", input: #"{"instant":"gestern","zone":"Europe/Madrid"}"#)
            XCTFail("it was answered")
        } catch let error as CalendarPublishError {
            XCTAssertEqual(error.code(), .timestampInvalid)
            XCTAssertEqual(error.path(), "instant")
            XCTAssertFalse(error.retryable())
            XCTAssertFalse(error.messageFor(lang: .es).message.isEmpty)
            XCTAssertTrue(error.localizedDescription.contains("TIMESTAMP_INVALID at `instant`"))
        }
    }

    func testAStreamIsReadAsItArrives() throws {
        let stream = try GenerationStream(options: SessionOptions(), now: "2026-04-01T09:00:00Z")
        XCTAssertEqual(try stream.tick(now: "2026-04-01T09:00:40Z"), .timedOut)
    }

    func testAPlatformOfSwiftsPublishes() async throws {
        let platform = Platform()
        let engine = try Engine(
            ports: EnginePorts(store: memoryStore(clock: systemClock()), adapters: [platform]),
            settings: EngineSettings(settings: [Setting(name: "PUBLISH_SERVICE_ENABLED", value: "true")]))
        try await engine.putAccount(
            account: ChannelAccount(
                id: account, userId: user, channel: .instagram, externalAccountId: "1", displayName: "@pan",
                timezone: "Europe/Madrid", status: .ok))
        let context = CommandContext(requestId: "test", userId: user, now: later(0))
        _ = try await engine.schedule(context: context, schedule: Schedule(entries: [entry(later(1))]))
        try await Task.sleep(nanoseconds: 2_000_000_000)
        let report = try await engine.tick(limit: 10)
        XCTAssertEqual(report.published, 1)
        XCTAssertEqual(platform.posts, ["Hoy hay pan."])
    }
}
