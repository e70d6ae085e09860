//! The attributes of the crate `wardian`, which documents them where it gives them on.
//!
//! They read no more of an item than its names, so that a mistake within it is reported by the compiler at its place.

mod function;
mod plugin;
mod tokens;

use proc_macro::TokenStream;

/// Makes an entry point of a function, which then can be called by its name.
///
/// Its argument, if it has one, is the request, and what it gives is the reply: any types of serde. It may give a
/// `Result`, whose error is an `Error` or becomes one. Before the request it may take `&T` or `&mut T`, where `T` is the
/// struct that says `#[wardian::plugin]`: the open instance.
///
/// ```text
/// #[wardian::function]
/// fn add(numbers: (i64, i64)) -> i64 {
///     numbers.0 + numbers.1
/// }
/// ```
#[proc_macro_attribute]
pub fn function(arguments: TokenStream, item: TokenStream) -> TokenStream {
    function::expand(arguments, item)
}

/// Says that a struct is the plugin of this module, and that it exports what is written in an `impl` of `Plugin` or of
/// a kind.
///
/// It stands once at the struct (or enum), and at each such `impl`. `#[wardian::plugin(default)]` at a struct is for one
/// that has `Default` and no configuration.
#[proc_macro_attribute]
pub fn plugin(arguments: TokenStream, item: TokenStream) -> TokenStream {
    plugin::expand(arguments, item)
}
