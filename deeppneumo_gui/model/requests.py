"""Which model was asked for, and whether it is the one in use; free of Qt."""

from __future__ import annotations

from pathlib import Path

from deeppneumo_gui.inference.messages import Generation, ModelFailed, ModelReady, ModelRequest


class ModelRequests:
    """Counts the models that were asked for; answers to older requests may still be under way."""

    def __init__(self) -> None:
        self.loading = False
        self._newest = ModelRequest(Generation(0))
        self._bundled = False
        self.in_use: Path | None = None
        """Bundle that scores, None for the model that ships."""

    @property
    def bundled_in_use(self) -> bool:
        """Whether the model that ships scores and no other is on its way."""
        return self._bundled and not self.loading

    def ask(self, path: Path | None) -> ModelRequest:
        """Return the request for a bundle, or with None for the model that ships."""
        self._newest = ModelRequest(Generation(self._newest.generation + 1), path)
        self.loading = True
        return self._newest

    def accept(self, ready: ModelReady) -> None:
        """Take note of the model in use."""
        newest = ready.generation >= self._newest.generation
        self.loading = not newest
        self._bundled = newest and self._newest.path is None
        if newest:
            self.in_use = self._newest.path

    def refuse(self, failed: ModelFailed) -> bool:
        """Take note of a failure; False where another model has been asked for since."""
        if failed.generation < self._newest.generation:
            return False
        self.loading = False
        return True
