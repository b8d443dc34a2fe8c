"""What a machine that only has the repository builds the packages from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from resources.installer.identity import MACOS_OLDEST

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("script", [".ci/run", ".ci/self-test", "resources/linux/add-to-menu.sh"])
def test_git_on_windows_leaves_the_lines_of_scripts_as_they_are(script: str) -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    told = subprocess.run(
        ["git", "check-attr", "eol", "--", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == f"{script}: eol: lf"
    assert b"\r" not in (ROOT / script).read_bytes()


def test_the_readme_names_the_oldest_macos_that_the_application_asks_for() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"**macOS** ({MACOS_OLDEST.removesuffix('.0')} or newer)" in readme
