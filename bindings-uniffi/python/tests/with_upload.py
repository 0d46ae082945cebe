"""Runs a program of any language that uploads to the simulated TikTok: ``with_upload.py PROGRAM…`` gets a
token and a video. With ``die`` behind them it must be killed between two chunks; without, it must then go on
with that upload, which becomes one post."""

import base64
import itertools
import os
import secrets
import signal
import subprocess
import sys
import tempfile

from platforms import ROOT, Platforms


def main(program):
    served = Platforms()
    try:
        token = served.tiktok_token(served.creators[0])
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        environment = os.environ | {"TIKTOK_API": served.tiktok, "SEALING_KEY": key}
        with tempfile.TemporaryDirectory() as folder:
            died, went_on = (
                subprocess.run(
                    [*program, token, ROOT / "tests/live/media/oven.mp4", *arguments],
                    cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False,
                )
                for arguments in (["die"], [])
            )
        captions = served.tiktok_captions(token)
    finally:
        served.close()
    if died.returncode != -signal.SIGKILL:
        sys.exit(f"it wasn't killed: {died}")
    # On a busy machine an answer may come too late, and the same is sent again.
    told = [word for word, _ in itertools.groupby(went_on.stdout.split())]
    if told != ["6000000", "12000000", "published"] or captions != ["Hoy hay pan."]:
        sys.exit(f"it printed {went_on.stdout!r} and published {captions}: {went_on.stderr[-2000:]}")


if __name__ == "__main__":
    main(sys.argv[1:])
