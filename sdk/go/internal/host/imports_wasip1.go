package host

import "unsafe"

// Import is a function that the host offers. The linker drops those that a plugin does not use.
type Import struct {
	name string
	call func(at unsafe.Pointer, size uint32) int64
}

// App makes an import of a function of the application.
func App(name string, call func(at unsafe.Pointer, size uint32) int64) *Import {
	return &Import{"app." + name, call}
}

// ask gives what the host answers, which is nothing for null, and whether it is an error.
func (i *Import) ask(request []byte) (answer []byte, failed bool) {
	waiting := i.call(unsafe.Pointer(unsafe.SliceData(request)), uint32(len(request)))
	if waiting == 0 {
		return nil, false
	}
	if failed = waiting < 0; failed {
		waiting = -waiting
	}
	answer = answers.take()
	if int64(cap(answer)) < waiting {
		answer = make([]byte, max(waiting, 256))
	}
	answer = answer[:waiting]
	take(unsafe.Pointer(unsafe.SliceData(answer)))
	return answer, failed
}

//go:wasmimport wardian take
func take(at unsafe.Pointer)

//go:wasmimport wardian log
func log(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian metric_record
func metricRecord(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian cancelled
func cancelled(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian state_get
func stateGet(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian state_put
func statePut(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian state_delete
func stateDelete(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian state_add
func stateAdd(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian state_swap
func stateSwap(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian state_keys
func stateKeys(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian emit
func emit(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian clock_now
func clockNow(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian random_bytes
func randomBytes(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian http_request
func httpRequest(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian template_expand
func templateExpand(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian vars_get
func varsGet(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian vars_set
func varsSet(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian action_call
func actionCall(at unsafe.Pointer, size uint32) int64

//go:wasmimport wardian extension_call
func extensionCall(at unsafe.Pointer, size uint32) int64

// The imports of the module `wardian`, by the names that it gives them.
var (
	Log            = Import{"log", log}
	MetricRecord   = Import{"metric_record", metricRecord}
	Cancelled      = Import{"cancelled", cancelled}
	StateGet       = Import{"state_get", stateGet}
	StatePut       = Import{"state_put", statePut}
	StateDelete    = Import{"state_delete", stateDelete}
	StateAdd       = Import{"state_add", stateAdd}
	StateSwap      = Import{"state_swap", stateSwap}
	StateKeys      = Import{"state_keys", stateKeys}
	Emit           = Import{"emit", emit}
	ClockNow       = Import{"clock_now", clockNow}
	RandomBytes    = Import{"random_bytes", randomBytes}
	HTTPRequest    = Import{"http_request", httpRequest}
	TemplateExpand = Import{"template_expand", templateExpand}
	VarsGet        = Import{"vars_get", varsGet}
	VarsSet        = Import{"vars_set", varsSet}
	ActionCall     = Import{"action_call", actionCall}
	ExtensionCall  = Import{"extension_call", extensionCall}
)
