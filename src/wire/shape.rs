//! `shape!`: a struct that reads any JSON object.

/// Declares structs whose fields are read by [`Lenient`](super::lenient::Lenient) under their JSON names.
///
/// A key that is not declared is skipped; a repeated key counts once, the last time; a wrong type leaves the field
/// empty and its name in `odd`.
macro_rules! shape {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$fmeta:meta])* $field:ident : $type:ty = $key:literal ),* $(,)? } )*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Default)]
            pub struct $name {
                $( $(#[$fmeta])* pub $field: Option<$type>, )*
                /// The fields that were of the wrong type.
                pub odd: Vec<&'static str>,
            }

            impl $crate::wire::lenient::Lenient for $name {
                fn map<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
                    let mut out = Self::default();
                    while let Some(key) = map.next_key::<$crate::wire::shape::Key>()? {
                        match key.0.as_ref() {
                            $( $key => match map.next_value::<$crate::wire::lenient::Field<$type>>()? {
                                $crate::wire::lenient::Field::Is(value) => out.$field = Some(value),
                                $crate::wire::lenient::Field::Missing => out.$field = None,
                                $crate::wire::lenient::Field::Odd => out.odd.push($key),
                            }, )*
                            _ => { map.next_value::<serde::de::IgnoredAny>()?; }
                        }
                    }
                    Ok(Some(out))
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    match <$crate::wire::lenient::Field<Self> as serde::Deserialize>::deserialize(deserializer)? {
                        $crate::wire::lenient::Field::Is(value) => Ok(value),
                        _ => Ok(Self { odd: vec!["the object itself"], ..Self::default() }),
                    }
                }
            }
        )*
    };
}
pub(crate) use shape;

/// The name of a field: borrowed from the input where it needs no unescaping.
pub struct Key<'de>(pub std::borrow::Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> serde::de::Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(key.into()))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(key.to_owned().into()))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}
