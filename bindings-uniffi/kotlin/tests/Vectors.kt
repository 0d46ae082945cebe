import calendarpublish.*
import java.io.File
import java.lang.reflect.InvocationTargetException
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.full.callSuspend
import kotlin.reflect.full.memberFunctions
import kotlin.reflect.full.valueParameters
import kotlin.reflect.jvm.kotlinFunction
import kotlin.reflect.typeOf
import kotlinx.coroutines.awaitCancellation

private val TEXTS = setOf(
    "DATE_INVALID", "FORMAT_UNSUPPORTED", "ID_INVALID", "TIMESTAMP_INVALID", "TIME_INVALID", "ZONE_UNKNOWN",
)

/** The vectors below a folder of the project's, by the paths of their files. */
private fun vectors(folder: String): List<Pair<String, Map<*, *>>> = File(System.getProperty("tests"), folder).walk()
    .filter { it.extension == "json" }.sorted()
    .map { it.path to Json.parse(it.readText()) as Map<*, *> }.toList()

/** Says how many vectors of a kind ran, as every language's tests do: the gate holds it against the folders. */
private fun tellCount(count: Int, kind: String) = println("vectors: $count $kind")

/** What is wrong with the answer, or with the refusal. What was `kept` of earlier answers stands in the expectation by name. */
private inline fun judge(vector: Map<*, *>, kept: Map<String, Any?> = mapOf(), run: () -> Any?): String? {
    val answer = try {
        run()
    } catch (error: CalendarPublishException) {
        val found = Documents.toDocument(error.record()) as Map<*, *>
        var expected = vector["error"] as? Map<*, *> ?: return "was refused: $error"
        // A text that no type checks before it crosses: what is wrong is said, but not where.
        if (found["code"] in TEXTS && found["path"] == "") expected = expected.filterKeys { it == "code" || it == "measured" }
        return Documents.differs("error", expected, found)
    } catch (unsayable: Unsayable) {
        // What no type can say is refused sooner.
        return if ("error" in vector) null else "can't be said: ${unsayable.message}"
    }
    return if ("expected" in vector) Documents.differs("answer", filled(vector["expected"], kept), answer) else "was answered: $answer"
}

/** What reflection called throws as it was thrown. */
private inline fun <T> thrownItself(run: () -> T): T = try {
    run()
} catch (error: InvocationTargetException) {
    throw error.targetException
}

/** A clock that stands. */
private class Standing(private val instant: Timestamp) : Clock {
    override fun now() = instant

    override suspend fun sleepUntil(instant: Timestamp) = awaitCancellation()
}

/** The value with what was kept in place of its names, `"$job"`. */
private fun filled(value: Any?, kept: Map<String, Any?>): Any? = when (value) {
    is String -> value.removePrefix("$").takeIf { it != value && it in kept }?.let(kept::get) ?: value
    is List<*> -> value.map { filled(it, kept) }
    is Map<*, *> -> value.mapValues { filled(it.value, kept) }
    else -> value
}

/** The value that a JSON pointer without escapes leads to. */
private fun at(value: Any?, pointer: String) = pointer.split("/").drop(1).fold(value) { inner, key ->
    if (inner is List<*>) inner[key.toInt()] else (inner as Map<*, *>)[key]
}

/** How a step's operation is called. */
private typealias Ask = suspend (engine: Engine, name: String, input: Map<*, *>) -> Any?

private val byDocument: Ask = { engine, name, input -> Json.parse(engine.call(name, Json.write(input))) }

private val byTypes: Ask = { engine, name, input ->
    // `run` by itself is the worker.
    val method = Engine::class.memberFunctions.single { it.name == if (name == "run") "runOf" else name }
    val answer = thrownItself { method.callSuspend(engine, *arguments(method, input)) }
    Documents.toDocument(answer.takeIf { it != Unit })
}

