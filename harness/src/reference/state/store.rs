//! Accounts, sessions, and everything else that changes.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

/// Where the email of an account comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmailSource {
    /// An administrator or the provider.
    #[default]
    Authority,
    /// The user, who proved nothing.
    User,
}

/// An account.
#[derive(Debug, Clone, Default)]
pub struct StoredAccount {
    pub id: String,
    pub email: String,
    pub email_source: EmailSource,
    pub name: String,
    pub oauth_id: String,
    pub is_admin: bool,
    pub storage_label: Option<String>,
    pub quota: Option<f64>,
    pub password: Option<String>,
    pub has_picture: bool,
    pub deleted: bool,
}

impl StoredAccount {
    /// Where its picture is kept; empty if there is none.
    pub fn picture(&self) -> String {
        if self.has_picture { format!("/data/profile/{}.png", self.id) } else { String::new() }
    }

    pub fn document(&self) -> Value {
        json!({
            "id": self.id,
            "email": self.email,
            "name": self.name,
            "oauthId": self.oauth_id,
            "isAdmin": self.is_admin,
            "storageLabel": self.storage_label,
            "quotaSizeInBytes": self.quota,
            "profileImagePath": self.picture(),
            "shouldChangePassword": true,
            "status": if self.deleted { "deleted" } else { "active" },
        })
    }
}

/// A signed-in browser or app.
#[derive(Debug, Clone, Default)]
pub struct BrowserSession {
    pub account: String,
    pub sid: Option<String>,
    pub id_token: Option<String>,
}

/// A sign-in that was started.
#[derive(Debug, Clone)]
pub struct StartedFlow {
    pub redirect_uri: String,
    pub verifier: String,
    /// The issuer that the browser was sent to.
    pub issuer: String,
}

/// Everything that changes.
#[derive(Debug)]
pub struct Store {
    pub settings: Value,
    pub accounts: Vec<StoredAccount>,
    pub sessions: HashMap<String, BrowserSession>,
    /// The accounts of sessions that ended, by token, for a server that does
    /// not forget them everywhere.
    pub ended: HashMap<String, String>,
    /// The API keys of users, each with its account's id.
    pub user_keys: HashMap<String, String>,
    /// The sign-ins that were started, by state.
    pub started: HashMap<String, StartedFlow>,
    /// The accounts of sign-ins that wait for their session, by state, for a
    /// server that finishes a sign-in in any browser.
    pub waiting: HashMap<String, String>,
    /// Logout tokens that were used already.
    pub spent: HashSet<String>,
    /// Keys by the address of their set, for a server that keeps them.
    pub key_sets: HashMap<String, Vec<Value>>,
    /// Id, secret and authentication method by provider, for a server that
    /// keeps them.
    pub kept_clients: HashMap<String, (String, String, bool)>,
    /// Providers that failed, for a server that never tries them again.
    pub failed_providers: HashSet<String>,
    ids: u64,
}

impl Store {
    /// What a fresh server remembers.
    pub fn new(settings: Value) -> Self {
        let mut store = Self {
            settings,
            accounts: Vec::new(),
            sessions: HashMap::new(),
            ended: HashMap::new(),
            user_keys: HashMap::new(),
            started: HashMap::new(),
            waiting: HashMap::new(),
            spent: HashSet::new(),
            key_sets: HashMap::new(),
            kept_clients: HashMap::new(),
            failed_providers: HashSet::new(),
            ids: 0,
        };
        let id = store.next_id();
        let name = "Administrator".to_owned();
        store.accounts.push(StoredAccount {
            id,
            name,
            is_admin: true,
            email: "admin@reference.test".into(),
            ..StoredAccount::default()
        });
        store
    }

    /// Forgets what a process keeps in memory and no server stores.
    pub fn forget(&mut self) {
        self.started.clear();
        self.waiting.clear();
        self.key_sets.clear();
        self.kept_clients.clear();
        self.failed_providers.clear();
    }

    pub fn next_id(&mut self) -> String {
        self.ids += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.ids)
    }

    pub fn account(&self, id: &str) -> Option<&StoredAccount> {
        self.accounts.iter().find(|account| account.id == id)
    }
}
