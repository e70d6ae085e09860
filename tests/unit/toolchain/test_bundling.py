from types import SimpleNamespace

import pytest

from wardian.errors import BuildError
from wardian.toolchain import bundling, node
from wardian.toolchain.build import cache
from wardian.toolchain.workshop import Workshop


@pytest.fixture
def project(tmp_path):
    source = tmp_path / "main.ts"
    source.write_text(
        'import { log, type Opened } from "wardian"; import { one } from "./one";\nlog.info(one as string);'
    )
    (tmp_path / "one.ts").write_text("export const one: string = 'ü';")
    return SimpleNamespace(folder=tmp_path, sources=(source,))


def test_all_but_the_sdk_becomes_one_script(project, tmp_path_factory):
    text = bundling.bundle(project, Workshop(tmp_path_factory.mktemp("work"), cache()))
    assert "ü" in text
    assert 'from "wardian"' in text
    assert "./one" not in text
    assert "Opened" not in text


def test_without_node_it_is_said_what_installs_it(project, tmp_path, monkeypatch):
    monkeypatch.setattr(node, "_found", lambda: None)
    with pytest.raises(BuildError) as caught:
        bundling.bundle(project, Workshop(tmp_path, tmp_path))
    assert caught.value.code == "toolchain_missing"
    assert "pip install" in caught.value.hint
