//! [`Masked`]: an object whole, but for what nobody should see: the values of a Secret, what kubectl noted of it, the
//! values of a container's environment; and without `managedFields`, of which the names alone are told.
//!
//! **Invariant:** what is masked is passed over while the object is read. It is at no time in a structure of ours.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::inspected::Size;
use super::lenient::{Odd, Reading};
use super::shape::{Key, shape};

/// An object that may be shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Masked(pub Value);

/// Where in an object we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Metadata,
    Annotations,
    /// The data of a Secret: base64, or plain.
    Data(bool),
    /// The entries of a container's environment.
    Environment,
    /// One of them.
    Variable,
    Elsewhere,
}

shape! {
    /// An entry of `managedFields`.
    Manager {
        /// Who.
        name: Box<str> = "manager",
    }
}

impl<'de> serde::Deserialize<'de> for Masked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Place::Top.deserialize(deserializer)?))
    }
}

impl Place {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Top, "metadata") => Self::Metadata,
            (Self::Top, "data" | "binaryData") => Self::Data(true),
            (Self::Top, "stringData") => Self::Data(false),
            (Self::Metadata, "annotations") => Self::Annotations,
            (_, "env") => Self::Environment,
            _ => Self::Elsewhere,
        }
    }
}

/// What stands where something is not shown.
fn hidden(bytes: usize) -> Value {
    Value::String(format!("<hidden: {}>", crate::text::count(bytes, "byte")))
}

impl<'de> DeserializeSeed<'de> for Place {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let below = if self == Self::Environment { Self::Variable } else { Self::Elsewhere };
        let mut out = Vec::new();
        while let Some(element) = list.next_element_seed(below)? {
            out.push(element);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some(key) = map.next_key::<Key>()? {
            let key = key.0.into_owned();
            let mut odd = Odd::new();
            let size = Reading::<Size>::field("a hidden value", &mut odd);
            let value = match (self, key.as_str()) {
                (Self::Data(coded), _) => {
                    let size = map.next_value_seed(size)?.unwrap_or_default();
                    hidden(if coded { size.decoded } else { size.written })
                }
                (Self::Annotations, "kubectl.kubernetes.io/last-applied-configuration") | (Self::Variable, "value") => {
                    hidden(map.next_value_seed(size)?.unwrap_or_default().written)
                }
                (Self::Metadata, "managedFields") => {
                    let managers = map.next_value_seed(Reading::<Vec<Manager>>::field("managedFields", &mut odd))?;
                    let mut names: Vec<String> = managers
                        .unwrap_or_default()
                        .into_iter()
                        .filter_map(|manager| manager.name.map(String::from))
                        .collect();
                    names.sort();
                    names.dedup();
                    Value::String(format!("<folded: {}>", names.join(", ")))
                }
                (place, key) => map.next_value_seed(place.below(key))?,
            };
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_never_kept() {
        let text = r#"{"kind":"Secret","data":{"tls.key":"a2V5a2V5","tls.crt":"Y3J0"},"stringData":{"p":"word"},
            "metadata":{"name":"x","annotations":{"a":"b","kubectl.kubernetes.io/last-applied-configuration":"a2V5a2V5"},
            "managedFields":[{"manager":"kubectl","fieldsV1":{"f:data":{}}},{"manager":"controller"},7]}}"#;
        let Masked(value) = serde_json::from_str(text).unwrap();
        let told = value.to_string();
        assert!(!told.contains("a2V5") && !told.contains("Y3J0") && !told.contains("word"), "{told}");
        assert_eq!(value["data"]["tls.key"], "<hidden: 6 bytes>");
        assert_eq!(value["metadata"]["managedFields"], "<folded: controller, kubectl>");
        assert_eq!(value["metadata"]["annotations"]["a"], "b");
    }

    #[test]
    fn environments_are_told_by_name() {
        let text =
            r#"{"spec":{"containers":[{"env":[{"name":"A","value":"secret"},{"name":"B","valueFrom":{"x":1}}]}]}}"#;
        let Masked(value) = serde_json::from_str(text).unwrap();
        assert!(!value.to_string().contains("secret"), "{value}");
        assert_eq!(value["spec"]["containers"][0]["env"][1]["valueFrom"]["x"], 1);
    }
}
