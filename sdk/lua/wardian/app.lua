-- Functions of the application: `local find = require("wardian.app").find`. To name one while the script is run, which is
-- when the plugin is built, is to import it: at the top of the script, and not within a function.
local core = require "wardian.core"

return setmetatable({}, {
  __index = function(app, name)
    app[name] = core.import("app." .. name)
    return app[name]
  end,
})
