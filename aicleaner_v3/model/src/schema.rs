//! What values the names and ids take, as JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{DiscoveryPrefix, EntityId, InstanceName, ZoneId};

macro_rules! takes {
    ($type:ty: $schema:tt) => {
        impl JsonSchema for $type {
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

takes!(EntityId: { "type": "string", "pattern": r"^[a-z0-9_]+\.[a-z0-9_]+$" });
takes!(ZoneId: { "type": "string", "maxLength": ZoneId::MAX_LENGTH, "pattern": "^[a-z0-9]+(_[a-z0-9]+)*$" });
takes!(InstanceName: { "type": "string", "maxLength": InstanceName::MAX_LENGTH, "pattern": "^[a-z0-9]+(_[a-z0-9]+)*$" });
takes!(DiscoveryPrefix: { "type": "string", "maxLength": DiscoveryPrefix::MAX_LENGTH });
