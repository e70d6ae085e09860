"""How a guest runs; the only place that says wasmtime."""
