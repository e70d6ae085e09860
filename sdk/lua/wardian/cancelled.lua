-- `cancelled.requested()`: whether the host wants the call to come to its end.
local core = require "wardian.core"

local ask = core.import "cancelled"

return { requested = function() return ask() end }
