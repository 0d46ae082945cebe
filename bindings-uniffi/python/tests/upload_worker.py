"""A worker process that dies in the middle of an upload to TikTok, which has its first chunk by then.

``upload_worker.py STORE TIKTOK TOKEN KEYS``
"""

import asyncio
import json
import os
import re
import signal
import sys
import urllib.parse

import calendar_publish as cp
from conftest import ALL_ON, Token
from platforms import ROOT

# Three chunks of six million bytes: a real video with zeros behind it.
VIDEO = (ROOT / "tests/live/media/oven.mp4").read_bytes().ljust(18_000_000, b"\0")


class Video(cp.MediaSource):
    async def read(self, range):
        part = VIDEO[range.offset:range.offset + range.length]
        return cp.MediaChunk(bytes=part, total_bytes=len(VIDEO), mime_type="video/mp4")


class Watched(cp.HttpTransport):
    """The ready-made transport; `before_sending` sees each request."""

    def __init__(self, origin, before_sending):
        self.inner = cp.http_transport(cp.HttpOptions(allowed_origins=[origin]))
        self.before_sending = before_sending

    async def send(self, request):
        self.before_sending(request)
        return await self.inner.send(request)


def chunk_of(request):
    """Where the request's chunk begins; nothing where it sends none."""
    if request.method != cp.HttpMethod.PUT:
        return None
    ranges = [header.value for header in request.headers if header.name.lower() == "content-range"]
    return int(re.match(r"bytes (\d+)-", ranges[0])[1])


def uploader(path, api, token, keys, before_sending):
    url = urllib.parse.urlsplit(api)
    origin = f"{url.scheme}://{url.netloc}"
    ports = cp.EnginePorts(
        store=cp.sqlite_store(path), transport=Watched(origin, before_sending), tokens=Token(token),
        media=Video(),
    )
    # Short deadlines make a short lease: the takeover is what is to be seen.
    tiktok = cp.TiktokSettings(
        api=api, upload_hosts=[origin], request_deadline_seconds=2, upload_deadline_seconds=4,
        token_deadline_seconds=1, media_deadline_seconds=1,
    )
    sealing_keys = [cp.SealingKey(id=id, key=key) for id, key in keys]
    return cp.Engine(ports, cp.EngineSettings(settings=ALL_ON, tiktok=tiktok, lease_seconds=14,
                                              sealing_keys=sealing_keys))


def die_between_chunks(request):
    if chunk_of(request):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _, path, api, token, keys = sys.argv
    asyncio.run(uploader(path, api, token, json.loads(keys), die_between_chunks).run())
