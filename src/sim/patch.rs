//! Patches: JSON merge patch, and JSON patch.

use json_patch::{Patch, PatchErrorKind};
use serde_json::{Value, json};

use super::object::meta;
use super::refusal::{Cause, Refusal};
use super::resource::Resource;
use super::writes::Part;

/// Applies a patch to an object, by the content type it came with.
pub(crate) fn apply(
    resource: &Resource,
    stored: &Value,
    content_type: &str,
    body: &[u8],
    part: Part,
) -> Result<Value, Refusal> {
    let unreadable = |error: serde_json::Error| Refusal::bad_request(format!("error decoding patch: {error}"));
    let mut patched = stored.clone();
    match content_type.split(';').next().unwrap_or_default().trim() {
        // A strategic merge knows the keys of lists; the built-in kinds here are small enough to do without.
        "application/merge-patch+json" | "" => {
            json_patch::merge(&mut patched, &serde_json::from_slice(body).map_err(unreadable)?);
        }
        "application/strategic-merge-patch+json" if !resource.custom => {
            json_patch::merge(&mut patched, &serde_json::from_slice(body).map_err(unreadable)?);
        }
        "application/json-patch+json" => {
            let patch: Patch = serde_json::from_slice(body).map_err(unreadable)?;
            json_patch::patch(&mut patched, &patch).map_err(|error| {
                let failed = matches!(error.kind, PatchErrorKind::TestFailed);
                let why = if failed { "testing value failed".to_owned() } else { error.to_string() };
                Refusal::new(
                    422,
                    "Invalid",
                    format!("the server rejected our request due to an error in our request: {why}"),
                )
            })?;
        }
        _ => {
            let supported = "application/json-patch+json, application/merge-patch+json";
            let message =
                format!("the body of the request was in an unknown format - accepted media types include: {supported}");
            return Err(Refusal::new(415, "UnsupportedMediaType", message));
        }
    }
    keep_identity(resource, stored, &patched, part)?;
    Ok(patched)
}

/// A patch of an object may not make it another one; a patch of its status cannot, so nobody looks.
fn keep_identity(resource: &Resource, stored: &Value, patched: &Value, part: Part) -> Result<(), Refusal> {
    let (name, uid) = (meta(stored, "name"), meta(patched, "uid"));
    if part == Part::Main && uid != meta(stored, "uid") {
        let message = format!("Invalid value: {}: field is immutable", json!(uid));
        let cause = Cause { reason: "FieldValueInvalid", field: "metadata.uid".to_owned(), message };
        // The real server checks twice, and says it twice.
        return Err(Refusal::invalid(resource, name, &[cause.clone(), cause]));
    }
    if meta(patched, "name") != name {
        let found = meta(patched, "name");
        return Err(Refusal::bad_request(format!(
            "the name of the object ({found}) does not match the name on the URL ({name})"
        )));
    }
    Ok(())
}
