"""A thousand damaged files: each is read or refused with a reason, quickly, and nothing crashes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COUNT = 1440


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is set the Linux way")
def test_damaged_files_are_read_or_refused() -> None:
    worker = ["-m", "tests.core.reading.fuzz_worker", "20261123", str(COUNT), str(10**9)]
    command = [sys.executable, "-X", "faulthandler", *worker]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"after {lines[-1:]}: {done.stderr}"
    # libtiff writes a line of its own for some; nothing else may.
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
    summary = json.loads(lines[-1])
    assert sum(summary["outcomes"].values()) == COUNT
    assert summary["outcomes"]["read"] > COUNT // 20  # mutations mild enough to get past the headers
    assert summary["outcomes"]["TruncatedFileError"] > COUNT // 4
    assert summary["slowest"] < 2.0, summary["which"]
    assert summary["peak"] < 10**9
