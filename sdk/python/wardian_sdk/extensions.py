"""Extensions; needs the capability `extensions`."""

from wardian_sdk import host

_call = host.function("wardian", "extension_call")


def call(extension, method, argument=None):
    """Call a method of an extension, and give what it returns."""
    return _call([extension, method, argument])
