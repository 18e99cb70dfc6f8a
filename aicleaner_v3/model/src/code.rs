//! The error codes: one stable code for each kind of fault that a person may meet. Their sentences and remedies are in
//! the catalogue of texts. Codes never change their meaning and are never used again for another fault.

use std::fmt;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
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
        }
    };
}

catalogue! {
    /// The settings can't be read at all.
    SettingsUnreadable = "AIC-SET-001";
    /// A value in the settings is not allowed.
    SettingsInvalid = "AIC-SET-002";
    /// Changed settings wait for the next start.
    RestartNeeded = "AIC-SET-003";
    /// Changed settings can't be used; the ones before stay in effect.
    SettingsRefused = "AIC-SET-004";
    /// No zone is set up.
    NoZones = "AIC-SET-005";
    /// The data folder can't be used.
    DataFolder = "AIC-STO-001";
    /// The database can't be used.
    Database = "AIC-STO-002";
    /// The database was made by a newer version.
    DatabaseNewer = "AIC-STO-003";
    /// The disk is full.
    DiskFull = "AIC-STO-004";
    /// A broken or missing database was replaced by a copy.
    DatabaseRestored = "AIC-STO-005";
    /// Home Assistant can't be reached.
    HomeAssistantUnreachable = "AIC-HA-001";
    /// Home Assistant does not accept the token.
    HomeAssistantToken = "AIC-HA-002";
    /// Home Assistant is still starting.
    HomeAssistantStarting = "AIC-HA-003";
    /// Home Assistant refused a command or answered in a form that was not expected.
    HomeAssistantAnswer = "AIC-HA-004";
    /// The dashboard needs an administrator.
    DashboardNotAllowed = "AIC-HA-007";
    /// The to-do list does not exist.
    TodoListMissing = "AIC-HA-005";
    /// The to-do list can't do what is needed.
    TodoListRefused = "AIC-HA-006";
    /// There is no connection to Home Assistant yet.
    HomeAssistantConnecting = "AIC-HA-008";
    /// The to-do list can't be read at the moment.
    ListUnavailable = "AIC-HA-009";
    /// The camera does not exist.
    CameraMissing = "AIC-CAM-001";
    /// The camera is off or unavailable.
    CameraUnavailable = "AIC-CAM-002";
    /// The camera's answer is no picture that can be used.
    CameraPicture = "AIC-CAM-003";
    /// The camera's picture is larger than the limits.
    CameraTooLarge = "AIC-CAM-004";
    /// The camera did not answer in time.
    CameraTimeout = "AIC-CAM-005";
    /// The broker can't be reached.
    MqttUnreachable = "AIC-MQ-001";
    /// The broker does not let us in.
    MqttRefused = "AIC-MQ-002";
    /// No broker is known.
    MqttMissing = "AIC-MQ-003";
    /// A message to us could not be understood.
    MqttPayload = "AIC-MQ-004";
    /// A message is larger than we send or take.
    MqttTooLarge = "AIC-MQ-005";
    /// Another client uses our id.
    MqttDuplicate = "AIC-MQ-006";
    /// There is no connection to the broker yet.
    MqttConnecting = "AIC-MQ-007";
    /// No provider can be used.
    ProviderMissing = "AIC-PRO-001";
    /// The provider could not be asked.
    ProviderFailed = "AIC-PRO-002";
    /// The provider's answer is no verdict.
    ProviderAnswer = "AIC-PRO-003";
    /// The provider took too long.
    ProviderTimeout = "AIC-PRO-004";
    /// Pictures can't be handed to Home Assistant's AI Task.
    ImageUpload = "AIC-PRO-005";
    /// The provider does not accept the key.
    ProviderKey = "AIC-PRO-006";
    /// The provider does not have the model.
    ProviderModel = "AIC-PRO-007";
    /// The model does not see pictures.
    ProviderBlind = "AIC-PRO-008";
    /// The provider's quota or credit is used up.
    ProviderQuota = "AIC-PRO-009";
    /// The provider is asked too often.
    ProviderRateLimit = "AIC-PRO-010";
    /// The provider is overloaded or rests after failures.
    ProviderOverloaded = "AIC-PRO-011";
    /// The provider refuses to judge a picture.
    ProviderRefused = "AIC-PRO-012";
    /// The provider does not take the request.
    ProviderRejected = "AIC-PRO-013";
    /// The provider can't be reached.
    ProviderNetwork = "AIC-PRO-014";
    /// The budget is at its cap.
    CapReached = "AIC-PRO-015";
    /// The provider is not asked for a while after failures: its circuit is open.
    ProviderDisabled = "AIC-PRO-016";
    /// A listener could not be opened.
    Listener = "AIC-WEB-001";
    /// Root can't be given up.
    RootKept = "AIC-RUN-001";
    /// A picture file could not be judged.
    Picture = "AIC-VIS-001";
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
