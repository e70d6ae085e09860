"""wardian-cc puts the description of a plugin into its module, and refuses one that is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import wardian
from support.examples import description

CC = Path(__file__).parents[2] / "sdk" / "c" / "wardian-cc"
SOURCE = '#include "wardian.h"\nWARDIAN_ENTRY(sink_write) { return wardian_null(); }\n'
MANIFEST = "name: acme/nothing\nversion: 1.0.0\nsymbols:\n  - {kind: sink, name: nothing}\n"


@pytest.fixture
def project(tmp_path):
    """A plugin with its description one folder above its source."""
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "nothing.c").write_text(SOURCE)
    (tmp_path / "plugin.yaml").write_text(MANIFEST)
    return tmp_path


def build(project, *options):
    command = [sys.executable, str(CC), str(project / "c" / "nothing.c"), *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def package(project):
    return description((project / "c" / "nothing.wasm").read_bytes())


def test_the_description_beside_the_source_or_one_folder_above_goes_into_the_module(project):
    assert build(project).returncode == 0
    assert package(project) == yaml.safe_load(MANIFEST)
    first = (project / "c" / "nothing.wasm").read_bytes()
    (project / "c" / "plugin.yaml").write_text(MANIFEST)
    (project / "plugin.yaml").write_text("wrong")
    assert build(project).returncode == 0
    assert (project / "c" / "nothing.wasm").read_bytes() == first


def test_another_file_may_be_named_or_none_at_all(project):
    other = project / "other.yaml"
    other.write_text(MANIFEST.replace("1.0.0", "2.0.0"))
    assert build(project, "--manifest", other).returncode == 0
    assert package(project)["version"] == "2.0.0"
    assert build(project, "--no-manifest").returncode == 0
    assert package(project) is None


def test_a_wrong_description_fails_the_build_and_leaves_no_module(project):
    (project / "plugin.yaml").write_text(MANIFEST.replace("kind: sink", "kind: source"))
    refused = build(project)
    assert refused.returncode == 1
    for told in (str(project / "plugin.yaml"), "line 4: symbols[0].kind", "`source_poll`", "hint: "):
        assert told in refused.stderr
    assert not (project / "c" / "nothing.wasm").exists()


def test_a_guest_without_a_description_needs_no_host_to_be_built(project):
    hidden = "import sys; sys.modules['wardian'] = None; import runpy; sys.argv = sys.argv[1:]; "
    run = hidden + f"runpy.run_path({str(CC)!r}, run_name='__main__')"
    command = [sys.executable, "-c", run, "wardian-cc", str(project / "c" / "nothing.c")]
    assert subprocess.run([*command, "--no-manifest"], check=False).returncode == 0
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "--no-manifest" in refused.stderr


def test_a_described_plugin_still_loads(project, runtime):
    assert build(project).returncode == 0
    with runtime.load(project / "c" / "nothing.wasm") as plugin:
        assert isinstance(plugin, wardian.Plugin)
        assert plugin.call("sink_write", {"records": []}) is None
