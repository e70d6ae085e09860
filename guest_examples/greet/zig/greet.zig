//! Greets a user by name: a configuration, an application function and a reply.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.entries(.{ .plugin_open = open, .greet = greet });
    wardian.methods(.{ .greet = greet }); // for other plugins, which call methods of an extension
}

var greeting: []const u8 = "Hello";

/// Called once, before all others, with what the operator configured. What it is given stays as long as the instance.
fn open(in: struct { config: struct { greeting: ?[]const u8 = null } = .{} }) !void {
    const configured = in.config.greeting orelse return;
    if (configured.len == 0) return wardian.fail(.config, "`greeting` must be a text that is not empty", .{});
    greeting = configured;
}

const Greeting = struct {
    text: []const u8,
    user: wardian.Item, // whatever the application knows
};

fn greet(arena: std.mem.Allocator, in: struct { name: []const u8 }) !Greeting {
    // The application that runs this plugin offers `lookup_user`. To import it is to ask for the permission
    // `app.lookup_user`; where it fails, `try` makes its error ours.
    const user = try wardian.app.call(wardian.Item, "lookup_user", in.name);

    // Null means that the application does not know the name.
    const known = user.to(struct { full_name: []const u8 });
    const name = if (known) |found| found.full_name else in.name;
    return .{ .text = try std.mem.concat(arena, u8, &.{ greeting, ", ", name, "!" }), .user = user };
}

test "greets by the full name, where the application knows it" {
    var host: wardian.testing.Host = .init(std.testing.allocator);
    defer host.deinit();
    host.start();
    try host.answer("app.lookup_user", fullName);
    try std.testing.expectEqualStrings("Hello, Ada Lovelace!", (try greet(wardian.arena, .{ .name = "Ada" })).text);
    try std.testing.expectEqualStrings("Hello, Bob!", (try greet(wardian.arena, .{ .name = "Bob" })).text);
}

fn fullName(name: wardian.Value) anyerror!wardian.Value {
    if (!std.mem.eql(u8, name.text, "Ada")) return .null;
    return .from(.{ .full_name = "Ada Lovelace" });
}
