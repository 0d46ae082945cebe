"""Every vector of a held calendar: each step by document on one calendar, and by types on another."""

import json
import re
from pathlib import Path

import calendar_publish as cp

from documents import Unsayable, arguments, to_document
from test_vectors import judge, tell_count

VECTORS = Path(__file__).parents[3] / "tests" / "vectors-calendar"


def by_types(calendar, name, document):
    """The method of that name, with what its annotations make of the document."""
    method = getattr(calendar, re.sub("([A-Z])", r"_\1", name).lower(), None)
    if method is None:
        raise Unsayable(f"there is no method {name}")
    answer = to_document(method(*arguments(method, document)))
    if name == "nextFreeSlot":
        return {"slot": answer}
    if name == "putSettings":
        return {}
    # A method gives the list itself, a document names it.
    if isinstance(answer, list):
        return dict.fromkeys(("entries", "clashes", "accounts", "reports"), answer)
    return answer


def test_every_vector_of_a_calendar_holds():
    failures, steps, typed = [], 0, 0
    for path in sorted(VECTORS.glob("**/*.json")):
        vector = json.loads(path.read_text("utf-8"))
        document = json.dumps(vector["document"]).encode()
        one, other = cp.Calendar.load(document, vector["now"]), cp.Calendar.load(document, vector["now"])
        for step in vector["steps"]:
            name, text = step["call"], json.dumps(step["input"])
            steps += 1
            why = judge(step, lambda: json.loads(one.call(name, text)))
            try:
                why = why or judge(step, lambda: by_types(other, name, step["input"]))
                typed += 1
            except (Unsayable, ValueError) as unsayable:
                if "expected" in step:
                    why = why or f"can't be said: {unsayable}"
                    other.call(name, text)
            if why:
                failures.append(f"{path.name}: {name}: {why}")
    print(f"steps of calendars by types: {typed}")
    assert not failures, f"{len(failures)}:\n" + "\n".join(failures[:20])
    assert typed >= steps * 0.8
    tell_count(steps, "calendar steps")
