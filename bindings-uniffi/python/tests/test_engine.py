"""The engine, with ports that Python implements, and with what they throw."""

import asyncio
import datetime
import inspect
import json
import re
import time

import pytest

import calendar_publish as cp
from conftest import USER, Token, account, context, engine, entry, instagram, later
from documents import differs, to_document

LIVE = (cp.JobStatus.SCHEDULED, cp.JobStatus.PUBLISHING)


class PythonStore(cp.Store):
    """A store of Python's: each method is Python's, and passes on to one of ours unless it is told to
    throw."""

    def __init__(self):
        self.inner = cp.memory_store(cp.system_clock())
        self.calls, self.throws = {}, {}


def passing(name):
    async def method(self, *arguments):
        self.calls[name] = self.calls.get(name, 0) + 1
        if thrown := self.throws.get(name):
            raise thrown
        return await getattr(self.inner, name)(*arguments)

    return method


METHODS = [name for name, method in inspect.getmembers(cp.Store, inspect.isfunction)
           if not name.startswith("_")]
for method in METHODS:
    setattr(PythonStore, method, passing(method))


def published(at, number=1):
    return cp.Receipt(kind=cp.ReceiptKind.PUBLISHED, external_id=f"post-{number}", permalink=None, at=at)


class Platform(cp.ChannelAdapter):
    """A platform of Python's."""

    def __init__(self):
        self.posts, self.throws = [], None

    def channel(self):
        return cp.Channel.INSTAGRAM

    def call_deadline(self):
        return datetime.timedelta(seconds=5)

    def begin(self, post):
        return cp.Progress(stage="publish", kind=cp.StepKind.DECISIVE, state="{}")

    async def advance(self, post, progress):
        if self.throws:
            raise self.throws
        await asyncio.sleep(0)
        self.posts.append(post.entry.piece.copy)
        return cp.AdapterStep.DONE(published(later(0), len(self.posts)))

    async def reconcile(self, post, progress):
        return cp.Reconciled.STILL_UNKNOWN(None, progress)


async def until_ended(host, seconds=20):
    """Lets the worker run until no job is live any more."""
    worker = asyncio.create_task(host.run())
    for _ in range(seconds * 10):
        await asyncio.sleep(0.1)
        jobs = await host.jobs(USER, cp.JobFilter())
        if jobs and not any(job.status in LIVE for job in jobs):
            break
    host.stop()
    return await worker, await host.jobs(USER, cp.JobFilter())


def test_a_store_and_a_platform_of_pythons_publish():
    async def main():
        store, platform = PythonStore(), Platform()
        host = engine(store, adapters=[platform])
        await host.put_account(account())
        scheduled = await host.schedule(context(), cp.Schedule(entries=[entry(1, later(1)), entry(2, later(1))]))
        assert [outcome.result.is_SCHEDULED() for outcome in scheduled.outcomes] == [True, True]
        report, jobs = await until_ended(host)
        assert report.published == 2
        assert [job.status for job in jobs] == [cp.JobStatus.PUBLISHED] * 2
        assert sorted(platform.posts) == ["Hoy hay pan 1.", "Hoy hay pan 2."]
        assert store.calls["claim_jobs"] and store.calls["advance_jobs"]
        history = await host.job(USER, jobs[0].id)
        assert [attempt.number for attempt in history.attempts] == [1]
        assert history.attempts[0].error_code is None
        ledger = await host.ledger(USER, account().id, 0, 100)
        verdict = cp.verify_ledger(cp.VerifyLedgerInput(ledger=cp.LedgerSource.ROWS(ledger, cp.LedgerHead())))
        assert verdict.is_WHOLE()

    asyncio.run(main())


