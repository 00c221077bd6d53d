//! `cmtop probe` and `cmtop preflight`: what is to be looked at, and from where.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use clap::Args;

use super::output::TextFormat;
use super::value::{self, Token};
use crate::model::kind::Kind;
use crate::probe::subject::Subject;
use crate::query::target::Target;

/// An address whose port may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    ip: IpAddr,
    port: Option<u16>,
}

impl Address {
    /// With a port for where none was given.
    pub fn or_port(self, port: u16) -> SocketAddr {
        SocketAddr::new(self.ip, self.port.unwrap_or(port))
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { ip: address.ip(), port: Some(address.port()) });
        }
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        let ip =
            bare.parse().map_err(|_| "expected an address, such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53")?;
        Ok(Self { ip, port: None })
    }
}

/// Who is to issue.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Authority {
    /// The authority that is to issue, as CAA records name it.
    #[arg(long = "ca", value_name = "DOMAIN", default_value = "letsencrypt.org")]
    pub domain: String,
    /// The account with the authority, as a URL.
    #[arg(long, value_name = "URL")]
    pub account: Option<String>,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The TXT record of a name.
    Dns01,
    /// The answer of a name's addresses.
    Http01,
    /// Who may issue.
    Caa,
    /// Which certificate is served.
    Served,
    /// A Challenge, by its name.
    Challenge(Option<String>, String),
    /// The open Challenges of a Certificate, by its name.
    Certificate(Option<String>, String),
}

impl FromStr for What {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "dns01" | "dns-01" => return Ok(Self::Dns01),
            "http01" | "http-01" => return Ok(Self::Http01),
            "caa" => return Ok(Self::Caa),
            "served" => return Ok(Self::Served),
            _ => {}
        }
        // What names no kind is a Certificate and its namespace, as everywhere; a bare name may be anything.
        match text.parse() {
            Ok(Target { kind: Some(Kind::Challenge), namespace, name }) => Ok(Self::Challenge(namespace, name)),
            Ok(Target { kind: Some(Kind::Certificate), namespace, name }) => Ok(Self::Certificate(namespace, name)),
            Ok(Target { kind: Some(_), .. }) => {
                Err(format!("`{text}` cannot be probed: name a challenge or a certificate"))
            }
            Ok(Target { kind: None, namespace: Some(namespace), name }) => Ok(Self::Certificate(Some(namespace), name)),
            Ok(Target { kind: None, namespace: None, .. }) | Err(_) => {
                Err("expected dns01, http01, caa, served, challenge/NAME or NAMESPACE/NAME".to_owned())
            }
        }
    }
}

/// What is to be looked at, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Servers and addresses that are given replace all others: nothing else is asked.
A probe leaves traces in the logs of whom it asks.

Examples:
  cmtop probe dns01 shop.example --expect 3FmXhr… --authority 192.0.2.53 --resolver 10.43.0.10
  cmtop probe http01 shop.example --token T --expect T.K --address 192.0.2.80
  cmtop probe caa '*.shop.example' --ca letsencrypt.org
  cmtop probe served shop.example
  cmtop probe challenge/www-1-123-456 -n shop
  cmtop probe certificate/www -n shop --watch

Exit status: 0 all match, 1 something is wrong, 2 could not ask, 64 wrong usage.")]
pub struct Probe {
    /// dns01, http01, caa or served with a NAME; or challenge/NAME, certificate/NAME, NAMESPACE/NAME.
    #[arg(value_name = "WHAT")]
    pub what: What,
    /// The name that is to be certified; `*.` and `_acme-challenge.` are understood.
    #[arg(value_name = "NAME", value_parser = subject)]
    pub name: Option<Subject>,
    /// What should be there: the value of the TXT record, the body, the serial number of what is served.
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    pub expect: Option<String>,
    /// A name server of the zone; may be given more than once.
    #[arg(long = "authority", value_name = "IP[:PORT]")]
    pub authorities: Vec<Address>,
    /// A resolver; may be given more than once.
    #[arg(long = "resolver", value_name = "IP[:PORT]")]
    pub resolvers: Vec<Address>,
    /// The token of an HTTP-01 challenge.
    // It shares its flag with the token for a cluster, and so must share its type.
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub token: Option<Token>,
    /// An address to ask for http01 and served; may be given more than once.
    #[arg(long = "address", value_name = "IP[:PORT]")]
    pub addresses: Vec<Address>,
    /// For served: the Secret whose certificate should be served, in the namespace of -n or as NAMESPACE/NAME.
    #[arg(long, value_name = "SECRET", conflicts_with = "expect", value_parser = secret)]
    pub secret: Option<Target>,
    /// Who is to issue.
    #[command(flatten)]
    pub authority: Authority,
    /// How the name is proven, for caa.
    #[arg(long, value_name = "METHOD", value_parser = ["dns-01", "http-01"])]
    pub method: Option<String>,
    /// Look again until all is well.
    #[arg(short, long)]
    pub watch: bool,
    /// How it is told.
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    pub format: TextFormat,
}

