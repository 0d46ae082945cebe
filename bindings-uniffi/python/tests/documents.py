"""JSON documents and the package's types, each made from the other by the types' own annotations.

It knows nothing of single types but where their JSON deviates from the rule: fields in camelCase,
variants in snake_case, a variant's tag called ``type``.
"""

import enum
import inspect
import json
import typing
from functools import cache

from calendar_publish import native


class Unsayable(Exception):
    """The document can't be said in types: it has a field or a value that no type knows."""


TAGS = {
    "CancelState": "state",
    "Confirmation": "seen",
    "EventKind": "event",
    "JobResult": "result",
    "EntryJobResult": "result",
    "LedgerVerdict": "result",
    "PieceValue": "field",
    "PreflightReport": "outcome",
}
VARIANTS = {
    "Code": str.upper,
    "TiktokPrivacy": str.upper,
    "HttpMethod": str.upper,
    "Delimiter": {"comma": ",", "semicolon": ";"}.__getitem__,
    "PieceValue": lambda name: camel(name),
    # `List` would hide Kotlin's own.
    "FormattableValue": lambda name: "list" if name == "texts" else name,
}
FLATTENED = {
    "JobOutcome": {"result"},
    "EntryJob": {"result"},
    "CancelOutcome": {"state"},
    "Event": {"context", "kind"},
}
FIELDS = {("LedgerVerdict.BROKEN", "place"): "break"}
# Spellings that JSON takes beside the one that it writes.
SPELLINGS = {
    "Channel": lambda text: "instagram" if text == "ig" else text,
    "Lang": lambda text: text[:2],
}
JSON_TEXT = {
    "CalendarRequest": {"constraints", "objectives", "ideas", "pillars", "accounts", "frequency"},
}
# What JSON may leave out and a type may not: UniFFI knows no default of an enum.
VARIANT_DEFAULTS = {
    ("CsvOptions", "columns"): lambda: native.ColumnSet.HOST,
    ("CsvOptions", "delimiter"): lambda: native.Delimiter.COMMA,
    ("ExportCsvInput", "options"): lambda: to_typed({}, native.CsvOptions),
    ("TiktokOptions", "mode"): lambda: native.TiktokMode.DIRECT,
}


