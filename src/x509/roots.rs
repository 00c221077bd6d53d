//! The roots that browsers know: Mozilla's list, as it comes with cmtop.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::block::{Block, Signed};

/// The roots by their name, as it is encoded.
static ROOTS: LazyLock<HashMap<Vec<u8>, Vec<Block>>> = LazyLock::new(|| {
    let mut roots: HashMap<Vec<u8>, Vec<Block>> = HashMap::new();
    for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        if let Ok(root) = Block::read(der.as_ref()) {
            roots.entry(root.subject_raw().to_vec()).or_default().push(root);
        }
    }
    roots
});

/// The root that signed a certificate, if it is one that browsers know.
pub fn signer(block: &Block) -> Option<&'static Block> {
    ROOTS.get(block.issuer_raw())?.iter().find(|root| block.signed_by(root) == Signed::Yes)
}

/// Whether a certificate is one of these roots, or has its name and its key: a cross-signed one ends there, too.
pub fn is_root(block: &Block) -> bool {
    let named = ROOTS.get(block.subject_raw()).into_iter().flatten();
    named.into_iter().any(|root| root.key.sha256 == block.key.sha256)
}
