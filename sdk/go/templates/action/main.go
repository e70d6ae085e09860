// An action that greets somebody.
package main

import (
	"context"

	"wardian.dev/wardian"
)

type params struct {
	Name string `cbor:"name,required"`
}

type reply struct {
	Text string `cbor:"text"`
}

type greeter struct {
	Greeting string `cbor:"greeting"`
}

// Open is called once, before all else, with what the operator configured.
func (g *greeter) Open(_ context.Context, opening *wardian.Opening) error {
	return opening.Config(g)
}

// Call does what the action does. Parameters that are no params never come here: they are `invalid`.
func (g *greeter) Call(_ context.Context, job wardian.Job[params]) (reply, error) {
	return reply{Text: g.Greeting + ", " + job.Params.Name + "!"}, nil
}

func main() {
	wardian.ServeAction(&greeter{Greeting: "Hello"})
}
