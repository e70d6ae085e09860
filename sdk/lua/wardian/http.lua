-- `http.request {method = …, url = …, headers = …, body = …, timeout_ms = …}`: {status, headers, body}
local core = require "wardian.core"

local ask = core.import "http_request"

return { request = function(request) return ask(request) end }
