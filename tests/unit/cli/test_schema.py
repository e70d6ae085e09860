"""`wardian.cli.schema`: what editors read."""

import json

from wardian.cli.main import perform
from wardian.config.project import json_schema
from wardian.endpoints.kinds import TYPES


def test_the_schema_is_printed_as_it_is(capsys):
    assert perform(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema(TYPES)
