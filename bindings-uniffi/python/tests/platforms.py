"""The simulated platforms, served by the project's own program, and what a test needs of them."""

import hashlib
import json
import os
import secrets
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[3]
REDIRECT = "https://host.example/callback"
SCOPES = "instagram_business_basic,instagram_business_content_publish"
TIKTOK_REDIRECT = "http://127.0.0.1:8000/callback/"
TIKTOK_SCOPES = ("user.info.basic", "video.publish", "video.upload", "video.list")
FIRST_ACCOUNT = 17_841_499_000_000_001


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


class Platforms:
    """A server of Instagram and TikTok, in a process of its own."""

    def __init__(self, creators=("sim.baker",)):
        program = os.environ.get("CALENDAR_PUBLISH_SIMULATORS") or ROOT / "target/debug/simulators"
        names = [argument for name in creators for argument in ("--creator", name)]
        self.process = subprocess.Popen(
            [program, "--instagram", "127.0.0.1:0", "--tiktok", "127.0.0.1:0",
             "--media", ROOT / "tests/live/media", "--redirect-uri", REDIRECT, *names],
            stdout=subprocess.PIPE, text=True,
        )
        self.hosts = {}
        for line in self.process.stdout:
            name, _, base = line.strip().partition("  ")
            if base:
                self.hosts[name.removeprefix("https://")] = base.strip()
            if name.endswith("rupload.facebook.com"):
                break
        self.tiktok = self.hosts["open.tiktokapis.com"]
        self.creators = [f"sim-open-id-{number + 1:04}" for number in range(len(creators))]
        self.accounts = [str(FIRST_ACCOUNT + number) for number in range(len(creators))]

    @property
    def origin(self):
        url = urllib.parse.urlsplit(self.hosts["graph.instagram.com"])
        return f"{url.scheme}://{url.netloc}"

    def token(self, account):
        """What a person's consent gives an app."""
        query = urllib.parse.urlencode({
            "client_id": "5550001", "redirect_uri": REDIRECT, "response_type": "code",
            "scope": SCOPES, "account": account, "decision": "allow",
        })
        code = consented(f"{self.hosts['www.instagram.com']}/oauth/authorize?{query}")
        form = urllib.parse.urlencode({
            "client_id": "5550001", "client_secret": "instagram-app-secret",
            "grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": code,
        }).encode()
        answer = read(f"{self.hosts['api.instagram.com']}/oauth/access_token", form)
        return answer.get("access_token") or answer["data"][0]["access_token"]

    def tiktok_token(self, creator):
        """What a creator's consent gives an app at TikTok."""
        verifier = secrets.token_hex(32)
        app = {"client_key": "sim_client_key", "redirect_uri": TIKTOK_REDIRECT}
        query = urllib.parse.urlencode(app | {
            "response_type": "code", "scope": ",".join(TIKTOK_SCOPES), "state": "state",
            "code_challenge": hashlib.sha256(verifier.encode()).hexdigest(),
            "code_challenge_method": "S256", "sim_creator": creator,
        })
        code = consented(f"{self.hosts['www.tiktok.com']}/v2/auth/authorize/?{query}")
        form = urllib.parse.urlencode(app | {
            "client_secret": "sim_client_secret", "grant_type": "authorization_code",
            "code": code, "code_verifier": verifier,
        }).encode()
        return read(f"{self.tiktok}/v2/oauth/token/", form)["access_token"]

    def tiktok_captions(self, token):
        """TikTok's truth: the caption of every public post of the token's creator."""
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        answer = read(f"{self.tiktok}/v2/video/list/?fields=id,title", b"{}", headers)
        return [video["title"] for video in answer["data"]["videos"]]

    def captions(self, account, token):
        """Instagram's truth: the caption of every post of the account."""
        query = urllib.parse.urlencode({"fields": "caption", "limit": 100, "access_token": token})
        url = f"{self.hosts['graph.instagram.com']}/v25.0/{account}/media?{query}"
        captions = []
        while url:
            page = read(url)
            captions += [post.get("caption", "") for post in page["data"]]
            url = page.get("paging", {}).get("next")
        return captions

    def close(self):
        self.process.kill()
        self.process.wait()


def consented(page):
    """The code that a person's consent on the page is answered with."""
    try:
        OPENER.open(page)
    except urllib.error.HTTPError as redirect:
        location = urllib.parse.urlsplit(redirect.headers["location"])
    return urllib.parse.parse_qs(location.query)["code"][0]


def read(url, body=None, headers={}):
    with OPENER.open(urllib.request.Request(url, data=body, headers=headers)) as answer:
        return json.load(answer)
