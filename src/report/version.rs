//! `cmtop version`.

use serde::Serialize;

/// Which cmtop this is (`cmtop.version/v1`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    schema: &'static str,
    #[serde(rename = "version")]
    number: &'static str,
    target: String,
}

impl Version {
    /// This one.
    pub fn of_this_program() -> Self {
        let target = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
        Self { schema: "cmtop.version/v1", number: env!("CARGO_PKG_VERSION"), target }
    }

    /// For people.
    pub fn text(&self) -> String {
        format!("cmtop {} ({})\n", self.number, self.target)
    }
}
