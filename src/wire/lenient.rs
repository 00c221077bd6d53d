//! [`Lenient`]: how a value is read when it may be of any type.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value that takes what it understands and declines the rest.
///
/// Each method returns `None` for "not what I should be"; the input is consumed either way.
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
    fn sequence<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    /// From an object.
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// What a field turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<T> {
    /// `null` or not there.
    Missing,
    /// Of the wrong type.
    Odd,
    /// As it should be.
    Is(T),
}

impl<'de, T: Lenient> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

fn field<T>(value: Option<T>) -> Field<T> {
    value.map_or(Field::Odd, Field::Is)
}

impl<'de, T: Lenient> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(field(T::text(text)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(field(T::integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(field(i64::try_from(number).ok().and_then(T::integer)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        let whole = number.fract() == 0.0 && number.abs() < 9e15;
        Ok(field(whole.then_some(number as i64).and_then(T::integer)))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(field(T::boolean(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Field::Missing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::sequence(list).map(field)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::map(map).map(field)
    }
}

impl Lenient for Box<str> {
    fn text(text: &str) -> Option<Self> {
        Some(text.into())
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

/// Only that a value is there: an object or a list whose inside is not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Present;

impl Lenient for Present {
    fn text(_: &str) -> Option<Self> {
        Some(Self)
    }

    fn sequence<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Some(Self))
    }

    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Some(Self))
    }
}

/// A list; elements of the wrong type are left out.
impl<T: Lenient> Lenient for Vec<T> {
    fn sequence<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut out = Self::new();
        while let Some(element) = list.next_element::<Field<T>>()? {
            if let Field::Is(value) = element {
                out.push(value);
            }
        }
        Ok(Some(out))
    }
}

/// An object used as a dictionary of strings: labels, annotations. Only the wanted keys are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strings<W>(pub BTreeMap<Box<str>, Box<str>>, PhantomData<W>);

/// Which keys of a dictionary are kept.
pub trait Wanted {
    /// Whether a key is kept.
    fn wants(key: &str) -> bool;
}

struct KeySeed<W>(PhantomData<W>);

impl<'de, W: Wanted> DeserializeSeed<'de> for KeySeed<W> {
    type Value = Option<Box<str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<W: Wanted> Visitor<'_> for KeySeed<W> {
    type Value = Option<Box<str>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(W::wants(key).then(|| key.into()))
    }
}

impl<W: Wanted> Lenient for Strings<W> {
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut out = BTreeMap::new();
        while let Some(key) = map.next_key_seed(KeySeed::<W>(PhantomData))? {
            match key {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(key) => {
                    if let Field::Is(value) = map.next_value::<Field<Box<str>>>()? {
                        out.insert(key, value);
                    }
                }
            }
        }
        Ok(Some(Self(out, PhantomData)))
    }
}
