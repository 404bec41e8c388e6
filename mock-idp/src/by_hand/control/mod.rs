//! `/control/…` and `/health`: the provider changed by a program or from a
//! shell, in JSON. Every call but `/health` needs the secret as a Bearer
//! token, wherever the provider listens.

mod answer;
mod availability;
mod client;
mod clock;
mod end_users;
mod journal;
mod key_rotation;
mod logout_token;
mod quirks;
mod routes;
mod settings;

pub(super) use routes::routes;