def test_a_store_that_throws_is_unavailable_and_nothing_is_lost():
    async def main():
        store, platform = PythonStore(), Platform()
        host = engine(store, adapters=[platform], settings={"lease_seconds": 10})
        await host.put_account(account())
        store.throws["schedule_jobs"] = ZeroDivisionError("by accident")
        batch = cp.Schedule(entries=[entry(1, later(1))])
        with pytest.raises(cp.CalendarPublishError) as caught:
            await host.schedule(context("k"), batch)
        assert caught.value.code() == cp.Code.STORE_UNAVAILABLE
        assert caught.value.retryable()
        store.throws.clear()
        await host.schedule(context("k"), batch)

        store.throws["claim_jobs"] = cp.StoreError.Unavailable("down for maintenance")
        worker = asyncio.create_task(host.run())
        await asyncio.sleep(2.5)
        assert not platform.posts and store.calls["claim_jobs"] >= 2
        store.throws.clear()
        for _ in range(100):
            await asyncio.sleep(0.1)
            if platform.posts:
                break
        host.stop()
        report = await worker
        assert report.store_failures >= 2
        assert platform.posts == ["Hoy hay pan 1."]

    asyncio.run(main())


def test_a_declared_error_of_a_store_keeps_its_meaning():
    async def main():
        store = PythonStore()
        host = engine(store)
        store.throws["accounts"] = cp.StoreError.Corrupt("accounts.timezone", "it is no zone")
        with pytest.raises(cp.CalendarPublishError) as caught:
            await host.accounts(USER)
        assert (caught.value.code(), caught.value.path()) == (cp.Code.STORE_CORRUPT, "accounts.timezone")

    asyncio.run(main())


def test_an_adapter_that_throws_in_the_decisive_step_leaves_the_outcome_unknown():
    async def main():
        platform = Platform()
        platform.throws = RuntimeError("the socket broke")
        host = engine(adapters=[platform], settings={"lease_seconds": 10})
        await host.put_account(account())
        await host.schedule(context(), cp.Schedule(entries=[entry(1, later(1))]))
        worker = asyncio.create_task(host.run())
        await asyncio.sleep(3)
        host.stop()
        await worker
        jobs = await host.jobs(USER, cp.JobFilter())
        # It is looked for, and never simply tried again.
        assert jobs[0].attempt_count == 1
        assert jobs[0].status in (cp.JobStatus.PUBLISHING, cp.JobStatus.NEEDS_ATTENTION)

    asyncio.run(main())


class Transport(cp.HttpTransport):
    def __init__(self, answer):
        self.answer, self.requests = answer, []

    async def send(self, request):
        self.requests.append(request)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "thrown, tokens",
    [
        (cp.TransportError.NotSent("no network"), Token()),
        (ConnectionError("https://graph.instagram.com/?access_token=SECRET"), Token()),
        (cp.HttpResponse(status=200, headers=[], body=b"not json"), Token()),
        (None, type("Throwing", (Token,), {"access_token": Transport.send})()),
    ],
)
def test_whatever_the_transport_or_the_tokens_throw_the_job_stays(thrown, tokens):
    async def main():
        events = []

        class Log(cp.Telemetry):
            def record(self, event):
                events.append(event)
                raise OSError("the log is full")

        tokens.answer, tokens.requests = KeyError("SECRET"), []
        transport = Transport(thrown)
        host = engine(transport=transport, tokens=tokens, telemetry=Log(),
                      settings={"instagram": instagram()})
        await host.put_account(account())
        await host.schedule(context(), cp.Schedule(entries=[entry(1, later(1))]))
        await asyncio.sleep(1.2)
        report = await host.tick(10)
        assert report.claimed == 1 and report.published == 0
        jobs = await host.jobs(USER, cp.JobFilter())
        assert len(jobs) == 1 and jobs[0].status not in (cp.JobStatus.PUBLISHED, cp.JobStatus.CANCELLED)
        assert events, "telemetry that throws is told all the same"
        history = await host.job(USER, jobs[0].id)
        assert "SECRET" not in repr(history)

    asyncio.run(main())


def test_fifty_commands_at_once():
    async def main():
        host = engine(PythonStore())
        await host.put_account(account())
        answers = await asyncio.gather(*(
            host.schedule(context(f"key-{number}"), cp.Schedule(entries=[entry(number, later(3600 + number))]))
            for number in range(50)
        ))
        assert all(answer.outcomes[0].result.is_SCHEDULED() for answer in answers)
        jobs = await host.jobs(USER, cp.JobFilter())
        assert len({job.id for job in jobs}) == 50
        depth = await host.queue_depth()
        assert [count.count for count in depth.counts] == [50]

    asyncio.run(main())


