//! The files that new scenarios begin as.

use mock_idp::{Message, Quirk};
use toml_edit::{DocumentMut, Item};

/// What a scenario is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TemplateKind {
    /// What the server does under one of its settings.
    Policy,
    /// What the server takes from claims into an account.
    Claims,
    /// What the server does after an administrator changes a setting.
    Settings,
    /// The provider does one thing wrong, and the server must refuse.
    Adversarial,
    /// The mobile app signs in.
    Mobile,
    /// A user signs out, here or at the provider.
    Logout,
}

impl TemplateKind {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Policy, Self::Adversarial, Self::Claims, Self::Settings, Self::Mobile, Self::Logout];

    /// The file that it begins as.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Policy => include_str!("policy.toml"),
            Self::Claims => include_str!("claims.toml"),
            Self::Settings => include_str!("settings.toml"),
            Self::Adversarial => include_str!("adversarial.toml"),
            Self::Mobile => include_str!("mobile.toml"),
            Self::Logout => include_str!("logout.toml"),
        }
    }

    /// Returns whether a scenario of this kind can meet the quirk: a sign-in
    /// never meets a logout token.
    pub fn meets(self, quirk: &Quirk) -> bool {
        matches!(self, Self::Adversarial | Self::Logout) || !is_of_logout_tokens(quirk)
    }

    /// The title of that file.
    pub fn title(self) -> String {
        self.member("title").as_str().unwrap_or_default().to_owned()
    }

    /// The problem of a server that fails it.
    pub fn problem(self) -> String {
        self.member("problem").as_str().unwrap_or_default().to_owned()
    }

    /// The clauses that it cites.
    pub fn requirement(self) -> Vec<String> {
        let list = self.member("requirement");
        let list = list.as_array().into_iter().flatten();
        list.filter_map(|item| item.as_str().map(ToOwned::to_owned)).collect()
    }

    fn member(self, name: &str) -> Item {
        let document = self.text().parse::<DocumentMut>().unwrap_or_default();
        document.get(name).cloned().unwrap_or_default()
    }
}

/// Returns whether a quirk changes logout tokens and nothing else.
pub(super) fn is_of_logout_tokens(quirk: &Quirk) -> bool {
    quirk.touches.iter().all(|(message, _)| *message == Message::LogoutToken)
}
