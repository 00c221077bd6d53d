//! Get and list.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::managed;
use super::refusal::Refusal;
use super::route::{Query, Target};
use super::selector::Selector;
use super::store::{Object, Store};
use super::view::View;

/// What the real server says of a page that is asked for too late.
const EXPIRED: &str = "The provided continue parameter is too old to display a consistent list result. You can start a \
    new list without the continue parameter, or use the continue token in this response to retrieve the remainder of \
    the results. Continuing with the provided token results in an inconsistent list - objects that were created, \
    modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/// One object, in the form that was asked for.
pub(crate) fn get(store: &Store, target: &Target, view: View, now: DateTime<Utc>) -> Result<Vec<u8>, Refusal> {
    let found = store.get(target.resource, &target.key());
    let object = found.ok_or_else(|| Refusal::not_found(target.resource, &target.name))?;
    if view == View::Whole {
        let mut value = object.typed(target.resource);
        managed::tell(target.resource, &mut value);
        return Ok(value.to_string().into_bytes());
    }
    let mut out = Vec::new();
    view.write(object, target.resource, now, &mut out);
    Ok(out)
}

/// Many objects, page by page when a limit is set.
pub(crate) fn list(
    store: &Store,
    target: &Target,
    query: &Query,
    view: View,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Refusal> {
    let resource = target.resource;
    let selector = Selector::parse(query.get("labelSelector"), query.get("fieldSelector"), resource)?;
    let page = Page::read(store, query)?;
    // "Any version" is answered from a cache, whole, whatever the limit is.
    let unlimited = query.get("resourceVersion") == "0" && query.get("continue").is_empty();
    let limit =
        query.number("limit")?.filter(|limit| *limit > 0 && !unlimited).map_or(usize::MAX, |limit| limit as usize);
    let all = at(store, target, page.snapshot, page.start.as_deref());
    let mut found = all.filter(|object| selector.is_empty() || selector.matches(object));

    let (mut items, mut last, mut count) = (Vec::new(), "", 0);
    for object in found.by_ref().take(limit) {
        if count > 0 {
            items.push(b',');
        }
        view.write_item(object, resource, now, &mut items);
        (last, count) = (object.key(), count + 1);
    }
    let remaining = if count == limit { found.count() } else { 0 };

    let mut metadata = json!({"resourceVersion": page.version.to_string()});
    if remaining > 0 {
        metadata["continue"] = json!(token(page.version, last));
        if selector.is_empty() {
            metadata["remainingItemCount"] = json!(remaining);
        }
    } else if resource.custom && view == View::Whole {
        metadata["continue"] = json!("");
    }
    let mut out = view.list_head(resource, &metadata).into_bytes();
    out.append(&mut items);
    out.extend_from_slice(b"]}");
    Ok(out)
}

/// The objects of a page's version in the order of their keys: all pages of a list show one moment.
fn at<'a>(
    store: &'a Store,
    target: &'a Target,
    snapshot: Option<u64>,
    start: Option<&'a str>,
) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
    let namespace = Some(target.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let then = snapshot.map(|version| store.since(target.resource, version)).unwrap_or_default();
    let (from, namespaced) = (start.unwrap_or_default(), target.namespace.clone());
    let past: Vec<_> = then
        .values()
        .filter_map(|before| *before)
        .filter(|object| (namespaced.is_empty() || object.namespace() == namespaced) && object.key() > from)
        .collect();
    let now = store.range(target.resource, namespace, start);
    let mut now = now.filter(move |object| !then.contains_key(object.key())).peekable();
    let mut past = past.into_iter().peekable();
    std::iter::from_fn(move || match (now.peek(), past.peek()) {
        (Some(now), Some(then)) if then.key() < now.key() => past.next(),
        (None, Some(_)) => past.next(),
        _ => now.next(),
    })
}

/// Where a page starts, and the version that all pages of one list are about.
struct Page {
    version: u64,
    start: Option<String>,
    /// The moment that is shown, unless it is the present.
    snapshot: Option<u64>,
}

/// What stands for the version in a token that goes on with whatever is there now.
const ANY: i64 = -1;

impl Page {
    fn read(store: &Store, query: &Query) -> Result<Self, Refusal> {
        let text = query.get("continue");
        if text.is_empty() {
            return Ok(Self { version: store.version(), start: None, snapshot: None });
        }
        let token = URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice::<Value>(&json).ok());
        let parts = token.as_ref().and_then(|token| Some((token["rv"].as_i64()?, token["start"].as_str()?)));
        let Some((version, start)) = parts else {
            return Err(Refusal::bad_request("invalid continue token: continue key is not valid"));
        };
        let start = start.trim_start_matches('/').trim_end_matches('\0').to_owned();
        if version == ANY {
            return Ok(Self { version: store.version(), start: Some(start), snapshot: None });
        }
        let version = u64::try_from(version).unwrap_or_default();
        if version < store.compacted() {
            let mut refusal = Refusal::expired(EXPIRED);
            refusal.resume = Some(token_at(ANY, &start));
            return Err(refusal);
        }
        Ok(Self { version, start: Some(start), snapshot: Some(version) })
    }
}

/// A `continue` token of the real server's shape: the list's version, and the key after which to go on.
fn token(version: u64, last: &str) -> String {
    token_at(i64::try_from(version).unwrap_or(ANY), last)
}

fn token_at(version: i64, last: &str) -> String {
    let token = json!({"v": "meta.k8s.io/v1", "rv": version, "start": format!("/{last}\0")});
    URL_SAFE_NO_PAD.encode(token.to_string())
}
