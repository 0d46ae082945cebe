import calendarpublish.*
import java.io.File
import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking

private const val USER = "018f0000-0000-7000-8000-0000000000b1"
private const val ACCOUNT = "018f0000-0000-7000-8000-0000000000a1"
private const val CALENDAR = "018f0000-0000-7000-8000-0000000000c1"

private val ALL_ON = listOf(Setting("PUBLISH_SERVICE_ENABLED", "true"))

private fun later(seconds: Long) = Instant.now().plusSeconds(seconds).toString()

private fun entry(number: Int, at: String) = CalendarEntry(
    id = "018f0000-0000-7000-8000-e1%010d".format(number), calendarId = CALENDAR, accountId = ACCOUNT,
    scheduledAt = at, reviewed = true,
    piece = CalendarPiece(
        title = "Pan", channel = Channel.INSTAGRAM, format = "post", copy = "Hoy hay pan $number.",
        date = at.take(10), time = "09:00",
    ),
    media = listOf(Media(kind = MediaKind.IMAGE, url = "https://media.example/bread.jpg", mimeType = "image/jpeg")),
)

private fun account() = ChannelAccount(
    id = ACCOUNT, userId = USER, channel = Channel.INSTAGRAM, externalAccountId = "1", displayName = "@pan",
    timezone = "Europe/Madrid", status = AccountStatus.OK,
)

private fun context(key: String? = null) =
    CommandContext(requestId = "test", userId = USER, now = later(0), idempotencyKey = key)

private inline fun refused(run: () -> Unit): CalendarPublishException {
    try {
        run()
    } catch (error: CalendarPublishException) {
        return error
    }
    error("it was answered")
}

/** A platform of Kotlin's. */
private class Platform(val thrown: Exception? = null) : ChannelAdapter {
    val posts = mutableListOf<String>()

    override fun channel() = Channel.INSTAGRAM

    override fun callDeadline(): Duration = Duration.ofSeconds(5)

    override fun begin(post: Post) = Progress("publish", StepKind.DECISIVE, "{}")

    override suspend fun advance(post: Post, progress: Progress): AdapterStep {
        thrown?.let { throw it }
        delay(1)
        posts += post.entry.piece.copy
        return AdapterStep.Done(Receipt(ReceiptKind.PUBLISHED, "post-${posts.size}", null, later(0)))
    }

    override suspend fun reconcile(post: Post, progress: Progress) = Reconciled.StillUnknown(null, progress)
}

/** A store of Kotlin's, which passes everything but accounts on. */
private class KotlinStore(private val inner: Store) : Store by inner {
    var thrown: Exception? = null

    override suspend fun accounts(userId: UserId): List<ChannelAccount> {
        thrown?.let { throw it }
        return inner.accounts(userId)
    }
}

private fun engine(store: Store = memoryStore(systemClock()), adapters: List<ChannelAdapter> = listOf(), settings: List<Setting> = ALL_ON) =
    Engine(EnginePorts(store = store, adapters = adapters), EngineSettings(settings = settings))

