// A sink that logs a line for each record.
package main

import (
	"context"

	"wardian.dev/wardian"
	"wardian.dev/wardian/log"
)

type logger struct {
	Prefix string `cbor:"prefix"`
}

// Open is called once, before all else, with what the operator configured.
func (l *logger) Open(_ context.Context, opening *wardian.Opening) error {
	return opening.Config(l)
}

// Write takes a record. An error is of this record alone.
func (l *logger) Write(_ context.Context, record *wardian.Record) error {
	if record.Data == nil {
		return wardian.Invalid("a record without data says nothing")
	}
	line := record.Message
	if line == "" {
		line = "(no text)"
		if text, is := record.Data.(string); is {
			line = text
		}
	}
	return log.Write(log.LevelInfo, l.Prefix+": "+line, nil) // over the host's limits that is an error
}

// Flush has nothing to do; a sink that gathers what it writes would write it all here.
func (l *logger) Flush(context.Context, bool) error {
	return nil
}

func main() {
	wardian.ServeSink(&logger{Prefix: "record"})
}
