import calendarpublish.*
import kotlin.reflect.KClass
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.full.memberProperties
import kotlin.reflect.full.primaryConstructor

/** The document can't be said in types: it has a field or a value that no type knows. */
class Unsayable(why: String) : Exception(why)

/**
 * JSON documents and the package's types, each made from the other by reflection. It knows nothing of
 * single types but where their JSON deviates from the rule: fields as they are called, variants in
 * snake_case, a variant's tag called `type`.
 */
object Documents {
    private val TAGS = mapOf(
        "CancelState" to "state", "Confirmation" to "seen", "EventKind" to "event", "JobResult" to "result",
        "EntryJobResult" to "result", "LedgerVerdict" to "result", "PieceValue" to "field",
        "PreflightReport" to "outcome",
    )
    private val FLATTENED = mapOf(
        "JobOutcome" to setOf("result"), "EntryJob" to setOf("result"), "CancelOutcome" to setOf("state"),
        "Event" to setOf("context", "kind"),
    )
    private val JSON_TEXT = setOf("constraints", "objectives", "ideas", "pillars", "accounts", "frequency")
    private val LEFT_OUT = mapOf<Pair<String, String>, () -> Any>(
        ("CsvOptions" to "columns") to { ColumnSet.HOST },
        ("CsvOptions" to "delimiter") to { Delimiter.COMMA },
        ("ExportCsvInput" to "options") to { CsvOptions(ColumnSet.HOST, Delimiter.COMMA) },
        ("TiktokOptions" to "mode") to { TiktokMode.DIRECT },
    )

    private fun snake(name: String) = name.replace(Regex("(?<!^)(?=[A-Z])"), "_").lowercase()

    private fun wire(owner: String, field: String) = if (owner == "LedgerVerdict.Broken") "break" else field

    private fun spelled(enum: Enum<*>): String = when (enum) {
        is Code, is TiktokPrivacy, is HttpMethod -> enum.name
        is Delimiter -> if (enum == Delimiter.COMMA) "," else ";"
        else -> enum.name.lowercase()
    }

    private fun variant(kind: KClass<*>, variant: KClass<*>): String {
        val name = variant.simpleName!!
        return when {
            kind == PieceValue::class -> name.replaceFirstChar(Char::lowercase)
            // `List` would hide Kotlin's own.
            kind == FormattableValue::class && name == "Texts" -> "list"
            else -> snake(name)
        }
    }

    fun toTyped(document: Any?, type: KType): Any? {
        val kind = type.classifier as KClass<*>
        if (document == null) return if (type.isMarkedNullable) null else throw Unsayable("null is no ${kind.simpleName}")
        fun no(): Nothing = throw Unsayable("$document is no ${kind.simpleName}")
        return when {
            kind == List::class -> (document as? List<*> ?: no()).map { toTyped(it, type.arguments[0].type!!) }
            kind == String::class -> document as? String ?: no()
            kind == Boolean::class -> document as? Boolean ?: no()
            kind == Double::class -> (document as? Number ?: no()).toDouble()
            kind == Long::class -> document as? Long ?: no()
            kind == Int::class -> (document as? Long ?: no()).toInt().takeIf { it.toLong() == document } ?: no()
            kind == UInt::class -> (document as? Long ?: no()).takeIf { it in 0..UInt.MAX_VALUE.toLong() }?.toUInt() ?: no()
            kind == ULong::class -> (document as? Long ?: no()).takeIf { it >= 0 }?.toULong() ?: no()
            kind == EntryRow::class -> row(document)
            kind == CalendarPiece::class -> piece(document as? Map<*, *> ?: no())
            kind.java.isEnum -> kind.java.enumConstants.map { it as Enum<*> }
                .find { spelled(it) == spelling(kind, document) } ?: no()
            kind.isSealed -> tagged(document as? Map<*, *> ?: no(), kind)
            else -> record(document as? Map<*, *> ?: no(), kind, kind.simpleName!!)
        }
    }

    /** Spellings that JSON takes beside the one that it writes. */
    private fun spelling(kind: KClass<*>, document: Any): Any = when {
        kind == Channel::class && document == "ig" -> "instagram"
        kind == Lang::class && document is String -> document.take(2)
        else -> document
    }

    private fun tagged(document: Map<*, *>, kind: KClass<*>): Any {
        val tag = TAGS[kind.simpleName] ?: "type"
        val found = kind.sealedSubclasses.find { variant(kind, it) == document[tag] }
            ?: throw Unsayable("$document is no ${kind.simpleName}")
        return found.objectInstance ?: record(document - tag, found, "${kind.simpleName}.${found.simpleName}")
    }

