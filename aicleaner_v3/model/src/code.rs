//! The catalogue of error codes: one stable code for each kind of fault that a person may meet, with what
//! to do about it. Codes never change their meaning and are never used again for another fault.

use std::fmt;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $remedy:literal;)*) => {
        /// A stable code for a kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code itself, such as `AIC-SET-001`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What a person can do about it, in one or two plain sentences.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)* }
            }
        }
    };
}

catalogue! {
    /// The settings can't be read at all.
    SettingsUnreadable = "AIC-SET-001", "Check that the settings file exists, can be read, and is valid YAML or JSON.";
    /// A value in the settings is not allowed.
    SettingsInvalid = "AIC-SET-002", "Correct the value at the named path in the settings, then restart AICleaner.";
    /// The data folder can't be used.
    DataFolder = "AIC-STO-001", "Check that the data folder exists, is writable, and that no other AICleaner uses it.";
    /// The database can't be used.
    Database = "AIC-STO-002", "Check the free space and the health of the disk that holds the data folder.";
    /// The database was made by a newer version.
    DatabaseNewer = "AIC-STO-003", "Install the newer version of AICleaner again, or restore the backup made before the upgrade.";
    /// The disk is full.
    DiskFull = "AIC-STO-004", "Free some space on the disk that holds the data folder. Until then tasks are kept, but past assessments are not.";
    /// A broken or missing database was replaced by a copy.
    DatabaseRestored = "AIC-STO-005", "Nothing to do: AICleaner goes on from its last good copy. Tasks and scores since then may be missing; check the disk.";
    /// Home Assistant can't be reached.
    HomeAssistantUnreachable = "AIC-HA-001", "Check that Home Assistant runs and that the URL is right. AICleaner keeps trying.";
    /// Home Assistant does not accept the token.
    HomeAssistantToken = "AIC-HA-002", "Make a new long-lived access token in your Home Assistant profile and put it into the settings.";
    /// Home Assistant is still starting.
    HomeAssistantStarting = "AIC-HA-003", "Nothing to do: AICleaner goes on when Home Assistant has started.";
    /// Home Assistant refused a command or answered in a form that was not expected.
    HomeAssistantAnswer = "AIC-HA-004", "Look at Home Assistant's own log for the reason.";
    /// The dashboard needs an administrator.
    DashboardNotAllowed = "AIC-HA-007", "Make the long-lived access token with an administrator's account, or make a dashboard by hand.";
    /// The to-do list does not exist.
    TodoListMissing = "AIC-HA-005", "Choose an existing to-do list for the zone, or create the list in Home Assistant.";
    /// The to-do list can't do what is needed.
    TodoListRefused = "AIC-HA-006", "Check the to-do list in Home Assistant, or choose another list for the zone.";
    /// The camera does not exist.
    CameraMissing = "AIC-CAM-001", "Choose an existing camera for the zone.";
    /// The camera is off or unavailable.
    CameraUnavailable = "AIC-CAM-002", "Switch the camera on. AICleaner tries again at the next look.";
    /// The camera's answer is no picture that can be used.
    CameraPicture = "AIC-CAM-003", "Open the camera in Home Assistant and check that it shows a picture.";
    /// The camera's picture is larger than the limits.
    CameraTooLarge = "AIC-CAM-004", "Choose a smaller picture size in the camera's own settings.";
    /// The camera did not answer in time.
    CameraTimeout = "AIC-CAM-005", "Check the camera's connection. AICleaner tries again at the next look.";
    /// The broker can't be reached.
    MqttUnreachable = "AIC-MQ-001", "Check that the MQTT broker runs and that host and port are right. AICleaner keeps trying.";
    /// The broker does not let us in.
    MqttRefused = "AIC-MQ-002", "Check the MQTT user name and password in the settings.";
    /// No broker is known.
    MqttMissing = "AIC-MQ-003", "Install the Mosquitto broker app, or enter a broker in the settings.";
    /// A message to us could not be understood.
    MqttPayload = "AIC-MQ-004", "Send ON or OFF to switches and PRESS to buttons.";
    /// A message is larger than we send or take.
    MqttTooLarge = "AIC-MQ-005", "Choose a smaller picture size, and take messages of more than 1 MiB off AICleaner's topics.";
    /// Another client uses our id.
    MqttDuplicate = "AIC-MQ-006", "Give every AICleaner that shares a broker an instance name of its own, and stop the one that is too many.";
    /// No provider can be used.
    ProviderMissing = "AIC-PRO-001", "Set up an AI Task entity in Home Assistant (Settings, Voice assistants or an AI integration), or name another provider.";
    /// The provider could not be asked.
    ProviderFailed = "AIC-PRO-002", "Look at the log of the provider's integration in Home Assistant. AICleaner tries again at the next look.";
    /// The provider's answer is no verdict.
    ProviderAnswer = "AIC-PRO-003", "Try again, or choose a model that follows instructions better.";
    /// The provider took too long.
    ProviderTimeout = "AIC-PRO-004", "Choose a faster model, or give the provider a longer time limit.";
    /// Pictures can't be handed to Home Assistant's AI Task.
    ImageUpload = "AIC-PRO-005", "Enable the image_upload integration (part of default_config), or allow `own_camera_source` for the provider.";
    /// The provider does not accept the key.
    ProviderKey = "AIC-PRO-006", "Copy the key from the service's own page again, and check that it may use the chosen model.";
    /// The provider does not have the model.
    ProviderModel = "AIC-PRO-007", "Choose a model that the service has; for Ollama, pull it first.";
    /// The model does not see pictures.
    ProviderBlind = "AIC-PRO-008", "Choose a model that takes pictures. With AI Task, check that its integration hands attachments on.";
    /// The provider's quota or credit is used up.
    ProviderQuota = "AIC-PRO-009", "Wait for the quota's reset, raise it at the service, or name a second provider.";
    /// The provider is asked too often.
    ProviderRateLimit = "AIC-PRO-010", "Nothing to do at once: AICleaner waits. Look less often, or name a second provider.";
    /// The provider is overloaded or rests after failures.
    ProviderOverloaded = "AIC-PRO-011", "Nothing to do: AICleaner tries again by itself. A second provider bridges such times.";
    /// The provider refuses to judge a picture.
    ProviderRefused = "AIC-PRO-012", "Mask what the service may not like, or name another provider for the zone.";
    /// The provider does not take the request.
    ProviderRejected = "AIC-PRO-013", "Look at the diagnostic log for the service's own words; check model and base_url.";
    /// The provider can't be reached.
    ProviderNetwork = "AIC-PRO-014", "Check the network and the provider's base_url. AICleaner tries again at the next look.";
    /// The budget is at its cap.
    CapReached = "AIC-PRO-015", "Wait for the next day or month, raise the cap, or name a free provider.";
    /// A listener could not be opened.
    Listener = "AIC-WEB-001", "Choose another port, or end the program that uses it.";
    /// Root can't be given up.
    RootKept = "AIC-RUN-001", "Start the container with the capabilities CHOWN, SETUID, SETGID and SETPCAP, or as another user than root.";
    /// A picture file could not be judged.
    Picture = "AIC-VIS-001", "Use a whole JPEG, PNG or WebP picture within the limits.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_unique_and_well_formed() {
        let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();

        assert_eq!(codes.len(), Code::ALL.len());
        for code in codes {
            let parts: Vec<_> = code.split('-').collect();
            assert!(
                parts.len() == 3 && parts[0] == "AIC" && parts[2].len() == 3,
                "{code}"
            );
        }
    }
}
