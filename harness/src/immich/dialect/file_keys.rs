//! What a dialect file may say, key by key. The doc comments are the texts of
//! the JSON schema. Whether what it says fits together is for
//! [`crate::dialect_file`].

use indexmap::IndexMap;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::immich::{ApiRoute, SETTINGS};
use crate::table_schema::table;

/// What a server calls routes, settings and members that Immich calls
/// otherwise. What is not named here is as in Immich. See docs/dialects.md.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// The version of this format.
    // The reader checks it before all others.
    #[serde(rename = "format")]
    #[schemars(extend("const" = Dialect::FORMAT))]
    pub(super) _format: Value,
    /// Whether the server reads the discovery document of the provider. If it
    /// does not, one test of discovery fails and the others are skipped.
    #[serde(default = "yes")]
    pub discovery: bool,
    /// Immich's routes, and what they are at the server.
    #[serde(default)]
    #[schemars(schema_with = "routes")]
    pub routes: IndexMap<String, String>,
    /// Statuses of routes by which the server means another one of Immich's.
    #[serde(default)]
    #[schemars(schema_with = "statuses")]
    pub statuses: IndexMap<String, StatusMeaning>,
    /// Sections and names of settings.
    #[serde(default)]
    pub settings: SettingNames,
    /// The body of the requests that finish a sign-in or a link, if it does not
    /// hold the `url` to which the provider redirected.
    #[serde(default)]
    pub callback: Option<CallbackMembers>,
    /// The body of errors.
    #[serde(default)]
    pub errors: Option<ErrorMembers>,
}

/// A status of the server's, and what Immich answers instead.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusMeaning {
    /// The status that the server answers.
    pub is: u32,
    /// The status by which Immich says the same.
    pub means: u32,
}

/// The sections of the settings that a run changes.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingNames {
    /// Immich's section `oauth`.
    #[schemars(schema_with = "oauth")]
    pub oauth: SectionNames,
    /// Immich's section `passwordLogin`.
    #[serde(rename = "passwordLogin")]
    #[schemars(schema_with = "password_login")]
    pub password_login: SectionNames,
}

/// One section of the settings.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SectionNames {
    /// What the server calls the section.
    pub section: Option<String>,
    /// Immich's settings, and what the server calls them.
    pub keys: IndexMap<String, String>,
    /// Settings that only this server has, and which address of the provider
    /// each needs, for a server that reads no discovery document.
    pub addresses: IndexMap<String, MetadataAddress>,
    /// Settings that the server takes from environment variables when it
    /// starts, by Immich's names or those of `addresses`, and the variables. The
    /// file that sets them is that of `--config-file`.
    pub variables: IndexMap<String, String>,
}

/// A member of the discovery document that holds an address (OIDC Discovery
/// §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetadataAddress {
    /// Where end-users sign in.
    AuthorizationEndpoint,
    /// Where codes are exchanged for tokens.
    TokenEndpoint,
    /// Where access tokens yield claims.
    UserinfoEndpoint,
    /// The JWKS.
    JwksUri,
    /// Where end-users sign out.
    EndSessionEndpoint,
}

/// The members of a request that finishes a sign-in: each parameter of the
/// callback is a member by its own name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CallbackMembers {
    /// The member with the redirect URI: the callback without its parameters.
    pub redirect_uri: String,
    /// The member with the `state` that the mobile app sent when it began; the
    /// server does not take it without this key.
    #[serde(default)]
    pub app_state: Option<String>,
}

/// The members of an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorMembers {
    /// Where the message stands, as a JSON pointer (RFC 6901), such as
    /// `/error/detail`.
    pub message: String,
}

impl Dialect {
    /// Whether it is Immich's own contract.
    pub fn is_immichs(&self) -> bool {
        *self == Self::default()
    }

    /// The version of the format that this program reads.
    pub const FORMAT: u64 = 1;
}

impl Default for Dialect {
    /// Immich's own.
    fn default() -> Self {
        Self {
            _format: Value::Null,
            discovery: true,
            routes: IndexMap::new(),
            statuses: IndexMap::new(),
            settings: SettingNames::default(),
            callback: None,
            errors: None,
        }
    }
}

impl MetadataAddress {
    /// Its name in the discovery document.
    pub fn name(self) -> &'static str {
        match self {
            Self::AuthorizationEndpoint => "authorization_endpoint",
            Self::TokenEndpoint => "token_endpoint",
            Self::UserinfoEndpoint => "userinfo_endpoint",
            Self::JwksUri => "jwks_uri",
            Self::EndSessionEndpoint => "end_session_endpoint",
        }
    }
}

fn yes() -> bool {
    true
}

/// A table with a key for each route that a dialect may name.
fn by_route(text: &str, value: &Value) -> Schema {
    let routes = ApiRoute::all().map(|route| (route.name().to_owned(), value.clone()));
    table(text, routes.collect::<Map<_, _>>())
}

fn routes(_: &mut SchemaGenerator) -> Schema {
    let route = json!({ "type": "string", "pattern": "^[A-Z]+ /" });
    by_route("Immich's routes, and what they are at the server, such as `POST /api/sign-in/finish`.", &route)
}

fn statuses(generator: &mut SchemaGenerator) -> Schema {
    let meaning = generator.subschema_for::<StatusMeaning>().to_value();
    by_route("Statuses of routes by which the server means another one of Immich's.", &meaning)
}

fn section(generator: &mut SchemaGenerator, name: &str) -> Schema {
    let mut schema = SectionNames::json_schema(generator);
    let settings = SETTINGS.iter().filter(|setting| setting.section == name);
    let keys = settings.map(|setting| (setting.name.to_owned(), json!({ "type": "string" })));
    let keys = table("Immich's settings, and what the server calls them.", keys.collect::<Map<_, _>>());
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("keys".to_owned(), keys.to_value());
    }
    schema
}

fn oauth(generator: &mut SchemaGenerator) -> Schema {
    section(generator, "oauth")
}

fn password_login(generator: &mut SchemaGenerator) -> Schema {
    section(generator, "passwordLogin")
}

/// The JSON schema of a dialect file.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Dialect>().to_value()
}
