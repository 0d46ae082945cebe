"""Every vector of an engine: each step by document, over the store in memory."""

import asyncio
import json
from pathlib import Path

import calendar_publish as cp

from documents import differs, to_document, to_typed

VECTORS = Path(__file__).parents[3] / "tests" / "vectors-engine"


class Still(cp.Clock):
    """A clock that stands."""

    def __init__(self, now):
        self.instant = now

    def now(self):
        return self.instant

    async def sleep_until(self, instant):
        await asyncio.Event().wait()


def filled(value, kept):
    """The value with what was kept in place of its names, ``"$job"``."""
    if isinstance(value, str) and value.startswith("$"):
        return kept[value[1:]]
    if isinstance(value, list):
        return [filled(item, kept) for item in value]
    if isinstance(value, dict):
        return {name: filled(inner, kept) for name, inner in value.items()}
    return value


def at(value, pointer):
    """The value that a JSON pointer without escapes leads to."""
    for key in pointer.split("/")[1:]:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


async def take(engine, step, kept):
    try:
        answer = json.loads(await engine.call(step["call"], json.dumps(filled(step["input"], kept))))
    except cp.CalendarPublishError as error:
        if "error" not in step:
            return f"was refused: {error}"
        return differs("error", step["error"], to_document(error.record()))
    if "error" in step:
        return f"was answered: {answer}"
    for name, pointer in step.get("keep", {}).items():
        kept[name] = at(answer, pointer)
    return differs("answer", filled(step["expected"], kept), answer)


async def run(vector):
    clock = Still(vector["now"])
    ports = cp.EnginePorts(store=cp.memory_store(clock), clock=clock)
    engine = cp.Engine(ports, to_typed(vector["settings"], cp.EngineSettings))
    kept, failures = {}, []
    for number, step in enumerate(vector["steps"]):
        if why := await take(engine, step, kept):
            failures.append(f"step {number}, {step['call']}: {why}")
    return failures


def test_every_vector_of_an_engine_holds():
    failures, called = [], set()
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text("utf-8"))
        called |= {step["call"] for step in vector["steps"]}
        failures += [f"{path.name}: {why}" for why in asyncio.run(run(vector))]
    assert not failures, "\n".join(failures)
    assert called == set(cp.engine_operation_names())
