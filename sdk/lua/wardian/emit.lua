-- Records besides the reply, which are delivered when the call succeeds: gives how many of them were taken.
local core = require "wardian.core"

local ask = core.import "emit"

return { records = function(records) return ask(core.list(records)) end }
