package wardian

import (
	"context"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
)

// Aggregator gathers the records of a window, and gives what comes of them at its end. It may also be a Resetter.
type Aggregator interface {
	// Add takes records. An error refuses all of them, so nothing of them may be added then.
	Add(ctx context.Context, records []Record) error
	// Flush gives what came of the window that ends, and begins the next one.
	Flush(ctx context.Context) ([]*Record, error)
}

// Resetter is an aggregator that forgets what was added since the last flush.
type Resetter interface {
	Reset(ctx context.Context) error
}

// ServeAggregator registers an aggregator.
func ServeAggregator(aggregator Aggregator) {
	serve(aggregator)
	entry.Register("aggregator_add", handling(func(ctx context.Context, given records) (any, error) {
		return nil, aggregator.Add(ctx, given.Records)
	}))
	entry.Register("aggregator_flush", func(ctx context.Context, _ cbor.Raw) (any, error) {
		flushed, err := aggregator.Flush(ctx)
		return map[string]any{"records": recordList(flushed)}, err
	})
	if resetter, is := aggregator.(Resetter); is {
		entry.Register("aggregator_reset", func(ctx context.Context, _ cbor.Raw) (any, error) {
			return nil, resetter.Reset(ctx)
		})
	}
}
