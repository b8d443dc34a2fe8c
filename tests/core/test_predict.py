import csv
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import predict
from core.conformal import Conformal
from core.notice import NOTICE
from core.predict import main
from core.table import Row
from tests.helpers.tiny_model import write_tiny_bundle


def write_png(path: Path, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 70)).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    write_tiny_bundle(tmp_path / "tiny.bundle")
    return str(tmp_path / "tiny.bundle")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n in range(3):
        write_png(tmp_path / "xrays" / "a" / f"{n}.png", n)
    write_png(tmp_path / "xrays" / "b" / "0.png", 9)
    return tmp_path / "xrays"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as stream:
        return list(csv.DictReader(stream))


def test_table_csv_and_status(
    folder: Path, bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main([str(folder), "--model", bundle, "--csv", str(out)]) == 0
    rows = rows_of(out)
    assert [row["file"] for row in rows] == [
        str(Path(name)) for name in ("a/0.png", "a/1.png", "a/2.png", "b/0.png")
    ]
    for row in rows:
        assert row["status"] == "ok"
        parts = [float(row[key]) for key in ("p_normal", "p_bacterial", "p_viral")]
        assert sum(parts) == pytest.approx(1.0, abs=2e-6)
        assert float(row["score"]) == pytest.approx(1 - parts[0], abs=2e-6)
        assert row["call"] == ("pneumonia" if float(row["score"]) >= 0.6 else "normal")
        assert (row["threshold"], row["model"]) == ("0.600000", "tiny 1.0")
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].split() == ["file", "status", "score", "call"]
    assert lines[1].split()[:3] == [str(Path("a/0.png")), "ok", f"{float(rows[0]['score']):.3f}"]
    assert lines[-1] == f"Model tiny 1.0, threshold 0.600. {NOTICE}."
    assert str(tmp_path) not in printed.out
    assert printed.err == ""


def test_one_row_per_file_and_status_3_when_some_are_not_scored(
    folder: Path, bundle: str, tmp_path: Path
) -> None:
    (folder / "a" / "1.png").write_bytes(b"damaged")
    Image.new("L", (60, 60)).save(folder / "b" / "0.png")
    out = tmp_path / "out.csv"
    given = [str(folder), str(tmp_path / "missing.png")]
    assert main([*given, "--model", bundle, "--csv", str(out)]) == 3
    rows = rows_of(out)
    assert [row["status"] for row in rows] == ["ok", "unreadable", "ok", "refused", "unreadable"]
    assert all(row["reason"] for row in rows if row["status"] != "ok")
    assert [row["model"] for row in rows] == ["tiny 1.0", "", "tiny 1.0", "", ""]


