-- Does everything the ABI promises, one entry point for each promise; driven by tests, read by authors of other SDKs.
local wardian = require "wardian"
local log = require "wardian.log"
local kinds = require "kinds"
local calls = require "calls" -- entry points named after an import, which ask it
local core = require "wardian.core"

local null, list = wardian.null, wardian.list
local plugin, config, called = {}, nil, 0

-- ---- Items ----

function plugin.probe_echo(item) return item end

function plugin.probe_decode(data)
  if wardian.kind(data) ~= "bytes" then error(wardian.invalid "expected bytes") end
  return wardian.decode(data)
end

function plugin.probe_time(time)
  if wardian.kind(time) ~= "time" then error(wardian.invalid "expected a time") end
  return { time.seconds, time.nanoseconds }
end

-- ---- Replies ----

function plugin.probe_null() end

function plugin.probe_fail(asked) error(wardian.failure(asked.kind, asked.message, asked)) end

function plugin.probe_deep(depth)
  local made = list {}
  for _ = 2, depth do made = { made } end
  return made
end

function plugin.probe_large(size) return wardian.bytes(("w"):rep(size)) end

function plugin.probe_many(count)
  local made = list {}
  for at = 1, count do made[at] = at - 1 end
  return made
end

function plugin.probe_trap() core.trap() end

function plugin.probe_spin() while true do end end

function plugin.probe_panic(text) error(text) end

-- ---- Memory ----

function plugin.open(given, opening)
  if given.refuse then error(wardian.config(given.refuse)) end
  config = given
  kinds.opened(given, opening.resume)
  if given.interval_ms then return { interval_ms = given.interval_ms } end
end

function plugin.probe_config() return config end

function plugin.probe_calls()
  called = called + 1
  return called
end

-- ---- Every kind ----

function plugin.check() return { { "info", "checked" } } end

function plugin.close() log.info "closed" end

for name, kind in pairs(kinds.all) do plugin[name] = kind end
for name, entry in pairs(calls) do plugin[name] = entry end

return plugin
