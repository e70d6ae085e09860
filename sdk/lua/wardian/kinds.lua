-- From the table that a plugin returns to its entry points: what each kind is asked, and how it answers.
local core = require "wardian.core"
local wardian = require "wardian"

local list, null = core.list, core.null
local kinds = {}

local function given(value)
  if value ~= null then return value end
end

-- The part of that name of a kind that is a table of functions; a kind of one function is that function.
local function part(kind, name, main)
  if type(kind) == "function" then return name == main and kind or nil end
  return kind[name]
end

-- What a function makes of each value, or the error that it raised for it alone.
local function each(values, run)
  local outcomes, failed = list {}, false
  for at, value in ipairs(values) do
    local done, outcome = xpcall(run, core.explain, value)
    if not done then
      failed = true
      if outcome.trace then core.call("log", list { 4, outcome.trace }) end
      outcome = {
        kind = outcome.kind, message = outcome.message, code = outcome.code,
        retry_after_ms = outcome.retry_after_ms, details = outcome.details,
      }
    elseif outcome == nil then
      outcome = null
    end
    outcomes[at] = outcome
  end
  return outcomes, failed
end

-- A record, a list of records or nothing, as a list.
local function records(made)
  if made == nil or made == null then return list {} end
  if core.kind(made) == "list" then return list(made) end
  return next(made) == nil and list(made) or list { made }
end

local function source(kind, entries)
  local poll, request = part(kind, "poll", "poll"), part(kind, "request")
  entries.source_poll = poll and function(asked)
    local polled = poll(asked.demand, asked.now) or {}
    polled.records = list(polled.records or {})
    return polled
  end
  entries.source_request = request and function(asked) return request(given(asked.payload), asked.headers) end
end

local function action(kind, entries)
  local call, cancel = part(kind, "call", "call"), part(kind, "cancel")
  entries.action_call = call and function(asked) return call(asked.params, asked.vars) end
  entries.action_cancel = cancel and function(asked) cancel(asked.reason, asked.params) end
end

local function processor(kind, entries)
  local process = part(kind, "process", "process")
  entries.processor_process = process and function(asked)
    return (each(asked.records, function(record) return records(process(record)) end))
  end
end

local function func(kind, entries)
  local call, validate = part(kind, "call", "call"), part(kind, "validate")
  entries.function_call = call and function(asked)
    return (each(asked.rows, function(row)
      local size = #row
      for at = 1, size do row[at] = given(row[at]) end
      local value = call(table.unpack(row, 1, size))
      if value == nil then value = null end
      return { value = value }
    end))
  end
  entries.function_validate = validate and function(asked) validate(asked.args) end
end

local function aggregator(kind, entries)
  local add, flush, reset = part(kind, "add", "add"), part(kind, "flush"), part(kind, "reset")
  entries.aggregator_add = add and function(asked) add(asked.records) end
  entries.aggregator_flush = flush and function() return { records = records(flush()) } end
  entries.aggregator_reset = reset and function() reset() end
end

local function sink(kind, entries)
  local write, flush = part(kind, "write", "write"), part(kind, "flush")
  entries.sink_write = write and function(asked)
    local outcomes, failed = each(asked.records, function(record) write(record) end)
    return failed and outcomes or nil
  end
  entries.sink_flush = flush and function(asked) flush(asked.urgent) end
end

local function lookup(kind, entries)
  local rows = part(kind, "rows", "rows")
  entries.lookup_rows = rows and function(asked)
    local where = {}
    for at, key in ipairs(asked.keys) do where[key] = given(asked.values[at]) end
    return list(rows(where, asked.fields) or {})
  end
end

-- A table of methods, or one function for all.
local function extension(kind, entries)
  function entries.extension_call(asked)
    if type(kind) == "function" then return kind(asked.method, given(asked.argument)) end
    local method = kind[asked.method]
    if not method then error(wardian.unimplemented(("there is no method `%s`"):format(asked.method))) end
    return method(given(asked.argument))
  end
end

local KINDS = {
  source = source, action = action, processor = processor, func = func, aggregator = aggregator, sink = sink,
  lookup = lookup, extension = extension,
}
local LEVELS = { trace = 0, debug = 1, info = 2, warn = 3, error = 4 }

local LIFECYCLE = {
  open = function(open)
    return "plugin_open", function(asked)
      return open(asked.config, { context = asked.context, layers = asked.layers, resume = given(asked.resume) })
    end
  end,
  check = function(check)
    return "plugin_check", function(asked)
      local said = list(check(asked.config) or {})
      for at, each in ipairs(said) do said[at] = list { LEVELS[each[1]] or each[1], each[2] } end
      return said
    end
  end,
  close = function(close)
    return "plugin_close", function() close() end
  end,
}

-- The entry points of a plugin: those of its kinds, `open`, `check` and `close`, and each other function by its own name.
function kinds.entries(plugin)
  if type(plugin) ~= "table" then error("the script has to return the plugin, a table", 0) end
  local entries = {}
  for name, value in pairs(plugin) do
    local callable = type(value) == "function"
    if KINDS[name] and (callable or type(value) == "table") then
      KINDS[name](value, entries)
    elseif LIFECYCLE[name] and callable then
      local entry, run = LIFECYCLE[name](value)
      entries[entry] = run
    elseif type(name) == "string" and callable then
      entries[name] = value
    else
      error(("the plugin's `%s` is neither a kind of plugin nor a function"):format(tostring(name)), 0)
    end
  end
  if next(entries) == nil then error("the plugin has no entry point", 0) end
  return entries
end

return kinds
