"""Templates: a plugin of each kind to begin with, in `sdk/LANGUAGE/templates/KIND/`, and a new one made of it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

from wardian.errors import ConfigError
from wardian.package.manifest import KINDS
from wardian.toolchain import languages, sdk

_RULE: Final = "lower-case letters, digits, and single `-` or `_` between them, with a letter first; at most 60"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_ORGANIZATION: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LONGEST: Final = 60  # characters
# A name becomes the name of files, packages and functions: words that some language keeps for itself cannot.
_KEPT: Final = frozenset(
    """
    abstract any as assert async auto await bool break case catch char class const continue def default del delete
    do double elif else enum except export extends extern extra false final finally float fn for from func function
    global go goto if impl import in include inline int interface is lambda let local long loop main map match mod
    module mut namespace new nil none not null or package pass plugin private pub public raise ref register return
    select self short signed static std string struct super switch template test then this throw trait true try type
    typedef undefined union unless unsafe until use var virtual void wardian where while with yield
    """.split()  # noqa: SIM905 - a list of words
)


def kinds(language: str) -> tuple[str, ...]:
    """The kinds of plugins that there is a template for in a language, in the ABI's order."""
    folder = _templates(language)
    return tuple(kind for kind in KINDS if (folder / kind / "plugin.yaml").is_file())


def begin(name: str, language: str, kind: str, folder: Path) -> tuple[Path, ...]:
    """Write a new plugin into a folder that is not there yet, or is empty, and give its files; all of it or nothing.

    Args:
        name: the plugin's, or `organization/name`; the organization is `acme` where none is said.
        language: one of `languages.NAMES`.
        kind: one of the ABI's.
        folder: where it comes to stand.

    Raises:
        ConfigError: the name breaks a rule, there is no such template, or something stands in the folder.
        OSError: it cannot be written.
    """
    organization, short = parsed(name)
    template = _template(language, kind)
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ConfigError(
            "something is there already, and nothing of it is overwritten", where=str(folder),
            hint="choose another name, or another folder with `--folder`",
        )  # fmt: skip
    folder.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory(prefix=".wardian-new-", dir=folder.parent) as workshop:
        made = Path(workshop) / "plugin"
        for source in sorted(each for each in template.rglob("*") if each.is_file()):
            path = Path(*(renamed(part, organization, short) for part in source.relative_to(template).parts))
            if "__pycache__" in path.parts or path.suffix == ".wasm":
                continue  # what somebody built in a clone
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(renamed(source.read_text("utf-8"), organization, short), "utf-8")
            written.append(folder / path)
        if folder.exists():
            folder.rmdir()
        made.replace(folder)
    return tuple(written)


def parsed(name: str) -> tuple[str, str]:
    """Organization and name of what an author gave.

    Raises:
        ConfigError: it breaks a rule, and which.
    """
    organization, slash, short = name.rpartition("/")
    organization = organization if slash else "acme"
    if not (_NAME.fullmatch(short) and len(short) <= _LONGEST):
        raise ConfigError(f"`{short}` is no name for a plugin", hint=f"a name has {_RULE}")
    if not (_ORGANIZATION.fullmatch(organization) and len(organization) <= _LONGEST):
        raise ConfigError(f"`{organization}` is no name for an organization", hint=f"a name has {_RULE}")
    if short in _KEPT:
        raise ConfigError(f"`{short}` has a meaning of its own in some language", hint=f"such as `my-{short}`")
    return organization, short


def renamed(text: str, organization: str, name: str) -> str:
    """A text of a template with the names of a new plugin, in each way that they are written there."""
    words = re.split("[-_]", name)
    camel = "".join(word.capitalize() for word in words)
    for old, new in (
        ("acme/new_plugin", f"{organization}/{name}"),
        ("acme/new-plugin", f"{organization}/{name}"),
        ("new_plugin", "_".join(words)),
        ("new-plugin", "-".join(words)),
        ("NewPlugin", camel),
        ("newPlugin", camel[0].lower() + camel[1:]),
        ("NEW_PLUGIN", "_".join(words).upper()),
        ("newplugin", "".join(words)),
    ):
        text = text.replace(old, new)
    return text


def _template(language: str, kind: str) -> Path:
    known = kinds(languages.language(language).name)
    if kind not in known:
        there = ", ".join(known) or "none yet"
        raise ConfigError(f"there is no template of a `{kind}` in `{language}`", hint=f"there are: {there}")
    return _templates(language) / kind


def _templates(language: str) -> Path:
    return sdk.folder() / languages.folder(language) / "templates"
