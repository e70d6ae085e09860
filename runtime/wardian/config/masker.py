"""`Masker`: knows the secrets, and takes them out of what a plugin says."""

from __future__ import annotations

import base64
import dataclasses
import json
import urllib.parse
from typing import TYPE_CHECKING, Any, Final, TypeVar

from wardian.document.problem import Problem
from wardian.document.secret_text import MASK
from wardian.errors import WardianError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

PART: Final = 8  # characters; a shorter part of a secret gives little away, and would be found everywhere


class Masker:
    """Masks secrets in texts and in plain data: as they are, in base64, hex, URLs and JSON, and parts of 8 characters.

    A secret of fewer than 8 characters is masked where it stands as it is, and in no other form. Without secrets, all
    is given back as it is, at no cost. Threads may share a masker; it does not change.

    Args:
        secrets: their texts; an empty one is left out.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        texts = {text for text in secrets if text}
        forms = {form for text in texts if len(text) >= PART for form in _forms(text)}
        self._parts = frozenset(form[at : at + PART] for form in forms for at in range(len(form) - PART + 1))
        self._short = sorted((text for text in texts if len(text) < PART), key=len, reverse=True)

    def __bool__(self) -> bool:
        return bool(self._parts or self._short)

    def __repr__(self) -> str:
        return f"<Masker {'of secrets' if self else 'of nothing'}>"

    def mask(self, text: str) -> str:
        """The text with `***` for each secret and each part of one."""
        if self._parts and len(text) >= PART:
            text = "".join(self._without_parts(text))
        for secret in self._short:
            text = text.replace(secret, MASK)
        return text

    def mask_value(self, value: Any) -> Any:  # noqa: ANN401, PLR0911 - a line for each type
        """Plain data with its texts, keys, bytes and numbers masked; a copy, unless there are no secrets."""
        if not self:
            return value
        if isinstance(value, Problem):
            parts = {name: self.mask_value(part) for name, part in value.as_dict().items() if name != "line"}
            return Problem(**parts, line=value.line)
        if isinstance(value, str):
            return self.mask(str.__str__(value))
        if isinstance(value, dict):
            return {self.mask_value(key): self.mask_value(held) for key, held in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.mask_value, value)) if type(value) in (list, tuple) else value
        if isinstance(value, (bytes, bytearray)):
            text = value.decode("utf-8", "surrogateescape")
            return value if self.mask(text) == text else MASK.encode()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and self.mask(str(value)) != str(value):
            return MASK
        return value

    def mask_error(self, error: T) -> T:
        """The same error, masked in place: its message, place, hint, problems, details, and those of its causes."""
        seen: set[int] = set()
        here: object = error
        while self and isinstance(here, WardianError) and id(here) not in seen:
            seen.add(id(here))
            here.args = self.mask_value(here.args)
            for name, value in vars(here).items():
                if name != "code":
                    setattr(here, name, self.mask_value(value))
            here = here.__cause__ or here.__context__
        return error

    def mask_lines(self, on_log: Callable[[T], None]) -> Callable[[T], None]:
        """A function for `Runtime(on_log=…)` that gives each line on with its message and fields masked."""
        if not self:
            return on_log

        def masked(line: T) -> None:
            held: Any = line
            on_log(
                dataclasses.replace(held, message=self.mask(held.message), fields=self.mask_value(dict(held.fields)))
            )

        return masked

    def _without_parts(self, text: str) -> Iterator[str]:
        """The pieces of the text that are no part of a secret, with a mask for each run that is."""
        parts, hidden = self._parts, 0  # `hidden` is where the last run ends
        for at in range(len(text) - PART + 1):
            if text[at : at + PART] in parts:
                if at > hidden or not hidden:
                    yield text[hidden:at]
                    yield MASK
                hidden = at + PART
        yield text[hidden:]


def _forms(text: str) -> Iterator[str]:
    """The ways in which a secret of 8 characters or more is often written."""
    raw = text.encode("utf-8", "surrogatepass")
    yield text
    yield raw.hex()
    yield raw.hex().upper()
    for plain in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]):
        yield plain
        yield plain.replace("/", r"\/")
    yield text.encode("unicode_escape").decode()
    for safe in ("", "/", "/:@!$&'()*+,;="):
        quoted = urllib.parse.quote(raw, safe=safe)
        yield quoted
        yield quoted.replace("%20", "+")
        yield "".join(f"%{part[:2].lower()}{part[2:]}" if at else part for at, part in enumerate(quoted.split("%")))
    yield "".join(f"%{byte:02X}" for byte in raw)
    yield "".join(f"%{byte:02x}" for byte in raw)
    for shift in range(3):
        # Three bytes are four characters: at each shift, those that no neighbour has a share in are always the same.
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        first, last = (0, 2, 3)[shift], -1 if (shift + len(raw)) % 3 else None
        middle = encoded[first:last]
        yield middle
        yield middle.translate(str.maketrans("+/", "-_"))
