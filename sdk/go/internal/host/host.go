// Package host asks the host: the imports of a guest, and how a host call goes.
package host

import (
	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/failure"
)

// Ask sends a request to an import, and reads the answer into what `into` points to, unless that is nil. The error is a
// *failure.Error: the host's own, or `internal` for a request that is no item or an answer of another shape.
func (i *Import) Ask(request, into any) error {
	written, err := cbor.Append(requests.take(), request)
	if err != nil {
		return &failure.Error{Kind: failure.Internal, Message: "the request to " + i.name + " " + err.Error()}
	}
	answer, failed := i.ask(written)
	requests.keep(written)
	err = i.read(answer, failed, into)
	answers.keep(answer)
	return err
}

func (i *Import) read(answer []byte, failed bool, into any) error {
	if failed {
		refused := &failure.Error{}
		if err := refused.UnmarshalCBOR(answer); err != nil {
			return i.unexpected(err)
		}
		return refused
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	if err := cbor.Check(answer); err != nil {
		return i.unexpected(err)
	}
	return i.Read(answer, into)
}

// Read reads an answer that was left as it came.
func (i *Import) Read(answer cbor.Raw, into any) error {
	if err := answer.Decode(into); err != nil {
		return i.unexpected(err)
	}
	return nil
}

func (i *Import) unexpected(err error) error {
	return &failure.Error{Kind: failure.Internal, Message: "what " + i.name + " answered: " + err.Error()}
}