def test_whatever_lies_in_a_folder_has_a_row(
    folder: Path, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def scandir(path: str | os.PathLike[str]) -> object:
        if Path(path) == folder / "b":
            raise PermissionError(errno.EACCES, "no", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    (folder / "a" / "1.png").unlink()
    (folder / "a" / "1.png").symlink_to(folder / "a" / "0.png")
    (folder / "a" / "2.png").unlink()
    (folder / "a" / "2.png").symlink_to(folder / "gone.png")
    out = tmp_path / "out.csv"
    once = str(folder / "a" / "0.png")
    assert main([str(folder), once, once, "--model", bundle, "--csv", str(out)]) == 3
    rows = [(Path(row["file"]).name, row["status"]) for row in rows_of(out)]
    assert rows == [
        ("0.png", "ok"), ("1.png", "ok"), ("2.png", "unreadable"), ("b", "unreadable"),
        ("0.png", "ok"), ("0.png", "ok"),
    ]  # fmt: skip


def test_a_link_to_itself_does_not_hinder_what_is_written(
    folder: Path, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "loop.png").symlink_to(folder / "loop.png")
    out = tmp_path / "out.csv"
    assert main([str(folder), "--model", bundle, "--csv", str(out), "--overlays", str(tmp_path / "o")]) == 3
    assert [row["file"] for row in rows_of(out) if row["status"] == "unreadable"] == ["loop.png"]


def test_no_recursive_leaves_subfolders_out(folder: Path, bundle: str, tmp_path: Path) -> None:
    write_png(folder / "top.png")
    out = tmp_path / "out.csv"
    assert main([str(folder), "--no-recursive", "--model", bundle, "--csv", str(out)]) == 0
    assert [row["file"] for row in rows_of(out)] == ["top.png"]


@pytest.mark.parametrize("several", [False, True])
def test_files_are_named_as_the_user_named_them(
    folder: Path, bundle: str, several: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = ["xrays/b", "xrays/a/0.png"] if several else ["xrays/a/0.png"]
    main([*given, "--model", bundle, "--csv", "out.csv"])
    expected = ["xrays/b/0.png", "xrays/a/0.png"] if several else ["xrays/a/0.png"]
    assert [row["file"] for row in rows_of(Path("out.csv"))] == [str(Path(name)) for name in expected]


def test_a_frame_out_of_range_is_a_row(folder: Path, bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "b"), "--frame", "7", "--model", bundle]) == 3
    assert "unreadable" in capsys.readouterr().out


def test_overlays_for_scored_images_only(folder: Path, bundle: str, tmp_path: Path) -> None:
    (folder / "a" / "1.png").write_bytes(b"damaged")
    overlays = tmp_path / "new" / "overlays"
    assert main([str(folder), "--model", bundle, "--overlays", str(overlays)]) == 3
    assert sorted(path.name for path in overlays.iterdir()) == ["2.png", "a_0.png", "b_0.png"]


def test_the_opacity_reaches_the_overlay(folder: Path, bundle: str, tmp_path: Path) -> None:
    grey = np.repeat(np.repeat([[255, 0]], 60, axis=0), 35, axis=1).astype(np.uint8)
    Image.fromarray(grey).save(folder / "b" / "0.png")
    pictures = []
    for opacity in ("0", "1"):
        overlays = tmp_path / opacity
        main([str(folder / "b"), "--model", bundle, "--overlays", str(overlays), "--opacity", opacity])
        with Image.open(overlays / "0.png") as picture:
            pictures.append(np.asarray(picture))
    left = (pictures[0].shape[1] - 70) // 2
    np.testing.assert_array_equal(pictures[0][:60, left : left + 70], np.repeat(grey[..., None], 3, axis=2))
    assert (pictures[1] != pictures[0]).any()


@pytest.mark.parametrize("inside", [".", "out", "a/out", "link/out"])
@pytest.mark.parametrize("options", [[], ["--no-recursive"]])
def test_overlays_do_not_go_where_files_are_looked_for(
    folder: Path, bundle: str, inside: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """They would be scored, and refused, the next time."""
    (folder / "link").symlink_to(folder / "b", target_is_directory=True)
    before = sorted(folder.rglob("*"))
    overlays = str(folder / inside)
    assert (
        main([str(folder), str(folder / "a" / "0.png"), *options, "--model", bundle, "--overlays", overlays])
        == 2
    )
    assert "in a folder that is searched" in complaint(capsys)
    assert sorted(folder.rglob("*")) == before


def test_overlays_do_not_go_below_a_folder_that_a_link_leads_to(
    folder: Path, bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "b").symlink_to(folder / "b", target_is_directory=True)
    given = [str(tmp_path / "links"), "--model", bundle]
    assert main([*given, "--overlays", str(folder / "b" / "out")]) == 2
    assert "in a folder that is searched" in complaint(capsys)
    assert main([*given, "--overlays", str(folder / "a")]) == 0


def test_overlays_may_go_below_the_folder_of_a_named_file(folder: Path, bundle: str) -> None:
    named = folder / "b" / "0.png"
    for _ in range(2):
        assert main([str(named), "--model", bundle, "--overlays", str(folder / "b" / "out")]) == 0
    assert [path.name for path in (folder / "b" / "out").iterdir()] == ["0.png"]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["x.png", "--opacity", "1.5"],
        ["x.png", "--opacity", "nan"],
        ["x.png", "--opacity", "half"],
        ["x.png", "--frame", "-1"],
        ["x.png", "--frame", "1.5"],
        ["x.png", "--unknown"],
    ],
)
def test_wrong_usage_is_status_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert "usage: deeppneumo predict" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--opacity", "abc"], "argument --opacity: must be a number between 0 and 1"),
        (["--opacity", "1.5"], "argument --opacity: must be a number between 0 and 1"),
        (["--frame", "x"], "argument --frame: must be a whole number, 0 or more"),
        (["--frame", "-1"], "argument --frame: must be a whole number, 0 or more"),
    ],
)
def test_wrong_values_are_told_in_words(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["x.png", *options])
    assert capsys.readouterr().err.splitlines()[-1] == f"deeppneumo predict: error: {sentence}"


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("deeppneumo predict: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_folder_without_files_is_status_2(
    bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), "--model", bundle]) == 2
    assert complaint(capsys) == "deeppneumo predict: No files were found there.\n"


