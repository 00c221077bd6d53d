//! stub
/// Selector
#[derive(Debug, Clone)]
pub struct Selector;
impl Selector {
    /// parse
    pub fn parse(_: &str) -> Result<Self, String> {
        Ok(Self)
    }
    /// matches
    pub fn matches<'a>(&self, _get: impl Fn(&str) -> Option<&'a str>) -> bool {
        true
    }
}
