//! `wardian.http`: requests to the destinations that the operator allows.

const host = @import("../host.zig");
const Bytes = @import("../value.zig").Bytes;
const Map = @import("../value.zig").Map;

pub const Response = struct {
    status: u16,
    /// Their names are in lower case.
    headers: Map([]const u8) = .{},
    body: Bytes,

    pub fn ok(self: Response) bool {
        return self.status >= 200 and self.status < 300;
    }
};

/// The request is a struct: `.{ .method = "GET", .url = … }`, with `headers` (a struct or a map), `body` (a text or
/// `wardian.Bytes`) and `timeout_ms` as needed.
pub fn request(asked: anytype) host.Error!Response {
    return host.ask("wardian", "http_request", Response, asked);
}
