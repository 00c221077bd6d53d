//! The names that cert-manager computes: hashes of what an object is about.

use serde_json::Value;

/// `<prefix>-<hash of the text>`, the prefix cut to 52 characters so that the name fits a label.
pub(crate) fn hashed(prefix: &str, text: &str) -> String {
    format!("{}-{}", shorten(prefix, 52), fnv32(text.as_bytes()))
}

/// Cuts a name so that it still ends in a letter or a digit.
fn shorten(name: &str, length: usize) -> &str {
    if name.len() < length {
        return name;
    }
    let cut = name.get(..length).unwrap_or(name);
    cut.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric())
}

fn fnv32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash: u32, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(*byte))
}

/// The checksum in the labels of HTTP-01 solvers.
pub(crate) fn adler32(text: &str) -> u32 {
    let (low, high) = text.bytes().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

/// JSON in the order in which Go writes the fields of a structure; fields that are not named come last.
pub(crate) fn go_json(value: &Value) -> String {
    const ORDER: &[&str] = &[
        "certificateRequestName",
        "spec",
        "request",
        "url",
        "authorizationURL",
        "dnsName",
        "wildcard",
        "type",
        "token",
        "name",
        "key",
        "solver",
        "issuerRef",
        "commonName",
        "matchLabels",
        "dnsNames",
        "dnsZones",
        "selector",
        "http01",
        "dns01",
        "ingress",
        "serviceType",
        "ingressClassName",
        "cnameStrategy",
        "nameserver",
        "tsigSecretSecretRef",
        "tsigKeyName",
        "tsigAlgorithm",
        "kind",
        "group",
    ];
    match value {
        Value::Object(map) => {
            let rank = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_by_key(|(name, _)| rank(name));
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":{}", go_json(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(go_json).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn orders_are_named_as_by_cert_manager() {
        let issuer = r#"{"name":"letsencrypt-http","kind":"ClusterIssuer","group":"cert-manager.io"}"#;
        let issuer: Value = serde_json::from_str(issuer).unwrap();
        let spec = json!({"request": null, "issuerRef": issuer, "dnsNames": ["www.http.test", "shop.http.test"]});
        assert_eq!(hashed("www-1", &go_json(&spec)), "www-1-387425422");
    }

    #[test]
    fn challenges_are_named_as_by_cert_manager() {
        let spec = json!({
            "url": "https://127.0.0.1:14000/chalZ/2IMXtCrpPidukF7bdcop159P-NJ50bkmwuO2-olWlFs",
            "authorizationURL": "https://127.0.0.1:14000/authZ/kaVQRs-7BMp6bVf6BIv6aHxIgQ9Lazy5Cdnm6OCEKVo",
            "dnsName": "www.http.test", "wildcard": false, "type": "HTTP-01", "key": "",
            "token": "hHp5KD4YB2mfyvqIrH9-7OBbsOzbvsHHyCFYxUntFL8",
            "solver": {"http01": {"ingress": {"ingressClassName": "nginx"}}},
            "issuerRef": {"name": "letsencrypt-http", "kind": "ClusterIssuer", "group": "cert-manager.io"},
        });
        assert_eq!(hashed("www-1-387425422", &go_json(&spec)), "www-1-387425422-2996796818");
    }

    #[test]
    fn solver_labels_are_checksums() {
        assert_eq!(adler32("www.http.test"), 619_185_474);
    }

    #[test]
    fn long_prefixes_end_in_a_letter() {
        assert_eq!(shorten("a-b", 52), "a-b");
        assert_eq!(shorten("abc-def", 4), "abc");
    }

    #[test]
    fn fields_come_in_the_order_of_go() {
        let solver =
            json!({"tsigKeyName": "k", "nameserver": "n", "tsigSecretSecretRef": {"key": "key", "name": "tsig"}});
        let expected = r#"{"nameserver":"n","tsigSecretSecretRef":{"name":"tsig","key":"key"},"tsigKeyName":"k"}"#;
        assert_eq!(go_json(&solver), expected);
    }
}
