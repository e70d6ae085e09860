//go:build !wasip1

package wardiantest

import (
	"bytes"
	"strings"
	"time"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/http"
)

// answer answers one host call.
func (h *Host) answer(name string, request cbor.Raw) (any, error) {
	asked, _ := request.Value().([]any)
	at := func(index int) any {
		if index < len(asked) {
			return asked[index]
		}
		return nil
	}
	switch name {
	case "log":
		line := Line{Message: text(at(1))}
		line.Level = int(number(at(0)))
		line.Fields, _ = at(2).(map[string]any)
		h.Lines = append(h.Lines, line)
		return nil, nil
	case "metric_record":
		return nil, h.record(request)
	case "cancelled":
		return h.Cancelled, nil
	case "emit":
		var records []wardian.Record
		if err := request.Decode(&records); err != nil {
			return nil, err
		}
		h.Emitted = append(h.Emitted, records...)
		return len(records), nil
	case "clock_now":
		return []int64{h.Now.UnixNano(), h.Now.UnixNano()}, nil
	case "random_bytes":
		return bytes.Repeat([]byte{7}, int(number(request.Value()))), nil
	case "http_request":
		return h.request(request)
	case "template_expand":
		if h.Template == nil {
			return request, nil
		}
		return h.Template(text(request.Value()))
	case "vars_get":
		return h.Vars[text(request.Value())], nil
	case "vars_set":
		h.Vars[text(at(0))] = at(1)
		return nil, nil
	case "action_call":
		if action := h.Actions[text(at(0))]; action != nil {
			return action(at(1))
		}
		return nil, wardian.NotFound("there is no action `" + text(at(0)) + "`")
	case "extension_call":
		if extension := h.Extensions[text(at(0))]; extension != nil {
			return extension(text(at(1)), at(2))
		}
		return nil, wardian.NotFound("there is no extension `" + text(at(0)) + "`")
	}
	if function, is := strings.CutPrefix(name, "app."); is {
		if offered := h.App[function]; offered != nil {
			return offered(request.Value())
		}
		return nil, wardian.Denied("the application offers no `" + function + "`")
	}
	return h.state(name, request.Value(), at)
}

func (h *Host) record(request cbor.Raw) error {
	var given struct {
		_          struct{} `cbor:",toarray"`
		Name, Kind string
		Value      float64
		Labels     map[string]string
	}
	if err := request.Decode(&given); err != nil {
		return err
	}
	h.Metrics = append(h.Metrics, Metric{given.Name, given.Kind, given.Value, given.Labels})
	return nil
}

func (h *Host) request(request cbor.Raw) (any, error) {
	var asked struct {
		Method  string            `cbor:"method"`
		URL     string            `cbor:"url"`
		Headers map[string]string `cbor:"headers"`
		Body    []byte            `cbor:"body"`
		Timeout int64             `cbor:"timeout_ms"`
	}
	if err := request.Decode(&asked); err != nil {
		return nil, err
	}
	if h.HTTP == nil {
		return nil, wardian.Denied("the test has no server for " + asked.URL)
	}
	timeout := time.Duration(asked.Timeout) * time.Millisecond
	response, err := h.HTTP(http.Request{
		Method: asked.Method, URL: asked.URL, Headers: asked.Headers, Body: asked.Body, Timeout: timeout,
	})
	if err != nil {
		return nil, err
	}
	answer := *response
	if answer.Headers == nil {
		answer.Headers = map[string]string{}
	}
	if answer.Body == nil {
		answer.Body = []byte{}
	}
	return answer, nil
}

func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []byte:
		return string(value)
	}
	return ""
}

func number(value any) int64 {
	whole, _ := value.(int64)
	return whole
}
