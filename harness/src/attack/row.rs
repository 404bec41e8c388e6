//! What an attack is, and where it is described.

/// An attack on a relying party.
#[derive(Debug, Clone, Copy)]
pub struct Attack {
    /// What the attacker does, or the attack's name.
    pub name: &'static str,
    /// Where it is described.
    pub source: Literature,
    /// The scenarios that show it, or why none does.
    pub shown: Shown,
}

/// Whether scenarios show an attack.
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    /// By these scenarios.
    By(&'static [&'static str]),
    /// By none, for this reason.
    Not(&'static str),
}

/// Where an attack is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literature {
    /// A section of RFC 6749.
    OAuth(&'static str),
    /// A section of RFC 7519.
    Jwt(&'static str),
    /// A section of RFC 8725.
    JwtPractice(&'static str),
    /// A section of RFC 9700.
    Practice(&'static str),
    /// `PrOfESSOS`, a suite of attacks on OpenID Connect.
    Professos,
    /// oidc-loki, a provider that misbehaves.
    Loki,
    /// The update of RFC 9700.
    Update,
    /// Sudhodanan and Paverd on accounts that an attacker creates first.
    PreHijacking,
    /// A section of `OpenID` Connect Back-Channel Logout.
    BackchannelLogout(&'static str),
    /// A record of a vulnerability.
    Cve(&'static str),
}

impl Literature {
    /// Returns its name and its address.
    pub fn citation(self) -> (String, String) {
        let rfc = |number: u16, section: &str| {
            let address = format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}");
            (format!("RFC {number} §{section}"), address)
        };
        let page = |name: &str, address: &str| (name.to_owned(), address.to_owned());
        match self {
            Self::OAuth(section) => rfc(6749, section),
            Self::Jwt(section) => rfc(7519, section),
            Self::JwtPractice(section) => rfc(8725, section),
            Self::Practice(section) => rfc(9700, section),
            Self::BackchannelLogout(section) => {
                let address = "https://openid.net/specs/openid-connect-backchannel-1_0.html";
                page(&format!("OIDC Back-Channel Logout §{section}"), address)
            }
            Self::Professos => page("PrOfESSOS", "https://github.com/RUB-NDS/PrOfESSOS"),
            Self::Loki => page("oidc-loki", "https://github.com/oidc-loki/oidc-loki"),
            Self::Update => page(
                "draft-ietf-oauth-security-topics-update",
                "https://datatracker.ietf.org/doc/draft-ietf-oauth-security-topics-update/",
            ),
            Self::PreHijacking => page("Pre-hijacked accounts (2022)", "https://arxiv.org/abs/2205.10174"),
            Self::Cve(id) => (id.to_owned(), format!("https://nvd.nist.gov/vuln/detail/{id}")),
        }
    }
}
