//! `cmtop inspect`: which certificate is looked into.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Output;
use crate::model::kind::Kind;
use crate::query::target::{Target, TargetError};

/// What is looked into.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Every block of the chain; whether it is in order and really ends at a root; whether it is what
the Certificate asks for, in words. No private key is read: whether it belongs is told from the
public key, the request, and cert-manager's own reason.

A FILE is a PEM bundle, a certificate in DER, or the manifest of a Secret, a Certificate or a
CertificateRequest. It begins with . or /, ends as such files do (.pem .crt .cer .der .csr .yaml
.yml .json), is there by that name, or is - for standard input. A keystore is not opened.

After a KIND, a word that could be both means the object, even where a file of that name is
here: ./NAME is the file. One that ends as files do and is here is the file: NAMESPACE/NAME is the
object.

Examples:
  cmtop inspect certificate www -n shop
  cmtop inspect secret shop/www-tls --crl
  cmtop inspect request www-1 -n shop -o json
  cmtop inspect chain.pem
  cmtop inspect certificate shop/www --demo

Exit status: 0 nothing is wrong, 1 something is, 2 could not look, 3 no such object, 64 wrong
usage.")]
pub struct Inspect {
    /// secret, certificate or request with a NAME; or a FILE alone.
    #[arg(value_name = "KIND|FILE")]
    pub what: String,
    /// `name` or `namespace/name`, or a FILE.
    #[arg(value_name = "NAME|FILE")]
    pub name: Option<String>,
    /// Fetch the list of revoked certificates that the certificate names, and look it up there.
    #[arg(long)]
    pub crl: bool,
    /// How it is told.
    #[command(flatten)]
    pub output: Output,
}

/// What is looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A file; `-` for standard input.
    File(PathBuf),
    /// An object of a kind.
    Object(Kind, Target),
}

/// How files of certificates end.
const ENDINGS: [&str; 9] = [".pem", ".crt", ".cer", ".der", ".csr", ".yaml", ".yml", ".json", ".p7b"];

impl Inspect {
    /// What a person means. A word that is no kind may be the name of a file that is there.
    pub fn subject(&self, is_there: impl Fn(&Path) -> bool) -> Result<Subject, String> {
        let kinds = "name a secret, a certificate or a request, or a file";
        let Some(name) = &self.name else {
            let named = self.what.split('/').next().and_then(kind);
            let there = || is_there(Path::new(&self.what));
            if is_path(&self.what) || named.is_none() && (ends_as_file(&self.what) || there()) {
                return Ok(Subject::File(PathBuf::from(&self.what)));
            }
            // `secret/shop/www-tls` says it all, too.
            let target: Target = self.what.parse().map_err(|error: TargetError| error.to_string())?;
            return match target.kind {
                Some(kind) => object(kind, target, kinds),
                None if there() => Err(format!("`{0}` is a kind, and nothing is named: ./{0} is the file", self.what)),
                None => Err(format!("there is no file `{}`, and it says not what else it is: {kinds}", self.what)),
            };
        };
        let kind = kind(&self.what).ok_or_else(|| format!("`{}` cannot be inspected: {kinds}", self.what))?;
        if is_path(name) || ends_as_file(name) && is_there(Path::new(name)) {
            return Ok(Subject::File(PathBuf::from(name)));
        }
        let target: Target = name.parse().map_err(|error: TargetError| error.to_string())?;
        if target.kind.is_some_and(|named| named != kind) {
            return Err(format!("`{name}` is no {kind}"));
        }
        object(kind, target, kinds)
    }

    /// Where a NAME could be both, which one was taken, and how the other one is named.
    pub fn other(&self, taken: &Subject, is_there: impl Fn(&Path) -> bool) -> Option<String> {
        let name = self.name.as_deref().filter(|name| !is_path(name))?;
        let what = &self.what;
        match taken {
            Subject::File(_) => {
                Some(format!("the file of that name was read: `cmtop inspect {what} NAMESPACE/{name}` is the object"))
            }
            Subject::Object(kind, _) => is_there(Path::new(name)).then(|| {
                format!("the {kind} was looked for: `cmtop inspect ./{name}` is the file of that name that is here")
            }),
        }
    }
}

