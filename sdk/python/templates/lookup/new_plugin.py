"""A lookup in a small table of countries."""

from wardian_sdk import Invalid, lookup

COUNTRIES = [
    {"code": "AT", "name": "Austria", "continent": "Europe"},
    {"code": "FR", "name": "France", "continent": "Europe"},
    {"code": "JP", "name": "Japan", "continent": "Asia"},
]


@lookup
def new_plugin(fields, where):
    for column in (*fields, *where):
        if column not in COUNTRIES[0]:
            raise Invalid(f"there is no column `{column}`")
    found = [row for row in COUNTRIES if all(row[column] == value for column, value in where.items())]
    return [{field: row[field] for field in fields} for row in found]
