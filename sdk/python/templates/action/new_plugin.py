"""An action that greets somebody by name."""

from wardian_sdk import Action, Invalid


class NewPlugin(Action):
    class Config:
        greeting: str = "Hello"

    def call(self, params, vars):
        name = params.get("name")
        if not isinstance(name, str):
            raise Invalid("`name` must be a text")
        return {"text": f"{self.config.greeting}, {name}!"}
