//! [`Lenient`]: how a value is read when it may be of any type.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::model::condition::Status;
use crate::model::id::Uid;
use crate::model::order::AcmeState;

/// The names of the fields that were of the wrong type, wherever in an object they are.
pub type Odd = Vec<&'static str>;

/// A value that takes what it understands and declines the rest.
///
/// Each method returns `None` for "not what I should be"; the input is consumed either way. What is odd deeper inside
/// is put into `odd`.
pub trait Lenient: Sized {
    /// From a string.
    fn text(_text: &str) -> Option<Self> {
        None
    }

    /// From a whole number.
    fn integer(_number: i64) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn boolean(_value: bool) -> Option<Self> {
        None
    }

    /// From a list.
    fn sequence<'de, A: SeqAccess<'de>>(list: A, _odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        skip_list(list).map(|()| None)
    }

    /// From an object.
    fn map<'de, A: MapAccess<'de>>(map: A, _odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        skip_map(map).map(|()| None)
    }
}

fn skip_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn skip_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads one value: `None` where it is `null`, and where it is of the wrong type, which is noted under its name.
pub struct Reading<'o, T> {
    odd: &'o mut Odd,
    name: &'static str,
    of: PhantomData<T>,
}

impl<'o, T> Reading<'o, T> {
    /// The value of a field.
    pub const fn field(name: &'static str, odd: &'o mut Odd) -> Self {
        Self { odd, name, of: PhantomData }
    }

    fn or_odd(&mut self, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.odd.push(self.name);
        }
        value
    }
}

impl<'de, T: Lenient> DeserializeSeed<'de> for Reading<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Lenient> Visitor<'de> for Reading<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<Self::Value, E> {
        Ok(self.or_odd(T::text(text)))
    }

    fn visit_i64<E: Error>(mut self, number: i64) -> Result<Self::Value, E> {
        Ok(self.or_odd(T::integer(number)))
    }

    fn visit_u64<E: Error>(mut self, number: u64) -> Result<Self::Value, E> {
        Ok(self.or_odd(i64::try_from(number).ok().and_then(T::integer)))
    }

    fn visit_f64<E: Error>(mut self, number: f64) -> Result<Self::Value, E> {
        let whole = number.fract() == 0.0 && number.abs() < 9e15;
        Ok(self.or_odd(whole.then_some(number as i64).and_then(T::integer)))
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<Self::Value, E> {
        Ok(self.or_odd(T::boolean(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, list: A) -> Result<Self::Value, A::Error> {
        let value = T::sequence(list, self.odd)?;
        Ok(self.or_odd(value))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<Self::Value, A::Error> {
        let value = T::map(map, self.odd)?;
        Ok(self.or_odd(value))
    }
}

impl Lenient for Box<str> {
    fn text(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

/// A word that is nearly always one of these few: those cost no memory of their own.
impl Lenient for Cow<'static, str> {
    fn text(text: &str) -> Option<Self> {
        const USUAL: [&str; 10] = [
            "Issuer",
            "ClusterIssuer",
            "cert-manager.io",
            "Ready",
            "Pending",
            "Issued",
            "Failed",
            "DoesNotExist",
            "Renewing",
            "ACMEAccountRegistered",
        ];
        let known = USUAL.into_iter().find(|usual| *usual == text);
        Some(known.map_or_else(|| Self::Owned(text.to_owned()), Self::Borrowed))
    }
}

impl Lenient for i64 {
    fn integer(number: i64) -> Option<Self> {
        Some(number)
    }
}

impl Lenient for bool {
    fn boolean(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl Lenient for Uid {
    fn text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Lenient for Status {
    fn text(text: &str) -> Option<Self> {
        Some(Self::parse(text))
    }
}

impl Lenient for AcmeState {
    fn text(text: &str) -> Option<Self> {
        Some(Self::parse(text))
    }
}

/// Only that a value is there: an object or a list whose inside is not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Present;

impl Lenient for Present {
    fn text(_: &str) -> Option<Self> {
        Some(Self)
    }

    fn sequence<'de, A: SeqAccess<'de>>(list: A, _odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        skip_list(list).map(|()| Some(Self))
    }

    fn map<'de, A: MapAccess<'de>>(map: A, _odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        skip_map(map).map(|()| Some(Self))
    }
}

/// A list; elements of the wrong type are left out.
impl<T: Lenient> Lenient for Vec<T> {
    fn sequence<'de, A: SeqAccess<'de>>(mut list: A, odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        let mut out = Self::new();
        while let Some(element) = list.next_element_seed(Reading::field("an element of a list", odd))? {
            out.extend(element);
        }
        Ok(Some(out))
    }
}

/// An object used as a dictionary of strings: labels, annotations. Only the wanted keys are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strings<W: Wanted>(pub Vec<(W::Key, Box<str>)>);

/// Which keys of a dictionary are kept, and as what.
pub trait Wanted {
    /// What a kept key becomes.
    type Key: fmt::Debug + Clone + Ord;

    /// A key, if it is kept.
    fn key(key: &str) -> Option<Self::Key>;

    /// What is kept of its value.
    fn value(value: Box<str>) -> Box<str> {
        value
    }
}

struct KeySeed<W>(PhantomData<W>);

impl<'de, W: Wanted> DeserializeSeed<'de> for KeySeed<W> {
    type Value = Option<W::Key>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<W: Wanted> Visitor<'_> for KeySeed<W> {
    type Value = Option<W::Key>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(W::key(key))
    }
}

impl<W: Wanted> Lenient for Strings<W> {
    fn map<'de, A: MapAccess<'de>>(mut map: A, odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        let mut out: Vec<(W::Key, Box<str>)> = Vec::new();
        while let Some(key) = map.next_key_seed(KeySeed::<W>(PhantomData))? {
            let Some(key) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Some(value) = map.next_value_seed(Reading::field("a value of a dictionary", odd))? {
                out.push((key, W::value(value)));
            }
        }
        // Of a repeated key the last one counts: the sort is stable, and the removal keeps the first.
        out.reverse();
        out.sort_by(|(a, _), (b, _)| a.cmp(b));
        out.dedup_by(|(a, _), (b, _)| a == b);
        Ok(Some(Self(out)))
    }
}
