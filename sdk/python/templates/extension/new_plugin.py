"""An extension that counts for others, and goes on after a restart."""

from wardian_sdk import Extension, Invalid, method, state


class NewPlugin(Extension):
    @method
    def add(self, amount):
        if amount is None:
            amount = 1
        if type(amount) is not int:
            raise Invalid("what is added must be an integer")
        return state.add("total", amount)

    @method
    def get(self, _):
        return state.get("total", 0)
