-- Lines of the log, with fields where they help: `log.info("counted", {words = 3})`. Over its limit a line is dropped.
local core = require "wardian.core"

local log = { TRACE = 0, DEBUG = 1, INFO = 2, WARN = 3, ERROR = 4 }

function log.write(level, message, fields) core.call("log", core.list { level, message, fields }) end

for name, level in pairs { trace = 0, debug = 1, info = 2, warn = 3, error = 4 } do
  log[name] = function(message, fields) log.write(level, message, fields) end
end

return log
