// Does everything the ABI promises, one entry point for each promise; driven by tests, read by who wants to know how.
//
// Entry points named after an import take that import's request and reply with its answer; host errors are passed on.
package main

import (
	"context"
	"time"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
)

type none struct{}

func main() {
	wardian.Handle("probe_echo", func(_ context.Context, item any) (any, error) { return item, nil })
	wardian.Handle("probe_decode", decode)
	wardian.Handle("probe_time", func(_ context.Context, at time.Time) ([]int64, error) {
		return []int64{at.Unix(), int64(at.Nanosecond())}, nil
	})
	wardian.Handle("probe_null", func(context.Context, none) (any, error) { return nil, nil })
	wardian.Handle("probe_fail", fail)
	wardian.Handle("probe_deep", deep)
	wardian.Handle("probe_large", large)
	wardian.Handle("probe_many", many)
	wardian.Handle("probe_trap", trap)
	wardian.Handle("probe_spin", spin)
	wardian.Handle("probe_panic", func(_ context.Context, message string) (any, error) { panic(message) })
	wardian.Handle("probe_cancelled", func(ctx context.Context, _ none) (bool, error) { return ctx.Err() != nil, nil })
	wardian.Handle("probe_sleep_until_cancelled", sleep)
	serveKinds()
	handleImports()
}

// bytes that hold an item -> the item; `invalid` when they do not
func decode(_ context.Context, data []byte) (item any, err error) {
	err = cbor.Unmarshal(data, &item)
	return item, err
}

// {kind, message, ? code, ? retry_after_ms, ? details} -> that error
func fail(_ context.Context, asked struct {
	Kind    wardian.Kind `cbor:"kind"`
	Message string       `cbor:"message"`
	Code    string       `cbor:"code"`
	Retry   int64        `cbor:"retry_after_ms"`
	Details any          `cbor:"details"`
}) (any, error) {
	retry := time.Duration(asked.Retry) * time.Millisecond
	return nil, &wardian.Error{
		Kind: asked.Kind, Message: asked.Message, Code: asked.Code, RetryAfter: retry, Details: asked.Details,
	}
}

// n -> n lists in each other
func deep(_ context.Context, depth int) (any, error) {
	list := []any{}
	for range depth - 1 {
		list = []any{list}
	}
	return list, nil
}

// n -> n bytes, each 0x77
func large(_ context.Context, size int) ([]byte, error) {
	data := make([]byte, size)
	for at := range data {
		data[at] = 'w'
	}
	return data, nil
}

// n -> the integers below n, as a list
func many(_ context.Context, count int) ([]int, error) {
	list := make([]int, count)
	for at := range list {
		list[at] = at
	}
	return list, nil
}

// No panic of a call ends an instance, but one of a goroutine does.
func trap(context.Context, none) (any, error) {
	go panic("nobody recovers from this")
	select {}
}

var turns int

func spin(context.Context, none) (any, error) {
	for {
		turns++
	}
}

func sleep(ctx context.Context, _ none) (string, error) {
	<-ctx.Done()
	return "cancelled", nil
}
