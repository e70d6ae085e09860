"""The compile cache on disk: artefacts of modules that this program compiled, and of nobody else.

An artefact is machine code that runs as it is, so each is authenticated before the engine sees it: an HMAC over its
name and content, with a key that lies outside the cache, so that a cache directory copied from elsewhere carries no
key.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import logging
import os
import stat
from pathlib import Path
from typing import Final

_MAC: Final = 32
_log: Final = logging.getLogger("wardian.cache")


class Artefacts:
    """A directory of artefacts, which only this user can write.

    Every failure to read or write means a compile more, never a wrong artefact: it is logged, and nothing is raised
    after the directory was opened.

    Threads and processes: any number at once; a file appears whole or not at all.

    Args:
        directory: made with mode 0700 where it is missing.
        key_file: 32 random bytes with mode 0600, made where it is missing; by default `wardian/cache.key` in
            `$XDG_STATE_HOME`, or in `~/.local/state`.
        most: bytes that all artefacts may take; the ones unused for longest go first.

    Raises:
        OSError: when directory or key cannot be made, or others could write them.
    """

    def __init__(self, directory: Path, key_file: Path | None = None, most: int = 2**30) -> None:
        self.directory = directory
        self.most = most
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_own(directory.lstat(), directory)
        self._key = _read_key(key_file or _default_key_file())

    def get(self, name: str) -> bytes | None:
        """The artefact kept under this name, or None; one that is not authentic is deleted."""
        path = self._path(name)
        try:
            # A pipe in a file's place would block otherwise.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                return self._authentic(name, path, descriptor)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._discard(path, "it is a link")
            else:  # it may be whole: too many files may be open just now
                _log.warning("an artefact in %s could not be read: %s", self.directory, error)
            return None

    def put(self, name: str, artefact: bytes) -> None:
        """Keep an artefact under this name, and make room for it."""
        size = _MAC + len(artefact)
        if size > self.most:
            return
        path = self._path(name)
        partial = path.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}.part")
        try:
            self._trim(size)
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._mac(name, artefact))
                file.write(artefact)
            partial.replace(path)
        except OSError as error:
            _log.warning("an artefact could not be kept in %s: %s", self.directory, error)
            with contextlib.suppress(OSError):
                partial.unlink()

    def _authentic(self, name: str, path: Path, descriptor: int) -> bytes | None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            self._discard(path, "it is no file")
        elif status.st_uid != os.geteuid() or status.st_mode & 0o077:
            self._discard(path, "others may have written it")
        elif status.st_nlink > 1:  # it is 0 when another process replaced it just now
            self._discard(path, "it has another name too")
        else:
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                mac, artefact = file.read(_MAC), file.read()
            if hmac.compare_digest(mac, self._mac(name, artefact)):
                with contextlib.suppress(OSError):  # a directory that cannot be written can still be read
                    os.utime(descriptor)  # so that what is used stays
                return artefact
            self._discard(path, "it is not authentic")
        return None

    def _path(self, name: str) -> Path:
        return self.directory / f"{hashlib.sha256(name.encode()).hexdigest()}.artefact"

    def _mac(self, name: str, artefact: bytes) -> bytes:
        mac = hmac.new(self._key, f"{len(name)}:{name}".encode(), "sha256")
        mac.update(artefact)
        return mac.digest()

    def _discard(self, path: Path, why: str) -> None:
        _log.warning("an artefact in %s is not used and is deleted: %s", self.directory, why)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("it could not be deleted: %s", error)

    def _trim(self, coming: int) -> None:
        kept = []
        for entry in os.scandir(self.directory):
            if entry.name.endswith((".artefact", ".part")):
                with contextlib.suppress(FileNotFoundError):  # another process trims too
                    status = entry.stat(follow_symlinks=False)
                    kept.append((status.st_mtime, status.st_size, entry.path))
        total = coming + sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= self.most:
                return
            Path(path).unlink(missing_ok=True)
            total -= size


def _default_key_file() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "wardian" / "cache.key"


def _read_key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}.part")
    if not path.exists():
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(descriptor)  # a key that is empty after a power failure would stop every runtime
        try:
            os.link(partial, path)  # the first process to come wins; the others read its key
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        _require_own(os.fstat(file.fileno()), path)
        key = file.read()
    if len(key) != 32:
        raise OSError(f"{path} holds no key: it has {len(key)} bytes, not 32; delete it to have a new one made")
    return key


def _require_own(status: os.stat_result, path: Path) -> None:
    if stat.S_ISLNK(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError(f"{path} has to belong to this user, and nobody else may write it")
