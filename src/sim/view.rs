//! The form in which a client wants objects: whole, metadata only, or as the rows of a table.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::columns::Cell;
use super::refusal::Refusal;
use super::resource::Resource;
use super::store::Object;

/// What the `Accept` header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Whole,
    Metadata,
    Table,
}

impl View {
    /// The first form in the header that is served.
    pub(super) fn accepted(header: &str) -> Result<Self, Refusal> {
        let choices = header.split(',').map(str::trim).filter(|choice| !choice.is_empty());
        let mut served = choices.clone().filter_map(served_as);
        match served.next() {
            Some(view) => Ok(view),
            None if choices.count() == 0 => Ok(Self::Whole),
            None => {
                let types = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
                let message = format!("only the following media types are accepted: {types}");
                Err(Refusal::new(406, "NotAcceptable", message))
            }
        }
    }

    /// Writes one object.
    pub(super) fn write(self, object: &Object, resource: &Resource, now: DateTime<Utc>, out: &mut Vec<u8>) {
        match self {
            Self::Whole => object.write_typed(resource, out),
            Self::Metadata => object.write_metadata(out),
            Self::Table => {
                let version = object.version().to_string();
                let table = json!({
                    "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": version},
                    "columnDefinitions": definitions(resource), "rows": [row(object, resource, now)],
                });
                out.extend_from_slice(table.to_string().as_bytes());
            }
        }
    }

    /// Writes an object as an item of a list, or as a row.
    pub(super) fn write_item(self, object: &Object, resource: &Resource, now: DateTime<Utc>, out: &mut Vec<u8>) {
        match self {
            Self::Whole if resource.custom => object.write_typed(resource, out),
            Self::Whole => object.write_bare(out),
            Self::Metadata => object.write_metadata(out),
            Self::Table => out.extend_from_slice(row(object, resource, now).to_string().as_bytes()),
        }
    }

    /// What stands before the items of a list.
    pub(super) fn list_head(self, resource: &Resource, metadata: &Value) -> String {
        match self {
            Self::Whole => {
                let (version, kind) = (resource.api_version(), resource.kind);
                format!(r#"{{"apiVersion":"{version}","kind":"{kind}List","metadata":{metadata},"items":["#)
            }
            Self::Metadata => {
                let head = r#"{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":"#;
                format!(r#"{head}{metadata},"items":["#)
            }
            Self::Table => {
                let columns = definitions(resource);
                let head = r#"{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":"#;
                format!(r#"{head}{metadata},"columnDefinitions":{columns},"rows":["#)
            }
        }
    }
}

fn served_as(choice: &str) -> Option<View> {
    let mut parts = choice.split(';').map(str::trim);
    let media = parts.next()?;
    if !matches!(media, "application/json" | "*/*" | "application/*") {
        return None;
    }
    match parts.find_map(|part| part.strip_prefix("as=")) {
        None => Some(View::Whole),
        Some("Table") => Some(View::Table),
        Some("PartialObjectMetadata" | "PartialObjectMetadataList") => Some(View::Metadata),
        Some(_) => None,
    }
}

fn definitions(resource: &Resource) -> Value {
    let described = |path: &str| format!("Custom resource definition column (in JSONPath format): {path}");
    let columns = resource.columns.iter().map(|column| {
        let format = if matches!(column.cell, Cell::Name) { "name" } else { "" };
        let description = match column.cell {
            Cell::Path(path) if resource.custom => described(path),
            _ => String::new(),
        };
        let (name, kind, priority) = (column.name, column.kind, column.priority);
        json!({"name": name, "type": kind, "format": format, "description": description, "priority": priority})
    });
    columns.collect()
}

fn row(object: &Object, resource: &Resource, now: DateTime<Utc>) -> Value {
    let value = object.value();
    let cells: Vec<_> = resource.columns.iter().map(|column| column.read(&value, now)).collect();
    let outline =
        json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": value["metadata"]});
    json!({"cells": cells, "object": outline})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_served_form_wins() {
        let table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
        assert_eq!(View::accepted(table), Ok(View::Table));
        assert_eq!(View::accepted("application/json;as=APIGroupDiscoveryList,application/json"), Ok(View::Whole));
        assert_eq!(View::accepted("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"), Ok(View::Metadata));
        assert_eq!(View::accepted("application/yaml").map_err(|refusal| refusal.code), Err(406));
    }
}
