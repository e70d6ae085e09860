-- Entry points named after an import, with its request; they reply with its answer.
local wardian = require "wardian"
local actions, cancelled, clock = require "wardian.actions", require "wardian.cancelled", require "wardian.clock"
local emit, extensions, http = require "wardian.emit", require "wardian.extensions", require "wardian.http"
local log, metric, random = require "wardian.log", require "wardian.metric", require "wardian.random"
local state, template, vars = require "wardian.state", require "wardian.template", require "wardian.vars"
local probe = require("wardian.app").probe

local calls = {}

function calls.probe_asks(count)
  for _ = 1, count do state.get "key" end
  return count
end

function calls.probe_log(asked) log.write(asked[1], asked[2], asked[3]) end
function calls.probe_state_get(key) return state.get(key) end
function calls.probe_state_put(asked) state.put(asked[1], asked[2], asked[3]) end
function calls.probe_state_delete(key) return state.delete(key) end
function calls.probe_state_add(asked) return state.add(asked[1], asked[2]) end
function calls.probe_state_swap(asked) return state.swap(asked[1], asked[2], asked[3]) end
function calls.probe_state_keys(asked) return state.keys(asked[1], asked[2], asked[3]) end

function calls.probe_state_undone(key)
  state.add(key, 1)
  error(wardian.conflict "what this call changed is undone")
end

function calls.probe_clock_now() return { clock.now() } end
function calls.probe_random_bytes(size) return random.bytes(size) end
function calls.probe_metric_record(asked) metric.record(asked[1], asked[2], asked[3], asked[4]) end
function calls.probe_cancelled() return cancelled.requested() end

function calls.probe_sleep_until_cancelled()
  local turns = 0
  repeat turns = turns + 1 until turns % 10000 == 0 and cancelled.requested() -- the host counts how often it is asked
  return "cancelled"
end

function calls.probe_app(item) return probe(item) end
function calls.probe_http_request(asked) return http.request(asked) end
function calls.probe_emit(records) return emit.records(records) end
function calls.probe_template_expand(text) return template.expand(text) end
function calls.probe_vars_get(name) return vars.get(name) end
function calls.probe_vars_set(asked) vars.set(asked[1], asked[2]) end
function calls.probe_action_call(asked) return actions.call(asked[1], asked[2]) end
function calls.probe_extension_call(asked) return extensions.call(asked[1], asked[2], asked[3]) end

return calls
