"""Runs an example of any language against the simulated Instagram: ``with_platforms.py PROGRAM…`` gets an
account, a token and a photo, and must have published it once."""

import os
import subprocess
import sys
import tempfile

from platforms import Platforms


def main(program):
    served = Platforms()
    try:
        account = served.accounts[0]
        token = served.token(account)
        environment = os.environ | {"INSTAGRAM_API": served.hosts["graph.instagram.com"]}
        with tempfile.TemporaryDirectory() as folder:
            ran = subprocess.run(
                [*program, account, token, "https://media.example/bread.jpg"],
                cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
            )
        captions = served.captions(account, token)
    finally:
        served.close()
    if ran.stdout.strip() != "PUBLISHED" or captions != ["Hoy hay pan."]:
        sys.exit(f"it printed {ran.stdout!r} and published {captions}: {ran.stderr[-2000:]}")


if __name__ == "__main__":
    main(sys.argv[1:])
