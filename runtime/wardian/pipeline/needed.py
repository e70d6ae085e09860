"""What of a project some pipelines need: nothing else of it is looked at for them, and no other secret is read."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from wardian.document.structs import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.config.project import Project
    from wardian.pipeline.plan import Plan


def needed(project: Project, plans: Iterable[Plan]) -> Project:
    """The project with the uses and plugins of these pipelines alone, and neither actions nor tasks."""
    members = [each for plan in plans for each in plan.members]
    plugins = {each.plugin for each in members}
    return dataclasses.replace(
        project,
        plugins={name: held for name, held in project.plugins.items() if name in plugins},
        sources={each.use_name: each.use for each in members if each.role == "source"},
        steps={each.use_name: each.use for each in members if each.role == "step"},
        sinks={each.use_name: each.use for each in members if each.role == "sink"},
        actions={},
        vars={},
        tasks={},
        mixins={},
        at=Place(),
    )