/// The kind that a word means.
pub(super) fn kind(word: &str) -> Option<Kind> {
    match word {
        "request" | "requests" => Some(Kind::CertificateRequest),
        word => Kind::parse(word),
    }
}

fn object(kind: Kind, target: Target, kinds: &str) -> Result<Subject, String> {
    if !matches!(kind, Kind::Secret | Kind::Certificate | Kind::CertificateRequest) {
        return Err(format!("a {kind} cannot be inspected: {kinds}"));
    }
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !plain(&target.name) || !target.namespace.as_deref().is_none_or(plain) {
        return Err(format!("`{}` is no name of an object", crate::text::clean(&target.name, 80)));
    }
    Ok(Subject::Object(kind, target))
}

/// Whether a word can be nothing but a file.
fn is_path(text: &str) -> bool {
    text == "-" || text.starts_with(['.', '/'])
}

fn ends_as_file(text: &str) -> bool {
    ENDINGS.iter().any(|ending| text.to_ascii_lowercase().ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(what: &str, name: Option<&str>) -> Result<Subject, ()> {
        let output = Output { format: super::super::TextFormat::Text };
        let inspect = Inspect { what: what.to_owned(), name: name.map(str::to_owned), crl: false, output };
        inspect.subject(is_there).map_err(drop)
    }

    fn is_there(path: &Path) -> bool {
        ["a.p12", "secret", "x.yaml", "both"].iter().any(|there| path == Path::new(there))
    }

    #[test]
    fn which_one_was_taken_is_told_where_a_name_could_be_both() {
        let other = |name: &str| {
            let output = Output { format: super::super::TextFormat::Text };
            let inspect = Inspect { what: "secret".to_owned(), name: Some(name.to_owned()), crl: false, output };
            inspect.other(&inspect.subject(is_there).unwrap(), is_there)
        };
        assert_eq!(other("nothing"), None);
        assert_eq!(other("./x"), None);
        let of_object = "the Secret was looked for: `cmtop inspect ./both` is the file of that name that is here";
        assert_eq!(other("both").as_deref(), Some(of_object));
        let of_file = "the file of that name was read: `cmtop inspect secret NAMESPACE/x.yaml` is the object";
        assert_eq!(other("x.yaml").as_deref(), Some(of_file));
    }

    #[test]
    fn objects_and_files_are_told_apart() {
        let object = |kind, name: &str| {
            let target = Target { kind: None, namespace: None, name: name.to_owned() };
            Ok(Subject::Object(kind, target))
        };
        assert_eq!(subject("secret", Some("www-tls")), object(Kind::Secret, "www-tls"));
        assert_eq!(subject("cert", Some("www")), object(Kind::Certificate, "www"));
        assert_eq!(subject("request", Some("www-1")), object(Kind::CertificateRequest, "www-1"));
        for (what, name) in
            [("chain.pem", None), ("secret", Some("./x")), ("-", None), ("secret", Some("x.yaml")), ("a.p12", None)]
        {
            assert!(matches!(subject(what, name), Ok(Subject::File(_))), "{what} {name:?}");
        }
        assert_eq!(subject("secret", Some("both")), object(Kind::Secret, "both"), "a file of that name is here");
        assert_eq!(subject("secret", Some("y.yaml")), object(Kind::Secret, "y.yaml"), "and none of this one");
        assert!(matches!(subject("secret/shop/www.pem", None), Ok(Subject::Object(Kind::Secret, _))));
        assert!(matches!(subject("secret/shop/www-tls", None), Ok(Subject::Object(Kind::Secret, _))));
        for (what, name) in [
            ("www", None),
            ("b.p12", None),
            // A file by the name of a kind has to be named with its directory.
            ("secret", None),
            ("order", Some("x")),
            ("pea", Some("x")),
            ("secret", Some("a?b")),
            ("secret", Some("order/x")),
        ] {
            assert_eq!(subject(what, name), Err(()), "{what} {name:?}");
        }
    }
}
