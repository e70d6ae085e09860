package main

import (
	"context"
	"time"

	"wardian.dev/wardian"
	"wardian.dev/wardian/actions"
	"wardian.dev/wardian/app"
	"wardian.dev/wardian/clock"
	"wardian.dev/wardian/emit"
	"wardian.dev/wardian/extensions"
	"wardian.dev/wardian/http"
	"wardian.dev/wardian/log"
	"wardian.dev/wardian/metric"
	"wardian.dev/wardian/random"
	"wardian.dev/wardian/state"
	"wardian.dev/wardian/template"
	"wardian.dev/wardian/vars"
)

var probe = app.Function[any, any]("probe")

// What the requests of the imports are made of, as far as they are lists.
type (
	line struct {
		_       struct{} `cbor:",toarray"`
		Level   int
		Message string
		Fields  map[string]any
	}
	measured struct {
		_          struct{} `cbor:",toarray"`
		Name, Kind string
		Value      float64
		Labels     map[string]string
	}
	put struct {
		_     struct{} `cbor:",toarray"`
		Key   string
		Value any
		Life  int64
	}
	added struct {
		_     struct{} `cbor:",toarray"`
		Key   string
		Delta int64
	}
	swapped struct {
		_               struct{} `cbor:",toarray"`
		Key             string
		Expected, Value any
	}
	listed struct {
		_             struct{} `cbor:",toarray"`
		Prefix, After string
		Limit         int
	}
	named struct {
		_     struct{} `cbor:",toarray"`
		Name  string
		Value any
	}
	called struct {
		_                 struct{} `cbor:",toarray"`
		Extension, Method string
		Argument          any
	}
)

func handleImports() {
	wardian.Handle("probe_log", func(_ context.Context, line line) (any, error) {
		return nil, log.Write(line.Level, line.Message, line.Fields)
	})
	wardian.Handle("probe_metric_record", func(_ context.Context, asked measured) (any, error) {
		return nil, metric.Record(asked.Name, asked.Kind, asked.Value, asked.Labels)
	})
	handleState()
	wardian.Handle("probe_clock_now", func(context.Context, none) ([]int64, error) {
		now, monotonic, err := clock.Read()
		return []int64{now.UnixNano(), int64(monotonic)}, err
	})
	wardian.Handle("probe_random_bytes", func(_ context.Context, count int) ([]byte, error) { return random.Bytes(count) })
	wardian.Handle("probe_app", func(_ context.Context, item any) (any, error) { return probe(item) })
	wardian.Handle("probe_http_request", request)
	wardian.Handle("probe_emit", func(_ context.Context, records []*wardian.Record) (int, error) {
		return emit.Records(records...)
	})
	wardian.Handle("probe_template_expand", func(_ context.Context, text string) (string, error) {
		return template.Expand(text)
	})
	wardian.Handle("probe_vars_get", func(_ context.Context, name string) (any, error) {
		value, _, err := vars.Get[any](name)
		return value, err
	})
	wardian.Handle("probe_vars_set", func(_ context.Context, asked named) (any, error) {
		return nil, vars.Set(asked.Name, asked.Value)
	})
	wardian.Handle("probe_action_call", func(_ context.Context, asked named) (any, error) {
		return actions.Call[any](asked.Name, asked.Value)
	})
	wardian.Handle("probe_extension_call", func(_ context.Context, asked called) (any, error) {
		return extensions.Call[any](asked.Extension, asked.Method, asked.Argument)
	})
}

func handleState() {
	wardian.Handle("probe_state_get", func(_ context.Context, key string) (any, error) {
		value, _, err := state.Get[any](key)
		return value, err
	})
	wardian.Handle("probe_state_put", func(_ context.Context, asked put) (any, error) {
		if asked.Life > 0 {
			return nil, state.PutFor(asked.Key, asked.Value, time.Duration(asked.Life)*time.Millisecond)
		}
		return nil, state.Put(asked.Key, asked.Value)
	})
	wardian.Handle("probe_state_delete", func(_ context.Context, key string) (bool, error) { return state.Delete(key) })
	wardian.Handle("probe_state_add", func(_ context.Context, asked added) (int64, error) {
		return state.Add(asked.Key, asked.Delta)
	})
	wardian.Handle("probe_state_swap", func(_ context.Context, asked swapped) (bool, error) {
		return state.Swap(asked.Key, asked.Expected, asked.Value)
	})
	wardian.Handle("probe_state_keys", func(_ context.Context, asked listed) ([]string, error) {
		return state.Keys(asked.Prefix, asked.After, asked.Limit)
	})
	// A text as request: an addition that lasts only when the call succeeds, which it does not.
	wardian.Handle("probe_state_undone", func(_ context.Context, key string) (any, error) {
		if _, err := state.Add(key, 1); err != nil {
			return nil, err
		}
		return nil, wardian.Conflict("what this call changed is undone")
	})
	// n -> the same, after asking the host n times
	wardian.Handle("probe_asks", func(_ context.Context, count int) (int, error) {
		for range count {
			if _, _, err := state.Get[any]("key"); err != nil {
				return 0, err
			}
		}
		return count, nil
	})
}

func request(_ context.Context, asked struct {
	Method  string            `cbor:"method"`
	URL     string            `cbor:"url"`
	Headers map[string]string `cbor:"headers"`
	Body    []byte            `cbor:"body"`
	Timeout int64             `cbor:"timeout_ms"`
}) (*http.Response, error) {
	timeout := time.Duration(asked.Timeout) * time.Millisecond
	return http.Do(http.Request{
		Method: asked.Method, URL: asked.URL, Headers: asked.Headers, Body: asked.Body, Timeout: timeout,
	})
}