impl Probe {
    /// Refuses what does not belong together.
    pub(super) fn check(&self) -> Result<(), String> {
        let by_name = matches!(self.what, What::Dns01 | What::Http01 | What::Caa | What::Served);
        let dns = matches!(self.what, What::Dns01);
        let web = matches!(self.what, What::Http01);
        let served = matches!(self.what, What::Served);
        let refused = [
            ("--expect", self.expect.is_some() && !(dns || web || served)),
            ("--authority", !self.authorities.is_empty() && !dns),
            ("--resolver", !self.resolvers.is_empty() && !by_name),
            ("--token", self.token.is_some() && !web),
            ("--secret", self.secret.is_some() && !served),
            ("--address", !(self.addresses.is_empty() || web || served)),
            ("--account", self.authority.account.is_some() && self.what != What::Caa),
            ("--method", self.method.is_some() && self.what != What::Caa),
        ];
        if let Some((flag, _)) = refused.iter().find(|(_, is)| *is) {
            return Err(format!("{flag} cannot be used with this probe"));
        }
        match (by_name, &self.name) {
            (true, None) => Err("a NAME is missing: the name that is to be certified".to_owned()),
            (false, Some(name)) => Err(format!("`{name}` is one name too many")),
            _ => Ok(()),
        }
    }
}

/// Which names are checked.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Before any Order exists: the name, its zone and servers, CAA, what is left over, port 80.

Examples:
  cmtop preflight shop.example www.shop.example
  cmtop preflight '*.shop.example' --method dns-01 -o json")]
pub struct Preflight {
    /// The names that are to be certified.
    #[arg(value_name = "NAME", required = true, value_parser = subject)]
    pub names: Vec<Subject>,
    /// A resolver; may be given more than once, and replaces all others.
    #[arg(long = "resolver", value_name = "IP[:PORT]")]
    pub resolvers: Vec<Address>,
    /// Who is to issue.
    #[command(flatten)]
    pub authority: Authority,
    /// How the names are proven; both ways are looked at otherwise.
    #[arg(long, value_name = "METHOD", value_parser = ["dns-01", "http-01"])]
    pub method: Option<String>,
    /// How it is told.
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    pub format: TextFormat,
}

fn secret(text: &str) -> Result<Target, String> {
    value::object(text, &[None, Some(Kind::Secret)], "a Secret: NAME or NAMESPACE/NAME")
}

fn subject(text: &str) -> Result<Subject, String> {
    text.parse().map_err(|error: crate::probe::subject::SubjectError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_may_be_left_out() {
        let table = [
            ("192.0.2.1", "192.0.2.1:53"),
            ("192.0.2.1:5353", "192.0.2.1:5353"),
            ("::1", "[::1]:53"),
            ("[::1]", "[::1]:53"),
            ("[::1]:5353", "[::1]:5353"),
        ];
        for (text, address) in table {
            assert_eq!(text.parse::<Address>().unwrap().or_port(53).to_string(), address);
        }
        for odd in ["", "ns1.example", "192.0.2.1:x", "192.0.2.1:70000"] {
            assert!(odd.parse::<Address>().is_err(), "{odd}");
        }
    }

    #[test]
    fn kinds_are_read_as_kubectl_writes_them() {
        assert_eq!("challenge/x".parse(), Ok(What::Challenge(None, "x".to_owned())));
        assert_eq!("Challenge/shop/x".parse(), Ok(What::Challenge(Some("shop".to_owned()), "x".to_owned())));
        assert!("secret/x".parse::<What>().is_err() && "challenge/".parse::<What>().is_err());
    }
}
