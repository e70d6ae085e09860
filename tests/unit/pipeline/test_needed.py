"""What pipelines need of a project is all that is looked at for them."""

from __future__ import annotations

import pytest

from support.plans import HEAD, planned
from wardian.config import secret_reading
from wardian.errors import ConfigError
from wardian.pipeline.needed import needed

MORE = """\
secrets: {one: {env: ONE}, two: {env: TWO}}
vars: {greeting: "${secret:two}"}
pipelines:
  a: {sources: [in], sinks: [lines]}
  b: {sources: [timer], sinks: [out]}
  c: {sources: [in], sinks: [out], enabled: false}
"""
CONFIGURED = HEAD.replace("in: {plugin: p}", 'in: {plugin: p, config: {key: "${secret:one}"}}').replace(
    "out: {plugin: p}", 'out: {plugin: p, config: {key: "${secret:two}"}}'
)


def test_it_is_the_uses_and_plugins_of_the_plans_alone(tmp_path):
    made = planned(tmp_path, MORE, head=CONFIGURED)
    found = needed(made.project, made.plans[:1])
    assert (list(found.plugins), list(found.sources), list(found.sinks)) == (["p"], ["in"], ["lines"])
    assert [len(each) for each in (found.steps, found.tasks, found.vars, found.actions)] == [0] * 4
    assert list(needed(made.project, ()).plugins) == []


def test_a_secret_that_only_others_ask_for_is_not_read(tmp_path):
    made = planned(tmp_path, MORE, head=CONFIGURED)
    secrets, _ = secret_reading.read(needed(made.project, made.plans[:1]), {"ONE": "k3y-of-one"})
    assert secrets.filled(made.project.sources["in"].config[0]).plain() == {"key": "k3y-of-one"}
    with pytest.raises(ConfigError, match="TWO"):
        secret_reading.read(needed(made.project, made.plans[1:]), {"ONE": "k3y-of-one"})
