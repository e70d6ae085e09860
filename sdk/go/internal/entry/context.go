package entry

import (
	"context"
	"sync"
	"time"

	"wardian.dev/wardian/internal/host"
)

// every is how often the host is asked while somebody waits for the end of a call: each time costs some microseconds.
const every = 5 * time.Millisecond

// call is the context of one call. It asks the host whether the call is to end only when it is asked itself.
type call struct {
	once sync.Once
	done chan struct{}
	over chan struct{} // closed when the call is
	err  error
}

// fresh are contexts for the calls to come: several are made at once, which takes less time than one after the other.
var fresh []call

// begin gives a context that no other call has had: a plugin may keep it.
func begin() *call {
	if len(fresh) == 0 {
		fresh = make([]call, 32)
	}
	made := &fresh[0]
	fresh = fresh[1:]
	return made
}

func (c *call) end() {
	if c.over != nil {
		close(c.over)
	}
}

// Deadline is not told by the host.
func (c *call) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value is nil.
func (c *call) Value(any) any { return nil }

// Err asks the host, until it has said so.
func (c *call) Err() error {
	if c.err == nil {
		wanted := false
		if err := host.Cancelled.Ask(nil, &wanted); err == nil && wanted {
			c.err = context.Canceled
		}
	}
	return c.err
}

// Done is closed when the host wants the call to end. It is asked while the plugin waits.
func (c *call) Done() <-chan struct{} {
	c.once.Do(func() {
		c.done, c.over = make(chan struct{}), make(chan struct{})
		go c.watch()
	})
	return c.done
}

func (c *call) watch() {
	for c.Err() == nil {
		select {
		case <-c.over:
			return
		case <-time.After(every):
		}
	}
	close(c.done)
}
