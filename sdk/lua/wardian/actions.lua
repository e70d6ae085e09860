-- `actions.call(action, params)`: what the action gives.
local core = require "wardian.core"

local call = core.import "action_call"

return { call = function(action, params) return call(core.list { action, params or {} }) end }
