import pytest

from wardian.errors import ConfigError
from wardian.package.manifest import KINDS
from wardian.toolchain import templates


def test_a_plugin_begins_with_its_own_name_everywhere(tmp_path):
    files = templates.begin("word-count", "c", "action", tmp_path / "wc")
    assert {each.relative_to(tmp_path / "wc").as_posix() for each in files} == {
        "cases.yaml", "plugin.yaml", "word_count.c",
    }  # fmt: skip
    text = (tmp_path / "wc" / "plugin.yaml").read_text()
    assert text.startswith("name: acme/word-count\n")
    assert "sources: [word_count.c]" in text
    assert [each.name for each in tmp_path.iterdir()] == ["wc"]


def test_an_organization_is_whose_it_is(tmp_path):
    templates.begin("my-org/count", "c", "sink", tmp_path / "count")
    assert (tmp_path / "count" / "plugin.yaml").read_text().startswith("name: my-org/count\n")


def test_a_name_is_written_as_it_is_the_habit_at_each_place():
    text = "acme/new_plugin acme/new-plugin new_plugin new-plugin NewPlugin newPlugin NEW_PLUGIN"
    said = "o/word-count o/word-count word_count word-count WordCount wordCount WORD_COUNT"
    assert templates.renamed(text, "o", "word-count") == said


def test_what_is_there_is_never_overwritten(tmp_path):
    (tmp_path / "a.txt").write_text("mine")
    with pytest.raises(ConfigError, match="nothing of it is overwritten"):
        templates.begin("count", "c", "sink", tmp_path)
    with pytest.raises(ConfigError, match="nothing of it is overwritten"):
        templates.begin("count", "c", "sink", tmp_path / "a.txt")
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "x").mkdir()
    assert templates.begin("count", "c", "sink", tmp_path / "x")


@pytest.mark.parametrize(
    "name",
    ["", "Count", "1st", "a b", "a--b", "-a", "a-", "a_", "a.b", "a" * 61, "../a", "ä", "for", "class", "acme/", "/a",
     "A/a", "a/b/c", "count\n"],
)  # fmt: skip
def test_a_name_that_some_language_cannot_have_is_refused(tmp_path, name):
    with pytest.raises(ConfigError) as refused:
        templates.begin(name, "c", "sink", tmp_path / "x")
    assert refused.value.hint
    assert not list(tmp_path.iterdir())


def test_a_template_that_there_is_not_is_refused_with_those_that_there_are(tmp_path):
    with pytest.raises(ConfigError, match="there are: extension"):
        templates.begin("count", "wat", "sink", tmp_path / "x")
    with pytest.raises(ConfigError, match="no SDK is for the language"):
        templates.begin("count", "cobol", "sink", tmp_path / "x")


def test_kinds_are_in_the_order_of_the_abi():
    assert templates.kinds("c") == KINDS
    assert templates.kinds("wat") == ("extension",)
