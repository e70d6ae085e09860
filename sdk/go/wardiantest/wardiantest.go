//go:build !wasip1

// Package wardiantest is a host for the tests of a plugin, which then run as any test of Go does, without WebAssembly.
//
//	func TestGreets(t *testing.T) {
//		host := wardiantest.New(t, main)
//		text, err := wardiantest.Call[string](host, "greet", "Ada")
//		if err != nil || text != "Hello, Ada!" {
//			t.Fatal(text, err)
//		}
//	}
//
// It answers as a host with every capability granted and without limits. Tests that use it do not run in parallel: a
// plugin has one host at a time.
package wardiantest

import (
	"maps"
	"slices"
	"testing"
	"time"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/http"
	"wardian.dev/wardian/internal/entry"
	"wardian.dev/wardian/internal/host"
)

// Host is a host with one instance of a plugin. What it answers can be set before a call, and what it heard be read
// after it.
type Host struct {
	Now       time.Time // of the clock; it stands still
	State     map[string]any
	Vars      map[string]any
	Cancelled bool // whether the call is to end

	App        map[string]func(argument any) (any, error)
	Actions    map[string]func(params any) (any, error)
	Extensions map[string]func(method string, argument any) (any, error)
	HTTP       func(request http.Request) (*http.Response, error)
	Template   func(text string) (string, error)

	Lines   []Line
	Metrics []Metric
	Emitted []wardian.Record
}

// Line is what a plugin logged.
type Line struct {
	Level   int
	Message string
	Fields  map[string]any
}

// Metric is what a plugin recorded.
type Metric struct {
	Name, Kind string
	Value      float64
	Labels     map[string]string
}

// New makes an instance of the plugin whose main is given, and a host for it until the test ends.
func New(t testing.TB, main func()) *Host {
	made := &Host{
		Now: time.Unix(1_700_000_000, 0).UTC(), State: map[string]any{}, Vars: map[string]any{},
		App: map[string]func(any) (any, error){}, Actions: map[string]func(any) (any, error){},
		Extensions: map[string]func(string, any) (any, error){},
	}
	if host.Answer != nil {
		t.Fatal("another host is there already: tests of plugins do not run in parallel")
	}
	entry.Reset()
	host.Answer = made.answer
	t.Cleanup(func() { host.Answer = nil })
	main()
	return made
}

// Open opens the instance with a configuration, which may be nil.
func (h *Host) Open(config any) error {
	if config == nil {
		config = map[string]any{}
	}
	_, err := h.Call("plugin_open", map[string]any{"config": config, "context": map[string]any{
		"plugin": "test", "version": "0.0.0", "symbol": "test", "instance": "0",
	}})
	return err
}

// Call calls an entry point, and gives its reply as Go values. As with any host, state is as it was when a call fails,
// and the error is a *wardian.Error.
func (h *Host) Call(name string, request any) (any, error) { return Call[any](h, name, request) }

// Call calls an entry point, and reads its reply into a T.
func Call[T any](h *Host, name string, request any) (reply T, err error) {
	written, err := cbor.Marshal(request)
	if err != nil {
		return reply, err
	}
	before := maps.Clone(h.State)
	answer, failed := entry.Call(name, written, nil)
	if failed {
		h.State = before
		told := &wardian.Error{}
		if err := cbor.Unmarshal(answer, told); err != nil {
			return reply, err
		}
		return reply, told
	}
	if len(answer) == 0 {
		return reply, nil
	}
	err = cbor.Unmarshal(answer, &reply)
	return reply, err
}

// Messages gives what was logged, without levels and fields.
func (h *Host) Messages() []string {
	messages := make([]string, len(h.Lines))
	for at, line := range h.Lines {
		messages[at] = line.Message
	}
	return messages
}

// Keys gives the keys of the state, in order.
func (h *Host) Keys() []string { return slices.Sorted(maps.Keys(h.State)) }
