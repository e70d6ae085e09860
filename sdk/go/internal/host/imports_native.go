//go:build !wasip1

package host

import (
	"errors"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/failure"
)

// Import is a function that the host offers; outside of WebAssembly the host of a test.
type Import struct{ name string }

// Answer is the host of the test that runs, set by package wardiantest.
var Answer func(name string, request cbor.Raw) (any, error)

// App is an import of a function of the application.
func App(name string) *Import { return &Import{"app." + name} }

func (i *Import) ask(request []byte) (answer []byte, failed bool) {
	if Answer == nil {
		err := &failure.Error{Kind: failure.Internal, Message: "there is no host here: wardiantest.New makes one"}
		answer, _ = cbor.Marshal(err)
		return answer, true
	}
	var reply any
	err := cbor.Check(request)
	if err == nil {
		reply, err = Answer(i.name, request)
	}
	if err != nil {
		reply = failure.Of(err)
	}
	answer, writing := cbor.Marshal(reply)
	if writing != nil {
		panic(errors.Join(errors.New("what the host of the test answers to "+i.name), writing))
	}
	return answer, err != nil
}

// The imports of the module `wardian`.
var (
	Log            = Import{"log"}
	MetricRecord   = Import{"metric_record"}
	Cancelled      = Import{"cancelled"}
	StateGet       = Import{"state_get"}
	StatePut       = Import{"state_put"}
	StateDelete    = Import{"state_delete"}
	StateAdd       = Import{"state_add"}
	StateSwap      = Import{"state_swap"}
	StateKeys      = Import{"state_keys"}
	Emit           = Import{"emit"}
	ClockNow       = Import{"clock_now"}
	RandomBytes    = Import{"random_bytes"}
	HTTPRequest    = Import{"http_request"}
	TemplateExpand = Import{"template_expand"}
	VarsGet        = Import{"vars_get"}
	VarsSet        = Import{"vars_set"}
	ActionCall     = Import{"action_call"}
	ExtensionCall  = Import{"extension_call"}
)
