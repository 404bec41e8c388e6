//! The members of a discovery document (OIDC Discovery §3).

use serde_json::{Map, Value};

use super::member::MemberType;

/// A discovery document.
#[derive(Debug, Clone, Default)]
pub struct Metadata(pub Map<String, Value>);

/// What a document has for one of the members that a relying party uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataMember {
    /// Its name.
    pub name: &'static str,
    /// Whether the specification requires it.
    pub is_required: bool,
    /// The type that it must have.
    pub expected: MemberType,
    /// The type that it has.
    pub found: MemberType,
}

/// Members that the code flow uses: name, type, whether it is required. The
/// last five are of RFC 8414 §2, RFC 9207 §3, RP-Initiated Logout §2.1 and
/// Back-Channel Logout §2.1.
static MEMBERS: &[(&str, MemberType, bool)] = &[
    ("issuer", MemberType::Text, true),
    ("authorization_endpoint", MemberType::Text, true),
    ("token_endpoint", MemberType::Text, true),
    ("userinfo_endpoint", MemberType::Text, false),
    ("jwks_uri", MemberType::Text, true),
    ("scopes_supported", MemberType::List, false),
    ("response_types_supported", MemberType::List, true),
    ("subject_types_supported", MemberType::List, true),
    ("id_token_signing_alg_values_supported", MemberType::List, true),
    ("userinfo_signing_alg_values_supported", MemberType::List, false),
    ("token_endpoint_auth_methods_supported", MemberType::List, false),
    ("claims_supported", MemberType::List, false),
    ("code_challenge_methods_supported", MemberType::List, false),
    ("authorization_response_iss_parameter_supported", MemberType::Boolean, false),
    ("end_session_endpoint", MemberType::Text, false),
    ("backchannel_logout_supported", MemberType::Boolean, false),
    ("backchannel_logout_session_supported", MemberType::Boolean, false),
];

impl Metadata {
    /// Returns a member that is a text; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns whether a member is `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }

    /// Returns the texts of a member that is a list.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns each member that the code flow uses, with the type that it has.
    pub fn members(&self) -> impl Iterator<Item = MetadataMember> {
        MEMBERS.iter().map(|&(name, expected, is_required)| {
            let found = MemberType::of(self.0.get(name));
            MetadataMember { name, is_required, expected, found }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_member_has_a_type() {
        let document = json!({"issuer": "https://idp.test", "jwks_uri": 7, "scopes_supported": []});
        let metadata = Metadata(document.as_object().cloned().unwrap_or_default());
        let found: Vec<_> = metadata
            .members()
            .filter(|member| member.found != MemberType::Absent)
            .map(|member| (member.name, member.is_required, member.expected == member.found))
            .collect();
        assert_eq!(found, [("issuer", true, true), ("jwks_uri", true, false), ("scopes_supported", false, true)]);
    }
}
