//! The settings: how they are read, their defaults, and which of them make no
//! sense (contract §2).

use serde_json::{Value, json};
use url::Url;

/// A setting that is a text; empty if there is none.
pub fn text<'a>(settings: &'a Value, name: &str) -> &'a str {
    settings.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a setting is on.
pub fn flag(settings: &Value, name: &str) -> bool {
    settings.get(name) == Some(&Value::Bool(true))
}

/// It permits http; it does not concern certificates.
pub fn allows_insecure(settings: &Value) -> bool {
    flag(settings, "allowInsecureRequests")
}

/// Where a settings document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The whole of it is wanted, and an empty text stands for the default.
    Api,
    /// What it does not say has its default.
    File,
}

/// The defaults with `new` over them; unknown keys are dropped (contract §2).
/// What is wrong with it, if it cannot be taken.
pub fn over_defaults(mut document: Value, new: &Value, origin: Origin) -> Result<Value, String> {
    for (section, keys) in document.as_object_mut().into_iter().flatten() {
        for (key, slot) in keys.as_object_mut().into_iter().flatten() {
            let Some(value) = new.get(section).and_then(|section| section.get(key)) else {
                match origin {
                    Origin::Api if OPTIONAL.contains(&key.as_str()) => continue,
                    Origin::Api => return Err(format!("[{section}.{key}] Invalid input: received undefined")),
                    Origin::File => continue,
                }
            };
            let same_kind = slot.is_null() || std::mem::discriminant(slot) == std::mem::discriminant(value);
            if !same_kind {
                return Err(format!("[{section}.{key}] Invalid input"));
            }
            if origin == Origin::File || value != "" {
                slot.clone_from(value);
            }
        }
    }
    Ok(document)
}

/// What the API may leave out, since it came after settings were to be whole.
const OPTIONAL: &[&str] = &["accountManagementUrl"];

/// The default settings: Immich 3.3's `oauth` section, and enough others to
/// see whether they are left alone.
pub fn defaults() -> Value {
    json!({
        "oauth": {
            "accountManagementUrl": "",
            "autoLaunch": false,
            "autoRegister": true,
            "buttonText": "Login with OAuth",
            "clientId": "",
            "clientSecret": "",
            "tokenEndpointAuthMethod": "client_secret_post",
            "timeout": 30000,
            "allowInsecureRequests": false,
            "defaultStorageQuota": null,
            "enabled": false,
            "issuerUrl": "",
            "scope": "openid email profile",
            "prompt": "",
            "endSessionEndpoint": "",
            "signingAlgorithm": "RS256",
            "profileSigningAlgorithm": "none",
            "storageLabelClaim": "preferred_username",
            "storageQuotaClaim": "immich_quota",
            "roleClaim": "immich_role",
            "mobileOverrideEnabled": false,
            "mobileRedirectUri": "",
        },
        "passwordLogin": { "enabled": true },
        "newVersionCheck": { "enabled": true },
        "trash": { "enabled": true, "days": 30 },
    })
}

/// What type and default do not say (contract §2).
pub fn nonsense(oauth: &Value) -> Option<&'static str> {
    let number = |name: &str| oauth.get(name).and_then(Value::as_f64);
    let is_address = |name: &str| text(oauth, name).is_empty() || Url::parse(text(oauth, name)).is_ok();
    if !is_address("issuerUrl") {
        return Some("[oauth.issuerUrl] Issuer URL must be an empty string or a valid URL");
    }
    if !is_address("mobileRedirectUri") && flag(oauth, "mobileOverrideEnabled") {
        return Some("[oauth.mobileRedirectUri] Mobile redirect URI must be an empty string or a valid URL");
    }
    if !is_address("endSessionEndpoint") {
        return Some("[oauth.endSessionEndpoint] End session endpoint must be an empty string or a valid URL");
    }
    if !is_address("accountManagementUrl") {
        return Some("[oauth.accountManagementUrl] Account management URL must be an empty string or a valid URL");
    }
    if number("timeout").is_none_or(|timeout| timeout < 1.0) {
        return Some("[oauth.timeout] Too small: expected number to be >=1");
    }
    if number("defaultStorageQuota").is_some_and(|quota| quota < 0.0) {
        return Some("[oauth.defaultStorageQuota] Too small: expected number to be >=0");
    }
    if !matches!(text(oauth, "tokenEndpointAuthMethod"), "client_secret_post" | "client_secret_basic") {
        return Some("[oauth.tokenEndpointAuthMethod] Invalid option");
    }
    None
}
