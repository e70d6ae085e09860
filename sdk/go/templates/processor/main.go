// A processor that counts the words of `data.text` into `data.words`, and drops what has too few.
package main

import (
	"context"
	"strings"

	"wardian.dev/wardian"
)

type counter struct {
	Least int `cbor:"least"`
}

// Open is called once, before all else, with what the operator configured.
func (c *counter) Open(_ context.Context, opening *wardian.Opening) error {
	if err := opening.Config(c); err != nil {
		return err
	}
	if c.Least < 0 {
		return wardian.Config("`least` must be an integer of at least 0")
	}
	return nil
}

// Process gives what comes of a record: nothing drops it, and an error is of this record alone.
func (c *counter) Process(_ context.Context, record *wardian.Record) ([]*wardian.Record, error) {
	data, _ := record.Data.(map[string]any)
	text, is := data["text"].(string)
	if !is {
		return nil, wardian.Invalid("`data.text` must be a text")
	}
	words := len(strings.Fields(text))
	if words < c.Least {
		return nil, nil
	}
	data["words"] = words
	return []*wardian.Record{record}, nil
}

func main() {
	wardian.ServeProcessor(&counter{Least: 1})
}
