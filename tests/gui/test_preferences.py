"""The settings dialog: at once, taken back, reset, remembered, and safe with a damaged file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QDesktopServices, QIcon, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget

from core.overlay import COLORMAPS, DEFAULT_COLORMAP, DEFAULT_OPACITY
from deeppneumo_gui import services as services_module
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.app import create_window
from deeppneumo_gui.crash import folder as folder_module
from deeppneumo_gui.preferences.dialog import PreferencesDialog
from deeppneumo_gui.preferences.values import Preferences, read_preferences, write_preferences
from deeppneumo_gui.services import Services, core_services, window_threads
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.theme import DARK, LIGHT, apply_theme, colours
from deeppneumo_gui.window import MainWindow

Make = Callable[[], MainWindow]
Open = Callable[..., MainWindow]
Changed = Preferences(
    theme="light",
    colormap=next(name for name in COLORMAPS if name != DEFAULT_COLORMAP),
    opacity=0.25,
    wheel_steps=True,
    hide_identities=True,
    threads=1,
)


@pytest.fixture(autouse=True)
def dark_again(qapp: QApplication) -> Iterator[None]:
    yield
    if colours() is not DARK:
        apply_theme(qapp, DARK)


def open_dialog(window: MainWindow) -> PreferencesDialog:
    window.actions_by_id[ActionId.SETTINGS].trigger()
    dialog = window.preferences.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def press(qtbot: Any, dialog: PreferencesDialog, which: QDialogButtonBox.StandardButton) -> None:
    button = dialog.findChild(QDialogButtonBox).button(which)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def fill(dialog: PreferencesDialog, preferences: Preferences) -> None:
    dialog.theme.setCurrentIndex(dialog.theme.findData(preferences.theme))
    dialog.colormap.setCurrentIndex(dialog.colormap.findData(preferences.colormap))
    dialog.opacity.setValue(round(100 * preferences.opacity))
    dialog.wheel.setCurrentIndex(dialog.wheel.findData(preferences.wheel_steps))
    dialog.hide_identities.setChecked(preferences.hide_identities)
    dialog.threads.setCurrentIndex(dialog.threads.findData(preferences.threads))


def assert_in_effect(window: MainWindow, preferences: Preferences) -> None:
    style = window.heatmap.heatmap_style
    assert colours() is {"dark": DARK, "light": LIGHT}[preferences.theme]
    assert style.colormap == preferences.colormap
    assert style.opacity == preferences.opacity
    assert window.view.wheel_steps == preferences.wheel_steps
    assert window.session.identities.hidden == preferences.hide_identities
    assert window.preferences.current == preferences


def stored(settings_file: Path) -> Settings:
    return Settings(QSettings(str(settings_file), QSettings.Format.IniFormat))


def test_changes_are_seen_at_once_and_remembered(make_window: Make, qtbot: Any) -> None:
    window = make_window()
    assert_in_effect(window, Preferences())
    dialog = open_dialog(window)
    fill(dialog, Changed)
    assert_in_effect(window, Changed)
    press(qtbot, dialog, QDialogButtonBox.StandardButton.Ok)
    qtbot.waitUntil(lambda: window.preferences.dialog is None)
    assert_in_effect(window, Changed)
    window.close()
    assert_in_effect(make_window(), Changed)


def test_cancel_brings_back_what_was(make_window: Make, qtbot: Any, settings_file: Path) -> None:
    window = make_window()
    # Changed beside the dialog, so neither the default nor what the dialog last wrote.
    window.heatmap.opacity.setValue(75)
    dialog = open_dialog(window)
    fill(dialog, Changed)
    press(qtbot, dialog, QDialogButtonBox.StandardButton.Cancel)
    assert_in_effect(window, Preferences(opacity=0.75))
    assert read_preferences(stored(settings_file)) == Preferences(opacity=0.75)


def test_reset_to_defaults(window: MainWindow, qtbot: Any) -> None:
    dialog = open_dialog(window)
    fill(dialog, Changed)
    qtbot.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert dialog.preferences == Preferences()
    assert_in_effect(window, Preferences())
    assert dialog.isVisible()


def test_one_dialog_at_a_time(window: MainWindow, qapp: QApplication) -> None:
    dialog = open_dialog(window)
    assert open_dialog(window) is dialog
    dialog.reject()


def test_ctrl_comma_opens_it(window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.preferences.dialog is not None
    window.preferences.dialog.reject()


@pytest.mark.parametrize(
    "content",
    [
        "[look]\ntheme=purple\n[canvas]\nwheel_steps=maybe\n[model]\nthreads=100000\n[heatmap]\nopacity=much\ncolormap=jet9\n",
        "[look]\ntheme=@Invalid()\n[model]\nthreads=-4\n[heatmap]\nopacity=@ByteArray(x)\n",
        "[model]\nthreads=many\n[window]\ngeometry=nonsense\nlayout=@ByteArray(\\0\\xff)\n",
        "\x00\x01 no settings at all [[[",
    ],
)
def test_damaged_settings_are_the_defaults(make_window: Make, settings_file: Path, content: str) -> None:
    settings_file.write_text(content, encoding="utf-8")
    window = make_window()
    assert_in_effect(window, Preferences())
    assert window.isVisible()
    assert window.heatmap.heatmap_style.opacity == DEFAULT_OPACITY


def test_nan_and_infinity_are_damaged_too(settings_file: Path) -> None:
    for value in ("nan", "inf", "-inf"):
        settings_file.write_text(f"[heatmap]\nopacity={value}\nthreshold={value}\n", encoding="utf-8")
        preferences = read_preferences(stored(settings_file))
        assert 0.0 <= preferences.opacity <= 1.0


def test_values_survive_the_file(settings_file: Path) -> None:
    store = QSettings(str(settings_file), QSettings.Format.IniFormat)
    write_preferences(Settings(store), Changed)
    store.sync()
    assert read_preferences(stored(settings_file)) == Changed


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="the system cannot keep cores from a process"
)
def test_cores_that_are_kept_from_the_program_do_not_count() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "os.cpu_count = lambda: 64\n"
        "from deeppneumo_gui.preferences.values import MOST_THREADS\n"
        "from deeppneumo_gui.services import window_threads\n"
        "print(MOST_THREADS, window_threads())"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["1", "1"]


def test_the_theme_changes_while_the_window_is_open(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png", "broken.png")
    panel = QPoint(window.result.width() // 2, 3)
    assert pixel(window.result, panel) == QColor(DARK.panel)
    dark_icon = drawn(window.actions_by_id[ActionId.FIT].icon())
    dialog = open_dialog(window)
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    assert pixel(window.result, panel) == QColor(LIGHT.panel)
    assert pixel(window.worklist.view.viewport(), QPoint(100, 400)) == QColor(LIGHT.panel)
    assert drawn(window.actions_by_id[ActionId.FIT].icon()) == QColor(LIGHT.text)
    assert dark_icon == QColor(DARK.text)
    # Beside the radiograph it stays black in both.
    corner = QPoint(window.view.viewport().width() - 2, 2)
    assert pixel(window.view.viewport(), corner) == QColor("black")
    dialog.reject()
    assert pixel(window.result, panel) == QColor(DARK.panel)
    assert drawn(window.actions_by_id[ActionId.FIT].icon()) == dark_icon


def test_painted_widgets_follow_the_theme(open_files: Open) -> None:
    window = open_files("a.png")
    dialog = open_dialog(window)
    dark = [window.result.scale.grab().toImage(), window.worklist.view.viewport().grab().toImage()]
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    light = [window.result.scale.grab().toImage(), window.worklist.view.viewport().grab().toImage()]
    for image in light:
        assert DARK.track not in palette(image)
        assert DARK.text not in palette(image)
    assert LIGHT.track in palette(light[0])
    assert DARK.track in palette(dark[0])
    assert LIGHT.text in palette(light[1])
    dialog.reject()


def test_the_wheel_does_what_was_chosen(open_files: Open, qapp: QApplication) -> None:
    window = open_files("a.png", "b.png")
    window.preferences.apply(Preferences(wheel_steps=True))
    turn_wheel(window, -120, Qt.KeyboardModifier.NoModifier)
    assert window.session.current is not None
    assert window.session.current.path.name == "b.png"


def test_shift_and_the_wheel_zoom_where_the_wheel_steps(open_files: Open) -> None:
    window = open_files("a.png", "b.png")
    window.preferences.apply(Preferences(wheel_steps=True))
    before = window.view.zoom
    turn_wheel(window, 120, Qt.KeyboardModifier.ShiftModifier)
    assert window.view.zoom > before
    assert window.session.current is not None
    assert window.session.current.path.name == "a.png"


def test_the_threads_that_were_chosen_load_the_next_model(
    monkeypatch: pytest.MonkeyPatch, settings_file: Path, tmp_path: Path
) -> None:
    used: list[int] = []
    monkeypatch.setattr(
        "deeppneumo_gui.inference.resting.RestingEngine", lambda path, threads: used.append(threads)
    )
    given: list[Callable[[], int]] = []

    def services(*, threads: Callable[[], int]) -> Services:
        given.append(threads)
        return core_services(tmp_path / "any.bundle", threads)

    monkeypatch.setattr(services_module, "core_services", services)
    window = create_window(settings_file)
    load = services(threads=given[0]).load_engine
    load(None)
    window.preferences.apply(Preferences(threads=1))
    load(None)
    assert used == [window_threads(), 1]
    window.close()
    window.deleteLater()


def test_the_log_folder_opens(window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr(folder_module, "user_log_folder", lambda: tmp_path / "new" / "logs")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window.actions_by_id[ActionId.OPEN_LOG].trigger()
    assert [Path(path) for path in opened] == [tmp_path / "new" / "logs"]
    assert (tmp_path / "new" / "logs").is_dir()


def turn_wheel(window: MainWindow, angle: int, modifiers: Qt.KeyboardModifier) -> None:
    port = window.view.viewport()
    position = QPointF(port.rect().center())
    QApplication.sendEvent(
        port,
        QWheelEvent(
            position,
            QPointF(port.mapToGlobal(position.toPoint())),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def pixel(widget: QWidget, at: QPoint) -> QColor:
    image = widget.grab().toImage()
    return QColor(image.pixelColor(at).rgb())


def palette(image: Any) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(min(image.height(), 200))
    }


def drawn(icon: QIcon) -> QColor:
    """The colour of the icon's most opaque pixel."""
    image = icon.pixmap(24, 24).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    strongest = max(pixels, key=lambda colour: colour.alpha())
    return QColor(strongest.red(), strongest.green(), strongest.blue())