private val tests = vectorTests + linkedMapOf<String, suspend () -> Unit>(
    "an error says what, where and what is allowed" to {
        val error = refused { call("wallClock", """{"instant": "gestern", "zone": "Europe/Madrid"}""") }
        check(error.code() == Code.TIMESTAMP_INVALID && error.path() == "instant")
        check(error.measured() == Measure.Text("gestern"))
        check(error.allowed() == Allowed.Pattern("YYYY-MM-DDTHH:MM:SSZ"))
        check(!error.retryable())
        val line = error.message!!
        check(line.startsWith("TIMESTAMP_INVALID at `instant`") && "measured `gestern`" in line) { line }
        check("TIMESTAMP_INVALID at `instant`" in error.stackTraceToString())
        check(error.messageFor(Lang.ES).message != error.messageFor(Lang.EN).message)
        error.close()
        check(error.message == null)
    },
    "a text that is none of its type is refused" to {
        check(refused { resolveTime(ResolveTimeInput("2026-02-30", "09:00", "Europe/Madrid")) }.code() == Code.DATE_INVALID)
        check(refused { resolveTime(ResolveTimeInput("2026-02-03", "09:00", "\u0000")) }.code() == Code.ZONE_UNKNOWN)
        check(refused { call("countText", "[".repeat(100_000)) }.code().name.startsWith("INPUT_"))
    },
    "a platform and a store of Kotlin's publish" to {
        val platform = Platform()
        engine(KotlinStore(memoryStore(systemClock())), listOf(platform)).use { host ->
            host.putAccount(account())
            val scheduled = host.schedule(context(), Schedule(listOf(entry(1, later(1)), entry(2, later(1)))))
            check(scheduled.outcomes.all { it.result is EntryJobResult.Scheduled })
            delay(1200)
            // An account's posts go out one after the other.
            val published = (1..2).sumOf { host.tick(10u).published }
            check(published == 2UL) { published }
            check(platform.posts.sorted() == listOf("Hoy hay pan 1.", "Hoy hay pan 2."))
            check(host.jobs(USER, JobFilter()).all { it.status == JobStatus.PUBLISHED })
        }
    },
    "what a store throws is unavailable, or what it says" to {
        val store = KotlinStore(memoryStore(systemClock()))
        engine(store).use { host ->
            store.thrown = IllegalStateException("by accident")
            val error = refused { host.accounts(USER) }
            check(error.code() == Code.STORE_UNAVAILABLE && error.retryable())
            store.thrown = StoreException.Corrupt("accounts.timezone", "it is no zone")
            check(refused { host.accounts(USER) }.path() == "accounts.timezone")
        }
    },
    "an adapter that throws in the decisive step leaves the outcome unknown" to {
        engine(adapters = listOf(Platform(RuntimeException("the socket broke")))).use { host ->
            host.putAccount(account())
            host.schedule(context(), Schedule(listOf(entry(1, later(1)))))
            delay(1200)
            host.tick(1u)
            val job = host.jobs(USER, JobFilter()).single()
            check(job.attemptCount == 1u && job.status != JobStatus.PUBLISHED && job.status != JobStatus.SCHEDULED) { job }
        }
    },
    "fifty commands at once" to {
        engine().use { host ->
            host.putAccount(account())
            runBlocking {
                (1..50).map { async { host.schedule(context("key-$it"), Schedule(listOf(entry(it, later(3600L + it))))) } }.awaitAll()
            }
            check(host.queueDepth().counts.sumOf { it.count } == 50UL)
        }
    },
    "a worker runs until it is stopped" to {
        engine(adapters = listOf(Platform())).use { host ->
            host.putAccount(account())
            host.schedule(context(), Schedule(listOf(entry(1, later(1)))))
            runBlocking {
                val worker = async { host.run() }
                delay(2500)
                host.stop()
                check(worker.await().published == 1UL)
            }
        }
    },
    "nothing is published while publishing is off" to {
        engine(settings = listOf()).use { host ->
            check(refused { host.tick(1u) }.code() == Code.FLAG_OFF)
        }
    },
    "sealing keys are checked, and never shown" to {
        fun opened(vararg keys: SealingKey) = Engine(
            EnginePorts(store = memoryStore(systemClock())),
            EngineSettings(settings = ALL_ON, sealingKeys = keys.toList()),
        )
        val key = SealingKey("2026-11", "c2VhbGluZyBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=")
        opened(key, key.copy(id = "2026-10")).close()
        val settings = EngineSettings(sealingKeys = listOf(key))
        check(listOf(key, settings).none { key.key in "$it" } && key.id in "$settings") { settings }
        val short = refused { opened(key, SealingKey("2026-10", "c2hvcnQ=")) }
        check(short.code() == Code.FIELD_VALUE_INVALID && short.path() == "sealingKeys[1].key") { short }
        check(short.measured() == Measure.Number(5.0, MeasureUnit.BYTES)) { short }
        check(refused { opened(key, key) }.code() == Code.ID_DUPLICATE)
        check(refused { opened() }.path() == "sealingKeys")
    },
    "a closed engine refuses" to {
        val host = engine()
        host.close()
        host.close()
        try {
            host.accounts(USER)
            error("it was answered")
        } catch (_: IllegalStateException) {
        }
    },
    "a calendar is edited, moved and taken back" to {
        val entries = (1..10).map { entry(it, "2026-04-%02dT07:00:00Z".format(it)) }
        Calendar(CalendarDocument(entries = entries, accounts = listOf(account())), "2026-03-01T09:00:00Z").use { calendar ->
            val page = calendar.page(PageRequest(limit = 3u))
            check(page.total == 10u && page.tiles.size == 3) { page }
            val byDocument = Json.parse(calendar.call("page", """{"limit":3}"""))
            check(Documents.differs("page", byDocument, Documents.toDocument(page)) == null)
            val moved = calendar.shift(ShiftRequest(entryIds = entries.map { it.id }, offset = ShiftOffset.Days(3)))
            check(moved.moved == 10u && calendar.entry(entries[0].id).piece.date == "2026-04-04")
            check(calendar.undo() != null && calendar.entry(entries[0].id).piece.date == "2026-04-01")
            check(refused { calendar.remove(ACCOUNT) }.code() == Code.ENTRY_NOT_FOUND)
        }
    },
    "a stream is read as it arrives" to {
        GenerationStream(SessionOptions(), "2026-04-01T09:00:00Z").use { stream ->
            check(stream.push("event: ping\n\n".toByteArray(), "2026-04-01T09:00:01Z").isEmpty())
            check(stream.tick("2026-04-01T09:00:40Z") == GenerationState.TIMED_OUT)
        }
    },
    "ten thousand calls leave nothing behind" to {
        fun resident() = File("/proc/self/statm").readText().split(" ")[1].toLong() * 4 / 1024
        fun use(times: Int) = repeat(times) {
            countText(CountTextInput("Pan 🍞", Channel.TIKTOK))
            refused { call("bake", "{}") }.close()
            GenerationStream(SessionOptions(), "2026-04-01T09:00:00Z").close()
        }
        use(10_000)
        System.gc()
        val before = resident()
        use(10_000)
        System.gc()
        val grown = resident() - before
        println("memory after 10000 rounds: $grown MB more")
        check(grown < 64)
    },
)

fun main(only: Array<String>) {
    var failed = 0
    val chosen = tests.filterKeys { name -> only.isEmpty() || only.any { it in name } }
    for ((name, test) in chosen) {
        try {
            runBlocking { test() }
            println("ok: $name")
        } catch (error: Throwable) {
            failed++
            println("FAILED: $name: ${error.stackTraceToString()}")
        }
    }
    println("test result: ${chosen.size - failed} passed; $failed failed")
    if (failed > 0) kotlin.system.exitProcess(1)
    // A worker's threads would keep the program alive.
    kotlin.system.exitProcess(0)
}