    private fun record(document: Map<*, *>, kind: KClass<*>, name: String): Any {
        val constructor = kind.primaryConstructor!!
        val values = mutableMapOf<KParameter, Any?>()
        val known = constructor.parameters.map { wire(name, it.name!!) }.toMutableSet<Any?>()
        for (parameter in constructor.parameters) {
            val field = parameter.name!!
            val key = wire(name, field)
            if (field in FLATTENED[name].orEmpty()) {
                var inner = document.filterKeys { it !in known }
                val inside = parameter.type.classifier as KClass<*>
                if (!inside.isSealed) inner = inner.filterKeys { key -> inside.memberProperties.any { it.name == key } }
                known.addAll(inner.keys)
                values[parameter] = toTyped(inner, parameter.type)
            } else if (key !in document) {
                val leftOut = LEFT_OUT[name to field]
                when {
                    name == "EventContext" -> throw Unsayable("a line of a log has all of its context")
                    leftOut != null -> values[parameter] = leftOut()
                    parameter.isOptional -> {}
                    parameter.type.isMarkedNullable -> values[parameter] = null
                    else -> throw Unsayable("$name lacks $key")
                }
            } else if (name == "CalendarRequest" && field in JSON_TEXT) {
                values[parameter] = document[key]?.let(Json::write)
            } else {
                values[parameter] = toTyped(document[key], parameter.type)
            }
        }
        val unknown = document.keys - known
        if (unknown.isNotEmpty() && !name.startsWith("EventKind.")) throw Unsayable("$name has $unknown")
        return constructor.callBy(values)
    }

    /** What can't be read as an entry is handed on as text. */
    private fun row(document: Any): EntryRow = try {
        call("captionText", Json.write(mapOf("entry" to document)))
        EntryRow.Entry(record(document as Map<*, *>, CalendarEntry::class, "CalendarEntry") as CalendarEntry)
    } catch (_: CalendarPublishException) {
        EntryRow.Unreadable(Json.write(document))
    } catch (_: Unsayable) {
        EntryRow.Unreadable(Json.write(document))
    }

    /** What a piece doesn't know is kept as JSON text. */
    private fun piece(document: Map<*, *>): Any {
        val known = CalendarPiece::class.memberProperties.map { it.name }.toSet<Any?>() - "extra"
        val extra = (document.keys - known).map { ExtraField(it as String, Json.write(document[it])) }
        val leftOut = mapOf("time" to "09:00", "format" to "post", "copy" to "")
        val piece = record(leftOut + document.filterKeys { it in known }, CalendarPiece::class, "CalendarPiece")
        return (piece as CalendarPiece).copy(extra = extra)
    }

    fun toDocument(value: Any?): Any? = when (value) {
        null, is String, is Boolean, is Number -> value
        is UInt -> value.toLong()
        is ULong -> value.toLong()
        is List<*> -> value.map(::toDocument)
        is Enum<*> -> spelled(value)
        else -> members(value)
    }

    private fun members(value: Any): Map<String, Any?> {
        val document = linkedMapOf<String, Any?>()
        val outer = value::class.java.enclosingClass?.kotlin
        val name = listOfNotNull(outer?.simpleName, value::class.simpleName).joinToString(".")
        if (outer != null) document[TAGS[outer.simpleName] ?: "type"] = variant(outer, value::class)
        for (property in value::class.memberProperties) {
            val inner = toDocument(property.getter.call(value))
            when {
                property.name in FLATTENED[name].orEmpty() -> document += inner as Map<String, Any?>
                value is CalendarPiece && property.name == "extra" ->
                    value.extra.forEach { document[it.name] = Json.parse(it.json) }
                value is CalendarRequest && property.name in JSON_TEXT && inner is String ->
                    document[property.name] = Json.parse(inner)
                else -> document[wire(name, property.name)] = inner
            }
        }
        return document
    }

    /** The first difference, as the vectors judge: what isn't expected isn't judged, null is absent. */
    fun differs(path: String, expected: Any?, actual: Any?): String? {
        if (expected is Map<*, *> && actual is Map<*, *>) {
            return expected.entries.firstNotNullOfOrNull { (name, value) -> differs("$path.$name", value, actual[name]) }
        }
        if (expected is List<*> && actual is List<*> && expected.size == actual.size) {
            return expected.indices.firstNotNullOfOrNull { differs("$path[$it]", expected[it], actual[it]) }
        }
        val same = expected == actual ||
            expected is Number && actual is Number && expected.toDouble() == actual.toDouble() ||
            expected == null && actual is List<*> && actual.isEmpty()
        return if (same) null else "$path: expected $expected, got $actual"
    }
}
