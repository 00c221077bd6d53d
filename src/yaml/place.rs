//! [`Places`]: where the keys and the values of a YAML text stand.
//!
//! A value is found by its path, written as the parser writes it: `columns.certificates[0]`.

use std::fmt;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, Span};

/// A place in a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The beginning of a file.
    pub const BEGIN: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where the keys and the values of a YAML text stand, as far as it can be read.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Where a key stands: every time, for one that is there twice.
    keys: FxHashMap<String, Vec<Place>>,
    values: FxHashMap<String, Place>,
}

/// What is open while the events come: a list, with the number of its next item; or a map, with the key whose value comes.
enum Open {
    List { path: String, next: usize },
    Map { path: String, key: Option<String> },
}

impl Places {
    /// Of the first document of a text.
    pub fn of(text: &str) -> Self {
        let mut places = Self::default();
        let mut open: Vec<Open> = Vec::new();
        for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
            match event {
                Event::DocumentEnd => break,
                Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
                Event::SequenceStart(..) => {
                    let path = places.value(&mut open, span);
                    open.push(Open::List { path, next: 0 });
                }
                Event::MappingStart(..) => {
                    let path = places.value(&mut open, span);
                    open.push(Open::Map { path, key: None });
                }
                Event::Scalar(text, ..) => match open.last_mut() {
                    Some(Open::Map { path, key: key @ None }) => {
                        places.keys.entry(below(path, &text)).or_default().push(place(span));
                        *key = Some(text.into_owned());
                    }
                    _ => drop(places.value(&mut open, span)),
                },
                Event::Alias(_) => drop(places.value(&mut open, span)),
                _ => {}
            }
        }
        places
    }

    /// Notes where a value stands, and tells its path.
    fn value(&mut self, open: &mut [Open], span: Span) -> String {
        let path = match open.last_mut() {
            None => String::new(),
            Some(Open::List { path, next }) => {
                *next += 1;
                format!("{path}[{}]", *next - 1)
            }
            // A key that is a list or a map itself has no path of its own.
            Some(Open::Map { path, key }) => below(path, &key.take().unwrap_or_default()),
        };
        self.values.entry(path.clone()).or_insert_with(|| place(span));
        path
    }

    /// Where a key stands, first.
    pub fn key(&self, path: &str) -> Option<Place> {
        self.keys.get(path)?.first().copied()
    }

    /// The keys that are there twice, and where they stand again, the first one first.
    pub fn again(&self) -> Vec<(&str, Place)> {
        let again = self.keys.iter().filter_map(|(path, places)| Some((path.as_str(), *places.get(1)?)));
        let mut again: Vec<_> = again.map(|(path, place)| (path.rsplit('.').next().unwrap_or(path), place)).collect();
        again.sort_by_key(|(_, place)| *place);
        again
    }

    /// Where a value stands; the nearest one that it is in, where it is not written out itself.
    pub fn near(&self, path: &str) -> Option<Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.values.get(path) {
                return Some(*place);
            }
            path = path.get(..path.rfind(['.', '['])?)?;
        }
    }

    /// Whether there is such a value.
    pub fn knows(&self, path: &str) -> bool {
        self.values.contains_key(path)
    }
}

/// The path of what is below a key.
pub fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn place(span: Span) -> Place {
    Place { line: span.start.line(), column: span.start.col() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# a comment
theme: drak
columns:
  certificates: [verdict, nmae]
  \"orders\":
    - state
    - name=40
contexts: {prod.eu: {theme: dark, theme: light}}
notices:
- verdicts: &all [stuck]
  bell: true
- verdicts: *all
";

    #[test]
    fn every_key_and_value_has_its_place() {
        let places = Places::of(TEXT);
        let value = |path: &str| places.near(path).map(|place| place.to_string());
        let table = [
            ("theme", "2:8"),
            ("columns.certificates", "4:17"),
            ("columns.certificates[1]", "4:27"),
            ("columns.orders[1]", "7:7"),
            ("contexts.prod.eu.theme", "8:29"),
            ("notices[0].verdicts[0]", "10:19"),
            ("notices[1].verdicts", "12:13"),
            // Not written out itself: where its list stands.
            ("columns.certificates[7]", "4:17"),
        ];
        for (path, at) in table {
            assert_eq!(value(path).as_deref(), Some(at), "{path}");
        }
        let key = |path: &str| places.key(path).map(|place| place.to_string());
        assert_eq!(key("columns.orders").as_deref(), Some("5:3"));
        assert_eq!(places.again(), [("theme", Place { line: 8, column: 35 })]);
        assert_eq!(key("colours"), None);
    }

    #[test]
    fn what_cannot_be_read_ends_it_and_what_was_read_stays() {
        let places = Places::of("theme: dark\nkeys: [");
        assert_eq!(places.key("theme"), Some(Place::BEGIN));
        assert_eq!(places.near("keys"), Some(Place { line: 2, column: 7 }));
        assert!(!places.knows("keys[0]"));
    }
}
