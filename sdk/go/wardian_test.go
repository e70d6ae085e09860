package wardian_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
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
	"wardian.dev/wardian/wardiantest"
)

// does makes an instance with one entry point, `do`, and gives what calls it.
func does[In, Out any](
	t *testing.T, do func(context.Context, In) (Out, error),
) (*wardiantest.Host, func(any) (Out, error)) {
	host := wardiantest.New(t, func() { wardian.Handle("do", do) })
	return host, func(request any) (Out, error) { return wardiantest.Call[Out](host, "do", request) }
}

func TestAnErrorArrivesWithAllItSays(t *testing.T) {
	full := &wardian.Error{
		Kind: wardian.KindTransient, Message: "why ü", Code: "E1", RetryAfter: time.Second, Details: []any{int64(1)},
	}
	for _, one := range []struct{ given, told error }{
		{full, full},
		{wardian.NotFound("gone"), &wardian.Error{Kind: wardian.KindNotFound, Message: "gone"}},
		{
			fmt.Errorf("around: %w", wardian.Conflict("why")),
			&wardian.Error{Kind: wardian.KindConflict, Message: "around: why"},
		},
		{errors.New("plain"), &wardian.Error{Kind: wardian.KindInternal, Message: "plain"}},
		{context.Canceled, &wardian.Error{Kind: wardian.KindTransient, Message: "cancelled"}},
		{errors.New("\xff"), &wardian.Error{
			Kind: wardian.KindInternal, Message: `"\xff", which cannot be written as an item: a text that is not UTF-8`,
		}},
	} {
		t.Run(one.given.Error(), func(t *testing.T) {
			_, call := does(t, func(context.Context, any) (any, error) { return nil, one.given })
			if _, err := call(nil); !reflect.DeepEqual(err, one.told) {
				t.Fatalf("%#v", err)
			}
		})
	}
}

func TestAPanicIsAnInternalErrorAndTheInstanceGoesOn(t *testing.T) {
	_, call := does(t, func(_ context.Context, at int) (int, error) { return []int{7}[at], nil })
	_, err := call(1)
	if wardian.KindOf(err) != wardian.KindInternal || !strings.Contains(err.Error(), "index out of range") {
		t.Fatal(err)
	}
	if seven, err := call(0); seven != 7 || err != nil {
		t.Fatal(seven, err)
	}
}

func TestARequestOfAnotherShapeAndAReplyThatIsNoItemAreErrors(t *testing.T) {
	_, call := does(t, func(context.Context, int) (any, error) { return make(chan int), nil })
	if _, err := call("text"); wardian.KindOf(err) != wardian.KindInvalid {
		t.Fatal(err)
	}
	if _, err := call(1); wardian.KindOf(err) != wardian.KindInternal || !strings.Contains(err.Error(), "chan int") {
		t.Fatal(err)
	}
}

func TestTheContextEndsWhenTheHostSaysSo(t *testing.T) {
	host, call := does(t, func(ctx context.Context, _ any) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	})
	host.Cancelled = true
	if _, err := call(nil); wardian.KindOf(err) != wardian.KindTransient {
		t.Fatal(err)
	}
}

func TestStateOfACallThatFailedIsAsItWas(t *testing.T) {
	host, call := does(t, func(_ context.Context, fails bool) (int64, error) {
		sum, err := state.Add("n", 1)
		if fails {
			return 0, wardian.Conflict("undone")
		}
		return sum, err
	})
	call(true)
	if sum, err := call(false); sum != 1 || err != nil || host.State["n"] != int64(1) {
		t.Fatal(sum, err, host.State)
	}
}

func TestEachCapabilityAsksAndAnswers(t *testing.T) {
	host, call := does(t, everything)
	host.App["double"] = func(n any) (any, error) { return n.(int64) * 2, nil }
	host.Actions["notify"] = func(params any) (any, error) { return params, nil }
	host.Extensions["kv"] = func(method string, argument any) (any, error) { return []any{method, argument}, nil }
	host.HTTP = func(asked http.Request) (*http.Response, error) {
		return &http.Response{Status: 200, Body: []byte(asked.Method + " " + asked.URL)}, nil
	}
	host.Template = func(text string) (string, error) { return text + "!", nil }
	if done, err := call(nil); done != "done" || err != nil {
		t.Fatal(done, err)
	}
	if heard := host.Messages(); !reflect.DeepEqual(heard, []string{"a line"}) || host.Lines[0].Fields["n"] != int64(1) {
		t.Fatal(host.Lines)
	}
	if len(host.Metrics) != 1 || host.Metrics[0].Labels["path"] != "/" {
		t.Fatal(host.Metrics)
	}
	if len(host.Emitted) != 1 || host.Emitted[0].Key != "k" {
		t.Fatal(host.Emitted)
	}
	if keys := host.Keys(); !reflect.DeepEqual(keys, []string{"b"}) {
		t.Fatal(keys)
	}
}

var double = app.Function[int, int]("double")

func everything(context.Context, any) (string, error) {
	var wrong []string
	check := func(name string, got, expected any, err error) {
		if err != nil || !reflect.DeepEqual(got, expected) {
			wrong = append(wrong, fmt.Sprint(name, ": ", got, " ", err))
		}
	}
	log.Info("a line", "n", 1)
	metric.Histogram("seconds", 0.5, "path", "/")
	check("put", nil, nil, state.Put("a", map[string]any{"n": 1}))
	value, found, err := state.Get[map[string]int]("a")
	check("get", value["n"], 1, err)
	check("get", found, true, err)
	_, found, err = state.Get[string]("absent")
	check("get", found, false, err)
	swapped, err := state.Swap("b", nil, "new")
	check("swap", swapped, true, err)
	keys, err := state.Keys("", "a", 10)
	check("keys", keys, []string{"b"}, err)
	was, err := state.Delete("a")
	check("delete", was, true, err)
	now, err := clock.Now()
	check("clock", now.Unix(), int64(1_700_000_000), err)
	bytes, err := random.Bytes(3)
	check("random", len(bytes), 3, err)
	response, err := http.Get("http://x/")
	check("http", string(response.Body), "GET http://x/", err)
	text, err := template.Expand("hi")
	check("template", text, "hi!", err)
	check("vars", nil, nil, vars.Set("v", 1))
	number, _, err := vars.Get[int]("v")
	check("vars", number, 1, err)
	sent, err := actions.Call[string]("notify", "x")
	check("actions", sent, "x", err)
	answer, err := extensions.Call[[]string]("kv", "get", "k")
	check("extensions", answer, []string{"get", "k"}, err)
	taken, err := emit.Records(&wardian.Record{Data: 1, Key: "k"})
	check("emit", taken, 1, err)
	four, err := double(2)
	check("app", four, 4, err)
	if _, err := actions.Call[int]("other", nil); wardian.KindOf(err) != wardian.KindNotFound {
		wrong = append(wrong, fmt.Sprint(err))
	}
	if len(wrong) > 0 {
		return strings.Join(wrong, "; "), nil
	}
	return "done", nil
}
