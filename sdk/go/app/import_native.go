//go:build !wasip1

package app

import "wardian.dev/wardian/internal/host"

func found(name string) *host.Import { return host.App(name) }
