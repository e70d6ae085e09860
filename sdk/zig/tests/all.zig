test {
    _ = @import("vectors.zig");
    _ = @import("codec.zig");
    _ = @import("host.zig");
}
