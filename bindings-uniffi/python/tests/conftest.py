"""What the tests share."""

import datetime

import pytest

import calendar_publish as cp
from platforms import Platforms

USER = "018f0000-0000-7000-8000-0000000000b1"
CALENDAR = "018f0000-0000-7000-8000-0000000000c1"
ALL_ON = [cp.Setting(name=name, value="true") for name in ("PUBLISH_SERVICE_ENABLED", "PUBLISH_NOW_ENABLED")]


def later(seconds):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def uuid(kind, number):
    return f"018f0000-0000-7000-8000-{kind}{number:010d}"


def account(number=1, external="17841499000000001", channel=cp.Channel.INSTAGRAM):
    return cp.ChannelAccount(
        id=uuid("a1", number), user_id=USER, channel=channel, external_account_id=external,
        display_name=f"@pan{number}", timezone="Europe/Madrid", status=cp.AccountStatus.OK,
        scopes=["instagram_business_basic", "instagram_business_content_publish"],
    )


def entry(number=1, at=None, of=1, copy=None):
    at = at or later(3600)
    return cp.CalendarEntry(
        id=uuid("e1", number), calendar_id=CALENDAR, account_id=uuid("a1", of), scheduled_at=at,
        reviewed=True,
        piece=cp.CalendarPiece(
            title=f"Pan {number}", channel=cp.Channel.INSTAGRAM, format="post",
            copy=copy or f"Hoy hay pan {number}.", date=at[:10], time="09:00",
        ),
        media=[cp.Media(kind=cp.MediaKind.IMAGE, url="https://media.example/bread.jpg",
                        mime_type="image/jpeg")],
    )


def context(key=None):
    return cp.CommandContext(request_id="test", user_id=USER, now=later(0), idempotency_key=key)


class Token(cp.AccessTokens):
    """The same token for every account, or one for each."""

    def __init__(self, secret="token", by_account=None):
        self.secret, self.by_account = secret, by_account or {}

    async def access_token(self, account):
        return cp.AccessToken(secret=self.by_account.get(account, self.secret), version=1)

    async def replacement(self, account, refused):
        raise cp.AccessError.Revoked()


def engine(store=None, **ports):
    settings = {"settings": ALL_ON} | ports.pop("settings", {})
    ports = cp.EnginePorts(store=store or cp.memory_store(cp.system_clock()), **ports)
    return cp.Engine(ports, cp.EngineSettings(worker_name="test", **settings))


def instagram(**settings):
    return cp.InstagramSettings(login=cp.InstagramLogin.INSTAGRAM, video=cp.InstagramVideo.URL(), **settings)


@pytest.fixture(scope="session")
def platforms():
    served = Platforms()
    yield served
    served.close()
