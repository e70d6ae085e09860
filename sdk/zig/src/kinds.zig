//! The kinds of plugins: which functions of a struct the host calls, checked while it is compiled.

const std = @import("std");
const call = @import("call.zig");
const each = @import("each.zig");

const Form = enum { whole, config, processed, results, added, flushed, outcomes };

const Entry = struct {
    /// The function in the author's struct.
    function: [:0]const u8,
    exported: []const u8,
    form: Form = .whole,
};

const every_kind = [_]Entry{
    .{ .function = "open", .exported = "plugin_open", .form = .config },
    .{ .function = "check", .exported = "plugin_check", .form = .config },
    .{ .function = "close", .exported = "plugin_close" },
};

/// A source has `poll(demand)`, `request(pushed)` for what is pushed to it, or both.
pub fn source(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "poll") and !@hasDecl(Plugin, "request")) missing("source", "poll` or `pub fn request");
    exportAll("source", Plugin, &.{
        .{ .function = "poll", .exported = "source_poll" },
        .{ .function = "request", .exported = "source_request" },
    });
}

/// An action has `call(job)`, and `cancel(cut)` where something has to be undone.
pub fn action(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "call")) missing("action", "call");
    exportAll("action", Plugin, &.{
        .{ .function = "call", .exported = "action_call" },
        .{ .function = "cancel", .exported = "action_cancel" },
    });
}

/// A processor has `process(record)`, which gives a record, an optional one to drop it, or a slice of several.
pub fn processor(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "process")) missing("processor", "process");
    exportAll("processor", Plugin, &.{
        .{ .function = "process", .exported = "processor_process", .form = .processed },
    });
}

/// A function has `call(row)`, and `validate(query)` to refuse a query before it runs.
pub fn function(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "call")) missing("function", "call");
    exportAll("function", Plugin, &.{
        .{ .function = "call", .exported = "function_call", .form = .results },
        .{ .function = "validate", .exported = "function_validate" },
    });
}

/// An aggregator has `add(records)`, `flush()`, which gives a slice of records, and `reset()`.
pub fn aggregator(comptime Plugin: type) void {
    for (.{ "add", "flush", "reset" }) |name| if (!@hasDecl(Plugin, name)) missing("aggregator", name);
    exportAll("aggregator", Plugin, &.{
        .{ .function = "add", .exported = "aggregator_add", .form = .added },
        .{ .function = "flush", .exported = "aggregator_flush", .form = .flushed },
        .{ .function = "reset", .exported = "aggregator_reset" },
    });
}

/// A sink has `write(record)`, and `flush(how)` where what it took may still wait.
pub fn sink(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "write")) missing("sink", "write");
    exportAll("sink", Plugin, &.{
        .{ .function = "write", .exported = "sink_write", .form = .outcomes },
        .{ .function = "flush", .exported = "sink_flush" },
    });
}

/// A lookup has `rows(query)`, which gives a slice of maps.
pub fn lookup(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "rows")) missing("lookup", "rows");
    exportAll("lookup", Plugin, &.{.{ .function = "rows", .exported = "lookup_rows" }});
}

/// An extension has `call(method)`; `wardian.methods` makes one of functions.
pub fn extension(comptime Plugin: type) void {
    if (!@hasDecl(Plugin, "call")) missing("extension", "call");
    exportAll("extension", Plugin, &.{.{ .function = "call", .exported = "extension_call" }});
}

fn missing(comptime kind: []const u8, comptime name: []const u8) noreturn {
    @compileError("wardian: this " ++ kind ++ " has no `pub fn " ++ name ++ "`");
}

fn exportAll(comptime kind: []const u8, comptime Plugin: type, comptime own: []const Entry) void {
    @setEvalBranchQuota(20_000);
    const all = own ++ every_kind;
    noStranger(kind, Plugin, all);
    inline for (all) |entry| {
        if (@hasDecl(Plugin, entry.function)) {
            const written = @field(Plugin, entry.function);
            call.entry(entry.exported, switch (entry.form) {
                .whole => call.Whole(written, .invalid),
                .config => call.Whole(written, .config),
                .processed => each.Processed(written),
                .results => each.Results(written),
                .added => each.Added(written),
                .flushed => each.Flushed(written),
                .outcomes => each.Outcomes(written),
            });
        }
    }
}

/// A function that nobody would ever call is a name that is spelled wrong.
fn noStranger(comptime kind: []const u8, comptime Plugin: type, comptime all: []const Entry) void {
    const names = switch (@typeInfo(Plugin)) {
        .@"struct" => |info| info.decl_names,
        else => @compileError("wardian: the functions of a " ++ kind ++ " stand in a struct; a file is one: `@This()`"),
    };
    next: for (names) |name| {
        if (@typeInfo(@TypeOf(@field(Plugin, name))) != .@"fn") continue;
        var known: []const u8 = "";
        for (all) |entry| {
            if (std.mem.eql(u8, entry.function, name)) continue :next;
            known = known ++ " `" ++ entry.function ++ "`";
        }
        @compileError("wardian: the host calls no `" ++ name ++ "` of a " ++ kind ++ ", but" ++ known ++
            "; a function that is not for the host is not `pub`");
    }
}
