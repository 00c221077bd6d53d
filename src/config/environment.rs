//! [`Environment`]: the variables that cmtop reads.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::fault::ConfigError;

/// The environment as it was when the program began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(variables: T) -> Self {
        Self(variables.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl Environment {
    /// A variable that is set and not empty: an empty one counts as not set.
    pub fn get(&self, variable: &str) -> Option<&str> {
        self.0.get(variable).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A variable that goes by two names: the first one wins.
    pub fn either(&self, first: &str, second: &str) -> Option<String> {
        self.get(first).or_else(|| self.get(second)).map(str::to_owned)
    }

    /// A variable that means yes or no.
    pub fn switch(&self, variable: &'static str) -> Result<Option<bool>, ConfigError> {
        let Some(value) = self.get(variable) else { return Ok(None) };
        match value.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(Some(true)),
            "0" | "false" | "no" | "off" => Ok(Some(false)),
            _ => Err(ConfigError::variable(variable, value, "true or false")),
        }
    }

    /// A variable that is one of a few words.
    pub fn word<T: FromStr>(&self, variable: &'static str, expected: &'static str) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(variable) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| ConfigError::variable(variable, value, expected))
    }

    /// Whether the locale speaks UTF-8. One that was never set counts as speaking it: containers have none, and the
    /// terminals around them do.
    pub fn speaks_unicode(&self) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|variable| self.get(variable));
        let unicode = locale.is_none_or(|locale| match locale.split_once('.') {
            Some((_, encoding)) => matches!(encoding.to_ascii_lowercase().as_str(), "utf-8" | "utf8"),
            None => !matches!(locale, "C" | "POSIX"),
        });
        unicode && self.get("TERM") != Some("dumb")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_about_unicode() {
        let table = [
            (vec![], true),
            (vec![("LANG", "de_DE.UTF-8")], true),
            (vec![("LANG", "en_US.utf8")], true),
            (vec![("LANG", "de_DE")], true),
            (vec![("LANG", "de_DE.ISO-8859-1")], false),
            (vec![("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], false),
            (vec![("LC_ALL", ""), ("LANG", "C.UTF-8")], true),
            (vec![("TERM", "dumb")], false),
        ];
        for (variables, unicode) in table {
            let environment: Environment = variables.iter().copied().collect();
            assert_eq!(environment.speaks_unicode(), unicode, "{variables:?}");
        }
    }

    #[test]
    fn a_switch_is_yes_or_no_or_refused() {
        let environment: Environment = [("A", "yes"), ("B", "0"), ("C", "maybe"), ("D", "")].into_iter().collect();
        assert_eq!(environment.switch("A").unwrap(), Some(true));
        assert_eq!(environment.switch("B").unwrap(), Some(false));
        assert_eq!(environment.switch("C").unwrap_err().to_string(), "$C: `maybe` is not true or false");
        assert_eq!(environment.switch("D").unwrap(), None);
    }
}
