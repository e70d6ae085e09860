-- `template.expand(text)`: the text with its placeholders filled in.
local core = require "wardian.core"

local ask = core.import "template_expand"

return { expand = function(text) return ask(text) end }
