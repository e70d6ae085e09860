import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.package.version import LONGEST, Version

# As semver.org lists them, each before the next.
ORDERED = (
    "0.0.0-0", "0.0.0", "0.0.1", "0.1.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
    "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.9.0", "1.10.0", "2.0.0-1", "2.0.0-a", "2.0.0",
)  # fmt: skip

numbers = st.integers(0, 10**12)
words = numbers | st.from_regex(r"[0-9]{0,3}[A-Za-z-][0-9A-Za-z-]{0,5}", fullmatch=True)
versions = st.builds(
    Version, numbers, numbers, numbers, st.lists(words, max_size=4).map(tuple), st.sampled_from(["", "1", "a.b", "-"])
)


@pytest.mark.parametrize("at", range(len(ORDERED) - 1))
def test_the_order_is_that_of_the_standard(at):
    lower, higher = Version.parse(ORDERED[at]), Version.parse(ORDERED[at + 1])
    assert lower < higher
    assert not higher < lower
    assert lower != higher


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.02.3", "1.2.03", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+",
     "1.2.3+a+b", " 1.2.3", "1.2.3\n", "1.2.-3", "1.2.3-ä", "\u0661.2.3", "1.2.3-" + "a" * LONGEST],
)  # fmt: skip
def test_what_is_no_version_is_refused_with_what_one_is(text):
    with pytest.raises(ValueError, match=r"expected a semantic version such as `1.2.3`"):
        Version.parse(text)


@pytest.mark.parametrize("given_", [None, 1, 1.2, b"1.2.3", ["1.2.3"]])
def test_only_a_text_is_a_version(given_):
    with pytest.raises(ValueError, match="expected a semantic version"):
        Version.parse(given_)


def test_the_parts_are_numbers_and_words():
    version = Version.parse("1.20.3-rc.1.x-2+build.007")
    assert (version.major, version.minor, version.patch) == (1, 20, 3)
    assert (version.prerelease, version.build) == (("rc", 1, "x-2"), "build.007")


def test_the_build_does_not_count():
    assert Version.parse("1.0.0+a") == Version.parse("1.0.0+b")
    assert hash(Version.parse("1.0.0+a")) == hash(Version.parse("1.0.0"))


def test_a_version_is_compared_with_versions_alone():
    assert Version(1, 0, 0) != "1.0.0"
    with pytest.raises(TypeError):
        assert Version(1, 0, 0) < "2.0.0"


@given(versions)
def test_a_version_is_read_back_as_it_is_written(version):
    again = Version.parse(str(version))
    assert (again, again.build) == (version, version.build)


@given(versions, versions, versions)
def test_the_order_is_total(one, two, three):
    assert sum((one < two, one == two, one > two)) == 1
    assert (one <= two) == (not two < one)
    if one <= two <= three:
        assert one <= three
    assert sorted([three, two, one]) == sorted([one, two, three])


@given(st.text() | st.from_regex(r"[0-9.+A-Za-z-]*"))
def test_any_text_is_a_version_or_refused(text):
    said = ""
    try:
        assert str(Version.parse(text)) == text
    except ValueError as error:
        said = str(error)
    assert said.isprintable()
