import threading
import time
from types import SimpleNamespace

from wardian.toolchain.crates import cargo_home, holding, vendored

MANIFEST = '[package]\nname = "{}"\nversion = "0.1.0"\n'


class Workshop(SimpleNamespace):
    """A workshop whose cargo is of a version, and writes down how it was called."""

    def run(self, command, *, cwd=None, env=None):
        if command[1] == "--version":
            return f"cargo {self.version} (of today)\n"
        self.calls.append((command, env))
        folder = command[-1]
        folder.mkdir()
        return f'[source.vendored-sources]\ndirectory = "{folder}"\n'


def workshop(tmp_path, version="1.80.0"):
    return Workshop(cache=tmp_path / "cache", version=version, calls=[])


def package(tmp_path, name, more=""):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "Cargo.toml").write_text(MANIFEST.format(name) + more)
    return folder


def test_packages_that_need_the_same_crates_share_them_and_others_do_not(tmp_path):
    shop = workshop(tmp_path)
    one, other = package(tmp_path, "one"), package(tmp_path, "other")
    more = package(tmp_path, "more", '[dependencies]\nhex = "0.4"\n')
    assert vendored("cargo", one, shop) == vendored("cargo", other, shop)
    assert vendored("cargo", more, shop) != vendored("cargo", one, shop)
    assert len(shop.calls) == 2


def test_the_configuration_leads_to_where_the_crates_stay(tmp_path):
    config = vendored("cargo", package(tmp_path, "one"), workshop(tmp_path))
    assert config.read_text().endswith(f'directory = "{config.parent / "crates"}"\n')
    assert (config.parent / "crates").is_dir()
    assert list(config.parents[1].iterdir()) == [config.parent]


def test_a_cargo_that_reaches_the_registry_by_git_alone_is_told_of_the_other_way(tmp_path):
    shop = workshop(tmp_path, "1.65.0")
    vendored("cargo", package(tmp_path, "one"), shop)
    ((command, env),) = shop.calls
    assert "sparse-registry" in command
    assert env == {"CARGO_HOME": str(cargo_home(shop)), "RUSTC_BOOTSTRAP": "1"}


def test_a_later_cargo_is_asked_for_nothing_that_is_not_stable(tmp_path):
    shop = workshop(tmp_path)
    vendored("cargo", package(tmp_path, "one"), shop)
    ((command, env),) = shop.calls
    assert "-Z" not in command
    assert env == {"CARGO_HOME": str(cargo_home(shop))}


def test_builds_have_the_folder_one_after_the_other(tmp_path):
    inside, most = [], []

    def use():
        with holding(tmp_path / "rust"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1, 1, 1, 1]
