//! What both attributes do with tokens.

use proc_macro::{Delimiter, Span, TokenStream, TokenTree};

/// The item, with code behind it that exports entry points: pairs of a name and an expression of (at, size).
pub fn exporting(item: TokenStream, entries: &[(String, String)], more: &str) -> TokenStream {
    let exports: String = entries.iter().map(|(name, body)| export(name, body)).collect();
    let code = format!("#[cfg(target_arch = \"wasm32\")] const _: () = {{ {exports} }}; {more}");
    let mut whole = item;
    whole.extend(code.parse::<TokenStream>().expect("what was written above are tokens"));
    whole
}

fn export(name: &str, body: &str) -> String {
    // A module of its own, so that a function may have the name of its entry point.
    format!(
        "const _: () = {{ #[export_name = \"{name}\"] extern \"C\" fn entry(at: usize, size: usize) -> u64 {{ \
         {body} }} }};"
    )
}

/// The item, and an error at a place in it.
pub fn refusal(item: TokenStream, place: Span, message: &str) -> TokenStream {
    let error: TokenStream = format!("::core::compile_error!({message:?});").parse().expect("tokens");
    let mut whole = item;
    whole.extend(error.into_iter().map(|mut token| {
        token.set_span(place);
        token
    }));
    whole
}

/// The name behind a keyword at the top level of an item, with where it stands.
pub fn name_after(item: &[TokenTree], keyword: &str) -> Option<(String, usize)> {
    let at = item.iter().position(|token| is_word(token, keyword))?;
    match item.get(at + 1) {
        Some(TokenTree::Ident(name)) => Some((name.to_string(), at + 1)),
        _ => None,
    }
}

pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(name) if name.to_string() == word)
}

pub fn is_punct(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// The content of a group with these delimiters.
pub fn group(token: &TokenTree, delimiter: Delimiter) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}
