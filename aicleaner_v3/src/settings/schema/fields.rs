//! Which fields a type of the settings has, in their order, and what values the fields' own types take: facts that
//! only the types know. It never reads a value.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _, Visitor, value};

use crate::providers::Kinds;
use crate::settings::ProviderKinds as _;
use crate::settings::declared::KindName;
use crate::settings::fields::{Dollars, Secret, Text, Whole};

/// The names of a type's fields.
pub fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The answer is in `names`; the type gets no value to be made from.
    let _ = T::deserialize(Asked(&mut names)).err();
    assert!(!names.is_empty(), "the type has no fields");
    names
}

/// Keeps the names that a type asks for.
struct Asked<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, value::Error> {
        Err(value::Error::custom("no value"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, value::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

macro_rules! takes {
    ($type:ty $(, <$($name:ident: $kind:ty),+>)?: $schema:tt) => {
        impl $(<$(const $name: $kind),+>)? JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

takes!(Whole<LEAST, MOST>, <LEAST: u32, MOST: u32>: { "type": "integer", "minimum": LEAST, "maximum": MOST });
takes!(Text<MOST>, <MOST: usize>: { "type": "string", "maxLength": MOST });
takes!(Secret: { "type": "string", "format": "password" });
takes!(Dollars: { "type": "number", "minimum": 0, "maximum": 1_000_000 });

impl JsonSchema for KindName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "KindName".into()
    }

    /// The kinds of the table, in its order.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Kinds.all().into_iter().map(|kind| kind.name).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}
