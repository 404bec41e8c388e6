//! End-users, quirks and settings: looked at, or replaced as a whole.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::{ControlError, Json, read};
use crate::by_hand::context::Context;
use crate::end_user::EndUser;
use crate::issuer::Issuer;
use crate::person::{EndUserTable, table};
use crate::quirk::Deviations;

pub(super) async fn users(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(say_users(context.open()?.0)))
}

/// Everybody, as they are to be: nothing is added but a missing `sub`.
pub(super) async fn put_users(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let people: IndexMap<String, EndUserTable> = read(&body)?;
    let named = |(name, own): (String, EndUserTable)| (name.clone(), own.named(&name));
    let people: IndexMap<String, EndUser> = people.into_iter().map(named).collect();
    issuer.set_end_users(people);
    Ok(Json(say_users(issuer)))
}

fn say_users(issuer: &Issuer) -> Value {
    let people = issuer.end_users();
    people.iter().map(|(name, end_user)| (name.clone(), Value::Object(table(end_user)))).collect()
}

pub(super) async fn quirks(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(say_quirks(context.open()?.0)))
}

/// As a scenario's `[provider]` writes them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WantedDeviations {
    quirks: Map<String, Value>,
    overlay: Map<String, Value>,
}

pub(super) async fn put_quirks(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let WantedDeviations { quirks, overlay } = read(&body)?;
    let deviations = Deviations::parse(&quirks, &overlay);
    issuer.set_deviations(deviations.map_err(|error| ControlError::new(422, error.to_string()))?);
    Ok(Json(say_quirks(issuer)))
}

fn say_quirks(issuer: &Issuer) -> Value {
    let (quirks, overlay) = issuer.deviations().tables();
    json!({ "quirks": quirks, "overlay": overlay })
}

pub(super) async fn settings(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(json!(context.open()?.0.settings())))
}

/// What is not named has its default.
pub(super) async fn put_settings(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let changed = issuer.set_settings(read(&body)?);
    changed.map_err(|error| ControlError::new(422, error.to_string()))?;
    Ok(Json(json!(issuer.settings())))
}
