"""A function that repeats a text."""

from wardian_sdk import Invalid, function


@function
def new_plugin(text, n):
    if not isinstance(text, str):
        raise Invalid("the first argument must be a text")  # an error of this row alone
    if type(n) is not int or not 0 <= n <= 100:
        raise Invalid("the second argument must be an integer from 0 to 100")
    return text * n
