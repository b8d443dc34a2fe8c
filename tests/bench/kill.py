"""Kill the window at random moments of a batch while images are judged: nothing that was visible may be lost.

``python -m tests.bench.kill [TIMES]``; not part of `make bench`, for it takes minutes.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from core.engine.default import default_bundle_path
from core.engine.engine import Engine
from core.pipeline import score_files
from core.store.content import Picture, content_hash
from core.store.scoring import score_with_store
from core.store.store import Store
from tests.bench.measure import say
from tests.bench.store import make_radiographs

FILES = 120
LONGEST_SECONDS = 4.0

_CHILD = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QTimer
from core.store.judgement import Judgement
from deeppneumo_gui.app import create_application, create_window
folder, file = map(Path, sys.argv[1:])
app = create_application()
window = create_window(file.with_suffix(".ini"), file)
window.show()
shown, count = set(), 0

def tell():
    for case in window.session.worklist.cases():
        if case.prediction is not None and case.name not in shown:
            shown.add(case.name)
            print("scored", case.name, repr(case.score), flush=True)

def judge():
    global count
    cases = window.session.worklist.cases()
    if not cases:
        return
    case = cases[count * 7 % len(cases)]
    count += 1
    said = Judgement(("normal", "pneumonia", "unsure")[count % 3], note=f"note {count}")
    window.session.judge(case.case_id, 0, said)
    case = window.session.worklist.case(case.case_id)
    print("judged", case.name, case.judgement.call, case.judgement.note, flush=True)

window.session.worklist.dataChanged.connect(tell)
timer = QTimer()
timer.timeout.connect(judge)
timer.start(15)
window.start([folder])
print("started", flush=True)
app.exec()
"""


def main() -> int:
    """Return 0 when nothing was lost in any round."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as name:
        paths = make_radiographs(Path(name), FILES)
        engine = Engine(default_bundle_path(), threads=1)
        undisturbed = list(score_files(paths, engine))
        scores = {row.file: row.score for row in undisturbed}
        lost = 0
        for number in range(times):
            file = Path(name) / f"reviews-{number}.sqlite"
            seen = _run_and_kill(paths[0].parent, file)
            with closing(Store(file)) as store:
                faults = _faults(store, engine, paths, seen, scores)
                if list(score_with_store(paths, engine, store)) != undisturbed:
                    faults.append("the batch ended with another table")
            say(f"round {number + 1}: {len(seen)} lines seen, {'; '.join(faults) or 'nothing lost'}")
            lost += bool(faults)
    return 1 if lost else 0


def _run_and_kill(folder: Path, file: Path) -> list[list[str]]:
    """Return what the window showed before it was killed."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        text = ""
        while "\nscored" not in text:
            text += child.stdout.readline()
        threading.Timer(random.uniform(0.0, LONGEST_SECONDS), child.kill).start()
        text += child.stdout.read()
    # The first line says that it started; the last may have been cut off in the middle.
    return [line.split(" ", 3) for line in text.split("\n")[1:-1]]


def _faults(
    store: Store, engine: Engine, paths: list[Path], seen: list[list[str]], scores: dict[str, float | None]
) -> list[str]:
    faults = [] if store.message is None and store.check() else ["the store is damaged"]
    pictures = {path.name: Picture(content_hash(path)) for path in paths}
    answers = store.remembered(pictures.values(), engine.card)
    latest = {}
    for kind, file, *words in seen:
        answer = answers.get(pictures[file])
        if kind == "scored":
            result = None if answer is None else answer.result
            kept = None if result is None or result.prediction is None else result.prediction.score
            if repr(kept) != words[0] or abs((kept or 0) - (scores[file] or 0)) > 1e-5:
                faults.append(f"the score of {file} was {words[0]} and is {kept}")
        else:
            latest[file] = words
    for file, (call, note) in latest.items():
        answer = answers.get(pictures[file])
        # One more may have been made safe without having been seen.
        said = None if answer is None else answer.judgement
        if said is None or (said.call != call and int(said.note.split()[1]) <= int(note.split()[1])):
            faults.append(f"the judgement of {file} was {call}, {note} and is {said}")
    return faults


if __name__ == "__main__":
    started = time.perf_counter()
    status = main()
    say(f"{time.perf_counter() - started:.0f} s")
    sys.exit(status)
