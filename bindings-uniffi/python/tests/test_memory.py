"""What ten thousand calls leave behind."""

import asyncio
import gc
import resource

import calendar_publish as cp
from conftest import account, engine, entry, later

CALLS = 10_000


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_ten_thousand_calls_leave_nothing_behind():
    now = later(0)
    situation = cp.EntrySituation(entry=entry(), accounts=[account()], now=now)
    wrong = cp.ResolveTimeInput(date="never", time="09:00", zone="Europe/Madrid")
    chunk = b'event: piece\ndata: {"title": "Pan"}\n\n' * 20

    def use(times):
        for _ in range(times):
            cp.evaluate_readiness(situation)
            cp.call("countText", '{"text": "pan", "channel": "tiktok"}')
            stream = cp.GenerationStream(cp.SessionOptions(), now)
            stream.push(chunk, now)
            try:
                cp.resolve_time(wrong)
            except cp.CalendarPublishError as error:
                error.message_for(cp.Lang.ES)

    use(500)
    gc.collect()
    before = peak_megabytes()
    use(CALLS)
    grown = peak_megabytes() - before
    print(f"memory after {CALLS} rounds: {grown:.1f} MB more at the peak")
    assert grown < 16


def test_a_thousand_calls_of_ports_leave_nothing_behind():
    async def main():
        from test_engine import PythonStore

        host = engine(PythonStore())
        await host.put_account(account())
        for _ in range(100):
            await host.accounts(account().user_id)
        gc.collect()
        before = peak_megabytes()
        for _ in range(1_000):
            await host.accounts(account().user_id)
        assert peak_megabytes() - before < 8

    asyncio.run(main())
