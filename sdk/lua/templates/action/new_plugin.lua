-- An action that greets somebody.
local wardian = require "wardian"

local greeting = "Hello"

return {
  -- Called once, before all else, with what the operator configured.
  open = function(config) greeting = config.greeting or greeting end,

  -- {name = text} -> {text = text}
  action = function(params)
    if type(params.name) ~= "string" then error(wardian.invalid "`name` must be a text") end
    return { text = ("%s, %s!"):format(greeting, params.name) }
  end,
}
