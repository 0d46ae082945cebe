"""Worker processes are killed with ``kill -9`` at random. Afterwards the platform's truth and the store
must agree: nothing lost, nothing twice."""

import asyncio
import collections
import concurrent.futures
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import calendar_publish as cp
from conftest import USER, account, context, entry, later
from platforms import Platforms
from worker import engine

ACCOUNTS = 4
JOBS = 24
WORKERS = 2
KILLING_SECONDS = 15
PATIENCE_SECONDS = 150
LIVE = (cp.JobStatus.SCHEDULED, cp.JobStatus.PUBLISHING, cp.JobStatus.FAILED)


def test_nothing_is_lost_or_published_twice(tmp_path):
    # Side by side: most of the time is waited.
    addresses = [f"{kind}:{tmp_path / kind}.db" for kind in ("sqlite", "python")]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for trial in [pool.submit(attempt, address) for address in addresses]:
            trial.result()


def attempt(address):
    served = Platforms([f"sim.baker{number}" for number in range(ACCOUNTS)])
    try:
        Trial(served, address).run()
    finally:
        served.close()


class Trial:
    def __init__(self, served, address):
        self.served = served
        self.accounts = [account(number, name) for number, name in enumerate(served.accounts)]
        self.tokens = {one.id: served.token(one.external_account_id) for one in self.accounts}
        self.arguments = [address, served.hosts["graph.instagram.com"], served.origin]
        self.host = engine(*self.arguments, self.tokens)
        self.captions = {}

    def run(self):
        asyncio.run(self.schedule())
        self.kill_at_random()
        asyncio.run(self.drain())
        asyncio.run(self.compare())

    async def schedule(self):
        for one in self.accounts:
            await self.host.put_account(one)
        entries = [
            entry(number, later(3 + number * (KILLING_SECONDS - 6) / JOBS), of=number % ACCOUNTS)
            for number in range(JOBS)
        ]
        scheduled = await self.host.schedule(context(), cp.Schedule(entries=entries))
        for one, outcome in zip(entries, scheduled.outcomes):
            self.captions[outcome.result.job.id] = one.piece.copy

    def spawn(self):
        worker = Path(__file__).with_name("worker.py")
        return subprocess.Popen([sys.executable, worker, *self.arguments, json.dumps(self.tokens)])

    def kill_at_random(self):
        workers = [self.spawn() for _ in range(WORKERS)]
        end, kills = time.monotonic() + KILLING_SECONDS, 0
        while time.monotonic() < end:
            time.sleep(random.uniform(0.5, 2.0))
            place = random.randrange(WORKERS)
            kill(workers[place])
            workers[place] = self.spawn()
            kills += 1
        for worker in workers:
            kill(worker)
        print(f"{kills} workers were killed")
        assert kills >= 6

    async def drain(self):
        """Nobody is killed any more."""
        worker = self.spawn()
        try:
            end = time.monotonic() + PATIENCE_SECONDS
            while True:
                jobs = await self.jobs()
                if not any(job.status in LIVE for job in jobs):
                    return
                failed = [job.id for job in jobs if job.status == cp.JobStatus.FAILED]
                if failed:
                    # Nothing waits five minutes here for the second try.
                    await self.host.retry(context(), failed)
                assert time.monotonic() < end, [job for job in jobs if job.status in LIVE]
                await asyncio.sleep(0.5)
        finally:
            kill(worker)

    async def jobs(self):
        return await self.host.jobs(USER, cp.JobFilter())

    async def compare(self):
        truth = collections.Counter(
            caption
            for one in self.accounts
            for caption in self.served.captions(one.external_account_id, self.tokens[one.id])
        )
        twice = {caption: times for caption, times in truth.items() if times > 1}
        assert not twice
        jobs = await self.jobs()
        assert {job.id for job in jobs} == set(self.captions), "a job was lost"
        for job in jobs:
            out = self.captions[job.id] in truth
            if job.status == cp.JobStatus.PUBLISHED:
                assert out, f"not out: {job}"
            else:
                assert job.status == cp.JobStatus.NEEDS_ATTENTION, job
                if job.last_error != cp.Code.OUTCOME_UNKNOWN:
                    assert not out, f"out, and called unpublished: {job}"
        published = sum(job.status == cp.JobStatus.PUBLISHED for job in jobs)
        print(f"{sum(truth.values())} posts, {published} of {JOBS} jobs published")
        assert published > JOBS * 8 / 10


def kill(worker):
    worker.kill()
    worker.wait()
