//! What the server remembers: settings, accounts, sessions.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::account::Account;

/// A signed-in browser or app.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) sid: Option<String>,
    pub(super) id_token: Option<String>,
}

/// Everything that changes.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) settings: Value,
    pub(super) accounts: Vec<Account>,
    pub(super) sessions: HashMap<String, Session>,
    /// The redirect URIs of sign-ins that were started, by state.
    pub(super) started: HashMap<String, String>,
    /// Logout tokens that were used already.
    pub(super) spent: HashSet<String>,
    /// Key sets by address, for a server that keeps them.
    pub(super) key_sets: HashMap<String, Value>,
    /// Providers that failed, for a server that never tries them again.
    pub(super) failed_providers: HashSet<String>,
    ids: u64,
}

impl Store {
    pub(super) fn new() -> Self {
        let mut store = Self {
            settings: defaults(),
            accounts: Vec::new(),
            sessions: HashMap::new(),
            started: HashMap::new(),
            spent: HashSet::new(),
            key_sets: HashMap::new(),
            failed_providers: HashSet::new(),
            ids: 0,
        };
        let id = store.next_id();
        let name = "Administrator".to_owned();
        store.accounts.push(Account {
            id,
            name,
            is_admin: true,
            email: "admin@reference.test".into(),
            ..Account::default()
        });
        store
    }

    pub(super) fn next_id(&mut self) -> String {
        self.ids += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.ids)
    }

    pub(super) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }
}

/// Where a settings document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The whole of it is wanted, and an empty text stands for the default.
    Api,
    /// What it does not say has its default.
    File,
}

/// The defaults with `new` over them; keys nobody knows are dropped (contract
/// §2). What is wrong with it, if it cannot be taken.
pub(super) fn over_defaults(new: &Value, origin: Origin) -> Result<Value, String> {
    let mut document = defaults();
    for (section, keys) in document.as_object_mut().into_iter().flatten() {
        for (key, slot) in keys.as_object_mut().into_iter().flatten() {
            let Some(value) = new.get(section).and_then(|section| section.get(key)) else {
                match origin {
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

/// The default settings: Immich 3.1's `oauth` section, and enough others to
/// see whether they are left alone.
pub(super) fn defaults() -> Value {
    json!({
        "oauth": {
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
