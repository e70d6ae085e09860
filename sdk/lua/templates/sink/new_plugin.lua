-- A sink that logs a line for each record.
local wardian = require "wardian"
local log = require "wardian.log"
local text = require "wardian.text"

local prefix = "record"

return {
  -- Called once, before all else, with what the operator configured.
  open = function(config) prefix = config.prefix or prefix end,

  sink = {
    -- Called for each record; an error is one of this record alone.
    write = function(record)
      if record.data == wardian.null then error(wardian.invalid "a record without data says nothing") end
      log.info(("%s: %s"):format(prefix, text.of(record.message or record.data)))
    end,

    -- A sink that gathers what it writes would write it all here; `urgent` says that the host is about to stop.
    flush = function() end,
  },
}
