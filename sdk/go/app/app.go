// Package app calls functions of the application that runs the plugin.
package app

import (
	"reflect"

	"wardian.dev/wardian/internal/failure"
	"wardian.dev/wardian/internal/host"
	"wardian.dev/wardian/internal/slot"
)

// Function is the application's function of this name, which the module then imports, and which the application has to
// grant as `app.NAME`. The name must stand there as a literal: what a module imports is known before it runs.
func Function[In, Out any](name string) func(In) (Out, error) {
	made := &function[In, Out]{name: name, isPlain: isPlain(reflect.TypeFor[In]()) && isPlain(reflect.TypeFor[Out]())}
	return made.call
}

type function[In, Out any] struct {
	name    string
	isPlain bool
	asked   slot.Slot[host.Import]
	spare   slot.Slot[values[In, Out]]
}

// values are those of one call, in one piece of memory.
type values[In, Out any] struct {
	argument In
	result   Out
}

func (f *function[In, Out]) call(argument In) (result Out, err error) {
	asked := f.asked.Load()
	if asked == nil {
		if asked = found(f.name); asked == nil {
			hint := "hint: name it in plugin.yaml, as `build: {app: [" + f.name + "]}`"
			return result, &failure.Error{
				Kind: failure.Internal, Message: "the module does not import app." + f.name + ": " + hint,
			}
		}
		f.asked.Store(asked)
	}
	call := f.spare.Take()
	if call == nil {
		call = &values[In, Out]{}
	}
	call.argument = argument
	err = asked.Ask(&call.argument, &call.result)
	result = call.result
	if f.isPlain {
		*call = values[In, Out]{}
		f.spare.Store(call)
	}
	return result, err
}

// isPlain says whether nobody can keep the address of a value: what reads or writes itself could.
func isPlain(of reflect.Type) bool {
	switch of.Kind() {
	case reflect.Struct, reflect.Array:
		return false
	}
	return reflect.PointerTo(of).NumMethod() == 0
}
