// Package random gives random bytes that nobody can guess. It needs the capability `random`; without it, what
// math/rand and crypto/rand give can be guessed by anybody.
package random

import "wardian.dev/wardian/internal/host"

// Bytes gives so many random bytes, at most 65536.
func Bytes(count int) (random []byte, err error) {
	err = host.RandomBytes.Ask(count, &random)
	return random, err
}
