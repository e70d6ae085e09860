-- Greets a user by name: a configuration, an application function and a reply.
local wardian = require "wardian"

-- The application that runs this plugin offers `lookup_user`. To name it here is to ask for the permission
-- `app.lookup_user`; an application that does not grant it refuses to load the plugin.
local lookup_user = require("wardian.app").lookup_user

local greeting = "Hello"
local plugin = {}

-- Called once, before all else, with what the operator configured.
function plugin.open(config)
  local given = config.greeting
  if given == nil or given == wardian.null then return end
  if type(given) ~= "string" or given == "" then
    error(wardian.config "`greeting` must be a text that is not empty")
  end
  greeting = given
end

-- {name = text} -> {text = text, user = what the application knows}
function plugin.greet(request)
  local name = type(request) == "table" and request.name
  if type(name) ~= "string" then error(wardian.invalid "`name` must be a text") end
  local user = lookup_user(name) -- its error becomes ours; nil where the application does not know the name
  local full_name = type(user) == "table" and type(user.full_name) == "string" and user.full_name or name
  return { text = ("%s, %s!"):format(greeting, full_name), user = user == nil and wardian.null or user }
end

-- For other plugins, which call methods of an extension.
plugin.extension = setmetatable({ greet = plugin.greet }, {
  __index = function() error(wardian.unimplemented "the only method is `greet`") end,
})

return plugin
