"""The `wardian.yaml` of the pipelines that tests run, to be filled in."""

from __future__ import annotations

TEXT = """
version: 1
plugins: {{flow: {{source: ./flow.wasm, grants: {{state: true}}, limits: {{deadline: 300ms}}}}}}
sources: {{numbers: {{plugin: flow, config: {{count: {count}, keys: {keys}, per_poll: {per_poll}}}}}}}
steps:
  mark: {{plugin: flow, config: {{{mark}}}}}
  other: {{plugin: flow, config: {{{other}}}}}
  sum: {{plugin: flow, window: {{{window}}}, config: {{{sums}}}}}
sinks: {{out: {{plugin: flow}}, more: {{plugin: flow}}, bad: {{plugin: flow}}}}
pipelines:
  p: {{sources: [numbers], steps: [{steps}], sinks: [{sinks}], on_error: {{{on_error}}}, batch: {{{batch}}}, {rules}}}
"""
PLAIN = {
    "count": 20, "keys": 0, "per_poll": 7, "mark": "", "other": "", "window": "count: 6", "sums": "", "steps": "mark",
    "sinks": "out", "on_error": "delay: 10ms", "batch": "linger: 0", "rules": "delivery: at_most_once",
}  # fmt: skip
