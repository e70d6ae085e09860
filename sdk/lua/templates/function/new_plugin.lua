-- A function of two arguments, a text and a number, that gives the text so many times.
local wardian = require "wardian"

local MOST <const> = 100 -- times, so that one row cannot use up all memory

return {
  func = {
    -- Asked once, when a query is prepared: each argument is a literal or a column.
    validate = function(args)
      if #args ~= 2 then
        error(wardian.invalid(("expected 2 arguments, a text and a number, got %d"):format(#args)))
      end
    end,

    -- Called for each row; an error is one of this row alone.
    call = function(text, times)
      if type(text) ~= "string" then error(wardian.invalid "the first argument must be a text") end
      if math.type(times) ~= "integer" or times < 0 or times > MOST then
        error(wardian.invalid "the second argument must be an integer from 0 to 100")
      end
      return text:rep(times)
    end,
  },
}
