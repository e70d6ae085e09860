"""Functions of the application that runs the plugin."""

from wardian_sdk import host


def function(name):
    """The application's function of this name, to be called with any one value.

    Made at the top of the plugin's module: `lookup_user = app.function("lookup_user")`. That asks for the permission
    `app.lookup_user`; an application that does not grant it refuses to load the plugin.
    """
    return host.function("app", name)
