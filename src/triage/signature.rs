//! The table of findings: [`Row`]s from YAML, and the pass that recognises a text ([`Table::recognise`]).
//!
//! To add a finding that a text shows, add a row to a file in `signatures/`: `id`, `family`, `at`, `pattern`, `title`,
//! `cause`, `remedies`, and the literal message under `samples`. A test matches every row against its samples, against
//! its near misses (`not`) and against the samples of all other rows. A finding that no single text shows is a rule in
//! `rules`, and its words are a row without a pattern.

pub mod families;
pub mod fill;
pub mod load;
mod patterns;
pub mod place;
pub mod row;
pub mod table;

use std::sync::OnceLock;

pub use self::load::{Refusal, load};
pub use self::place::Place;
pub use self::row::Row;
pub use self::table::Table;

/// The number of a row: small enough to be kept for every Certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u16);

impl RowId {
    /// The row itself.
    pub fn row(self) -> Option<&'static Row> {
        table().row(self)
    }
}

/// What is known of the object whose text is read; what is not known hinders nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'c> {
    /// The solver of its Challenge: `route53`, `ingress` …
    pub solver: Option<&'c str>,
    /// The type of its issuer: `acme`, `ca`, `vault` …
    pub issuer: Option<&'c str>,
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("signatures/", $name)))),*]
    };
}

/// The files that come with cmtop.
pub const EMBEDDED: &[(&str, &str)] = embedded![
    "certificate.yaml",
    "secret.yaml",
    "issuer.yaml",
    "account.yaml",
    "ca.yaml",
    "vault.yaml",
    "venafi.yaml",
    "request.yaml",
    "order.yaml",
    "acme.yaml",
    "challenge.yaml",
    "http01.yaml",
    "solvers.yaml",
    "dns01.yaml",
    "route53.yaml",
    "cloudflare.yaml",
    "providers.yaml",
    "shim.yaml",
    "system.yaml",
    "webhook.yaml",
    "quiet.yaml",
];

static TABLE: OnceLock<Table> = OnceLock::new();

/// The table in use.
pub fn table() -> &'static Table {
    TABLE.get_or_init(|| load::onto(load::trusted(EMBEDDED), []).0)
}

/// Makes the table ready for the first text: a twentieth of a second, best spent on a thread that nobody waits for.
pub fn warm() {
    let _ = table().patterns();
}

/// Adds a team's own files (names and texts) to the table. To be called once, before anything is judged: later calls
/// change nothing. Returns the files that are refused.
pub fn install(files: &[(String, String)]) -> Vec<Refusal> {
    let own = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let (table, refusals) = load::onto(load::trusted(EMBEDDED), own);
    let _ = TABLE.set(table);
    refusals
}
