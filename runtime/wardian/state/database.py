"""The SQLite file of a state store: how it is made, opened, read and written, and what its faults mean."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from wardian.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Synchronous = Literal["NORMAL", "FULL"]
    Values = Sequence[str | bytes | int | None]

VERSION: Final = 1
_APPLICATION: Final = 0x57415244  # "WARD", so that another program's database is never taken for ours
_IDLE: Final = 8  # connections kept open; each costs two file descriptors and a page cache

_SCHEMA: Final = f"""
CREATE TABLE scope (
    plugin TEXT NOT NULL,
    instance TEXT NOT NULL,
    version INTEGER NOT NULL,   -- counts commits; a commit made from another version is refused
    keys INTEGER NOT NULL,      -- rows in entry, expired ones included
    total INTEGER NOT NULL,     -- bytes of their keys and values
    written_ms INTEGER NOT NULL,-- time of the last commit; no later transaction's time is before it
    PRIMARY KEY (plugin, instance)
) WITHOUT ROWID;
CREATE TABLE entry (
    plugin TEXT NOT NULL,
    instance TEXT NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    expires INTEGER,            -- in milliseconds since 1970
    PRIMARY KEY (plugin, instance, key)
) WITHOUT ROWID;
CREATE INDEX entry_expires ON entry (plugin, instance, expires) WHERE expires IS NOT NULL;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {VERSION};
PRAGMA journal_mode = WAL;
"""


class Database:
    """An open state file, made when there is none. Any number of threads may use it; a forked child may not.

    A connection is held for one statement or one commit, so there are as many as threads at work in SQLite at once.

    Args:
        path: the file. Its directory is made for the owner alone, and so is the file.
        synchronous: `FULL` keeps every commit through a power failure, `NORMAL` through a crash of the process only.
        patience: seconds to wait for another process's commit.
        max_bytes: how large the file may grow, or None.
        tables: statements that make what else is in the file, when it is made.

    Raises:
        StateError: `state_corrupt`, `state_newer`, or that the path cannot be used.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        synchronous: Synchronous,
        patience: float,
        max_bytes: int | None,
        tables: str = "",
    ) -> None:
        self.path = _settled(Path(path))
        self._patience = patience
        self._pragmas = [f"synchronous = {synchronous}", "trusted_schema = OFF", "cell_size_check = ON"]
        self._pragmas += ["journal_size_limit = 16777216"]  # a log once grown by a large commit is cut back to 16 MiB
        self._max_bytes = max_bytes
        self._process = os.getpid()
        self._closed = False
        self._idle: list[sqlite3.Connection] = []
        self._writing = threading.Lock()  # queues this process's commits, as SQLite would let them sleep and retry
        try:
            if not self.path.exists():
                _create(self.path, tables)
            self._idle.append(self._connect(first=True))
        except (sqlite3.Error, OSError) as error:
            raise self._fault(error) from error

    def select(self, sql: str, values: Values) -> list[tuple[Any, ...]]:
        """The rows of a query, of the latest commit."""
        connection = self._take()
        try:
            rows: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._fault(error) from error
        finally:
            self._give(connection)
        return rows

    def write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do `work` in one transaction of SQLite; when it raises, or SQLite does, nothing of it is left."""
        self.check()
        if not self._writing.acquire(timeout=self._patience):
            raise self._trouble("state_locked")
        try:
            connection = self._take()
            try:
                connection.execute("BEGIN IMMEDIATE")
                work(connection)
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._fault(error) from error
            finally:
                self._give(connection)
        finally:
            self._writing.release()

    def check(self) -> None:
        """Raise unless this process may use it.

        Raises:
            StateError: `state_closed`, or `state_forked` in a child, whose use of the parent's connections would
                damage the file.
        """
        if self._process != os.getpid():
            raise StateError(
                "a state store does not outlive a fork",
                code="state_forked",
                where=str(self.path),
                hint="open the store in the process that uses it",
            )
        if self._closed:
            raise StateError("the state store is closed", code="state_closed", where=str(self.path))

    def close(self) -> None:
        """Close all connections, after a commit that is under way. In a forked child nothing is touched."""
        if self._process != os.getpid():
            return
        with self._writing:
            self._closed = True
            self._drain()

    def _take(self) -> sqlite3.Connection:
        self.check()
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return self._connect()
        except (sqlite3.Error, OSError) as error:
            raise self._fault(error) from error

    def _give(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        if connection.in_transaction or len(self._idle) >= _IDLE:
            connection.close()
        else:
            self._idle.append(connection)
        if self._closed:  # it was closed while this connection was at work
            self._drain()

    def _drain(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _connect(self, *, first: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._patience, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        try:
            if first:
                self._identify(connection)
            for pragma in self._pragmas:
                connection.execute(f"PRAGMA {pragma}")
            if self._max_bytes is not None:
                (page,) = connection.execute("PRAGMA page_size").fetchone()
                connection.execute(f"PRAGMA max_page_count = {max(1, self._max_bytes // page)}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _identify(self, connection: sqlite3.Connection) -> None:
        """Refuse a file that this version cannot read, before anything is written to it."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION or version < 1:
            raise self._trouble("state_corrupt", "it is no state file of ours")
        if version > VERSION:
            raise StateError(
                f"the state file has version {version}, this release reads up to {VERSION}",
                code="state_newer",
                where=str(self.path),
                hint="run the release that wrote it, or a later one",
            )
        connection.execute("SELECT 1 FROM scope, entry LIMIT 1")
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise self._trouble("state_error", "its file system cannot share memory between processes")

    def _fault(self, error: sqlite3.Error | OSError) -> StateError:
        """What an exception means for the operator; told apart by SQLite's number, never by its text."""
        number = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest is detail
        return self._trouble(_CODES.get(number, "state_error"), str(error))

    def _trouble(self, code: str, detail: str = "") -> StateError:
        message, hint = _TROUBLES[code]
        return StateError(f"{message}: {detail}" if detail else message, code=code, where=str(self.path), hint=hint)


