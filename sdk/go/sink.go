package wardian

import (
	"context"

	"wardian.dev/wardian/internal/entry"
)

// Sink takes records out of a pipeline. It may also be a Flusher.
type Sink interface {
	// Write takes a record. An error is of this record alone, unless a quota is spent.
	Write(ctx context.Context, record *Record) error
}

// Flusher is a sink that gathers what it takes, and makes it last when it is told to; urgently when the host is about
// to stop.
type Flusher interface {
	Flush(ctx context.Context, urgent bool) error
}

// ServeSink registers a sink.
func ServeSink(sink Sink) {
	serve(sink)
	entry.Register("sink_write", handling(func(ctx context.Context, given records) (any, error) {
		outcomes, failed := make([]any, len(given.Records)), false
		for at := range given.Records {
			wrong, err := outcome(nil, sink.Write(ctx, &given.Records[at]))
			if err != nil {
				return nil, err
			}
			outcomes[at], failed = wrong, failed || wrong != nil
		}
		if failed {
			return outcomes, nil
		}
		return nil, nil
	}))
	if flusher, is := sink.(Flusher); is {
		entry.Register("sink_flush", handling(func(ctx context.Context, given struct {
			Urgent bool `cbor:"urgent"`
		}) (any, error) {
			return nil, flusher.Flush(ctx, given.Urgent)
		}))
	}
}
