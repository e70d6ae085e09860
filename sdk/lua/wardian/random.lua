-- `random.bytes(count)`: as many as wanted, at most 65536, as `wardian.bytes`.
local core = require "wardian.core"

local ask = core.import "random_bytes"

return { bytes = function(count) return ask(count) end }
