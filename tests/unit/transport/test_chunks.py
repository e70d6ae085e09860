import pytest

from unit.transport.logs import records
from wardian.errors import StateError
from wardian.transport import chunks
from wardian.transport.packing import pack
from wardian.transport.tables import open_file


@pytest.fixture
def database(tmp_path):
    with open_file(tmp_path / "words.db", "words") as file:
        for first, last in ((1, 3), (4, 6)):
            packed = pack(records(first, last))
            file.database.write(lambda connection, packed=packed: chunks.keep_chunks(connection, "lines", packed))
        yield file.database


def test_chunks_are_listed_from_a_record_on_without_their_records(database):
    assert [(each.first, each.count, each.values) for each in chunks.waiting(database, 2)] == [
        (1, 3, None),
        (4, 3, None),
    ]
    assert [each.first for each in chunks.waiting(database, 3)] == [4]
    assert [each.first for each in chunks.newer(database, 3)] == [4]
    assert chunks.newer(database, 4) == []
    assert chunks.any_waiting(database)


def test_records_are_fetched_whole_or_it_is_told(database):
    (_, chunk) = chunks.waiting(database, 0)
    assert chunks.fetch(database, chunk) == records(4, 6)
    chunk.count = 4
    with pytest.raises(StateError, match="from 4 on are not all there"):
        chunks.fetch(database, chunk)


def test_all_are_taken_but_those_that_are_acknowledged(database):
    taken = []
    database.write(lambda connection: taken.extend(chunks.take_all(connection, 4, "")))
    assert [(each.first, each.count, each.values) for each in taken] == [(5, 2, records(5, 6))]
    assert not chunks.any_waiting(database)
