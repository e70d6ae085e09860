// An extension that counts for other plugins, and goes on after a restart.
package main

import (
	"context"

	"wardian.dev/wardian"
	"wardian.dev/wardian/state"
)

// add takes how much, null for 1, and gives the new total. What a call that fails has added is taken back.
func add(_ context.Context, delta *int64) (int64, error) {
	if delta == nil {
		return state.Add("total", 1)
	}
	return state.Add("total", *delta)
}

// get gives the total, which is 0 before the first add.
func get(context.Context, any) (int64, error) {
	total, _, err := state.Get[int64]("total")
	return total, err
}

func main() {
	wardian.ServeExtension(wardian.Methods(
		wardian.Method("add", add),
		wardian.Method("get", get),
	))
}
