//! `shape!`: a struct that reads any JSON object.

/// Declares structs whose fields are read by [`Lenient`](super::lenient::Lenient) under their JSON names.
///
/// A key that is not declared is skipped; a repeated key counts once, the last time; a wrong type leaves the field
/// empty. One that is marked `: whole` is what arrives by itself, and tells in `odd` the fields of the wrong type at
/// any depth.
macro_rules! shape {
    ($( $(#[$meta:meta])* $name:ident $(: $whole:ident)? {
        $( $(#[$fmeta:meta])* $field:ident : $type:ty = $key:literal ),* $(,)?
    } )*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Default)]
            pub struct $name {
                $( $(#[$fmeta])* pub $field: Option<$type>, )*
                $(
                    #[doc = concat!("The fields that were of the wrong type, in the ", stringify!($whole), " object.")]
                    pub odd: $crate::wire::lenient::Odd,
                )?
            }

            impl $crate::wire::lenient::Lenient for $name {
                fn map<'de, A: serde::de::MapAccess<'de>>(
                    mut map: A,
                    odd: &mut $crate::wire::lenient::Odd,
                ) -> Result<Option<Self>, A::Error> {
                    let mut out = Self::default();
                    while let Some(key) = map.next_key::<$crate::wire::shape::Key>()? {
                        match key.0.as_ref() {
                            $( $key => {
                                out.$field = map.next_value_seed($crate::wire::lenient::Reading::field($key, odd))?;
                            } )*
                            _ => { map.next_value::<serde::de::IgnoredAny>()?; }
                        }
                    }
                    Ok(Some(out))
                }
            }

            $( $crate::wire::shape::$whole!($name); )?
        )*
    };
}
pub(crate) use shape;

/// What arrives by itself: it is read whatever it is.
macro_rules! whole {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut odd = Vec::new();
                let reading = $crate::wire::lenient::Reading::<Self>::field("the object itself", &mut odd);
                let read = serde::de::DeserializeSeed::deserialize(reading, deserializer)?;
                Ok(Self { odd, ..read.unwrap_or_default() })
            }
        }
    };
}
pub(crate) use whole;

/// The name of a field: borrowed from the input where it needs no unescaping.
pub struct Key<'de>(pub std::borrow::Cow<'de, str>);

impl<'de: 'k, 'k> serde::Deserialize<'de> for Key<'k> {
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
