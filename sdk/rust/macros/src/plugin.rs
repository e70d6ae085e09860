//! `#[wardian::plugin]`.

use proc_macro::{Delimiter, TokenStream, TokenTree};

use crate::tokens::{exporting, group, is_word, name_after, refusal};

/// The methods of each trait, and the entry point that each is.
const TRAITS: &[(&str, &[(&str, &str)])] = &[
    ("Plugin", &[("check", "plugin_check"), ("close", "plugin_close")]),
    ("Source", &[("poll", "source_poll"), ("request", "source_request")]),
    ("Action", &[("call", "action_call"), ("cancel", "action_cancel")]),
    ("Processor", &[("process", "processor_process"), ("process_all", "processor_process")]),
    ("Function", &[("call", "function_call"), ("validate", "function_validate")]),
    (
        "Aggregator",
        &[
            ("add", "aggregator_add"),
            ("add_all", "aggregator_add"),
            ("flush", "aggregator_flush"),
            ("reset", "aggregator_reset"),
        ],
    ),
    ("Sink", &[("write", "sink_write"), ("write_all", "sink_write"), ("flush", "sink_flush")]),
    ("Lookup", &[("rows", "lookup_rows")]),
    ("Extension", &[("call", "extension_call")]),
];

pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let argument = arguments.into_iter().next();
    if let Some(other) = argument.as_ref().filter(|token| !is_word(token, "default")) {
        return refusal(item, other.span(), "`#[wardian::plugin]` takes nothing, or `default`");
    }
    if let Some((name, _)) = name_after(&tokens, "struct").or_else(|| name_after(&tokens, "enum")) {
        return of_type(item, &name, argument.is_some());
    }
    match tokens.iter().position(|token| is_word(token, "impl")) {
        Some(at) => of_impl(item, &tokens[at..]),
        None => refusal(item, tokens[0].span(), "`#[wardian::plugin]` stands at a struct, or at an `impl` of a kind"),
    }
}

fn of_type(item: TokenStream, name: &str, default: bool) -> TokenStream {
    let mut more = format!(
        "impl ::wardian::expansion::Marked for {name} {{
            fn slot() -> &'static ::wardian::expansion::Slot<Self> {{
                static SLOT: ::wardian::expansion::Slot<{name}> = ::wardian::expansion::Slot::empty();
                &SLOT
            }}
        }}"
    );
    if default {
        more += &format!(
            "impl ::wardian::Plugin for {name} {{
                type Config = ::wardian::Map;
                fn open(_: Self::Config, _: &::wardian::Opening) -> ::core::result::Result<Self, ::wardian::Error> {{
                    ::core::result::Result::Ok(::core::default::Default::default())
                }}
            }}"
        );
    }
    exporting(item, &[entry("plugin_open", name)], &more)
}

fn of_impl(item: TokenStream, tokens: &[TokenTree]) -> TokenStream {
    let at = match tokens.iter().position(|token| is_word(token, "for")) {
        Some(at) => at,
        None => return refusal(item, tokens[0].span(), "`#[wardian::plugin]` stands at an `impl` of a trait"),
    };
    let named = tokens[at - 1].to_string();
    let methods = match TRAITS.iter().find(|(name, _)| *name == named) {
        Some((_, methods)) => methods,
        None => {
            let known: Vec<&str> = TRAITS.iter().map(|(name, _)| *name).collect();
            let message = format!("`{named}` is no kind of plugin; these are: {}", known.join(", "));
            return refusal(item, tokens[at - 1].span(), &message);
        }
    };
    let (name, body) = match (&tokens.get(at + 1), tokens.last().and_then(|last| group(last, Delimiter::Brace))) {
        (Some(TokenTree::Ident(name)), Some(body)) => (name.to_string(), body),
        _ => return refusal(item, tokens[at].span(), "expected the name of the struct, and what it does"),
    };
    let body: Vec<TokenTree> = body.into_iter().collect();
    let written = |method: &str| body.windows(2).any(|pair| is_word(&pair[0], "fn") && is_word(&pair[1], method));
    let mut entries: Vec<(String, String)> = Vec::new();
    for (_, export) in methods.iter().filter(|(method, _)| written(method)) {
        if entries.iter().all(|(had, _)| had != export) {
            entries.push(entry(export, &name));
        }
    }
    // The first of each kind is what it is about; a source has either of its two.
    let must = if named == "Source" { &methods[..] } else { &methods[..1] };
    let has = |export: &str| entries.iter().any(|(had, _)| had == export);
    if named != "Plugin" && !must.iter().any(|(_, export)| has(export)) {
        return refusal(item, tokens[at - 1].span(), &format!("this `{named}` has no `{}`", methods[0].0));
    }
    exporting(item, &entries, "")
}

fn entry(export: &str, name: &str) -> (String, String) {
    (export.into(), format!("::wardian::expansion::entries::{export}::<{name}>(at, size)"))
}
