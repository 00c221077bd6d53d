//! Get and list.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::route::{Query, Target};
use super::selector::Selector;
use super::store::Store;
use super::view::View;

/// One object, in the form that was asked for.
pub(crate) fn get(store: &Store, target: &Target, view: View, now: DateTime<Utc>) -> Result<Vec<u8>, Refusal> {
    let found = store.get(target.resource, &target.key());
    let object = found.ok_or_else(|| Refusal::not_found(target.resource, &target.name))?;
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
    let namespace = Some(target.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let all = store.range(resource, namespace, page.start.as_deref());
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

/// Where a page starts, and the version that all pages of one list are about.
struct Page {
    version: u64,
    start: Option<String>,
}

impl Page {
    fn read(store: &Store, query: &Query) -> Result<Self, Refusal> {
        let text = query.get("continue");
        if text.is_empty() {
            return Ok(Self { version: store.version(), start: None });
        }
        let token = URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice::<Value>(&json).ok());
        let parts = token.as_ref().and_then(|token| Some((token["rv"].as_u64()?, token["start"].as_str()?)));
        let Some((version, start)) = parts else {
            return Err(Refusal::bad_request("invalid continue token: continue key is not valid"));
        };
        if version < store.compacted() {
            return Err(Refusal::expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new \
                 list without the continue parameter.",
            ));
        }
        Ok(Self { version, start: Some(start.trim_start_matches('/').trim_end_matches('\0').to_owned()) })
    }
}

/// A `continue` token of the real server's shape: the list's version, and the key after which to go on.
fn token(version: u64, last: &str) -> String {
    let token = json!({"v": "meta.k8s.io/v1", "rv": version, "start": format!("/{last}\0")});
    URL_SAFE_NO_PAD.encode(token.to_string())
}