_CODES: Final = {
    sqlite3.SQLITE_CORRUPT: "state_corrupt",
    sqlite3.SQLITE_NOTADB: "state_corrupt",
    sqlite3.SQLITE_FULL: "state_full",
    sqlite3.SQLITE_BUSY: "state_locked",
    sqlite3.SQLITE_LOCKED: "state_locked",
}
_TROUBLES: Final = {
    "state_corrupt": ("the state file is damaged", "keep the file and its `-wal` aside and restore a copy of both"),
    "state_full": ("there is no room for more state", "free some space; deleting keys still works"),
    "state_locked": ("the state file is locked by somebody else", "look for a process that holds it open"),
    "state_error": ("the state file cannot be used", "look at its disk, its owner and its permissions"),
}


def _settled(path: Path) -> Path:
    """The file that a path leads to, or where it would be; its directory is there then."""
    try:
        # Whoever owns a link decides what file is opened: only we and root may.
        if path.is_symlink() and path.lstat().st_uid not in {os.geteuid(), 0}:
            raise StateError("the state file is a link that belongs to another user", where=str(path))
        file = path.resolve()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        odd = file.exists() and not file.is_file()
    except (OSError, RuntimeError) as error:  # the latter for links in a circle
        raise StateError(f"the state file cannot be used: {error}", where=str(path)) from error
    if odd:
        raise StateError("the state file is not a regular file", where=str(path), hint="name a file, not a directory")
    return file


def _create(path: Path, tables: str) -> None:
    """Make the file whole under another name and then give it its own, so that a half-made one is never found."""
    for suffix in ("-wal", "-journal"):
        # SQLite would play the log of a lost file into the new one. A log can only be older than this look, as another
        # process that makes the file now makes it before its log.
        if path.with_name(path.name + suffix).exists() and not path.exists():
            raise StateError(
                f"the state file is gone, but its `{suffix}` is there",
                code="state_corrupt",
                where=str(path),
                hint="restore the file, or move what is left of it aside",
            )
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by its owner alone
    try:
        os.close(handle)
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA + tables)
        with suppress(FileExistsError):  # another process was quicker; its file is as good
            os.link(name, path)
    finally:
        Path(name).unlink()
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)  # or a power failure could take the name away again, and all commits with it
    finally:
        os.close(directory)
