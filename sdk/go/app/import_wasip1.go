package app

import "wardian.dev/wardian/internal/host"

var imports = map[string]*host.Import{}

// Import makes a function known; the code that the toolchain writes does.
func Import(name string, imported *host.Import) { imports[name] = imported }

func found(name string) *host.Import { return imports[name] }