def test_without_files_an_earlier_csv_is_said_to_be_no_answer(
    bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    old = tmp_path / "old.csv"
    old.write_text("older results", encoding="utf-8")
    assert main([str(tmp_path / "empty"), "--model", bundle, "--csv", str(old)]) == 2
    assert "no CSV was written" in complaint(capsys)
    assert old.read_text(encoding="utf-8") == "older results"


def test_a_missing_or_damaged_model_is_status_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--model", str(folder / "none")]) == 2
    assert "not found" in complaint(capsys)
    assert main([str(folder), "--model", str(folder / "a" / "0.png")]) == 2
    assert "not a model bundle" in complaint(capsys)


def test_a_csv_that_cannot_be_written_is_status_2(
    folder: Path, bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for target in (tmp_path / "no" / "out.csv", tmp_path):
        assert main([str(folder), "--model", bundle, "--csv", str(target)]) == 2
        assert "CSV" in complaint(capsys)


def test_inputs_are_never_overwritten(folder: Path, bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "b" / "0.png").read_bytes()
    assert main([str(folder), "--model", bundle, "--csv", str(folder / "b" / "0.png")]) == 2
    assert "one of the files to be read" in complaint(capsys)
    assert main([str(folder), "--model", bundle, "--overlays", str(folder / "b")]) == 2
    assert "among the files to be scored" in complaint(capsys)
    assert (folder / "b" / "0.png").read_bytes() == before


def test_an_overlays_folder_that_is_a_file_is_status_2(
    folder: Path, bundle: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--model", bundle, "--overlays", bundle]) == 2
    assert "cannot be made" in complaint(capsys)


def test_a_full_disk_is_status_1_without_csv(
    folder: Path,
    bundle: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def write(*_: object) -> None:
        raise OSError(28, "No space left on device", "/secret/folder")

    monkeypatch.setattr("core.overlay_files.OverlayWriter.write", write)
    out = tmp_path / "out.csv"
    options = ["--model", bundle, "--csv", str(out), "--overlays", str(tmp_path / "o")]
    assert main([str(folder), *options]) == 1
    error = capsys.readouterr().err
    assert "No space left on device" in error
    assert "secret" not in error
    assert not out.exists()


def test_interrupting_is_status_130_and_leaves_no_csv(
    folder: Path, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(*_: object, **__: object) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(predict, "score_files", rows)
    before = sorted(tmp_path.iterdir())
    assert main([str(folder), "--model", bundle, "--csv", str(tmp_path / "out.csv")]) == 130
    assert sorted(tmp_path.iterdir()) == before


def test_the_bundled_model_is_the_default(folder: Path, bundle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.engine.default.default_bundle_path", lambda: Path(bundle))
    assert main([str(folder)]) == 0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "deeppneumo_gui.cli", "predict", *arguments]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_table_is_one_sentence(folder: Path, bundle: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(str(folder), "--model", bundle), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    sentence = b"deeppneumo predict: The results could not be written (No space left on device).\n"
    assert done.stderr == sentence


def test_a_reader_that_leaves_does_not_spoil_the_csv(folder: Path, bundle: str, tmp_path: Path) -> None:
    """As `deeppneumo predict ... | head -1` does."""
    for n in range(60):
        write_png(folder / "more" / f"{n}.png", n)
    out = tmp_path / "out.csv"
    with subprocess.Popen(
        command(str(folder), "--model", bundle, "--csv", str(out)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert len(rows_of(out)) == 64


def test_without_a_reader_and_without_files_to_write_it_stops(
    folder: Path, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed:
        def __init__(self) -> None:
            self.target = (tmp_path / "stdout").open("wb")

        def write(self, text: str) -> None:
            raise BrokenPipeError

        def fileno(self) -> int:
            return self.target.fileno()

    asked: list[int] = []

    def rows(*_: object, **__: object) -> Iterator[Row]:
        for n in range(100):
            asked.append(n)
            yield Row(str(n), "ok")

    monkeypatch.setattr(predict, "score_files", rows)
    closed = Closed()
    with closed.target, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", closed)
        assert main([str(folder), "--model", bundle]) == 0
    assert len(asked) == 1


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_stream_that_is_not_there_is_done_without(
    folder: Path, bundle: str, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a windowed program, and where the system closed it."""
    out = tmp_path / "out.csv"
    with monkeypatch.context() as patch:
        patch.setattr(sys, name, None)
        try:
            assert main([str(folder), "--model", bundle, "--csv", str(out)]) == 0
            assert main([str(folder), "--model", bundle, "--csv", str(folder)]) == 2
        finally:
            getattr(sys, name).close()
    assert len(rows_of(out)) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="the shell is POSIX's")
@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_neither_status_nor_csv(
    folder: Path, bundle: str, tmp_path: Path, closing: str
) -> None:
    out = tmp_path / "out.csv"
    arguments = command(str(folder), "--model", bundle, "--csv", str(out))
    run = subprocess.run(
        ["sh", "-c", f'exec "$@" {closing}', "sh", *arguments], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(rows_of(out)) == 4


def _heed_ctrl_c() -> None:
    """Undo what a background shell does to the processes it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_ends_the_process_without_a_csv(folder: Path, bundle: str, tmp_path: Path) -> None:
    # More output than a pipe holds, so that the process cannot be done before the signal comes.
    content = (folder / "b" / "0.png").read_bytes()
    for n in range(800):
        (folder / f"{'x' * 120}{n}.png").write_bytes(content)
    out = tmp_path / "out.csv"
    arguments = command(str(folder), "--model", bundle, "--csv", str(out))
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_heed_ctrl_c
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error == b"deeppneumo predict: Interrupted.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.bundle", "xrays"]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are text there")
def test_a_name_that_is_no_text_survives(bundle: str, tmp_path: Path) -> None:
    path = write_png(Path(os.fsdecode(os.fsencode(tmp_path) + b"/M\xfcller.png")))
    out = tmp_path / "out.csv"
    run = subprocess.run(
        command(str(path), "--model", bundle, "--csv", str(out), "--overlays", str(tmp_path / "o")),
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"M\\udcfcller.png" in run.stdout
    assert b"M\xfcller.png" in out.read_bytes()
    assert [os.fsencode(name.name) for name in (tmp_path / "o").iterdir()] == [b"M\xfcller.png"]


def imported(code: str) -> set[str]:
    script = f"{code}\nimport sys; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stdout.splitlines()}


def test_start_up_imports_only_what_scoring_needs(bundle: str, folder: Path) -> None:
    picture = folder / "b" / "0.png"
    modules = imported(
        f"from deeppneumo_gui.cli import main; main(['predict', {str(picture)!r}, '--model', {bundle!r}])"
    )
    heavy = {"PySide6", "torch", "pydicom", "matplotlib", "cmap", "scipy", "onnx"}
    assert not modules & heavy
    assert {"numpy", "PIL", "onnxruntime"} <= modules


def test_finding_the_bundled_model_imports_nothing_to_speak_of() -> None:
    """`importlib.resources` brings modules for temporary files and random numbers."""
    assert not imported("from core.engine.default import default_bundle_path; default_bundle_path()") & {
        "tempfile",
        "random",
    }


def test_refused_images_have_a_score_on_request_only(
    folder: Path, bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("L", (60, 60)).save(folder / "b" / "0.png")
    out = tmp_path / "out.csv"
    given = [str(folder / "b"), "--model", bundle, "--csv", str(out)]
    assert main(given) == 3
    assert [(row["status"], row["score"]) for row in rows_of(out)] == [("refused", "")]
    overlays = tmp_path / "overlays"
    assert main([*given, "--score-refused", "--overlays", str(overlays)]) == 0
    (row,) = rows_of(out)
    assert (row["status"], row["reason"]) == ("refused", "The image is blank or nearly so.")
    assert 0 < float(row["score"]) < 1
    assert row["notes"].startswith("Scored on request although refused: The image is blank or nearly so.")
    assert [path.name for path in overlays.iterdir()] == ["0.png"]
    assert "The image is blank" in capsys.readouterr().out


def test_prediction_sets_are_those_of_the_card(folder: Path, tmp_path: Path) -> None:
    sure = Conformal(0.9, (0.0, 1.0, 0.0), (9, 9, 9))
    write_tiny_bundle(tmp_path / "sets.bundle", conformal=sure)
    out = tmp_path / "out.csv"
    assert main([str(folder), "--model", str(tmp_path / "sets.bundle"), "--csv", str(out)]) == 0
    for row in rows_of(out):
        assert row["prediction_set"] == "normal|viral"
        assert "Uncertain: normal and pneumonia are both in the prediction set." in row["notes"]
        assert row["familiar"] == ""
