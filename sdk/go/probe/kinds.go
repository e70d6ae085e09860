package main

import (
	"context"
	"math"
	"time"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/log"
)

func serveKinds() {
	wardian.ServeSource(&source{count: math.MaxInt64})
	wardian.ServeAction(action{})
	wardian.ServeProcessor(processor{})
	wardian.ServeFunction(function{})
	wardian.ServeAggregator(&aggregator{})
	wardian.ServeSink(sink{})
	wardian.ServeLookup(lookup{})
	wardian.ServeExtension(extension{})

	calls := 0
	wardian.Handle("probe_calls", func(context.Context, none) (int, error) { calls++; return calls, nil })
}

// ---- A source of the numbers from 1 on ----

type source struct{ given, count int64 }

func (s *source) Open(_ context.Context, opening *wardian.Opening) error {
	var config struct {
		Refuse   string `cbor:"refuse"`
		Interval int64  `cbor:"interval_ms"`
		Count    *int64 `cbor:"count"`
	}
	if err := opening.Config(&config); err != nil {
		return err
	}
	if config.Refuse != "" {
		return wardian.Config(config.Refuse)
	}
	if config.Count != nil {
		s.count = *config.Count
	}
	opening.Interval = time.Duration(config.Interval) * time.Millisecond
	kept := opening.Configured.Value()
	wardian.Handle("probe_config", func(context.Context, none) (any, error) { return kept, nil })
	_, err := opening.Resume(&s.given)
	return err
}

func (s *source) Check(context.Context, *wardian.Opening) ([]wardian.Remark, error) {
	return []wardian.Remark{{Level: wardian.Info, Text: "checked"}}, nil
}

func (s *source) Close(context.Context) error {
	log.Info("closed")
	return nil
}

func (s *source) Poll(_ context.Context, asked wardian.Poll) (wardian.Batch, error) {
	var batch wardian.Batch
	for range min(asked.Demand, 3) {
		s.given++
		batch.Records = append(batch.Records, &wardian.Record{Data: s.given})
	}
	batch.Offset, batch.Wait, batch.Done = s.given, 5*time.Millisecond, s.given >= s.count
	return batch, nil
}

func (s *source) Receive(_ context.Context, pushed wardian.Pushed) (*wardian.Record, error) {
	if pushed.Payload == nil {
		return nil, nil
	}
	return &wardian.Record{Data: pushed.Payload, Meta: pushed.Headers}, nil
}

// ---- The others ----

type action struct{}

func (action) Call(_ context.Context, job wardian.Job[any]) (wardian.Job[any], error) {
	return job, nil
}

func (action) Cancel(_ context.Context, cut wardian.Cut[any]) error {
	log.Info("cancelled: " + cut.Reason)
	return nil
}

type processor struct{}

func (processor) Process(_ context.Context, record *wardian.Record) ([]*wardian.Record, error) {
	asked, _ := record.Data.(map[string]any)
	if _, drop := asked["drop"]; drop {
		return nil, nil
	}
	if why, fails := asked["fail"].(string); fails {
		return nil, wardian.Invalid(why)
	}
	if data, twice := asked["twice"]; twice {
		return []*wardian.Record{{Data: data}, {Data: data}}, nil
	}
	return []*wardian.Record{record}, nil
}

type function struct{}

func (function) Call(_ context.Context, row []any) (int64, error) {
	if len(row) == 2 {
		a, first := row[0].(int64)
		if b, second := row[1].(int64); first && second {
			return a + b, nil
		}
	}
	return 0, wardian.Invalid("expected two integers")
}

func (function) Validate(_ context.Context, arguments []wardian.Argument) error {
	if len(arguments) != 2 {
		return wardian.Invalid("expected 2 arguments")
	}
	return nil
}

type aggregator struct{ sum int64 }

func (a *aggregator) Add(_ context.Context, records []wardian.Record) error {
	for at := range records {
		number, _ := records[at].Data.(int64)
		a.sum += number
	}
	return nil
}

func (a *aggregator) Flush(context.Context) ([]*wardian.Record, error) {
	sum := a.sum
	a.sum = 0
	return []*wardian.Record{{Data: sum}}, nil
}

func (a *aggregator) Reset(context.Context) error {
	a.sum = 0
	return nil
}

type sink struct{}

func (sink) Write(_ context.Context, record *wardian.Record) error {
	asked, _ := record.Data.(map[string]any)
	if why, fails := asked["fail"].(string); fails {
		return wardian.Invalid(why)
	}
	return nil
}

func (sink) Flush(_ context.Context, urgent bool) error {
	if urgent {
		log.Info("flushed urgently")
	} else {
		log.Info("flushed")
	}
	return nil
}

type lookup struct{}

func (lookup) Rows(_ context.Context, query wardian.Query) ([]map[string]string, error) {
	value, _ := query.Values[0].(string)
	if value == "nobody" {
		return nil, nil
	}
	row := map[string]string{}
	for _, field := range query.Fields {
		row[field] = field + " of " + value
	}
	return []map[string]string{row}, nil
}

type extension struct{}

func (extension) Call(_ context.Context, method string, argument cbor.Raw) (any, error) {
	return map[string]any{"method": method, "argument": argument}, nil
}
