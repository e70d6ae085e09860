// A source that counts: one record at each interval, and after a restart it goes on behind the last one that is safe.
package main

import (
	"context"
	"time"

	"wardian.dev/wardian"
)

type counter struct {
	Interval time.Duration `cbor:"interval"`

	count int64
}

// Open is called once: what the operator configured, and the last offset that was acknowledged.
func (c *counter) Open(_ context.Context, opening *wardian.Opening) error {
	if err := opening.Config(c); err != nil {
		return err
	}
	if c.Interval < time.Millisecond {
		return wardian.Config("`interval` must be a duration of at least 1ms, such as `1s` or `1m30s`")
	}
	opening.Interval = c.Interval
	_, err := opening.Resume(&c.count)
	return err
}

// Poll gives what there is, of at most asked.Demand records.
func (c *counter) Poll(_ context.Context, asked wardian.Poll) (wardian.Batch, error) {
	if asked.Demand == 0 {
		return wardian.Batch{Offset: c.count}, nil
	}
	c.count++
	return wardian.Batch{
		Records: []*wardian.Record{{Data: map[string]any{"count": c.count}}},
		Wait:    c.Interval,
		Offset:  c.count,
	}, nil
}

func main() {
	wardian.ServeSource(&counter{Interval: time.Second})
}
