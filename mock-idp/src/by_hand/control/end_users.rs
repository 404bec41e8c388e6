//! `/control/users`: who can sign in, looked at, or replaced as a whole.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use indexmap::IndexMap;
use serde_json::Value;

use super::answer::{Json, read};
use crate::by_hand::context::Context;
use crate::end_user::EndUser;
use crate::issuer::Issuer;
use crate::person::{EndUserTable, table};

pub(super) async fn show(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(shown(context.open()?.0)))
}

/// All end-users, unchanged except for a missing `sub`.
pub(super) async fn replace(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let people: IndexMap<String, EndUserTable> = read(&body)?;
    let named = |(name, own): (String, EndUserTable)| (name.clone(), own.named(&name));
    let people: IndexMap<String, EndUser> = people.into_iter().map(named).collect();
    issuer.set_end_users(people);
    Ok(Json(shown(issuer)))
}

fn shown(issuer: &Issuer) -> Value {
    let people = issuer.end_users();
    people.iter().map(|(name, end_user)| (name.clone(), Value::Object(table(end_user)))).collect()
}
