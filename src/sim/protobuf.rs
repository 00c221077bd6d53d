//! The little protobuf that kubectl insists on: `auth can-i` asks in it.

use serde_json::{Value, json};

/// What every protobuf body of Kubernetes begins with.
const MAGIC: &[u8] = b"k8s\0";
/// The fields of `ResourceAttributes`, by their numbers from 1.
const ATTRIBUTES: &[&str] = &["namespace", "verb", "group", "version", "resource", "subresource", "name"];

/// Reads a review of access or of rules as the JSON it stands for; `None` when it is not one.
pub(crate) fn review(body: &[u8]) -> Option<Value> {
    let envelope = body.strip_prefix(MAGIC)?;
    let (kinds, raw) = (field(envelope, 1)?, field(envelope, 2)?);
    let text =
        |bytes: &[u8], number| field(bytes, number).map(String::from_utf8_lossy).unwrap_or_default().into_owned();
    let spec = field(raw, 2).unwrap_or_default();
    let mut review = json!({"apiVersion": text(kinds, 1), "kind": text(kinds, 2), "spec": {}});
    if review["kind"] == "SelfSubjectRulesReview" {
        review["spec"]["namespace"] = json!(text(spec, 1));
    } else if let Some(attributes) = field(spec, 1) {
        for (number, name) in (1..).zip(ATTRIBUTES) {
            let value = text(attributes, number);
            if !value.is_empty() {
                review["spec"]["resourceAttributes"][name] = json!(value);
            }
        }
    }
    Some(review)
}

/// The bytes of a field of a message; only fields with a length are asked for.
fn field(mut message: &[u8], wanted: u64) -> Option<&[u8]> {
    while !message.is_empty() {
        let (key, rest) = varint(message)?;
        let (number, kind) = (key >> 3, key & 7);
        message = match kind {
            0 => varint(rest)?.1,
            1 => rest.get(8..)?,
            2 => {
                let (length, rest) = varint(rest)?;
                let (value, rest) = rest.split_at_checked(length as usize)?;
                if number == wanted {
                    return Some(value);
                }
                rest
            }
            5 => rest.get(4..)?,
            _ => return None,
        };
    }
    None
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)?;
    let number = bytes[..=end].iter().rev().fold(0_u64, |number, byte| (number << 7) | u64::from(byte & 0x7f));
    Some((number, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
    }

    #[test]
    fn a_question_of_kubectl_is_read() {
        let attributes = [message(1, b"edge"), message(2, b"delete"), message(5, b"challenges")].concat();
        let raw = message(2, &message(1, &attributes));
        let kinds = [message(1, b"authorization.k8s.io/v1"), message(2, b"SelfSubjectAccessReview")].concat();
        let body = [MAGIC.to_vec(), message(1, &kinds), message(2, &raw)].concat();
        let expected = json!({"namespace": "edge", "verb": "delete", "resource": "challenges"});
        assert_eq!(review(&body).unwrap()["spec"]["resourceAttributes"], expected);
        assert!(review(b"k8s\0\xff\xff").is_none());
    }
}
