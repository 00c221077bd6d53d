//! What a URL asks for.

use super::refusal::Refusal;
use super::resource::{self, Resource};

/// The meaning of a request's path.
#[derive(Debug)]
pub(crate) enum Route {
    /// A discovery or health document, by its path.
    Document(String),
    /// A review of rights, which is asked and never stored.
    Review(String),
    /// Objects, or one of them.
    Objects(Target),
}

/// The objects that a path names.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) resource: &'static Resource,
    /// Empty for all namespaces and for objects that have none.
    pub(crate) namespace: String,
    /// Empty for all of them.
    pub(crate) name: String,
    /// `status`, `log`, …; empty for the object itself.
    pub(crate) subresource: String,
}

impl Target {
    pub(crate) fn key(&self) -> String {
        super::object::key(&self.namespace, &self.name)
    }
}

impl Route {
    /// Reads a path; `None` when nothing is served there.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let words: Vec<_> = segments.iter().map(String::as_str).collect();
        let (group, rest) = match words.as_slice() {
            ["api", "v1", rest @ ..] => ("", rest),
            ["apis", group, "v1", rest @ ..] => (*group, rest),
            _ => return Some(Self::Document(format!("/{}", words.join("/")))),
        };
        match rest {
            [] => Some(Self::Document(format!("/{}", words.join("/")))),
            [review] if matches!(group, "authorization.k8s.io" | "authentication.k8s.io") => {
                Some(Self::Review((*review).to_owned()))
            }
            ["namespaces", namespace, plural, rest @ ..] if !matches!(*plural, "status" | "finalize") => {
                Self::objects(group, namespace, plural, rest)
            }
            [plural, rest @ ..] => Self::objects(group, "", plural, rest),
        }
    }

    fn objects(group: &str, namespace: &str, plural: &str, rest: &[&str]) -> Option<Self> {
        let resource = resource::by_plural(group, plural)?;
        let (name, subresource) = match rest {
            [] => ("", ""),
            [name] => (*name, ""),
            [name, subresource] => (*name, *subresource),
            _ => return None,
        };
        // A name without its namespace names nothing, nor does a namespace of what has none.
        let fits = if resource.namespaced { name.is_empty() || !namespace.is_empty() } else { namespace.is_empty() };
        let known = match subresource {
            "" => true,
            "status" => resource.status,
            "log" | "portforward" => resource.kind == "Pod",
            "finalize" => resource.kind == "Namespace",
            _ => false,
        };
        let (namespace, name, subresource) = (namespace.to_owned(), name.to_owned(), subresource.to_owned());
        (fits && known).then_some(Self::Objects(Target { resource, namespace, name, subresource }))
    }
}

/// The parameters of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decode(key), decode(value)))
                .collect(),
        )
    }

    /// A parameter; empty when it is not there.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.0.iter().any(|(name, value)| name == key && matches!(value.as_str(), "" | "1" | "true" | "True"))
    }

    pub(crate) fn number(&self, key: &str) -> Result<Option<u64>, Refusal> {
        match self.get(key) {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|_| Refusal::bad_request(format!("invalid value for {key}: {text:?}")))
            }
        }
    }
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> String {
        match Route::parse(path) {
            Some(Route::Objects(it)) => format!("{} {} {} {}", it.resource.kind, it.namespace, it.name, it.subresource),
            Some(Route::Document(path)) => format!("document {path}"),
            Some(Route::Review(name)) => format!("review {name}"),
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn paths_have_meanings() {
        assert_eq!(read("/apis/cert-manager.io/v1/certificates"), "Certificate   ");
        assert_eq!(
            read("/apis/cert-manager.io/v1/namespaces/shop/certificates/www/status"),
            "Certificate shop www status"
        );
        assert_eq!(read("/api/v1/namespaces/shop"), "Namespace  shop ");
        assert_eq!(read("/api/v1/namespaces/shop/pods/x/log"), "Pod shop x log");
        assert_eq!(read("/apis/cert-manager.io/v1/nothings"), "nothing");
        assert_eq!(read("/apis/cert-manager.io/v1/certificates/www"), "nothing");
        assert_eq!(read("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"), "review selfsubjectaccessreviews");
        assert_eq!(read("/apis"), "document /apis");
    }

    #[test]
    fn parameters_are_decoded() {
        let query = Query::parse("&labelSelector=a%3Db&limit=5&watch");
        assert_eq!(query.get("labelSelector"), "a=b");
        assert_eq!(query.number("limit"), Ok(Some(5)));
        assert!(query.flag("watch"));
    }
}
