/** JSON, as far as the vectors need it: maps, lists, texts, numbers, truths and nothing. */
class Json(private val text: String) {
    private var at = 0

    companion object {
        fun parse(text: String): Any? = Json(text).run { value().also { space(); check(at == text.length) } }

        fun write(value: Any?): String = when (value) {
            null -> "null"
            is Map<*, *> -> value.entries.joinToString(",", "{", "}") { (name, inner) -> "${write(name)}:${write(inner)}" }
            is List<*> -> value.joinToString(",", "[", "]") { write(it) }
            is String -> quoted(value)
            else -> value.toString()
        }

        private fun quoted(text: String) = buildString {
            append('"')
            for (letter in text) {
                when {
                    letter == '"' || letter == '\\' -> append('\\').append(letter)
                    letter < ' ' -> append("\\u%04x".format(letter.code))
                    else -> append(letter)
                }
            }
            append('"')
        }
    }

    private fun space() {
        while (at < text.length && text[at].isWhitespace()) at++
    }

    private fun take(letter: Char): Boolean {
        space()
        return (at < text.length && text[at] == letter).also { if (it) at++ }
    }

    private fun value(): Any? {
        space()
        return when {
            take('{') -> members()
            take('[') -> items()
            text[at] == '"' -> string()
            word("true") -> true
            word("false") -> false
            word("null") -> null
            else -> number()
        }
    }

    private fun word(word: String) = text.startsWith(word, at).also { if (it) at += word.length }

    private fun members(): Map<String, Any?> {
        val members = linkedMapOf<String, Any?>()
        if (take('}')) return members
        do {
            space()
            val name = string()
            check(take(':'))
            members[name] = value()
        } while (take(','))
        check(take('}'))
        return members
    }

    private fun items(): List<Any?> {
        val items = mutableListOf<Any?>()
        if (take(']')) return items
        do items += value() while (take(','))
        check(take(']'))
        return items
    }

    private fun string(): String = buildString {
        at++
        while (text[at] != '"') {
            val letter = text[at++]
            if (letter != '\\') {
                append(letter)
                continue
            }
            when (val escape = text[at++]) {
                'n' -> append('\n')
                't' -> append('\t')
                'r' -> append('\r')
                'b' -> append('\b')
                'f' -> append('\u000c')
                'u' -> append(text.substring(at, at + 4).toInt(16).toChar()).also { at += 4 }
                else -> append(escape)
            }
        }
        at++
    }

    private fun number(): Number {
        val start = at
        while (at < text.length && text[at] in "+-.eE0123456789") at++
        val digits = text.substring(start, at)
        return digits.toLongOrNull() ?: digits.toBigIntegerOrNull() ?: digits.toDouble()
    }
}
