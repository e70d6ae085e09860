// Package http asks servers, as far as the host lets it. It needs the capability `http`.
package http

import (
	"time"

	"wardian.dev/wardian/internal/host"
)

// Request is what a server is asked.
type Request struct {
	Method  string // GET when empty
	URL     string
	Headers map[string]string
	Body    []byte
	Timeout time.Duration // 0 leaves it to the host
}

// Response is what it answers, whatever its status. Names of headers are in lower case.
type Response struct {
	Status  int               `cbor:"status"`
	Headers map[string]string `cbor:"headers"`
	Body    []byte            `cbor:"body"`
}

// Get asks for what is at a URL.
func Get(url string) (*Response, error) { return Do(Request{URL: url}) }

// Do asks a server. The host follows redirects and unpacks bodies. The error says why there is no answer.
func Do(request Request) (*Response, error) {
	asked := map[string]any{"method": request.Method, "url": request.URL}
	if request.Method == "" {
		asked["method"] = "GET"
	}
	if len(request.Headers) > 0 {
		asked["headers"] = request.Headers
	}
	if request.Body != nil {
		asked["body"] = request.Body
	}
	if request.Timeout > 0 {
		asked["timeout_ms"] = max(1, request.Timeout.Milliseconds())
	}
	response := &Response{}
	if err := host.HTTPRequest.Ask(asked, response); err != nil {
		return nil, err
	}
	return response, nil
}
