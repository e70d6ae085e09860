package wardian

import (
	"context"
	"time"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
)

// Source brings records into a pipeline. It may also be a Receiver.
type Source interface {
	// Poll gives what there is, of at most request.Demand records.
	Poll(ctx context.Context, request Poll) (Batch, error)
}

// Receiver is a source that takes what is pushed to it from outside, and makes a record of it, or none.
type Receiver interface {
	Receive(ctx context.Context, pushed Pushed) (*Record, error)
}

// Poll is what a source is asked with.
type Poll struct {
	Now    time.Time
	Demand int
}

// Batch is what a source answers.
type Batch struct {
	Records []*Record
	Wait    time.Duration // ask no sooner; 0 leaves that to the host
	Offset  any           // what to resume from once these records are safe; nil for none
	Done    bool          // there will be no more
}

// Pushed is what came for a source from outside.
type Pushed struct {
	Payload any            `cbor:"payload"`
	Headers map[string]any `cbor:"headers"`
}

// ServeSource registers a source.
func ServeSource(source Source) {
	serve(source)
	entry.Register("source_poll", handling(func(ctx context.Context, asked struct {
		Now    int64 `cbor:"now"`
		Demand int   `cbor:"demand"`
	}) (any, error) {
		batch, err := source.Poll(ctx, Poll{time.Unix(0, asked.Now).UTC(), asked.Demand})
		if err != nil {
			return nil, err
		}
		return &batch, nil
	}))
	if receiver, is := source.(Receiver); is {
		entry.Register("source_request", handling(func(ctx context.Context, pushed Pushed) (any, error) {
			record, err := receiver.Receive(ctx, pushed)
			if err != nil || record == nil {
				return nil, err
			}
			return record, nil
		}))
	}
}

// WriteCBOR writes what the ABI calls the reply of `source_poll`.
func (b *Batch) WriteCBOR(to *cbor.Writer) error {
	reply := map[string]any{"records": recordList(b.Records)}
	if b.Wait > 0 {
		reply["wait_ms"] = max(1, b.Wait.Milliseconds())
	}
	if b.Offset != nil {
		reply["offset"] = b.Offset
	}
	if b.Done {
		reply["done"] = true
	}
	return to.Value(reply)
}

// recordList is a list of records that is never null.
type recordList []*Record

// WriteCBOR writes the list.
func (l recordList) WriteCBOR(to *cbor.Writer) error {
	if err := to.List(len(l)); err != nil {
		return err
	}
	for _, record := range l {
		if err := record.WriteCBOR(to); err != nil {
			return err
		}
	}
	to.End()
	return nil
}
