import calendarpublish.*
import java.time.Instant
import java.time.temporal.ChronoUnit
import java.util.UUID
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking

/** Asked right before each call. A server keeps tokens; a phone asks its server. */
private class Token(private val secret: String) : AccessTokens {
    override suspend fun accessToken(account: AccountId) = AccessToken(secret, 1)

    override suspend fun replacement(account: AccountId, refused: Long): AccessToken = throw AccessException.Expired()
}

private fun id(name: String) = UUID.nameUUIDFromBytes(name.toByteArray()).toString()

/**
 * The smallest program that publishes: one photo to Instagram, at most once.
 *
 * `Publish ACCOUNT TOKEN PHOTO_URL` — with `INSTAGRAM_API` it publishes to a simulator there.
 */
object Publish {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val (instagramAccount, token, photo) = arguments
        val api: String? = System.getenv("INSTAGRAM_API")
        val allowed = listOfNotNull(api?.split("/")?.take(3)?.joinToString("/"))
        val engine = Engine(
            EnginePorts(
                store = sqliteStore("jobs.db"),
                transport = httpTransport(HttpOptions(allowedOrigins = allowed)),
                tokens = Token(token),
            ),
            EngineSettings(
                settings = listOf(Setting("PUBLISH_SERVICE_ENABLED", "true")),
                instagram = InstagramSettings(login = InstagramLogin.INSTAGRAM, video = InstagramVideo.Url, graph = api),
            ),
        )
        val now = Instant.now().truncatedTo(ChronoUnit.SECONDS)
        engine.use {
            engine.putAccount(
                ChannelAccount(
                    id = id("account"), userId = id("user"), channel = Channel.INSTAGRAM,
                    externalAccountId = instagramAccount, displayName = "Panadería", timezone = "Europe/Madrid",
                    status = AccountStatus.OK,
                    scopes = listOf("instagram_business_basic", "instagram_business_content_publish"),
                ),
            )
            val entry = CalendarEntry(
                id = UUID.randomUUID().toString(), calendarId = id("calendar"), accountId = id("account"),
                reviewed = true, scheduledAt = now.plusSeconds(2).toString(),
                piece = CalendarPiece(
                    title = "Pan", channel = Channel.INSTAGRAM, format = "post", copy = "Hoy hay pan.",
                    date = now.toString().take(10), time = "09:00",
                ),
                media = listOf(Media(kind = MediaKind.IMAGE, url = photo, mimeType = "image/jpeg")),
            )
            val context = CommandContext(requestId = "example", userId = id("user"), now = now.toString())
            val scheduled = engine.schedule(context, Schedule(listOf(entry)))
            var job = (scheduled.outcomes.single().result as EntryJobResult.Scheduled).job
            val worker = async { engine.run() }
            while (job.status == JobStatus.SCHEDULED || job.status == JobStatus.PUBLISHING) {
                delay(500)
                job = engine.job(id("user"), job.id)!!.record.job
            }
            engine.stop()
            worker.await()
            println("${job.status} ${job.lastError ?: ""}".trim())
        }
    }
}
