//! [`Closed`]: what is no fault of a file and is not looked into: keystores, private keys, other people's bundles.

use crate::text::{clean, shell_word};

/// The first bytes of a Java keystore, of both kinds.
const JAVA: [[u8; 4]; 2] = [[0xFE, 0xED, 0xFE, 0xED], [0xCE, 0xCE, 0xCE, 0xCE]];

/// The object identifiers of PKCS#7: data, as PKCS#12 wraps it, and signed data, as bundles are.
const PKCS7: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
const SIGNED: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];

/// The cipher of certificates in old keystores, 40 bits of RC2: cert-manager's own are such by default, and OpenSSL reads
/// them only when it is told.
const RC2: [u8; 10] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x01, 0x06];

/// How the inside of a key begins in DER: its version, then the algorithm (PKCS#8), the modulus (PKCS#1) or the secret (SEC1).
const KEYS: [[u8; 4]; 3] = [[0x02, 0x01, 0x00, 0x30], [0x02, 0x01, 0x00, 0x02], [0x02, 0x01, 0x01, 0x04]];

/// Something that is not looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// A PKCS#12 keystore.
    Pkcs12 {
        /// Whether its cipher is out of use.
        legacy: bool,
    },
    /// A Java keystore.
    Java,
    /// A PKCS#7 bundle.
    Pkcs7,
    /// A private key in DER; those in PEM are dropped before they come here.
    Key,
    /// A block of PEM, by its label.
    Other(String),
}

impl Closed {
    /// What bytes are, by the first of them.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..64.min(bytes.len()))?;
        let has = |oid: &[u8]| head.windows(oid.len()).any(|window| window == oid);
        let inside = inside(head).unwrap_or_default();
        if JAVA.iter().any(|magic| head.starts_with(magic)) {
            Some(Self::Java)
        } else if KEYS.iter().any(|begin| inside.starts_with(begin)) {
            Some(Self::Key)
        } else if has(&SIGNED) {
            Some(Self::Pkcs7)
        } else if has(&PKCS7) {
            Some(Self::Pkcs12 { legacy: bytes.windows(RC2.len()).any(|window| window == RC2) })
        } else {
            None
        }
    }

    /// What a block of PEM is, by its label.
    pub(super) fn labelled(label: &str) -> Self {
        match label {
            "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => Self::Pkcs7,
            label => Self::Other(clean(label, 60).into_owned()),
        }
    }

    /// What it is, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Pkcs12 { .. } => "a PKCS#12 keystore, which is not opened: it can hold a key".to_owned(),
            Self::Java => "a Java keystore, which is not opened: it can hold a key".to_owned(),
            Self::Pkcs7 => "a PKCS#7 bundle, which is not looked into".to_owned(),
            Self::Key => "a private key, which is never read".to_owned(),
            Self::Other(label) => format!("`{label}`, which is not looked at"),
        }
    }

    /// What of it can be looked at, and how: a whole file in DER, or a block of PEM. `file` is where it was read; none for a
    /// pipe, or a Secret.
    pub fn way(&self, der: bool, file: Option<&str>) -> Option<String> {
        let (what, opens) = match self {
            Self::Pkcs12 { legacy: false } => ("its certificates alone", "openssl pkcs12 -nokeys"),
            Self::Pkcs12 { legacy: true } => ("its certificates alone", "openssl pkcs12 -nokeys -legacy"),
            Self::Java => {
                let (from, file) = match file {
                    Some(file) => ("", shell_word(file)),
                    None => (", from a file, for keytool reads no pipe", "FILE".to_owned()),
                };
                return Some(format!(
                    "its certificates alone{from}: keytool -list -rfc -keystore {file} | cmtop inspect -"
                ));
            }
            Self::Pkcs7 if der => ("its certificates", "openssl pkcs7 -inform DER -print_certs"),
            Self::Pkcs7 => ("its certificates", "openssl pkcs7 -print_certs"),
            Self::Key => return Some("look at the certificate that belongs to it".to_owned()),
            Self::Other(_) => return None,
        };
        Some(match file {
            Some(file) => format!("{what}: {opens} -in {} | cmtop inspect -", shell_word(file)),
            None => format!("{what}, with this in the pipe: {opens} | cmtop inspect -"),
        })
    }
}

/// What stands inside of the outermost sequence of DER.
fn inside(bytes: &[u8]) -> Option<&[u8]> {
    let (0x30, length) = (*bytes.first()?, *bytes.get(1)?) else { return None };
    let more = if length & 0x80 == 0 { 0 } else { usize::from(length & 0x7F) };
    bytes.get(2 + more..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_how_they_begin() {
        let pkcs12 = [&[0x30, 0x82, 1, 0, 2, 1, 3, 0x30, 0x82, 1, 0, 6, 9][..], &PKCS7].concat();
        let pkcs7 = [&[0x30, 0x82, 1, 0, 6, 9][..], &SIGNED].concat();
        let legacy = [&pkcs12[..], &[0; 99], &RC2].concat();
        let table: [(&[u8], Option<Closed>); 9] = [
            (&pkcs12, Some(Closed::Pkcs12 { legacy: false })),
            (&legacy, Some(Closed::Pkcs12 { legacy: true })),
            (&pkcs7, Some(Closed::Pkcs7)),
            (b"\xFE\xED\xFE\xED\0\0\0\x02", Some(Closed::Java)),
            (b"\xCE\xCE\xCE\xCE\0\0\0\x02", Some(Closed::Java)),
            (b"\x30\x82\x04\xBE\x02\x01\x00\x30\x0D", Some(Closed::Key)),
            (b"\x30\x77\x02\x01\x01\x04\x20", Some(Closed::Key)),
            (b"\x30\x82", None),
            (b"no base64", None),
        ];
        for (bytes, closed) in table {
            assert_eq!(Closed::of(bytes), closed, "{bytes:02X?}");
        }
    }
}
