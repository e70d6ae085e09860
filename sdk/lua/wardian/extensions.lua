-- `extensions.call(extension, method, argument)`: what the method gives.
local core = require "wardian.core"

local call = core.import "extension_call"

return {
  call = function(extension, method, argument)
    if argument == nil then argument = core.null end
    return call(core.list { extension, method, argument })
  end,
}
