-- What every plugin may need: the values that Lua has none for, and errors. `require "wardian"`
local core = require "wardian.core"

local wardian = {
  null = core.null, -- null within lists and maps, where nil would be nothing at all
  bytes = core.bytes, -- bytes of a string; `tostring` gives the string again
  uint = core.uint, -- an integer of 64 bits without a sign, from one with the same bits
  time = core.time, -- a point in time: seconds since 1970, and nanoseconds; it has both as fields
  list = core.list, -- says of a table that it is a list, also when it is empty
  kind = core.kind, -- "null", "boolean", "integer", "float", "text", "bytes", "time", "list" or "map"
}

-- An error, to be raised with `error`: of a kind of the ABI, with `code`, `retry_after_ms` and `details` where they help.
-- An error of the host is one, too: `pcall` gives it.
function wardian.failure(kind, message, more)
  local failure = { kind = kind, message = message }
  for name, value in pairs(more or {}) do failure[name] = value end
  return core.error(failure)
end

for _, kind in ipairs {
  "invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal",
} do
  wardian[kind] = function(message, more) return wardian.failure(kind, message, more) end
end

-- The value of an item that is held in bytes or a string, and its bytes.
function wardian.decode(data)
  local value, wrong = core.decode(tostring(data))
  if wrong then error(wardian.invalid(wrong), 2) end
  return value
end

function wardian.encode(value) return core.bytes(core.encode(value)) end

return wardian
