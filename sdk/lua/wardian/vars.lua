-- The variables of the running job.
local core = require "wardian.core"

local get, set = core.import "vars_get", core.import "vars_set"

return {
  get = function(name) return get(name) end,
  set = function(name, value)
    if value == nil then value = core.null end
    set(core.list { name, value })
  end,
}
