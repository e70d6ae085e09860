// Greets a user by name: a configuration, an application function and a reply.
package main

import (
	"context"

	"wardian.dev/wardian"
	"wardian.dev/wardian/app"
)

// The application that runs this plugin offers `lookup_user`. To mention it is to ask for the permission
// `app.lookup_user`; an application that does not grant it refuses to load the plugin.
var lookupUser = app.Function[string, user]("lookup_user")

// What the application knows of a user goes into the reply as it is; nil means that it does not know the name.
type user map[string]any

type request struct {
	Name string `cbor:"name,required"`
}

type reply struct {
	Text string `cbor:"text"`
	User user   `cbor:"user"`
}

type greeter struct {
	Greeting string `cbor:"greeting"`
}

// Open is called once, before all else, with what the operator configured.
func (g *greeter) Open(_ context.Context, opening *wardian.Opening) error {
	if opening.Config(g) != nil || g.Greeting == "" {
		return wardian.Config("`greeting` must be a text that is not empty")
	}
	return nil
}

func (g *greeter) greet(_ context.Context, asked request) (reply, error) {
	found, err := lookupUser(asked.Name)
	if err != nil {
		return reply{}, err // the application's error becomes ours
	}
	name, known := found["full_name"].(string)
	if !known {
		name = asked.Name
	}
	return reply{g.Greeting + ", " + name + "!", found}, nil
}

func main() {
	g := &greeter{Greeting: "Hello"}
	wardian.OnOpen(g.Open)
	wardian.Handle("greet", g.greet)
	// For other plugins, which call methods of an extension: {"method": "greet", "argument": a request of `greet`}.
	wardian.ServeExtension(wardian.Methods(wardian.Method("greet", g.greet)))
}
