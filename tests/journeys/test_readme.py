"""The README cannot lie: its script runs as it stands, its commands exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.session import ROOT, TWIN

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in this language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.timeout(900)
def test_script_runs_as_it_stands(tmp_path: Path) -> None:
    script = next(b for b in blocks("python") if "import ingest" in b and "import twin" in b)
    assert len(script.strip().splitlines()) <= 15
    for name in ("scenarios", "assets"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=850)
    assert done.returncode == 0, done.stderr
    assert "건물" in done.stdout or "buildings" in done.stdout
    assert list(tmp_path.rglob("*.png"))


GROUPS = {"audit", "register"}
"""Words after which the verb follows."""


def test_commands_exist_with_these_options() -> None:
    verbs = [line for b in blocks("console") for line in b.splitlines() if line.startswith("$ twin ")]
    assert len(verbs) >= 8
    for line in verbs:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        verb = words[1:3] if words[1] in GROUPS else words[1:2]
        shown = subprocess.run([str(TWIN), *verb, "--help"], capture_output=True, text=True, check=True).stdout
        for word in words:
            if word.startswith("--"):
                assert word in shown, f"{line}: {word} is no option of twin {' '.join(verb)}"


def test_korean_readme_says_the_same() -> None:
    korean = (ROOT / "README.ko.md").read_text()
    for block in (*blocks("python"), *blocks("console")):
        for line in block.splitlines():
            if line.startswith("$ twin "):
                assert line.split("#")[0].strip() in korean, f"README.ko.md lacks {line}"
