"""Every vector of an engine, over the store in memory: each step by document on one engine, and by types on
another."""

import asyncio
import json
import re
from pathlib import Path

import pytest

import calendar_publish as cp

from documents import Unsayable, arguments, differs, to_document, to_typed
from test_vectors import judge_refusal, tell_count

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


async def by_document(engine, name, request):
    return json.loads(await engine.call(name, json.dumps(request)))


async def by_types(engine, name, request):
    # `run` by itself is the worker.
    method = getattr(engine, "run_of" if name == "run" else re.sub("([A-Z])", r"_\1", name).lower())
    return to_document(await method(*arguments(method, request)))


async def take(ask, engine, step, kept):
    try:
        answer = await ask(engine, step["call"], filled(step["input"], kept))
    except cp.CalendarPublishError as error:
        return judge_refusal(step, error)
    except (Unsayable, ValueError) as unsayable:
        # What no type can say is refused sooner.
        return None if "error" in step else f"can't be said: {unsayable}"
    if "error" in step:
        return f"was answered: {answer}"
    for name, pointer in step.get("keep", {}).items():
        kept[name] = at(answer, pointer)
    return differs("answer", filled(step["expected"], kept), answer)


async def run(ask, vector):
    clock = Still(vector["now"])
    ports = cp.EnginePorts(store=cp.memory_store(clock), clock=clock)
    engine = cp.Engine(ports, to_typed(vector["settings"], cp.EngineSettings))
    kept, failures = {}, []
    for number, step in enumerate(vector["steps"]):
        if why := await take(ask, engine, step, kept):
            failures.append(f"step {number}, {step['call']}: {why}")
    return failures


@pytest.mark.parametrize("ask", [by_document, by_types])
def test_every_vector_of_an_engine_holds(ask):
    failures, called, steps = [], set(), 0
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text("utf-8"))
        called |= {step["call"] for step in vector["steps"]}
        steps += len(vector["steps"])
        failures += [f"{path.name}: {why}" for why in asyncio.run(run(ask, vector))]
    assert not failures, "\n".join(failures)
    assert called == set(cp.engine_operation_names())
    if ask is by_document:
        tell_count(steps, "engine steps")
