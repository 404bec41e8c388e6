//! From a scenario's `[provider]` to the provider's own types.
//!
//! A profile lies below what the file says itself.

use mock_idp::{Deviations, Profile, ProfileError, ProviderSettings, QuirkError, SettingsError, profile};

use super::ProviderShape;

impl ProviderShape {
    /// The profile that the file names, if it names one.
    pub fn profile(&self) -> Result<Option<&'static Profile>, ProfileError> {
        self.profile.as_deref().map(profile).transpose()
    }

    /// The settings; `name` is the realm, tenant or slug of the profile.
    pub fn settings_over(
        &self,
        profile: Option<&Profile>,
        name: &str,
        client_id: &str,
    ) -> Result<ProviderSettings, SettingsError> {
        let below = match profile {
            Some(profile) => ProviderSettings::default().with(&profile.settings(name, client_id))?,
            None if self.settings.is_empty() => return Ok(ProviderSettings::default()),
            None => ProviderSettings::default(),
        };
        let settings = below.with(&self.settings)?;
        settings.check().map(|()| settings)
    }

    /// What is wrong with the provider: the profile's quirks and overlays,
    /// and the file's own over them.
    pub fn deviations_over(&self, profile: Option<&Profile>) -> Result<Deviations, QuirkError> {
        let below = match profile {
            Some(profile) => Deviations::parse(&profile.quirks(), &profile.overlay())?,
            None => Deviations::default(),
        };
        Ok(below.with(&Deviations::parse(&self.quirks, &self.overlay)?)?)
    }
}
