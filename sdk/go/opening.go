package wardian

import (
	"context"
	"errors"
	"reflect"
	"time"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
)

// Opener is a plugin that wants its configuration. Open is called once, before all else; an error of the kind `config`
// sends the operator to the configuration.
type Opener interface {
	Open(ctx context.Context, opening *Opening) error
}

// Checker is a plugin that judges a configuration before it is used, on an instance of its own that is not opened.
type Checker interface {
	Check(ctx context.Context, opening *Opening) ([]Remark, error)
}

// Closer is a plugin that is called last, when the instance is no longer needed.
type Closer interface {
	Close(ctx context.Context) error
}

// Opening is what an instance is told when it begins.
type Opening struct {
	// Context is where the instance is.
	Context struct {
		Plugin   string `cbor:"plugin"`
		Version  string `cbor:"version"`
		Symbol   string `cbor:"symbol"`
		Instance string `cbor:"instance"`
		Pipeline string `cbor:"pipeline"` // or empty, as Run
		Run      string `cbor:"run"`
	} `cbor:"context"`
	// Layers are the maps that the configuration was merged from, the weakest first.
	Layers []map[string]any `cbor:"layers"`
	// Interval is for a source's Open to set: how often it wants to be polled, in whole milliseconds.
	Interval time.Duration `cbor:"-"`

	Configured cbor.Raw `cbor:"config"` // see Config
	Resumed    cbor.Raw `cbor:"resume"` // see Resume
}

// Config reads the configuration into a struct, whose fields keep their values where it says nothing.
func (o *Opening) Config(into any) error {
	if o.Configured.IsNull() {
		return nil
	}
	return asConfig(o.Configured.Decode(into))
}

// Resume reads the last offset of a source that was acknowledged. It is false, and leaves `into` alone, at the start.
func (o *Opening) Resume(into any) (bool, error) {
	if o.Resumed.IsNull() {
		return false, nil
	}
	return true, asConfig(o.Resumed.Decode(into))
}

// Level is how much a remark or a line of the log matters.
type Level int

// The levels.
const (
	Trace Level = iota
	Debug
	Info
	Warn
	Fail
)

// Remark is what a check has to say about a configuration.
type Remark struct {
	_     struct{} `cbor:",toarray"`
	Level Level
	Text  string
}

// OnOpen registers what Opener.Open does, for plugins of no kind.
func OnOpen(open func(ctx context.Context, opening *Opening) error) {
	openers.add("plugin_open", open, func(ctx context.Context, request cbor.Raw) (any, error) {
		opening := &Opening{}
		if err := request.Decode(opening); err != nil {
			return nil, asConfig(err)
		}
		for _, each := range openers.registered {
			if err := each(ctx, opening); err != nil {
				return nil, asConfig(err)
			}
		}
		if opening.Interval <= 0 {
			return nil, nil
		}
		return map[string]any{"interval_ms": opening.Interval.Milliseconds()}, nil
	})
}

// OnCheck registers what Checker.Check does, for plugins of no kind.
func OnCheck(check func(ctx context.Context, opening *Opening) ([]Remark, error)) {
	checkers.add("plugin_check", check, func(ctx context.Context, request cbor.Raw) (any, error) {
		opening := &Opening{}
		if err := request.Decode(opening); err != nil {
			return nil, asConfig(err)
		}
		remarks := []Remark{}
		for _, each := range checkers.registered {
			more, err := each(ctx, opening)
			if err != nil {
				return nil, asConfig(err)
			}
			remarks = append(remarks, more...)
		}
		return remarks, nil
	})
}

// OnClose registers what Closer.Close does, for plugins of no kind.
func OnClose(closer func(ctx context.Context) error) {
	closers.add("plugin_close", closer, func(ctx context.Context, _ cbor.Raw) (any, error) {
		for _, each := range closers.registered {
			if err := each(ctx); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

var (
	openers  hooks[func(context.Context, *Opening) error]
	checkers hooks[func(context.Context, *Opening) ([]Remark, error)]
	closers  hooks[func(context.Context) error]
)

// hooks are what several plugins of one module do at one entry point.
type hooks[F any] struct{ registered []F }

func (h *hooks[F]) add(name string, hook F, point entry.Point) {
	if !entry.Has(name) { // the first one, of this instance
		h.registered = nil
		entry.Register(name, point)
	}
	h.registered = append(h.registered, hook)
}

// served is the plugin that was served last, for one that is of several kinds is opened once.
var served any

// serve registers what a plugin of any kind may do.
func serve(plugin any) {
	if reflect.TypeOf(plugin).Comparable() {
		if plugin == served && len(entry.Names()) > 0 {
			return
		}
		served = plugin
	}
	if opener, is := plugin.(Opener); is {
		OnOpen(opener.Open)
	}
	if checker, is := plugin.(Checker); is {
		OnCheck(checker.Check)
	}
	if closer, is := plugin.(Closer); is {
		OnClose(closer.Close)
	}
}

// asConfig makes a problem of the configuration of a value that has not the shape it is read into.
func asConfig(err error) error {
	var shape *cbor.TypeError
	if errors.As(err, &shape) {
		return Config(err.Error())
	}
	return err
}
