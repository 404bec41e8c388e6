//! Serves one honest or misbehaving issuer by hand.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use indexmap::IndexMap;
use mock_idp::{
    Client, Clock, Deviations, EndUser, KeySource, Provider, ProviderOptions, ProviderSettings, Registration,
};
use serde_json::{Map, Value, json};

/// An OpenID provider that can misbehave.
#[derive(Debug, Parser)]
#[command(name = "mock-idp", version)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// A quirk, as NAME or NAME=VALUE; may be given several times.
    #[arg(long = "quirk", value_name = "NAME[=VALUE]")]
    quirks: Vec<String>,
    /// The client's id.
    #[arg(long, default_value = "client")]
    client_id: String,
    /// The client's secret.
    #[arg(long, default_value = "secret")]
    client_secret: String,
    /// A redirect URI; may be given several times.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// What a user agent must send in `mock-idp-secret`.
    #[arg(long, default_value = "secret-of-the-run")]
    secret: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "mock-idp: {problem}");
            ExitCode::from(2)
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let quirks: Map<String, Value> = arguments
        .quirks
        .iter()
        .map(|quirk| match quirk.split_once('=') {
            Some((name, value)) => {
                let number = value.parse::<i64>().map(Value::from);
                (name.to_owned(), number.unwrap_or_else(|_| value.into()))
            }
            None => (quirk.clone(), true.into()),
        })
        .collect();
    let deviations = Deviations::parse(&quirks, &Map::new())?;
    let provider = Provider::start(ProviderOptions {
        listen: arguments.listen,
        public_url: None,
        keys: KeySource::Fresh,
        clock: Clock::system(),
        seed: rand::random(),
        secret: arguments.secret,
    })
    .await?;
    let claims = json!({"email": "alice@example.test", "email_verified": true, "name": "Alice"});
    let alice = EndUser { sub: "alice".into(), claims: claims.as_object().cloned().unwrap_or_default() };
    let issuer = provider.open(Registration {
        path: String::new(),
        client: Client {
            id: arguments.client_id,
            secret: Some(arguments.client_secret).filter(|secret| !secret.is_empty()),
            redirect_uris: arguments.redirect_uris,
        },
        settings: ProviderSettings::default(),
        deviations,
        end_users: IndexMap::from([("alice".to_owned(), alice)]),
    })?;
    writeln!(std::io::stdout(), "issuer {}; Ctrl-C ends it", issuer.url())?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}
