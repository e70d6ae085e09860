//! `#[wardian::function]`.

use proc_macro::{Delimiter, TokenStream, TokenTree};

use crate::tokens::{exporting, group, is_punct, is_word, name_after, refusal};

pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    if let Some(first) = arguments.into_iter().next() {
        return refusal(item, first.span(), "`#[wardian::function]` takes nothing");
    }
    let (name, at) = match name_after(&tokens, "fn") {
        Some(found) => found,
        None => return refusal(item, tokens[0].span(), "`#[wardian::function]` stands at a function"),
    };
    if let Some(word) = tokens[..at].iter().find(|token| is_word(token, "async") || is_word(token, "unsafe")) {
        return refusal(item, word.span(), "an entry point is neither `async` nor `unsafe`");
    }
    let parameters = match tokens.get(at + 1).and_then(|token| group(token, Delimiter::Parenthesis)) {
        Some(parameters) => parameters,
        None => return refusal(item, tokens[at].span(), "an entry point has no type parameters and no lifetimes"),
    };
    let (plugin, requests) = match split(parameters) {
        Some(found) => found,
        None => {
            return refusal(
                item,
                tokens[at + 1].span(),
                "an entry point takes `&Plugin`, `&mut Plugin` or neither, and then one request",
            )
        }
    };
    let request = if requests == 0 { "_: ::wardian::Value" } else { "request" };
    let arguments = ["plugin", "request"];
    let call = format!("{name}({})", arguments[usize::from(plugin.is_none())..1 + requests].join(", "));
    let given = if gives_result(&tokens[at + 2..]) {
        format!("{call}.map_err(::core::convert::Into::<::wardian::Error>::into)")
    } else {
        format!("::core::result::Result::<_, ::wardian::Error>::Ok({call})")
    };
    let body = match plugin {
        Some(plugin) => format!("<{plugin} as ::wardian::expansion::Marked>::slot().with(|plugin| {given})"),
        None => given,
    };
    exporting(item, &[(name, format!("::wardian::expansion::answer(at, size, |{request}| {body})"))], "")
}

/// The type of the plugin where the first parameter is a reference to it, and how many requests follow, which is one at
/// most; none for anything else.
fn split(parameters: TokenStream) -> Option<(Option<String>, usize)> {
    let mut types = types(parameters);
    let plugin = match types.first() {
        Some(first) if first.first().map_or(false, |token| is_punct(token, '&')) => {
            let mut named = types.remove(0);
            named.drain(..1 + usize::from(is_word(named.get(1)?, "mut")));
            Some(named.into_iter().collect::<TokenStream>().to_string())
        }
        _ => None,
    };
    if types.len() > 1 {
        return None;
    }
    Some((plugin, types.len()))
}

/// The type of each parameter: what is behind its colon, up to a comma that is not within `<>`.
fn types(parameters: TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut found, mut depth, mut arrow, mut behind) = (Vec::new(), 0, false, false);
    for token in parameters {
        if is_punct(&token, '<') {
            depth += 1;
        } else if is_punct(&token, '>') && !arrow {
            depth -= 1;
        }
        arrow = is_punct(&token, '-');
        if is_punct(&token, ',') && depth == 0 {
            behind = false;
        } else if is_punct(&token, ':') && !behind {
            behind = true;
            found.push(Vec::new());
        } else if let (true, Some(last)) = (behind, found.last_mut()) {
            Vec::push(last, token);
        }
    }
    found
}

/// Whether the type behind the arrow is called `Result`, in whatever module.
fn gives_result(rest: &[TokenTree]) -> bool {
    if !(rest.len() > 2 && is_punct(&rest[0], '-') && is_punct(&rest[1], '>')) {
        return false;
    }
    let path = rest[2..].iter().take_while(|token| matches!(token, TokenTree::Ident(_)) || is_punct(token, ':'));
    path.last().map_or(false, |last| is_word(last, "Result"))
}
