-- An extension that counts for others, and goes on after a restart.
local wardian = require "wardian"
local state = require "wardian.state"

return {
  -- Its methods: each is given its argument, and gives its result.
  extension = {
    add = function(argument)
      local delta = argument == nil and 1 or argument
      if math.type(delta) ~= "integer" then error(wardian.invalid "`add` takes an integer, or null for 1") end
      return state.add("total", delta)
    end,

    get = function() return state.get "total" or 0 end,
  },
}
