"""Values as CBOR items, within the rules of the ABI: `dumps` and `loads`.

An item becomes what Python has for it: `int`, `float`, `str`, `bytes`, `list`, `dict`, `bool`, `None`, and `Time`,
which is a `datetime`.
"""

from wardian_sdk.reading import loads
from wardian_sdk.writing import dumps

__all__ = ["dumps", "loads"]
