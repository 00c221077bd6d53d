//! [`Chain`]: the aliases from `_acme-challenge` to the name where the record really stands.

use super::question::Reply;

/// Aliases that are followed at most: as many as Let's Encrypt's and most other resolvers do.
pub const LONGEST: usize = 16;

/// The aliases, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    /// Where each leads.
    pub aliases: Vec<String>,
    /// Why it does not end.
    pub trouble: Option<Endless>,
}

/// Why a chain has no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endless {
    /// It comes back to this name.
    Circle(String),
    /// It is longer than anybody follows.
    Long,
}

impl Chain {
    /// The name at its end, from where it begins.
    pub fn end<'c>(&'c self, name: &'c str) -> &'c str {
        self.aliases.last().map_or(name, String::as_str)
    }

    /// Takes the aliases of an answer about the present end; whether there were any, so that there may be more.
    pub fn extend(&mut self, name: &str, reply: &Reply) -> bool {
        let mut moved = false;
        while let Some(next) = reply.alias(self.end(name)).map(str::to_owned) {
            let circle = next == name || self.aliases.contains(&next);
            self.aliases.push(next.clone());
            if circle {
                self.trouble = Some(Endless::Circle(next));
                return false;
            }
            if self.aliases.len() >= LONGEST {
                self.trouble = Some(Endless::Long);
                return false;
            }
            moved = true;
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::probe::question::{Code, Data, Record};

    fn reply(aliases: &[(&str, &str)]) -> Reply {
        let record = |(from, to): &(&str, &str)| Record {
            name: (*from).to_owned(),
            ttl: 60,
            data: Data::Alias((*to).to_owned()),
        };
        Reply {
            code: Code::NoError,
            authoritative: false,
            secure: false,
            records: aliases.iter().map(record).collect(),
            soa: None,
            referral: Vec::new(),
            glue: Vec::new(),
            told: None,
            took: Duration::ZERO,
            oddities: Vec::new(),
        }
    }

    #[test]
    fn aliases_are_followed_in_any_order_of_records() {
        let mut chain = Chain::default();
        assert!(chain.extend("a", &reply(&[("b", "c"), ("a", "b")])));
        assert_eq!((chain.end("a"), &chain.trouble), ("c", &None));
    }

    #[test]
    fn circles_and_endless_chains_end() {
        let mut chain = Chain::default();
        assert!(!chain.extend("a", &reply(&[("a", "b"), ("b", "a")])));
        assert_eq!(chain.trouble, Some(Endless::Circle("a".to_owned())));
        let names: Vec<String> = (0..30).map(|n| format!("n{n}")).collect();
        let long: Vec<(&str, &str)> = names.windows(2).map(|two| (two[0].as_str(), two[1].as_str())).collect();
        let mut chain = Chain::default();
        chain.extend("n0", &reply(&long));
        assert_eq!((chain.trouble, chain.aliases.len()), (Some(Endless::Long), LONGEST));
    }
}
