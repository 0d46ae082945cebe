"""Every vector of the project, by document and, where types can say it, by types."""

import inspect
import json
import re
import typing
from pathlib import Path

import calendar_publish
from calendar_publish import CalendarPublishError, native

from documents import Unsayable, differs, to_document, to_typed

VECTORS = Path(__file__).parents[3] / "tests" / "vectors"
# A text that no type checks before it crosses: the refusal says what is wrong, but not where.
TEXTS = {
    "DATE_INVALID", "FORMAT_UNSUPPORTED", "ID_INVALID", "TIMESTAMP_INVALID", "TIME_INVALID",
    "ZONE_UNKNOWN",
}


def vectors():
    for path in sorted(VECTORS.glob("*/*.json")):
        # A document's numbers are kept to the letter by the other tests; here they are Python's.
        yield path, json.loads(path.read_text("utf-8"))


def tell_count(count, kind):
    """Says how many vectors of a kind ran, as every language's tests do: the gate holds it against the folders."""
    print(f"vectors: {count} {kind}")


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def judge_refusal(vector, error):
    found = to_document(error.record())
    expected = vector.get("error")
    if expected is None:
        return f"was refused: {error}"
    if found["code"] in TEXTS and not found["path"]:
        expected = {name: value for name, value in expected.items() if name in ("code", "measured")}
    return differs("error", expected, found)


def judge(vector, run):
    try:
        answer = run()
    except CalendarPublishError as error:
        return judge_refusal(vector, error)
    if "expected" not in vector:
        return f"was answered: {answer}"
    return differs("answer", vector["expected"], answer)


def test_every_vector_holds_by_document():
    failures, count = [], 0
    for path, vector in vectors():
        text = json.dumps(vector["input"], ensure_ascii=False)
        why = judge(vector, lambda: json.loads(calendar_publish.call(vector["operation"], text)))
        count += 1
        if why:
            failures.append(f"{path.relative_to(VECTORS)}: {why}")
    assert not failures, f"{len(failures)} of {count}:\n" + "\n".join(failures[:20])
    tell_count(count, "operations")


def test_every_vector_that_types_can_say_holds_by_types():
    failures, said, unsayable = [], {}, []
    for path, vector in vectors():
        function = getattr(calendar_publish, snake(vector["operation"]))
        kind = typing.get_type_hints(function, vars(native))["input"]
        try:
            value = to_typed(vector["input"], kind)
        except Unsayable as why:
            # A refusal of what no type can hold; an answer to it is a fault of the types.
            unsayable.append((path, why))
            if "expected" in vector:
                failures.append(f"{path.relative_to(VECTORS)}: can't be said: {why}")
            continue
        try:
            why = judge(vector, lambda: to_document(function(value)))
        except ValueError as refused:
            # A number that the type's range doesn't hold.
            unsayable.append((path, refused))
            why = f"can't be said: {refused}" if "expected" in vector else None
        else:
            said[vector["operation"]] = said.get(vector["operation"], 0) + 1
        if why:
            failures.append(f"{path.relative_to(VECTORS)}: {why}")
    print(f"vectors by types: {sum(said.values())}; {len(unsayable)} refuse what no type can say")
    assert not failures, f"{len(failures)}:\n" + "\n".join(failures[:40])
    assert set(said) == set(calendar_publish.operation_names())


def test_every_operation_is_a_documented_function():
    for name in calendar_publish.operation_names():
        assert inspect.getdoc(getattr(calendar_publish, snake(name))), name
