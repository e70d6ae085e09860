"""The page on conformance has all promises of the kit; run as a program, this file writes them."""

from __future__ import annotations

from pathlib import Path

from wardian.conformance import every_kind

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
HEADING = "## The promises\n"
HEAD = ("| promise | what, and why | when it is broken |", "|---|---|---|")
GROUPS = (
    ("### Of the module", every_kind.OF_MODULES),
    ("### Of every kind", (*every_kind.FIRST, *every_kind.LAST)),
    *((f"### Of {kind}s", promises) for kind, promises in every_kind.OF_KINDS.items()),
)


def listed():
    """The tables of all promises."""
    parts = []
    for heading, promises in GROUPS:
        rows = [f"| `{each.id}` | {each.text} {each.why} | {each.hint} |" for each in promises]
        parts.append(
            "\n".join((heading, "", "| promise | what, and why | when it is broken |", "|---|---|---|", *rows))
        )
    return "\n".join((HEADING, "\n\n".join(parts), ""))


def test_the_page_has_each_promise_with_its_reason_and_its_hint():
    page = PAGE.read_text("utf-8")
    assert page[page.index(HEADING) :] == listed(), f"run `python3 {Path(__file__).relative_to(PAGE.parents[1])}`"


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    PAGE.write_text(text[: text.index(HEADING)] + listed(), "utf-8")
