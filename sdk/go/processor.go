package wardian

import (
	"context"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
	"wardian.dev/wardian/internal/failure"
)

// Processor turns each record into none, one or several.
type Processor interface {
	// Process gives what comes of a record: nothing drops it. An error is of this record alone, unless
	// a quota is spent.
	Process(ctx context.Context, record *Record) ([]*Record, error)
}

// ServeProcessor registers a processor.
func ServeProcessor(processor Processor) {
	serve(processor)
	entry.Register("processor_process", handling(func(ctx context.Context, given records) (any, error) {
		outcomes := make([]any, len(given.Records))
		for at := range given.Records {
			processed, err := processor.Process(ctx, &given.Records[at])
			if outcomes[at], err = outcome(recordList(processed), err); err != nil {
				return nil, err
			}
		}
		return outcomes, nil
	}))
}

// outcome is what stands for one record or row: a value, or an error of it alone. But a quota that is spent is spent
// for those that follow too: it ends the call, and all of them are tried again when it is full.
func outcome(value any, err error) (any, error) {
	if err == nil {
		return value, nil
	}
	told := failure.Of(err)
	if told.Kind == KindExhausted {
		return nil, told
	}
	return told, nil
}

// records is what several kinds are given.
type records struct {
	Records []Record `cbor:"records"`
}

// inside leaves out the first step of the path of what is wrong in a request: its author knows what it holds.
func inside(step string, point entry.Point) entry.Point {
	return func(ctx context.Context, request cbor.Raw) (any, error) {
		reply, err := point(ctx, request)
		if wrong, is := err.(*cbor.TypeError); is && len(wrong.Path) > len(step)+1 && wrong.Path[:len(step)+1] == step+"." {
			err = &cbor.TypeError{Path: wrong.Path[len(step)+1:], Expected: wrong.Expected}
		}
		return reply, err
	}
}
