//! Memory of a call: an arena that is emptied when the next call begins, and the buffer that requests come in.

const std = @import("std");
const builtin = @import("builtin");
const Allocator = std.mem.Allocator;
const Alignment = std.mem.Alignment;

/// The allocator of the running call: there is nothing to free, and nothing of it outlives the call. What is allocated
/// during `plugin_open` stays as long as the instance.
pub const arena: Allocator = .{ .ptr = undefined, .vtable = &.{ .alloc = alloc, .resize = resize, .remap = remap, .free = free } };

/// For what outlives a call: a general allocator, which has to be given back what it gave.
pub const gpa: Allocator = if (in_wasm) std.heap.wasm_allocator else std.heap.smp_allocator;

/// A place in the arena, for loops that ask the host many times: `release` gives back what was taken since.
pub const Mark = struct { block: ?*Block, used: usize };

pub fn mark() Mark {
    return .{ .block = current, .used = used };
}

pub fn release(to: Mark) void {
    current = to.block orelse first;
    used = if (to.block == null) @sizeOf(Block) else to.used;
}

/// Begins a call: everything but what was kept is free again.
pub fn reset() void {
    release(floor);
}

/// Makes what is in the arena now stay there.
pub fn keep() void {
    floor = mark();
}

/// The buffer for requests, which the host writes to; null when there is no memory. The former one joins the arena.
pub fn requestBuffer(size: usize) ?[*]u8 {
    begin();
    if (size <= request.len) return request.ptr;
    const wanted = std.math.add(usize, size, page - 1) catch return null;
    const larger = pages(@max(wanted / page, @min(2 * request.len, 1 << 24) / page)) orelse pages(wanted / page) orelse return null;
    if (request.len >= 256) adopt(request);
    request = larger;
    return request.ptr;
}

const in_wasm = builtin.cpu.arch == .wasm32;
const page = 64 * 1024;
const small_request = 4096;

const Block = struct {
    next: ?*Block,
    /// Bytes with this header.
    size: usize,
};

var first: ?*Block = null;
var current: ?*Block = null;
var used: usize = 0;
var floor: Mark = .{ .block = null, .used = 0 };
var request: []align(16) u8 = &.{};

/// What lies between the data and the end of the first pages.
extern var __heap_base: u8;
var begun = false;

fn begin() void {
    if (begun or !in_wasm) return;
    begun = true;
    const start = std.mem.alignForward(usize, @intFromPtr(&__heap_base), 16);
    const end = @wasmMemorySize(0) * page;
    if (end < start + 2 * small_request) return;
    const rest: [*]align(16) u8 = @ptrFromInt(start);
    request = rest[0..small_request];
    adopt(@alignCast(rest[small_request .. end - start]));
}

/// New pages, at the end of memory.
fn pages(count: usize) ?[]align(16) u8 {
    if (in_wasm) {
        const old = @wasmMemoryGrow(0, count);
        if (old < 0) return null;
        return @as([*]align(16) u8, @ptrFromInt(@as(usize, @intCast(old)) * page))[0 .. count * page];
    }
    return std.heap.page_allocator.alignedAlloc(u8, .@"16", count * page) catch null;
}

/// Puts memory at the end of the chain.
fn adopt(memory: []align(16) u8) void {
    const block: *Block = @ptrCast(memory.ptr);
    block.* = .{ .next = null, .size = memory.len };
    var last: *?*Block = &first;
    while (last.*) |each| last = &each.next;
    last.* = block;
    if (current == null) release(.{ .block = null, .used = 0 });
}

fn place(block: *Block, from: usize, len: usize, alignment: Alignment) ?usize {
    const base = @intFromPtr(block);
    const start = alignment.forward(base + from) - base;
    return if (start <= block.size and len <= block.size - start) start else null;
}

fn alloc(_: *anyopaque, len: usize, alignment: Alignment, _: usize) ?[*]u8 {
    begin();
    while (true) {
        if (current) |block| {
            if (place(block, used, len, alignment)) |start| {
                used = start + len;
                return @as([*]u8, @ptrCast(block)) + start;
            }
            if (block.next) |next| {
                current = next;
                used = @sizeOf(Block);
                continue;
            }
        }
        if (!grow(len, alignment)) return null;
    }
}

/// Makes the last block longer where new pages follow it, and adds one where they do not.
fn grow(len: usize, alignment: Alignment) bool {
    const wanted = std.math.add(usize, len, @sizeOf(Block) + alignment.toByteUnits() + page - 1) catch return false;
    const memory = pages(wanted / page) orelse return false;
    if (current) |block| {
        if (in_wasm and @intFromPtr(block) + block.size == @intFromPtr(memory.ptr)) {
            block.size += memory.len;
            return true;
        }
    }
    adopt(memory);
    return true;
}

fn resize(_: *anyopaque, memory: []u8, _: Alignment, len: usize, _: usize) bool {
    const block = current orelse return false;
    const start = @intFromPtr(memory.ptr) -% @intFromPtr(block);
    if (start +% memory.len != used) return len <= memory.len; // only the last allocation can grow
    while (len > block.size - start) {
        if (block.next != null or !growLast(block, len - (block.size - start))) return false;
    }
    used = start + len;
    return true;
}

fn growLast(block: *Block, missing: usize) bool {
    // Only where the pages are sure to follow; a block that is not at the end is left as it is.
    if (!in_wasm or @intFromPtr(block) + block.size != @wasmMemorySize(0) * page) return false;
    const memory = pages(missing / page + 1) orelse return false;
    block.size += memory.len;
    return true;
}

fn remap(context: *anyopaque, memory: []u8, alignment: Alignment, len: usize, address: usize) ?[*]u8 {
    return if (resize(context, memory, alignment, len, address)) memory.ptr else null;
}

fn free(_: *anyopaque, memory: []u8, _: Alignment, _: usize) void {
    const block = current orelse return;
    const start = @intFromPtr(memory.ptr) -% @intFromPtr(block);
    if (start +% memory.len == used) used = start;
}
