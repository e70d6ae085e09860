"""Greets a user by name: a configuration, an application function and a reply."""

from wardian_sdk import BadConfig, Extension, Invalid, Unimplemented, app, entry

# The application that runs this plugin offers `lookup_user`. To name it is to ask for the permission
# `app.lookup_user`; an application that does not grant it refuses to load the plugin.
lookup_user = app.function("lookup_user")


class Greet(Extension):
    """For other plugins, which call methods of an extension: {"method": "greet", "argument": a request of `greet`}."""

    def open(self):
        """Called once, before all else, with what the operator configured in `self.config`."""
        self.greeting = self.config.get("greeting", "Hello")
        if not isinstance(self.greeting, str) or not self.greeting:
            raise BadConfig("`greeting` must be a text that is not empty")

    def call(self, method, argument):
        if method != "greet":
            raise Unimplemented("the only method is `greet`")
        return self.greet(argument)

    @entry
    def greet(self, request):
        """{"name": text} -> {"text": text, "user": what the application knows}"""
        name = request.get("name") if isinstance(request, dict) else None
        if not isinstance(name, str):
            raise Invalid("`name` must be a text")
        user = lookup_user(name)  # its error becomes ours; None means that it does not know the name
        full_name = user.get("full_name") if isinstance(user, dict) else None
        return {"text": f"{self.greeting}, {full_name if isinstance(full_name, str) else name}!", "user": user}
