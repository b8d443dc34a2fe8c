"""The archive that is passed on."""

from __future__ import annotations

import hashlib
import stat
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from core.version import VERSION
from resources.installer import archive
from resources.installer.archive import archive_name, built_program, main, write_archive


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "dist" / "DeepPneumo"
    (folder / "_internal").mkdir(parents=True)
    (folder / "DeepPneumo").write_bytes(b"program")
    (folder / "DeepPneumo").chmod(0o755)
    (folder / "_internal" / "libA.so.1").write_bytes(b"library " * 1000)
    return folder


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", f"DeepPneumo-{VERSION}-linux-x86_64.tar.xz"),
        ("linux", "aarch64", f"DeepPneumo-{VERSION}-linux-arm64.tar.xz"),
        ("darwin", "arm64", f"DeepPneumo-{VERSION}-macos-arm64.tar.xz"),
        ("win32", "AMD64", f"DeepPneumo-{VERSION}-windows-x86_64.zip"),
    ],
)
def test_version_and_platform_are_in_the_name(system: str, machine: str, name: str) -> None:
    assert archive_name(system, machine) == name


def test_macos_has_an_application_and_the_others_a_folder() -> None:
    assert built_program(Path("dist"), "darwin") == Path("dist/DeepPneumo.app")
    assert built_program(Path("dist"), "win32") == Path("dist/DeepPneumo")


@pytest.mark.skipif(sys.platform == "win32", reason="without links and executable files")
def test_a_tar_unpacks_as_it_was(program: Path, tmp_path: Path) -> None:
    (program / "_internal" / "libA.so").symlink_to("libA.so.1")
    target = write_archive(program, tmp_path / "a.tar.xz")
    with tarfile.open(target) as packed:
        assert {(entry.uid, entry.gid, entry.uname) for entry in packed.getmembers()} == {(0, 0, "")}
        assert {entry.name.split("/")[0] for entry in packed.getmembers()} == {"DeepPneumo"}
        packed.extractall(tmp_path / "out", filter="data")
    unpacked = tmp_path / "out" / "DeepPneumo"
    assert stat.S_IMODE((unpacked / "DeepPneumo").stat().st_mode) & 0o100
    assert (unpacked / "_internal" / "libA.so").readlink() == Path("libA.so.1")
    assert (unpacked / "_internal" / "libA.so.1").read_bytes() == b"library " * 1000


def test_a_zip_holds_everything_compressed(program: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(write_archive(program, tmp_path / "a.zip")) as packed:
        assert packed.testzip() is None
        sizes = {entry.filename: (entry.file_size, entry.compress_size) for entry in packed.infolist()}
    assert set(sizes) == {
        "DeepPneumo/DeepPneumo",
        "DeepPneumo/_internal/",
        "DeepPneumo/_internal/libA.so.1",
    }
    assert sizes["DeepPneumo/_internal/libA.so.1"][1] < 200


def test_the_sum_beside_it_is_its_own(program: Path, tmp_path: Path) -> None:
    target = write_archive(program, tmp_path / "a.tar.xz")
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert (tmp_path / "a.tar.xz.sha256").read_text() == f"{digest}  a.tar.xz\n"


def test_the_command_packs_what_was_built(
    program: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(archive, "built_program", lambda dist: dist / "DeepPneumo")
    assert main([str(program.parent)]) == 0
    assert (program.parent / archive_name()).is_file()
    assert capsys.readouterr().out.startswith(f"{archive_name()}: ")


def test_without_a_build_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "there is no built program" in capsys.readouterr().err
