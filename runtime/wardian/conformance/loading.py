"""Promises of the module as a whole, which are read off it: nothing of it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.conformance import description, world
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.shown import shown
from wardian.errors import PackageError
from wardian.plugins import description as stated

if TYPE_CHECKING:
    from wardian.conformance.laboratory import Laboratory
    from wardian.plugins.inspection import Inspection
    from wardian.policy import Grants, Limits
    from wardian.sandbox.module import Module

_UNDESCRIBED: Final = "the module has no section `wardian:package`"


@dataclass(frozen=True, slots=True)
class Plain:
    """A module before anything of it has run.

    Attributes:
        lab: where its imports are matched.
        module: the compiled module.
        inspection: what it says of itself.
        limits: what its instances may use.
        grants: all that it may ask for, or None where nobody said.
    """

    lab: Laboratory
    module: Module
    inspection: Inspection
    limits: Limits
    grants: Grants | None


def _loads(plain: Plain) -> Verdict:
    try:
        stated.check(plain.module, None)
    except PackageError as error:
        return failed("a module that speaks the ABI, or a WASI program", error.message)
    if plain.inspection.notes:
        return failed("entry points of the type `(i32, i32) -> i64`", "; ".join(plain.inspection.notes))
    return passed(stated.transport(plain.module, None))


def _imports(plain: Plain) -> Verdict:
    refused = [need.name for need in plain.inspection.imports if need.access == "refused"]
    if refused:
        return failed("imports of `wardian`, `app` and `wasi_snapshot_preview1` alone", shown(refused))
    try:
        plain.lab.prepare(plain.module, plain.limits)
    except PackageError as error:
        return failed("imports of the types that the ABI gives", error.message)
    return passed(f"{len(plain.inspection.imports)} imports")


def _grants(plain: Plain) -> Verdict:
    if plain.grants is None:
        return not_applicable("nobody said what may be granted (`--grant`)")
    needed = [each for each in world.needs(plain.module) if not each.startswith("app.")]
    more = [each for each in needed if not plain.grants.allows(each)]
    if more:
        return failed("no capability but those that were granted", f"it imports what needs {', '.join(more)}")
    return passed(", ".join(needed) or "none is needed")


def _described(plain: Plain) -> Verdict:
    manifest, fault = plain.inspection.package, plain.inspection.package_fault
    if manifest is None and not fault:
        return not_applicable(f"{_UNDESCRIBED}; `wardian-cc` and its like put it there")
    wrong = [fault] if manifest is None else list(description.faults(manifest))
    return failed("a description as ABI.md, section 7, has it", "; ".join(wrong)) if wrong else passed()


def _entry_points(plain: Plain) -> Verdict:
    if plain.inspection.package is None:
        return not_applicable(_UNDESCRIBED)
    try:
        stated.check(plain.module, plain.inspection.package)
    except PackageError as error:
        return failed("a module that is what its description says", "; ".join((error.message, *error.problems)))
    return passed()


def _reasons(plain: Plain) -> Verdict:
    manifest = plain.inspection.package
    if manifest is None:
        return not_applicable(_UNDESCRIBED)
    needed = world.needs(plain.module)
    silent = [each for each in needed if not manifest.capabilities.get(each, "").strip()]
    if silent:
        return failed("a reason for each capability that it imports", f"there is none for {', '.join(silent)}")
    return passed(", ".join(needed))


def _no_subject(_subject: object) -> Verdict:
    return not_applicable("it is read off the module")


def _promise(id_: str, text: str, why: str, hint: str) -> Promise:
    return Promise(id_, text, why, hint, _no_subject, opened=False)


READINGS: Final = (
    (
        _promise(
            "module.loads", "The module loads: it speaks the ABI, or it is a WASI program.",
            "A host refuses any other module.",
            "build it with one of the SDKs, and export each entry point as `(i32, i32) -> i64`",
        ),
        _loads,
    ),
    (
        _promise(
            "module.imports", "All that it imports is known, with the type that the ABI gives.",
            "A host refuses an import that it does not know.",
            "take the import out, or declare it as the ABI does; a name that the linker left open is often a typo",
        ),
        _imports,
    ),
    (
        _promise(
            "module.grants", "It imports no more than it was granted with `--grant`.",
            "An operator who granted less cannot load it.",
            "take the import out, or say `--grant` for it too",
        ),
        _grants,
    ),
    (
        _promise(
            "description.right", "The description has the shape that the ABI gives.",
            "Catalogs and hosts read it without running the plugin.",
            "mend `plugin.yaml` and build again",
        ),
        _described,
    ),
    (
        _promise(
            "description.entry_points", "Each symbol has the entry point that its kind is about.",
            "A host that was promised the kind finds nothing to call.",
            "export the entry point, or leave the symbol out",
        ),
        _entry_points,
    ),
    (
        _promise(
            "description.capabilities", "The description says what each capability is for that it imports.",
            "A person has to judge whether to grant it.",
            "add it to `capabilities` in `plugin.yaml`, with its reason in words",
        ),
        _reasons,
    ),
)  # fmt: skip
PROMISES: Final = tuple(promise for promise, _ in READINGS)
