-- What lasts from call to call, and from one instance to the next; all or nothing of a call's changes is kept.
local core = require "wardian.core"

local get, put, delete = core.import "state_get", core.import "state_put", core.import "state_delete"
local add, swap, keys = core.import "state_add", core.import "state_swap", core.import "state_keys"
local list, null = core.list, core.null
local state = {}

-- The value of a key, or nil.
function state.get(key) return get(key) end

-- Sets a key, for so many milliseconds or for good.
function state.put(key, value, ttl_ms)
  if value == nil then value = null end
  put(list { key, value, ttl_ms })
end

-- Whether it was there.
function state.delete(key) return delete(key) end

-- The sum, to which a key that is not there counts as 0.
function state.add(key, delta) return add(list { key, delta }) end

-- Whether the key had the expected value and has the new one; nil is a key that is not there, on both sides.
function state.swap(key, expected, value)
  if expected == nil then expected = null end
  if value == nil then value = null end
  return swap(list { key, expected, value })
end

-- At most so many keys that begin with the prefix and come behind `after`.
function state.keys(prefix, after, limit)
  if after == nil then after = null end
  return keys(list { prefix, after, limit or 1000 })
end

return state