def camel(name: str) -> str:
    # A word of Python's has an underscore before it: `_from`.
    first, *rest = name.removeprefix("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


def wire(owner: str, field: str) -> str:
    return FIELDS.get((owner, field)) or camel(field)


@cache
def fields(cls) -> dict:
    hints = typing.get_type_hints(cls.__init__, vars(native))
    parameters = inspect.signature(cls.__init__).parameters
    return {
        name: (hints[name], parameter.default is not inspect.Parameter.empty)
        for name, parameter in parameters.items()
        if name != "self"
    }


@cache
def variants(cls) -> dict | None:
    """The variants of an enum by their name on the wire; nothing for a record."""
    spell = VARIANTS.get(cls.__name__, str)
    if issubclass(cls, enum.Enum):
        return {spell(member.name.lower()): member for member in cls}
    inner = {
        name: member
        for name, member in vars(cls).items()
        if inspect.isclass(member) and name.isupper()
    }
    return {spell(name.lower()): variant for name, variant in inner.items()} or None


def to_typed(document, kind):
    origin = typing.get_origin(kind)
    if origin is typing.Union:
        inner = next(arg for arg in typing.get_args(kind) if arg is not type(None))
        return None if document is None else to_typed(document, inner)
    if origin is list:
        if not isinstance(document, list):
            raise Unsayable(f"{document!r} is no list")
        return [to_typed(item, typing.get_args(kind)[0]) for item in document]
    if kind in (str, int, float, bool):
        fits = isinstance(document, (int, float) if kind is float else kind)
        if not fits or (isinstance(document, bool) and kind is not bool):
            raise Unsayable(f"{document!r} is no {kind.__name__}")
        return document
    if kind.__name__ == "EntryRow":
        return row(document, kind)
    if kind.__name__ == "CalendarPiece":
        return piece(document, kind)
    found = variants(kind)
    if found is None:
        return record(document, kind, kind.__name__, ignore=())
    if issubclass(kind, enum.Enum):
        if isinstance(document, str):
            document = SPELLINGS.get(kind.__name__, str)(document)
        if not isinstance(document, str) or document not in found:
            raise Unsayable(f"{document!r} is no {kind.__name__}")
        return found[document]
    tag = TAGS.get(kind.__name__, "type")
    if not isinstance(document, dict) or document.get(tag) not in found:
        raise Unsayable(f"{document!r} is no {kind.__name__}")
    variant = found[document[tag]]
    return record(document, variant, variant.__name__, ignore=(tag,))


def record(document, cls, name, ignore):
    if not isinstance(document, dict):
        raise Unsayable(f"{document!r} is no {name}")
    known, values = set(ignore), {}
    for field, (kind, optional) in fields(cls).items():
        key = wire(name, field)
        if field in FLATTENED.get(name, ()):
            own = {wire(name, other) for other in fields(cls)} | known
            inner = {name: value for name, value in document.items() if name not in own}
            if variants(kind) is None:
                inner = {name: inner[name] for name in names(kind) if name in inner}
            known |= set(inner)
            values[field] = to_typed(inner, kind)
            continue
        known.add(key)
        if key not in document:
            if name == "EventContext":
                raise Unsayable("a line of a log has all of its context, if only as null")
            if typing.get_origin(kind) is typing.Union:
                values[field] = None
            elif (name, field) in VARIANT_DEFAULTS:
                values[field] = VARIANT_DEFAULTS[name, field]()
            elif not optional:
                raise Unsayable(f"{name} lacks {key}")
            continue
        value = document[key]
        if value is None and typing.get_origin(kind) is not typing.Union:
            raise Unsayable(f"{name}.{key} is null")
        if field in JSON_TEXT.get(name, ()):
            values[field] = None if value is None else json.dumps(value, ensure_ascii=False)
        else:
            values[field] = to_typed(value, kind)
    # A line of a log may have more, which its logger added.
    unknown = set(document) - known
    if unknown and not name.startswith("EventKind."):
        raise Unsayable(f"{name} has {unknown}")
    return cls(**values)


def names(cls):
    """The names of a record's fields on the wire."""
    return [wire(cls.__name__, field) for field in fields(cls)]


def row(document, kind):
    """What can't be read as an entry is handed on as text."""
    try:
        native.call("captionText", json.dumps({"entry": document}))
        return kind.ENTRY(to_typed(document, native.CalendarEntry))
    except (Unsayable, native.CalendarPublishError):
        return kind.UNREADABLE(json.dumps(document, ensure_ascii=False))


def piece(document, kind):
    """What a piece doesn't know is kept as JSON text."""
    if not isinstance(document, dict):
        raise Unsayable(f"{document!r} is no piece")
    known = set(names(kind)) - {"extra"}
    extra = [
        native.ExtraField(name=name, json=json.dumps(value, ensure_ascii=False))
        for name, value in document.items()
        if name not in known
    ]
    document = {name: value for name, value in document.items() if name in known}
    # What a host may leave out of a piece, with what that means (docs/contract.md).
    document = {"time": "09:00", "hashtags": [], "extra": [], "format": "post", "copy": ""} | document
    made = record(document, kind, "CalendarPiece", ignore=())
    made.extra = extra
    return made


def arguments(method, document) -> list:
    """What a method takes of a document: a request as a whole, or arguments by name."""
    kinds = typing.get_type_hints(method, vars(native))
    names = list(inspect.signature(method).parameters)
    try:
        (only,) = names
        return [to_typed(document, kinds[only])]
    except (Unsayable, ValueError):
        if set(document) - {wire("", name) for name in names}:
            raise
        return [to_typed(document.get(wire("", name)), kinds[name]) for name in names]


def to_document(value):
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, list):
        return [to_document(item) for item in value]
    cls = type(value)
    if isinstance(value, enum.Enum):
        spell = VARIANTS.get(cls.__name__, str)
        return spell(value.name.lower())
    document, name = {}, cls.__qualname__
    if "." in name:
        kind, variant = name.split(".")
        document[TAGS.get(kind, "type")] = VARIANTS.get(kind, str)(variant.lower())
    for field in fields(cls):
        inner = to_document(getattr(value, field))
        if field in FLATTENED.get(name, ()):
            document |= inner
        elif name == "CalendarPiece" and field == "extra":
            document |= {item["name"]: json.loads(item["json"]) for item in inner}
        elif inner is not None and field in JSON_TEXT.get(name, ()):
            document[wire(name, field)] = json.loads(inner)
        else:
            document[wire(name, field)] = inner
    return document


def differs(path, expected, actual):
    """The first difference, as the vectors judge: what isn't expected isn't judged, null is absent,
    and so is an empty list, which some documents leave out."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if found := differs(f"{path}.{name}", value, actual.get(name)):
                return found
        return None
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual)):
            if found := differs(f"{path}[{index}]", one, other):
                return found
        return None
    if expected is None and actual == []:
        return None
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return None if same else f"{path}: expected {expected!r}, got {actual!r}"
