"""The archive that is passed on: ``python -m resources.installer.archive dist``."""

from __future__ import annotations

import argparse
import hashlib
import lzma
import platform
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.files import atomic_write
from core.version import VERSION
from resources.installer.identity import NAME

_SYSTEMS: Final = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_MACHINES: Final = {"amd64": "x86_64", "aarch64": "arm64"}


def platform_name(system: str = sys.platform, machine: str | None = None) -> str:
    """Return what the archive calls this system and processor, the same names on all systems."""
    machine = (machine or platform.machine()).lower()
    return f"{_SYSTEMS.get(system, system)}-{_MACHINES.get(machine, machine)}"


def archive_name(system: str = sys.platform, machine: str | None = None) -> str:
    """Return the name of the archive: ZIP on Windows, which opens no other; elsewhere xz, which is a sixth smaller."""
    suffix = "zip" if system == "win32" else "tar.xz"
    return f"{NAME}-{VERSION}-{platform_name(system, machine)}.{suffix}"


def built_program(dist: Path, system: str = sys.platform) -> Path:
    """Return what a build has left in a folder: an application on macOS, elsewhere a folder."""
    return dist / (f"{NAME}.app" if system == "darwin" else NAME)


def write_archive(program: Path, target: Path) -> Path:
    """Pack a program, and write its SHA-256 beside the archive.

    Parameters
    ----------
    program : Path
        Becomes the only entry at the top of the archive.
    target : Path
        Ends in ``.zip`` or ``.tar.xz``. A ZIP follows links, a tar keeps them.
    """
    files = sorted(program.rglob("*"))
    with atomic_write(target) as stream:
        if target.suffix == ".zip":
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
                for file in files:
                    archive.write(file, file.relative_to(program.parent))
        else:
            with (
                lzma.open(stream, "wb", preset=6) as packed,
                tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
            ):
                for file in [program, *files]:
                    archive.add(
                        file, file.relative_to(program.parent), recursive=False, filter=_without_owner
                    )
    with target.open("rb") as stream_:
        digest = hashlib.file_digest(stream_, "sha256").hexdigest()
    with atomic_write(target.with_name(f"{target.name}.sha256")) as stream:
        stream.write(f"{digest}  {target.name}\n".encode())
    return target


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Take out who built the program, who is nobody where it is unpacked."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m resources.installer.archive")
    parser.add_argument("dist", type=Path, help="the folder that pyinstaller has written into")
    options = parser.parse_args(arguments)
    program = built_program(options.dist)
    if not program.is_dir():
        parser.error("there is no built program; run `make package`")
    archive = write_archive(program, options.dist / archive_name())
    sys.stdout.write(f"{archive.name}: {archive.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
