"""The smallest program that publishes: one photo to Instagram, at most once.

``publish.py ACCOUNT TOKEN PHOTO_URL`` — with ``INSTAGRAM_API`` it publishes to a simulator there.
"""

import asyncio
import datetime
import os
import sys
import uuid

import calendar_publish as cp

USER, CALENDAR, ACCOUNT = (str(uuid.uuid5(uuid.NAMESPACE_URL, name)) for name in ("user", "calendar", "account"))


class Token(cp.AccessTokens):
    """Asked right before each call. A server keeps tokens; a phone asks its server."""

    def __init__(self, secret):
        self.secret = secret

    async def access_token(self, account):
        return cp.AccessToken(secret=self.secret, version=1)

    async def replacement(self, account, refused):
        raise cp.AccessError.Expired()


async def main(instagram_account, token, photo):
    api = os.environ.get("INSTAGRAM_API")
    allowed = ["/".join(api.split("/")[:3])] if api else []
    engine = cp.Engine(
        cp.EnginePorts(
            store=cp.sqlite_store("jobs.db"),
            transport=cp.http_transport(cp.HttpOptions(allowed_origins=allowed)),
            tokens=Token(token),
        ),
        cp.EngineSettings(
            settings=[cp.Setting(name="PUBLISH_SERVICE_ENABLED", value="true")],
            instagram=cp.InstagramSettings(login=cp.InstagramLogin.INSTAGRAM, video=cp.InstagramVideo.URL(), graph=api),
        ),
    )
    await engine.put_account(cp.ChannelAccount(
        id=ACCOUNT, user_id=USER, channel=cp.Channel.INSTAGRAM, external_account_id=instagram_account,
        display_name="Panadería", timezone="Europe/Madrid", status=cp.AccountStatus.OK,
        scopes=["instagram_business_basic", "instagram_business_content_publish"],
    ))
    now = datetime.datetime.now(datetime.timezone.utc)
    entry = cp.CalendarEntry(
        id=str(uuid.uuid4()), calendar_id=CALENDAR, account_id=ACCOUNT, reviewed=True,
        scheduled_at=(now + datetime.timedelta(seconds=2)).isoformat(),
        piece=cp.CalendarPiece(title="Pan", channel=cp.Channel.INSTAGRAM, format="post",
                               copy="Hoy hay pan.", date=f"{now:%Y-%m-%d}", time="09:00"),
        media=[cp.Media(kind=cp.MediaKind.IMAGE, url=photo, mime_type="image/jpeg")],
    )
    context = cp.CommandContext(request_id="example", user_id=USER, now=now.isoformat())
    scheduled = await engine.schedule(context, cp.Schedule(entries=[entry]))
    job = scheduled.outcomes[0].result.job

    worker = asyncio.create_task(engine.run())
    while job.status in (cp.JobStatus.SCHEDULED, cp.JobStatus.PUBLISHING):
        await asyncio.sleep(0.5)
        job = (await engine.job(USER, job.id)).record.job
    engine.stop()
    await worker
    print(job.status.name, job.last_error.name if job.last_error else "")


asyncio.run(main(*sys.argv[1:]))
