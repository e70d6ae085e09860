// Counts the words, lines and bytes of texts, and keeps totals in the host's durable state.
package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/log"
	"wardian.dev/wardian/metric"
	"wardian.dev/wardian/state"
)

type counter struct {
	MinLength uint64 `cbor:"min_length"` // shorter words are not counted
}

// Open is called once, before all else, with what the operator configured.
func (c *counter) Open(_ context.Context, opening *wardian.Opening) error {
	if opening.Config(c) != nil || c.MinLength == 0 {
		return wardian.Config("`min_length` must be an integer of at least 1")
	}
	return nil
}

type counts struct {
	Words      int   `cbor:"words"`
	Lines      int   `cbor:"lines"`
	Bytes      int   `cbor:"bytes"`
	TotalWords int64 `cbor:"total_words"`
	TotalLines int64 `cbor:"total_lines"`
	Calls      int64 `cbor:"calls"`
}

// count takes a text, or {"text": text}.
func (c *counter) count(_ context.Context, request cbor.Raw) (counts, error) {
	if within := request.Get("text"); !within.IsNull() {
		request = within
	}
	text, is := request.Value().(string)
	if !is {
		return counts{}, wardian.Invalid("the request must be a text, or a map with a text under `text`")
	}
	counted := counts{Words: c.words(text), Lines: lines(text), Bytes: len(text)}

	// All changes of one call are committed together when it succeeds, and undone when it fails.
	var failed [4]error
	counted.TotalWords, failed[0] = state.Add("words", int64(counted.Words))
	counted.TotalLines, failed[1] = state.Add("lines", int64(counted.Lines))
	_, failed[2] = state.Add("bytes", int64(counted.Bytes))
	counted.Calls, failed[3] = state.Add("calls", 1)
	if err := errors.Join(failed[:]...); err != nil {
		return counts{}, err
	}

	// Logging and metrics are bounded; a plugin goes on when the host has heard enough.
	log.Info("counted " + strconv.Itoa(counted.Words) + " words in " + strconv.Itoa(counted.Lines) + " lines")
	metric.Counter("words_counted", float64(counted.Words))
	return counted, nil
}

func isSpace(letter rune) bool { return letter == ' ' || letter >= '\t' && letter <= '\r' }

func (c *counter) words(text string) int {
	long := 0
	for _, word := range strings.FieldsFunc(text, isSpace) {
		if uint64(utf8.RuneCountInString(word)) >= c.MinLength {
			long++
		}
	}
	return long
}

// lines are as many as an editor shows: the last line need not end with a newline.
func lines(text string) int {
	count := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		count++
	}
	return count
}

var keys = []string{"words", "lines", "bytes", "calls"}

// totals gives those of all calls so far.
func totals(context.Context, any) (map[string]int64, error) {
	found := map[string]int64{}
	for _, key := range keys {
		total, _, err := state.Get[int64](key) // 0 where the key is not there
		if err != nil {
			return nil, err
		}
		found[key] = total
	}
	return found, nil
}

// reset lets the totals begin at zero again.
func reset(context.Context, any) (any, error) {
	for _, key := range keys {
		if _, err := state.Delete(key); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func main() {
	c := &counter{MinLength: 1}
	wardian.OnOpen(c.Open)
	wardian.Handle("count", c.count)
	wardian.Handle("totals", totals)
	wardian.Handle("reset", reset)
	// For other plugins, which call methods of an extension: {"method": text, "argument": any} -> what it replies.
	count, all, none := wardian.Method("count", c.count), wardian.Method("totals", totals), wardian.Method("reset", reset)
	wardian.ServeExtension(wardian.Methods(count, all, none))
}
