"""The Rust SDK's own tests, natively, and the plugin that its page shows, natively and as wasm."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import wardian
from wardian import GuestError
from wardian.toolchain import rust
from wardian.toolchain.build import build, cache
from wardian.toolchain.crates import cargo_home, holding, vendored
from wardian.toolchain.project import find
from wardian.toolchain.workshop import Workshop

SDK = Path(__file__).parents[2] / "sdk"
BLOCKS = re.findall(
    r"^```(rust|toml|sh)\n(.*?)^```$", (SDK / "rust" / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
PLUGIN = next(text for kind, text in BLOCKS if kind == "rust")
MANIFEST = next(text for kind, text in BLOCKS if kind == "toml")
DESCRIPTION = """name: acme/counter
version: 0.1.0
symbols: [{kind: extension, name: counter}]
capabilities: {state: to keep how far it was counted}
build: {language: rust}
"""


def cargo_test(package, tmp_path):
    """What `cargo test` says of a package, of which a copy is given."""
    found = rust.RUST.find()
    assert found is not None, f"Rust is not installed: {rust.RUST.install}"
    cargo, rustc = found
    workshop = Workshop(tmp_path, cache())
    with holding(workshop.cache / "rust"):
        config = vendored(cargo, package, workshop)
        return workshop.run(
            [cargo, "test", "--offline", "--workspace", "--config", config], cwd=package,
            env={
                "CARGO_HOME": str(cargo_home(workshop)), "CARGO_TARGET_DIR": str(workshop.cache / "rust" / "target"),
                "RUSTC": rustc, "RUSTDOC": str(Path(rustc).with_name("rustdoc")), "RUSTFLAGS": "-Dwarnings",
                "WARDIAN_ABI": str(SDK / "abi"),
            },
        )  # fmt: skip


def test_the_sdk_s_own_tests_pass_natively(tmp_path):
    shutil.copytree(SDK / "rust", tmp_path / "rust")
    said = cargo_test(tmp_path / "rust", tmp_path)
    passed = [int(count) for count in re.findall(r"test result: ok\. (\d+) passed; 0 failed; 0 ignored", said)]
    assert len(passed) == said.count("test result: ")
    assert sum(passed) >= 18, said


@pytest.fixture
def plugin(tmp_path):
    """The page's plugin, as its author has it."""
    folder = tmp_path / "counter"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "lib.rs").write_text(PLUGIN)
    (folder / "plugin.yaml").write_text(DESCRIPTION)
    return folder


def test_the_page_s_plugin_counts(plugin, runtime, tmp_path):
    built = build(find(plugin), tmp_path / "counter.wasm")
    with runtime.load(built.module, config={"step": 2}, grants=wardian.Grants(state=True)) as counter:
        assert [counter.call("count", "visits") for _ in range(3)] == [2, 4, 6]
        assert counter.call("extension_call", {"method": "count", "argument": "visits"}) == 8
        with pytest.raises(GuestError, match="expected a string, got an integer") as caught:
            counter.call("count", 7)
        assert caught.value.kind == "invalid"
        with pytest.raises(GuestError, match="the only method is `count`"):
            counter.call("extension_call", {"method": "add", "argument": "visits"})


def test_the_page_s_plugin_is_tested_natively_with_the_page_s_manifest(plugin, tmp_path):
    own = re.sub(r'wardian = ".*"', f'wardian = {{ path = "{SDK / "rust"}" }}', MANIFEST)
    (plugin / "Cargo.toml").write_text(own)
    assert "test counts ... ok" in cargo_test(plugin, tmp_path)


def test_the_command_that_installs_rust_is_the_one_that_a_build_hints_at():
    assert any(rust.RUST.install in text for kind, text in BLOCKS if kind == "sh")