/** What a method takes of a document: a request as a whole, or arguments by name. */
private fun arguments(method: KFunction<*>, document: Map<*, *>): Array<Any?> {
    val parameters: List<KParameter> = method.valueParameters
    val only = parameters.singleOrNull()
    if (only != null && only.name !in document) return arrayOf(Documents.toTyped(document, only.type))
    val unknown = document.keys - parameters.map { it.name }.toSet<Any?>()
    if (unknown.isNotEmpty()) throw Unsayable("${method.name} knows no $unknown")
    return parameters.map { Documents.toTyped(document[it.name], it.type) }.toTypedArray()
}

/** Takes every step of every engine's vector, and gives how many there were. */
private suspend fun everyStepOfEngines(ask: Ask): Int {
    val failures = mutableListOf<String>()
    val called = mutableSetOf<String>()
    var steps = 0
    for ((path, vector) in vectors("vectors-engine")) {
        val clock = Standing(vector["now"] as String)
        val settings = Documents.toTyped(vector["settings"], typeOf<EngineSettings>()) as EngineSettings
        val kept = mutableMapOf<String, Any?>()
        Engine(EnginePorts(store = memoryStore(clock), clock = clock), settings).use { engine ->
            for (step in vector["steps"] as List<*>) {
                step as Map<*, *>
                val name = step["call"] as String
                called += name
                steps++
                judge(step, kept) {
                    val answer = ask(engine, name, filled(step["input"], kept) as Map<*, *>)
                    (step["keep"] as Map<*, *>?)?.forEach { (name, pointer) -> kept[name as String] = at(answer, pointer as String) }
                    answer
                }?.let { failures += "$path: $name: $it" }
            }
        }
    }
    check(failures.isEmpty()) { failures.joinToString("\n") }
    check(called == engineOperationNames().toSet())
    return steps
}

/** The project's conformance vectors, which every language runs. */
val vectorTests = linkedMapOf<String, suspend () -> Unit>(
    "every vector holds by document" to {
        val vectors = vectors("vectors")
        val failures = vectors.mapNotNull { (path, vector) ->
            judge(vector) { Json.parse(call(vector["operation"] as String, Json.write(vector["input"]))) }?.let { "$path: $it" }
        }
        check(failures.isEmpty()) { failures.take(20).joinToString("\n") }
        tellCount(vectors.size, "operations")
    },
    "every vector that types can say holds by types" to {
        val functions = Class.forName("calendarpublish.Calendar_publishKt").methods.associateBy { it.name }
        val failures = mutableListOf<String>()
        val said = mutableSetOf<String>()
        for ((path, vector) in vectors("vectors")) {
            val name = vector["operation"] as String
            val method = functions.getValue(name)
            judge(vector) {
                val input = Documents.toTyped(vector["input"], method.kotlinFunction!!.parameters[0].type)
                said += name
                thrownItself { Documents.toDocument(method.invoke(null, input)) }
            }?.let { failures += "$path: $it" }
        }
        check(failures.isEmpty()) { failures.take(20).joinToString("\n") }
        check(said == operationNames().toSet())
    },
    "every vector of a calendar holds by document" to {
        var steps = 0
        val failures = mutableListOf<String>()
        for ((path, vector) in vectors("vectors-calendar")) {
            Calendar.load(Json.write(vector["document"]).toByteArray(), vector["now"] as String).use { calendar ->
                for (step in vector["steps"] as List<*>) {
                    step as Map<*, *>
                    steps++
                    judge(step) { Json.parse(calendar.call(step["call"] as String, Json.write(step["input"]))) }
                        ?.let { failures += "$path: ${step["call"]}: $it" }
                }
            }
        }
        check(failures.isEmpty()) { failures.joinToString("\n") }
        tellCount(steps, "calendar steps")
    },
    "every vector of an engine holds by document" to { tellCount(everyStepOfEngines(byDocument), "engine steps") },
    "every vector of an engine that types can say holds by types" to { everyStepOfEngines(byTypes) },
)
