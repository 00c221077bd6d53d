//! A file as the thing to look into: PEM, DER, or manifests in YAML or JSON.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use serde::Deserialize as _;

use super::input;
use crate::limits;
use crate::model::kind::Kind;
use crate::runtime::failure::Failure;
use crate::text::{clean, count};
use crate::wire::inspected::Inspected;
use crate::x509::bundle::Bundle;
use crate::x509::material::Material;

/// Reads a file.
pub(super) fn file(file: &PathBuf) -> Result<Material, Failure> {
    let shown = if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() };
    let shown = clean(&shown, limits::X509_TEXT).into_owned();
    let failed = |what: &dyn std::fmt::Display| Failure::blind(format!("{shown}: {what}"));
    let bytes = sieve(input(file).map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
    let text = String::from_utf8_lossy(&bytes);
    if text.trim_start().starts_with('{') || text.lines().any(|line| line.starts_with("apiVersion:")) {
        manifests(&text, shown.clone()).map_err(|why| failed(&why))
    } else {
        let bundle = Bundle::of(&bytes);
        if bundle.is_empty() {
            return Err(failed(&"there is nothing in it to look at"));
        }
        let name = file.to_str().filter(|name| *name != "-").map(str::to_owned);
        Ok(Material { source: shown.clone(), subject: shown, file: name, bundle, ..Material::default() })
    }
}

/// The bytes of an input without the insides of private keys: those are dropped line by line as they come.
fn sieve(input: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut input = BufReader::new(input.take(limits::X509_FILE + 1));
    let (mut kept, mut line, mut in_key, mut read) = (Vec::new(), Vec::new(), false, 0);
    loop {
        line.clear();
        let count = input.read_until(b'\n', &mut line)?;
        if count == 0 {
            return Ok(kept);
        }
        read += count as u64;
        if read > limits::X509_FILE {
            return Err(std::io::Error::other(format!("longer than {} bytes", limits::X509_FILE)));
        }
        let has = |mark: &[u8]| line.windows(mark.len()).any(|window| window == mark);
        let ends = has(b"-----END ");
        if !in_key || ends {
            kept.extend_from_slice(&line);
        }
        in_key = !ends && (in_key || has(b"-----BEGIN ") && has(b"PRIVATE KEY-----"));
    }
}

fn manifests(text: &str, shown: String) -> Result<Material, String> {
    let mut material = Material { subject: shown.clone(), source: shown, ..Material::default() };
    let mut objects = Vec::new();
    let mut beyond = 0;
    for document in serde_yaml::Deserializer::from_str(text) {
        if objects.len() == limits::X509_BLOCKS {
            beyond += 1;
            continue;
        }
        objects.push(Inspected::deserialize(document).map_err(|error| error.to_string())?);
    }
    let mut known = 0;
    let mut more = Vec::new();
    // The Secret first: a request tells what it got only where nothing better is at hand.
    for wanted in [Kind::Secret, Kind::Certificate, Kind::CertificateRequest] {
        let of = |object: &&Inspected| {
            Kind::of(object.api_version.as_deref().unwrap_or_default(), object.kind.as_deref().unwrap_or_default())
                == Some(wanted)
        };
        let all = objects.iter().filter(of).count();
        let Some(object) = objects.iter().find(of) else { continue };
        known += 1;
        more.extend((all > 1).then(|| format!("{} of {}", all - 1, count(all, wanted.name()))));
        let name = object.metadata.as_ref().and_then(|meta| {
            let name = clean(meta.name.as_deref()?, limits::NAME).into_owned();
            let namespace = meta.namespace.as_deref().map(|it| format!("{}/", clean(it, limits::NAME)));
            Some(format!("{wanted}/{}{name}", namespace.unwrap_or_default()))
        });
        let name = name.unwrap_or_else(|| wanted.to_string());
        match wanted {
            Kind::Secret => material.secret(&name, object),
            Kind::Certificate => material.certificate(&name, object),
            _ => material.request(&name, object),
        }
    }
    if !more.is_empty() {
        let words = format!("{} left out: the first of each kind is looked at", more.join(" and "));
        material.left_out.push(words);
    }
    if beyond > 0 {
        let documents = count(beyond, "more document");
        let most = limits::X509_BLOCKS;
        material.left_out.push(format!("{documents} not read: cmtop reads the first {most} of a file"));
    }
    if known == 0 {
        return Err("there is no Secret, Certificate or CertificateRequest in it".to_owned());
    }
    Ok(material)
}
