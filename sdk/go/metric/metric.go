// Package metric records what can be counted and measured. It needs no capability.
package metric

import "wardian.dev/wardian/internal/host"

// The kinds of metrics.
const (
	KindCounter   = "counter"
	KindGauge     = "gauge"
	KindHistogram = "histogram"
)

// Counter adds to what only grows. Labels are a name and a value in turn.
func Counter(name string, value float64, labels ...string) {
	_ = Record(name, KindCounter, value, pairs(labels)) // a plugin goes on when the host has enough
}

// Gauge sets what goes up and down.
func Gauge(name string, value float64, labels ...string) {
	_ = Record(name, KindGauge, value, pairs(labels))
}

// Histogram takes one measurement of many.
func Histogram(name string, value float64, labels ...string) {
	_ = Record(name, KindHistogram, value, pairs(labels))
}

// Record is for those who want to know whether it was taken: over its limits the host answers `exhausted`.
func Record(name, kind string, value float64, labels map[string]string) error {
	return host.MetricRecord.Ask([]any{name, kind, value, labels}, nil)
}

func pairs(labels []string) map[string]string {
	if len(labels) == 0 {
		return nil
	}
	made := make(map[string]string, len(labels)/2)
	for at := 0; at+1 < len(labels); at += 2 {
		made[labels[at]] = labels[at+1]
	}
	return made
}
