// Package app calls functions of the application that runs the plugin.
package app

import "wardian.dev/wardian/internal/failure"

// Function is the application's function of this name, which the module then imports, and which the application has to
// grant as `app.NAME`. The name must stand there as a literal: what a module imports is known before it runs.
func Function[In, Out any](name string) func(In) (Out, error) {
	return func(argument In) (result Out, err error) {
		asked := found(name)
		if asked == nil {
			hint := "hint: name it in plugin.yaml, as `build: {app: [" + name + "]}`"
			return result, &failure.Error{
				Kind: failure.Internal, Message: "the module does not import app." + name + ": " + hint,
			}
		}
		call := &struct { // in one piece
			argument In
			result   Out
		}{argument: argument}
		err = asked.Ask(&call.argument, &call.result)
		return call.result, err
	}
}