def test_a_key_makes_a_command_happen_once():
    async def main():
        host = engine()
        await host.put_account(account())
        batch = cp.Schedule(entries=[entry(1), entry(2)])
        first = await host.schedule(context("once"), batch)
        again = await host.schedule(context("once"), batch)
        assert (first.repeated, again.repeated) == (False, True)
        cancelled = await host.cancel(context(), [outcome.result.job.id for outcome in first.outcomes])
        assert [outcome.state.is_HONOURED() for outcome in cancelled] == [True, True]

    asyncio.run(main())


def test_documents_ask_the_same_engine():
    async def main():
        host = engine()
        await host.put_account(account())
        answer = json.loads(await host.call("accounts", json.dumps({"userId": USER})))
        typed = [to_document(one) for one in await host.accounts(USER)]
        assert differs("accounts", answer, typed) is None and len(typed) == 1
        with pytest.raises(cp.CalendarPublishError) as caught:
            await host.call("bake", "{}")
        assert caught.value.code() == cp.Code.OPERATION_UNKNOWN
        with pytest.raises(cp.CalendarPublishError) as caught:
            await host.call("jobs", "{}")
        assert (caught.value.code(), caught.value.path()) == (cp.Code.INPUT_INVALID, "userId")

    asyncio.run(main())


def test_every_operation_of_the_engine_is_a_method():
    for name in cp.engine_operation_names():
        method = "run_of" if name == "run" else re.sub("([A-Z])", r"_\1", name).lower()
        assert inspect.getdoc(getattr(cp.Engine, method)), name


def test_nothing_is_published_while_publishing_is_off():
    async def main():
        host = engine(settings={"settings": []})
        for command in (host.run(), host.tick(1), host.schedule(context(), cp.Schedule(entries=[]))):
            with pytest.raises(cp.CalendarPublishError) as caught:
                await command
            assert caught.value.code() == cp.Code.FLAG_OFF

    asyncio.run(main())


def test_it_publishes_to_instagram(platforms, tmp_path):
    async def main():
        name = platforms.accounts[0]
        token = platforms.token(name)
        host = engine(
            cp.sqlite_store(str(tmp_path / "jobs.db")),
            transport=cp.http_transport(cp.HttpOptions(allowed_origins=[platforms.origin])),
            tokens=Token(token),
            settings={"instagram": instagram(graph=platforms.hosts["graph.instagram.com"])},
        )
        await host.put_account(account(external=name))
        await host.schedule(context(), cp.Schedule(entries=[entry(1, later(1), copy="Desde Python")]))
        report, jobs = await until_ended(host, seconds=40)
        assert [job.status for job in jobs] == [cp.JobStatus.PUBLISHED]
        assert platforms.captions(name, token).count("Desde Python") == 1

    asyncio.run(main())


def test_an_address_that_is_not_allowed_is_never_called(platforms):
    async def main():
        transport = cp.http_transport(cp.HttpOptions())
        request = cp.HttpRequest(method=cp.HttpMethod.GET, url=f"{platforms.origin}/", headers=[], body=b"",
                                 deadline=datetime.timedelta(seconds=5))
        with pytest.raises(cp.TransportError.AddressForbidden):
            await transport.send(request)

    asyncio.run(main())


def test_a_port_of_ones_own_may_call_a_ready_made_one():
    async def called():
        clock, begun = cp.system_clock(), time.monotonic()
        await clock.sleep_until(later(0.2))
        assert time.monotonic() - begun > 0.1
        private = cp.HttpRequest(method=cp.HttpMethod.GET, url="https://127.0.0.1/", deadline=datetime.timedelta(seconds=5))
        with pytest.raises(cp.TransportError.AddressForbidden):
            await cp.http_transport(cp.HttpOptions()).send(private)
        nowhere = cp.MediaRange(url="http://127.0.0.1:9/oven.mp4", offset=0, length=1)
        media = cp.http_media(cp.HttpOptions(allowed_origins=["http://127.0.0.1:9"]))
        with pytest.raises(cp.MediaError.Unavailable):
            await media.read(nowhere)

    asyncio.run(called())
