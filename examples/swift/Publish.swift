import CalendarPublish
import Foundation

/// Asked right before each call. A server keeps tokens; a phone asks its server.
final class Token: AccessTokens, @unchecked Sendable {
    private let secret: String

    init(secret: String) {
        self.secret = secret
    }

    func accessToken(account: AccountId) async throws -> AccessToken {
        AccessToken(secret: secret, version: 1)
    }

    func replacement(account: AccountId, refused: Int64) async throws -> AccessToken {
        throw AccessError.Expired
    }
}

/// The smallest program that publishes: one photo to Instagram, at most once.
///
/// `Publish ACCOUNT TOKEN PHOTO_URL` — with `INSTAGRAM_API` it publishes to a simulator there.
@main
struct Publish {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let api = ProcessInfo.processInfo.environment["INSTAGRAM_API"]
        let allowed = api.map { [$0.components(separatedBy: "/").prefix(3).joined(separator: "/")] } ?? []
        let (user, account) = (UUID().uuidString.lowercased(), UUID().uuidString.lowercased())
        let engine = try Engine(
            ports: EnginePorts(
                store: sqliteStore(path: "jobs.db"),
                transport: httpTransport(options: HttpOptions(allowedOrigins: allowed)),
                tokens: Token(secret: arguments[2])),
            settings: EngineSettings(
                settings: [Setting(name: "PUBLISH_SERVICE_ENABLED", value: "true")],
                instagram: InstagramSettings(login: .instagram, graph: api, video: .url)))
        try await engine.putAccount(
            account: ChannelAccount(
                id: account, userId: user, channel: .instagram, externalAccountId: arguments[1],
                displayName: "Panadería", timezone: "Europe/Madrid", status: .ok,
                scopes: ["instagram_business_basic", "instagram_business_content_publish"]))
        let times = ISO8601DateFormatter()
        let (now, soon) = (times.string(from: Date()), times.string(from: Date().addingTimeInterval(2)))
        let entry = CalendarEntry(
            id: UUID().uuidString.lowercased(), calendarId: UUID().uuidString.lowercased(),
            piece: CalendarPiece(
                title: "Pan", channel: .instagram, format: "post", copy: "Hoy hay pan.",
                date: String(now.prefix(10)), time: "09:00"),
            accountId: account, scheduledAt: soon,
            media: [Media(kind: .image, url: arguments[3], mimeType: "image/jpeg")],
            reviewed: true)
        let context = CommandContext(requestId: "example", userId: user, now: now)
        let scheduled = try await engine.schedule(context: context, schedule: Schedule(entries: [entry]))
        guard case .scheduled(var job) = scheduled.outcomes[0].result else {
            fatalError("it wasn't scheduled: \(scheduled)")
        }
        let worker = Task { try await engine.run() }
        while job.status == .scheduled || job.status == .publishing {
            try await Task.sleep(nanoseconds: 500_000_000)
            guard let history = try await engine.job(userId: user, jobId: job.id) else { break }
            job = history.record.job
        }
        engine.stop()
        _ = try await worker.value
        print(job.status, job.lastError.map { "\($0)" } ?? "")
    }
}
