//! Writes the configuration folder of a throw-away Home Assistant.
//! Must never switch on an integration that would reach beyond this machine.

use std::path::Path;

use serde_json::{Value, json};

use super::Error;

/// Where the folder is to the Home Assistant inside.
pub const INSIDE: &str = "/config";

/// Only what the tests use, rather than `default_config`, which discovers devices and phones home.
const CONFIGURATION: &str = "\
homeassistant:
  name: Test home
  time_zone: Europe/Vienna
  country: AT
  unit_system: metric
  allowlist_external_dirs:
    - /config/pictures
logger:
  default: warning
  logs:
    homeassistant.components.http: info
    homeassistant.components.mqtt: info
image_upload:
media_source:
automation: !include automations.yaml
";

/// Fills `folder` for a Core that listens on 127.0.0.1 at `port`.
///
/// # Errors
/// `Io` when a file cannot be written.
pub async fn write(folder: &Path, port: u16) -> Result<(), Error> {
    for name in [".storage", "pictures"] {
        tokio::fs::create_dir_all(folder.join(name))
            .await
            .map_err(Error::io(
                "cannot make Home Assistant's configuration folder",
            ))?;
    }
    // `http:` in YAML would only be a trial that Core takes back, with a restart, after five minutes.
    let http = json!({
        "stable": {
            "server_host": ["127.0.0.1"],
            "server_port": port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": false,
            "ssl_profile": "intermediate_v6",
            "use_x_frame_options": true,
            "created_at": "2026-01-01T00:00:00+00:00",
            "error": null,
            "error_message": null,
        },
        "pending": null,
        "yaml_migration_done": true,
    });
    // These two steps would start integrations that reach out.
    let onboarding = json!({"done": ["core_config", "analytics"]});
    write_file(&folder.join("automations.yaml"), b"[]\n").await?;
    write_file(&folder.join("configuration.yaml"), CONFIGURATION.as_bytes()).await?;
    write_store(folder, "http", 3, http).await?;
    write_store(folder, "onboarding", 4, onboarding).await
}

async fn write_store(folder: &Path, key: &str, version: u32, data: Value) -> Result<(), Error> {
    let content = json!({"version": version, "minor_version": 1, "key": key, "data": data});
    write_file(
        &folder.join(".storage").join(key),
        content.to_string().as_bytes(),
    )
    .await
}

/// Replaces a file in one step, so that Home Assistant never reads half of it.
///
/// # Errors
/// `Io` when it cannot be written.
pub async fn write_file(path: &Path, content: &[u8]) -> Result<(), Error> {
    let new = path.with_added_extension("new");
    tokio::fs::write(&new, content)
        .await
        .map_err(Error::io(format!("cannot write {}", new.display())))?;
    tokio::fs::rename(&new, path)
        .await
        .map_err(Error::io(format!("cannot write {}", path.display())))
}
