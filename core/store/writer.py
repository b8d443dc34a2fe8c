"""The one thread that writes."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.store.errors import why_not_kept

Change = Callable[[sqlite3.Connection], None]
"""Writes something; the transaction around it is the writer's."""

Done = Callable[[bool], None]
"""Called by the writer: True once a change is on its way to the disk for good, False where it could not be kept."""

CAPACITY: Final = 256
"""Changes that wait; who brings more is made to wait."""

MOST_HELD: Final = 20_000
"""Changes that could not be written and are tried again with every later one; of 1 kB each."""

_CHECKPOINT_CHANGES: Final = 2_000
_RETRY_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)


# Faults of one change, not of the file.
_OF_ONE: Final = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
)


@dataclass(frozen=True, slots=True)
class _Order:
    change: Change
    done: Done | None
    alone: bool = False


class Writer:
    """Writes changes in the order they come, as many at a time as have come meanwhile.

    Parameters
    ----------
    connection : sqlite3.Connection
        The writer's alone from here on; it closes it.
    on_trouble : callable
        Called by the writer with a sentence when changes can no longer be kept, and with None when they can
        again; those that could not were held and are then written.
    """

    def __init__(
        self, connection: sqlite3.Connection, on_trouble: Callable[[str | None], None] = lambda _: None
    ) -> None:
        self._connection = connection
        self._on_trouble = on_trouble
        self._orders: queue.Queue[_Order | None] = queue.Queue(CAPACITY)
        self._held: deque[_Order] = deque(maxlen=MOST_HELD)
        self._troubled = False
        self._tried_at = 0.0
        self._since_checkpoint = 0
        self._closed = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="deeppneumo-store", daemon=True)
        self._thread.start()

    def put(self, change: Change, done: Done | None = None) -> None:
        """Have something written; waits where too much waits already."""
        self._orders.put(_Order(change, done))

    def put_alone(self, change: Change, done: Done | None = None) -> None:
        """Have something done outside of a transaction, after all that came before it."""
        self._orders.put(_Order(change, done, alone=True))

    def close(self, seconds: float | None = None) -> bool:
        """Write what waits and end; False when that takes longer than `seconds`, counted from the call."""
        ends_at = None if seconds is None else time.monotonic() + seconds
        if self._closed.acquire(blocking=False):
            try:
                self._orders.put(None, timeout=seconds)
            except queue.Full:
                self._closed.release()  # whoever closes later may still bring the end
                return False
        self._thread.join(None if ends_at is None else max(0.0, ends_at - time.monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        ended = False
        while not ended:
            orders = self._take()
            ended = None in orders
            self._write([order for order in orders if order and not order.alone], last=ended)
            for order in orders:
                if order is not None and order.alone:
                    self._do(order)
            if self._since_checkpoint >= _CHECKPOINT_CHANGES:
                self._checkpoint()
        self._connection.close()  # which moves everything into the main file

    def _take(self) -> list[_Order | None]:
        """Wait for orders; one that is done alone, or the end, is the last of those returned."""
        orders = [self._orders.get()]
        while len(orders) < CAPACITY and orders[-1] is not None and not orders[-1].alone:
            try:
                orders.append(self._orders.get_nowait())
            except queue.Empty:
                break
        return orders

    def _do(self, order: _Order) -> None:
        if self._held and self._kept(list(self._held)):
            self._held.clear()
        try:
            order.change(self._connection)
        except (sqlite3.Error, OSError) as error:
            self._on_trouble(why_not_kept(error))
            _tell([order], False)
            return
        _tell([order], True)

    def _write(self, orders: list[_Order], last: bool) -> None:
        waits = self._troubled and not last and time.monotonic() < self._tried_at + _RETRY_SECONDS
        if not waits and self._kept([*self._held, *orders]):
            self._since_checkpoint += len(orders)
            self._held.clear()
            _tell(orders, True)
            return
        # Shown nevertheless; written with a later change, if one can be.
        self._held.extend(_Order(order.change, None) for order in orders)
        _tell(orders, False)

    def _kept(self, orders: list[_Order]) -> bool:
        if not orders:
            return True
        try:
            self._commit([order.change for order in orders])
        except (sqlite3.Error, OSError) as error:
            self._tried_at = time.monotonic()
            if not self._troubled:
                self._troubled = True
                # With what waits behind it nobody shall wait for another program again and again.
                self._connection.execute("PRAGMA busy_timeout = 100")
                self._on_trouble(why_not_kept(error))
            return False
        if self._troubled:
            self._troubled = False
            self._on_trouble(None)
        return True

    def _commit(self, changes: list[Change]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                self._apply(change)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _apply(self, change: Change) -> None:
        """Make one change; one that cannot be made at all must not take the others with it."""
        self._connection.execute("SAVEPOINT one")
        try:
            change(self._connection)
        except Exception as error:
            if isinstance(error, sqlite3.Error | OSError) and not isinstance(error, _OF_ONE):
                raise
            _log.error("Something could not be kept (%s).", type(error).__name__)
            self._connection.execute("ROLLBACK TO one")
        self._connection.execute("RELEASE one")

    def _checkpoint(self) -> None:
        """Move what was written into the main file, after those who waited have been told."""
        self._since_checkpoint = 0
        try:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            _log.warning("The store could not be tidied up (%s).", type(error).__name__)


def _tell(orders: list[_Order], kept: bool) -> None:
    for order in orders:
        if order.done is None:
            continue
        try:
            order.done(kept)
        except Exception as error:
            _log.error("An answer of the store was not taken (%s).", type(error).__name__)
