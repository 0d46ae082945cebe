"""The keys that seal an upload's address: with them another worker goes on with a dead one's upload."""

import asyncio
import base64
import itertools
import json
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import calendar_publish as cp
from conftest import USER, account, context, engine, entry, later
from platforms import TIKTOK_SCOPES, Platforms
from upload_worker import VIDEO, chunk_of, uploader

PATIENCE_SECONDS = 180
LIVE = (cp.JobStatus.SCHEDULED, cp.JobStatus.PUBLISHING)
CONSENT = "By posting, you agree to TikTok's Music Usage Confirmation."


def a_key():
    return base64.b64encode(secrets.token_bytes(32)).decode()


def test_another_worker_goes_on_with_the_upload(tmp_path):
    served = Platforms()
    try:
        asyncio.run(take_over(served, str(tmp_path / "jobs.db")))
    finally:
        served.close()


async def take_over(served, path):
    old, new = ("2026-10", a_key()), ("2026-11", a_key())
    [creator] = served.creators
    token = served.tiktok_token(creator)
    sent = []

    def before_sending(request):
        first = chunk_of(request)
        if first is not None or "/init/" in request.url:
            sent.append("init" if first is None else first)

    host = uploader(path, served.tiktok, token, [new, old], before_sending)
    linked = account(1, creator, cp.Channel.TIKTOK)
    linked.scopes = list(TIKTOK_SCOPES)
    await host.put_account(linked)
    scheduled = await host.schedule(context(), cp.Schedule(entries=[video_entry()]))
    job = scheduled.outcomes[0].result.job

    worker = Path(__file__).with_name("upload_worker.py")
    died = subprocess.run([sys.executable, worker, path, served.tiktok, token, json.dumps([old])],
                          timeout=PATIENCE_SECONDS, check=False)
    assert died.returncode == -signal.SIGKILL
    kept = b"".join(file.read_bytes() for file in Path(path).parent.glob("jobs.db*"))
    assert b"v1.2026-10." in kept and b"upload_token" not in kept

    end = time.monotonic() + PATIENCE_SECONDS
    while job.status in LIVE:
        assert time.monotonic() < end, job
        await asyncio.sleep(0.5)
        await host.tick(10)
        job = (await host.job(USER, job.id)).record.job
    assert job.status == cp.JobStatus.PUBLISHED, job
    # On a busy machine an answer may come too late, and the same is sent again.
    assert [one for one, _ in itertools.groupby(sent)] == [6_000_000, 12_000_000]
    assert served.tiktok_captions(token) == ["Hoy hay pan."]


def video_entry():
    one = entry(1, later(3), copy="Hoy hay pan.")
    one.piece.channel, one.piece.format = cp.Channel.TIKTOK, "video"
    one.media = [cp.Media(
        kind=cp.MediaKind.VIDEO, url="https://host.example/oven.mp4", mime_type="video/mp4",
        size_bytes=len(VIDEO), width=720, height=1280, duration_ms=4000, frame_rate=30.0,
        video_codec="h264", audio_codec="aac",
    )]
    one.tiktok = cp.TiktokOptions(
        mode=cp.TiktokMode.DIRECT, privacy=cp.TiktokPrivacy.PUBLIC_TO_EVERYONE,
        consent=cp.Consent(given_at=later(0), text=CONSENT),
    )
    return one


def test_keys_that_make_no_sense_are_refused_where_they_stand():
    good, short = a_key(), base64.b64encode(b"short").decode()
    cases = [
        ([], cp.Code.FIELD_VALUE_INVALID, "sealingKeys"),
        ([("a", short)], cp.Code.FIELD_VALUE_INVALID, "sealingKeys[0].key"),
        ([("a", "#" + good)], cp.Code.FIELD_VALUE_INVALID, "sealingKeys[0].key"),
        ([("a", good), ("b c", good)], cp.Code.FIELD_VALUE_INVALID, "sealingKeys[1].id"),
        ([("a", good), ("a", good)], cp.Code.ID_DUPLICATE, "sealingKeys[1].id"),
    ]
    for keys, code, path in cases:
        keys = [cp.SealingKey(id=id, key=key) for id, key in keys]
        with pytest.raises(cp.CalendarPublishError) as refused:
            engine(settings={"sealing_keys": keys})
        error = refused.value
        assert (error.code(), error.path()) == (code, path)
        said = f"{error} {error!r} {error.message_for(cp.Lang.ES)} {error.message_for(cp.Lang.EN)}"
        assert good not in said and short not in said


def test_printing_shows_no_key():
    key = cp.SealingKey(id="2026-11", key=a_key())
    settings = cp.EngineSettings(sealing_keys=[key])
    for shown in (str(key), repr(key), str(settings), repr(settings), str([key])):
        assert key.key not in shown
    assert "2026-11" in str(settings)
