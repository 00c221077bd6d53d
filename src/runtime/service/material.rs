//! Everything that belongs to one certificate, wherever one begins: at the Certificate, its Secret, or a request.

use crate::cluster::fetch::Refusal;
use crate::limits;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::probe::http::download::download;
use crate::runtime::service::shelf::{NO_DATA, Shelf};
use crate::wire::inspected::Inspected;
use crate::x509::chain::Chain;
use crate::x509::material::Material;
use crate::x509::revocation::Listed;
use crate::x509::revocation::Revocation;

/// Reads an object and what belongs to it. What cannot be read besides it is noted; the rest is told all the same.
pub async fn gather(shelf: &Shelf, key: &ObjectKey) -> Result<Material, Refusal> {
    let object = shelf.object(key).await?;
    let mut material = Material { subject: key.to_string(), ..Material::default() };
    match key.kind {
        Kind::Secret => {
            material.secret(&key.to_string(), &object);
            withheld(shelf, key, &mut material);
            if let Some(name) = material.label.as_ref().and_then(|label| label.certificate.clone()) {
                let certificate = other(key, Kind::Certificate, &name);
                match shelf.object(&certificate).await {
                    Ok(found) => {
                        material.certificate(&certificate.to_string(), &found);
                        add_request(shelf, &certificate, &found, &mut material).await;
                    }
                    Err(why) => material.missed(format!("{certificate}: {why}")),
                }
            }
        }
        Kind::CertificateRequest => {
            material.request(&key.to_string(), &object);
            if let Some(name) = object.tie("cert-manager.io/certificate-name") {
                let certificate = other(key, Kind::Certificate, name);
                match shelf.object(&certificate).await {
                    Ok(found) => {
                        material.certificate(&certificate.to_string(), &found);
                        // The status speaks about the Secret, which may hold another one.
                        (material.status_end, material.reason) = (None, None);
                    }
                    Err(why) => material.missed(format!("{certificate}: {why}")),
                }
            }
        }
        _ => {
            material.certificate(&key.to_string(), &object);
            let secret = material.wanted.as_ref().map(|(_, wanted)| wanted.secret.clone()).unwrap_or_default();
            if !secret.is_empty() {
                let secret = other(key, Kind::Secret, &secret);
                match shelf.object(&secret).await {
                    Ok(found) => {
                        material.secret(&secret.to_string(), &found);
                        withheld(shelf, &secret, &mut material);
                    }
                    Err(why) => material.missed(format!("{secret}: {why}")),
                }
            }
            add_request(shelf, key, &object, &mut material).await;
        }
    }
    Ok(material)
}

/// Says so where a recording holds a Secret without its data: that it has no certificate would be wrong.
fn withheld(shelf: &Shelf, key: &ObjectKey, material: &mut Material) {
    if shelf.is_recording() && material.bundle.is_empty() {
        material.entries.clear();
        material.missed(format!("{key}: {NO_DATA}"));
    }
}

fn other(key: &ObjectKey, kind: Kind, name: &str) -> ObjectKey {
    ObjectKey { kind, namespace: key.namespace.clone(), name: name.into() }
}

/// The request that the present certificate answers: that of the revision which the status tells, else the first.
async fn add_request(shelf: &Shelf, certificate: &ObjectKey, object: &Inspected, material: &mut Material) {
    let told = object.status.as_ref().and_then(|status| status.revision).filter(|revision| *revision > 0);
    let revision = told.unwrap_or(1).to_string();
    let fits = |request: &Inspected| {
        request.tie("cert-manager.io/certificate-name") == Some(&*certificate.name)
            && request.tie("cert-manager.io/certificate-revision") == Some(revision.as_str())
    };
    // It nearly always has this name; a look at one costs less than a look at all.
    let usual = other(certificate, Kind::CertificateRequest, &format!("{}-{revision}", certificate.name));
    match shelf.object(&usual).await {
        Ok(found) if fits(&found) => return material.request(&usual.to_string(), &found),
        Ok(_) | Err(Refusal::Missing) => {}
        Err(why) => return material.missed(format!("{usual}: {why}")),
    }
    match shelf.requests(&certificate.namespace).await {
        Ok(all) => {
            if let Some(found) = all.iter().find(|request| fits(request)) {
                let name = found.metadata.as_ref().and_then(|meta| meta.name.as_deref()).unwrap_or_default();
                let key = other(certificate, Kind::CertificateRequest, &crate::text::clean(name, limits::NAME));
                material.request(&key.to_string(), found);
            }
        }
        Err(why) => material.missed(format!("requests of namespace {}: {why}", certificate.namespace)),
    }
}

/// Fetches the list that the certificate names, and looks it up. Only who asks for it gets here: `--crl`, or a second `x`.
pub async fn revocation(material: &Material, outside: bool) -> Revocation {
    let blocks = &material.bundle.blocks;
    let chain = Chain::of(blocks, &material.authority.blocks);
    let at = |step: usize| chain.as_ref().and_then(|chain| blocks.get(*chain.path.get(step)?));
    let none = |why: &str| Revocation { url: String::new(), outcome: Err(why.to_owned()) };
    let Some(leaf) = at(0) else { return none("there is no certificate") };
    if !outside {
        return none("the demo asks nobody outside of itself");
    }
    let Some(url) = leaf.crls.iter().find(|url| url.starts_with("http://")).or(leaf.crls.first()) else {
        return none("the certificate names no list");
    };
    // Who signed it may stand beside it only.
    let given = || material.authority.blocks.iter().find(|block| leaf.names_issuer(block));
    let issuer = at(1).or_else(given);
    let outcome = match download(url, limits::X509_CRL).await {
        Ok(bytes) => Listed::of(&bytes, leaf, issuer),
        Err(why) => Err(why),
    };
    Revocation { url: url.clone(), outcome }
}
