//! [`Bundle`]: the blocks of a PEM text or of DER bytes, in their order.

use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::block::Block;
use super::closed::Closed;
use super::request::Request;
use crate::limits;
use crate::text::count;

/// Everything that a text or a file holds, but keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The certificates, in their order.
    pub blocks: Vec<Block>,
    /// Requests.
    pub requests: Vec<Request>,
    /// Blocks that hold a private key: skipped before they were decoded.
    pub keys: usize,
    /// What is not looked into, and in which block of PEM.
    pub closed: Vec<(Option<usize>, Closed)>,
    /// What could not be read, in words.
    pub faults: Vec<String>,
    /// Blocks beyond those that are looked at: that is cmtop's limit, no fault of the file.
    pub left_out: usize,
}

impl Bundle {
    /// Reads a PEM text, or DER bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut bundle = Self::default();
        if bytes.trim_ascii().is_empty() {
            return bundle;
        }
        if bytes.windows(11).any(|window| window == b"-----BEGIN ") {
            bundle.pem(&String::from_utf8_lossy(bytes));
        } else {
            bundle.der(bytes);
        }
        bundle
    }

    /// Whether there is nothing to be told.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn pem(&mut self, text: &str) {
        let mut open: Option<(String, String)> = None;
        let mut number = 0;
        for line in text.lines() {
            let line = line.trim();
            if let Some(label) = marker(line, "-----BEGIN ") {
                if open.is_some() {
                    self.fault(number, "it has no end");
                }
                number += 1;
                if label.contains("PRIVATE KEY") {
                    // Nothing of it is kept: the lines below are passed over until the end mark.
                    self.keys += 1;
                    open = None;
                    continue;
                }
                open = Some((label.to_owned(), format!("{line}\n")));
            } else if let Some((label, body)) = &mut open {
                body.push_str(line);
                body.push('\n');
                if marker(line, "-----END ").is_some() {
                    let (label, body) = (std::mem::take(label), std::mem::take(body));
                    open = None;
                    if self.blocks.len() + self.requests.len() < limits::X509_BLOCKS {
                        self.block(number, &label, &body);
                    } else {
                        self.left_out += 1;
                    }
                } else if body.len() > 2 * limits::X509_BLOCK {
                    open = None;
                    self.fault(number, "it is too long");
                }
            }
        }
        if open.is_some() {
            self.fault(number, "it has no end");
        }
    }

    fn block(&mut self, number: usize, label: &str, body: &str) {
        let pem = match parse_x509_pem(body.as_bytes()) {
            Ok((_, pem)) => pem,
            Err(error) => return self.fault(number, &format!("it is no PEM: {error}")),
        };
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => match Block::read(&pem.contents) {
                Ok(block) => self.blocks.push(block),
                Err(why) => self.fault(number, &format!("it is no certificate: {why}")),
            },
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => match Request::read(&pem.contents) {
                Ok(request) => self.requests.push(request),
                Err(why) => self.fault(number, &format!("it is no request: {why}")),
            },
            label if self.closed.len() < limits::X509_BLOCKS => {
                self.closed.push((Some(number), Closed::labelled(label)));
            }
            _ => self.left_out += 1,
        }
    }

    fn der(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Ok((after, _)) = X509Certificate::from_der(rest) {
            let one = rest.get(..rest.len() - after.len()).unwrap_or(rest);
            if self.blocks.len() == limits::X509_BLOCKS {
                self.left_out += 1;
            } else {
                match Block::read(one) {
                    Ok(block) => self.blocks.push(block),
                    Err(why) => self.faults.push(why),
                }
            }
            rest = after;
        }
        if !self.blocks.is_empty() {
            if !rest.trim_ascii().is_empty() {
                self.faults
                    .push(format!("{} after the last certificate are no certificate", count(rest.len(), "byte")));
            }
        } else if let Ok(request) = Request::read(bytes) {
            self.requests.push(request);
        } else if let Some(closed) = Closed::of(bytes) {
            self.closed.push((None, closed));
        } else {
            self.faults.push("it is neither PEM nor a certificate or request in DER".to_owned());
        }
    }

    fn fault(&mut self, number: usize, what: &str) {
        if self.faults.len() < limits::X509_BLOCKS {
            self.faults.push(format!("block {number}: {what}"));
        }
    }
}

/// The label of a mark: `CERTIFICATE` of `-----BEGIN CERTIFICATE-----`.
fn marker<'l>(line: &'l str, begin: &str) -> Option<&'l str> {
    line.strip_prefix(begin)?.strip_suffix("-----")
}
