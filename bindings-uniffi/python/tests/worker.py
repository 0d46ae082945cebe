"""A worker process: it publishes what is due until it is killed.

``worker.py STORE INSTAGRAM ORIGIN TOKENS`` — ``sqlite:PATH`` is the ready-made store, ``python:PATH`` the
same behind a store of Python's.
"""

import asyncio
import json
import sys

import calendar_publish as cp
from conftest import ALL_ON, Token, instagram
from test_engine import PythonStore


def store(address):
    kind, _, path = address.partition(":")
    inner = cp.sqlite_store(path)
    if kind == "sqlite":
        return inner
    wrapped = PythonStore()
    wrapped.inner = inner
    return wrapped


def engine(address, graph, origin, tokens):
    ports = cp.EnginePorts(
        store=store(address),
        transport=cp.http_transport(cp.HttpOptions(allowed_origins=[origin])),
        tokens=Token(by_account=tokens),
    )
    # Short deadlines make short leases: takeovers are what is to be seen.
    platform = instagram(graph=graph, request_deadline_seconds=2, publish_deadline_seconds=2,
                         call_deadline_seconds=7)
    settings = cp.EngineSettings(settings=ALL_ON, instagram=platform, lease_seconds=14, concurrency=8)
    return cp.Engine(ports, settings)


if __name__ == "__main__":
    _, address, graph, origin, tokens = sys.argv
    asyncio.run(engine(address, graph, origin, json.loads(tokens)).run())
