//! `/control/…` and `/health`: the provider changed by a program or from a
//! shell, in JSON. Every call but `/health` needs the secret as a Bearer
//! token, wherever the provider listens.

mod answer;
mod journal;
mod logout_token;
mod routes;
mod state;
mod switches;

pub(super) use routes::routes;
