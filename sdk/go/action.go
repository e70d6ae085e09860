package wardian

import (
	"context"

	"wardian.dev/wardian/internal/entry"
)

// Action does something when it is told to, with parameters P, and answers with an R. It may also be a Canceler.
type Action[P, R any] interface {
	Call(ctx context.Context, job Job[P]) (R, error)
}

// Canceler is an action that undoes what is left of a call that was cut short. It is called on a fresh instance.
type Canceler[P any] interface {
	Cancel(ctx context.Context, cut Cut[P]) error
}

// Job is what an action is called with.
type Job[P any] struct {
	Params P              `cbor:"params"`
	Vars   map[string]any `cbor:"vars"` // the variables of the job that runs
}

// Cut is the call of an action that came to its end too early, and why.
type Cut[P any] struct {
	Params P      `cbor:"params"`
	Reason string `cbor:"reason"`
}

// ServeAction registers an action.
func ServeAction[P, R any](action Action[P, R]) {
	serve(action)
	entry.Register("action_call", inside("params", handling(action.Call)))
	if canceler, is := action.(Canceler[P]); is {
		entry.Register("action_cancel", handling(func(ctx context.Context, cut Cut[P]) (any, error) {
			return nil, canceler.Cancel(ctx, cut)
		}))
	}
}
