"""The file of one pipeline: its tables, beside those of its plugins' state, and how it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import StateError
from wardian.state.sqlite import SqliteStore

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Callable

    from wardian.state.database import Synchronous

_VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE pipeline (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,   -- of these tables
    cursor INTEGER NOT NULL,    -- the last record that is acknowledged
    given INTEGER NOT NULL,     -- a log in memory may have given away cursors up to this one
    dead INTEGER NOT NULL,      -- rows in dead
    dead_bytes INTEGER NOT NULL
);
CREATE TABLE chunk (
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    size INTEGER NOT NULL,      -- bytes of its data
    source TEXT NOT NULL,
    start TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    data BLOB NOT NULL          -- last, so that the others are read without it
);
CREATE TABLE source (name TEXT PRIMARY KEY, offset BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE window (id INTEGER PRIMARY KEY, member TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX window_member ON window (member);
CREATE TABLE dead (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- no number is ever given again
    member TEXT NOT NULL,
    source TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    plugin TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,      -- bytes of the message and the data
    data BLOB NOT NULL          -- the record, the details and the trace
);
CREATE TRIGGER dead_more AFTER INSERT ON dead BEGIN
    UPDATE pipeline SET dead = dead + 1, dead_bytes = dead_bytes + new.size;
END;
CREATE TRIGGER dead_less AFTER DELETE ON dead BEGIN
    UPDATE pipeline SET dead = dead - 1, dead_bytes = dead_bytes - old.size;
END;
CREATE TRIGGER dead_other AFTER UPDATE OF size ON dead BEGIN
    UPDATE pipeline SET dead_bytes = dead_bytes - old.size + new.size;
END;
"""
_NAMES: Final = ("chunk", "dead", "pipeline", "source", "window")


def open_file(
    path: str | os.PathLike[str],
    pipeline: str,
    *,
    synchronous: Synchronous = "NORMAL",
    patience: float = 5.0,
    max_bytes: int | None = None,
    now_ms: Callable[[], int] | None = None,
) -> SqliteStore:
    """Open the file of a pipeline, made when there is none; the tables are reached through the store's `database`.

    Args:
        path: the file.
        pipeline: whose it is; an empty text takes whosever it is, where it is there already.
        synchronous: as of `SqliteStore`, and so are the others.
        patience: likewise.
        max_bytes: likewise.
        now_ms: likewise.

    Raises:
        StateError: as of `SqliteStore`, and `state_corrupt` for a file that has not all of the tables, or is of another
            pipeline. Nothing is repaired or made anew.
    """
    store = SqliteStore(
        path, synchronous=synchronous, patience=patience, max_bytes=max_bytes, now_ms=now_ms, tables=_TABLES
    )
    try:
        _identify(store, pipeline)
    except BaseException:
        store.close()
        raise
    return store


def _identify(store: SqliteStore, pipeline: str) -> None:
    database = store.database
    rows = database.select("SELECT name FROM sqlite_master WHERE type = 'table'", ())
    missing = [name for name in _NAMES if (name,) not in rows]
    if missing:
        raise _wrong(store, "state_corrupt", f"it is no file of a pipeline: it has no table `{missing[0]}`")

    def claim(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT OR IGNORE INTO pipeline (id, name, version, cursor, given, dead, dead_bytes)"
            " VALUES (1, ?, ?, 0, 0, 0, 0)", (pipeline, _VERSION),
        )  # fmt: skip

    found = database.select("SELECT name, version FROM pipeline", ())
    if not found:
        database.write(claim)
        found = database.select("SELECT name, version FROM pipeline", ())
    name, version = found[0]
    if version > _VERSION:
        raise _wrong(store, "state_newer", f"its tables have version {version}, this release reads up to {_VERSION}")
    if pipeline and name != pipeline:
        raise _wrong(store, "state_corrupt", f"it is the file of the pipeline `{name}`")


def _wrong(store: SqliteStore, code: str, message: str) -> StateError:
    hint = "run the release that wrote it, or a later one" if code == "state_newer" else "keep it aside"
    return StateError(message, code=code, where=str(store.database.path), hint=hint)
