"""The README's lines and the example, as a reader runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_lines_of_the_readme_run():
    readme = (ROOT / "bindings-uniffi/python/README.md").read_text("utf-8")
    programs = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert programs
    for program in programs:
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.strip()


def test_the_example_publishes(platforms, tmp_path):
    account = platforms.accounts[0]
    token = platforms.token(account)
    before = platforms.captions(account, token).count("Hoy hay pan.")
    environment = os.environ | {"INSTAGRAM_API": platforms.hosts["graph.instagram.com"]}
    ran = subprocess.run(
        [sys.executable, ROOT / "examples/python/publish.py", account, token,
         "https://media.example/bread.jpg"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )
    assert ran.stdout.strip() == "PUBLISHED", ran.stderr
    assert platforms.captions(account, token).count("Hoy hay pan.") == before + 1
