// Package log writes lines into the host's log. It needs no capability. Lines over the host's limits are dropped.
package log

import "wardian.dev/wardian/internal/host"

// The levels of Write.
const (
	LevelTrace = iota
	LevelDebug
	LevelInfo
	LevelWarn
	LevelError
)

// Trace writes a line with fields: a name and a value in turn.
func Trace(message string, fields ...any) { line(LevelTrace, message, fields) }

// Debug writes a line with fields: a name and a value in turn.
func Debug(message string, fields ...any) { line(LevelDebug, message, fields) }

// Info writes a line with fields: a name and a value in turn.
func Info(message string, fields ...any) { line(LevelInfo, message, fields) }

// Warn writes a line with fields: a name and a value in turn.
func Warn(message string, fields ...any) { line(LevelWarn, message, fields) }

// Error writes a line with fields: a name and a value in turn.
func Error(message string, fields ...any) { line(LevelError, message, fields) }

// Write is for those who want to know whether the line was taken: over its limits the host answers `exhausted`.
func Write(level int, message string, fields map[string]any) error {
	if len(fields) == 0 {
		return host.Log.Ask([]any{level, message}, nil)
	}
	return host.Log.Ask([]any{level, message, fields}, nil)
}

func line(level int, message string, pairs []any) {
	fields := make(map[string]any, len(pairs)/2)
	for at := 0; at < len(pairs); at += 2 {
		name, named := pairs[at].(string)
		if !named || at+1 == len(pairs) {
			fields["!"] = pairs[at:] // a value without a name, and what follows it
			break
		}
		fields[name] = pairs[at+1]
	}
	_ = Write(level, message, fields) // a plugin goes on when the host has heard enough
}
