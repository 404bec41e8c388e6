//! How a server shows that it is down, and how long it may take to come back.
//! A server that gives no answer in time hangs: see [`super::Immich::end`].

use std::fmt;
use std::time::{Duration, Instant};

use super::{ApiRoute, Immich, NoAnswer, TargetError};
use crate::exchange::Exchange;

/// How a server shows that it is down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outage {
    /// There is no connection, or it breaks off.
    Connection(NoAnswer),
    /// The status of a proxy that reaches no server (RFC 9110 §15.6.3 to §15.6.5).
    Gateway(u16),
}

/// How long a server that is down may take to start again.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the harness waits before it asks such a server again.
const PAUSE: Duration = Duration::from_millis(500);

impl Outage {
    /// Returns none where the server itself answers, or no answer comes in time.
    pub(crate) fn of(exchange: &Exchange) -> Option<Self> {
        match (exchange.status, &exchange.error) {
            (Some(status @ 502..=504), _) => Some(Self::Gateway(status)),
            (None, Some(reason)) if !exchange.timed_out() => Some(Self::Connection(NoAnswer::of(reason))),
            _ => None,
        }
    }

    /// Whether the server never got the request.
    pub(crate) const fn is_before_request(&self) -> bool {
        matches!(self, Self::Connection(reason) if reason.is_of_the_server())
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(reason) => f.write_str(reason.text()),
            Self::Gateway(status) => write!(f, "status {status}"),
        }
    }
}

impl Immich {
    /// Sends one ping. Returns how it shows that the server is down, if it does.
    ///
    /// # Errors
    /// The harness cannot send the ping, or take its answer.
    pub(crate) async fn outage(&self) -> Result<Option<Outage>, TargetError> {
        let exchange = self.send(self.request(ApiRoute::PING)?).await?;
        Ok(Outage::of(&exchange))
    }

    /// Waits until a server that is down answers again. If it does not, it is
    /// noted as a reason to end the run.
    ///
    /// # Errors
    /// The harness cannot send a ping, or take its answer.
    pub(crate) async fn await_return(&self) -> Result<(), TargetError> {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            tokio::time::sleep(PAUSE).await;
            if self.outage().await?.is_none() {
                return Ok(());
            }
        }
        if let Err(error) = self.ping().await {
            self.note_end(error);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some(502), None, Some("status 502"))]
    #[case(Some(504), None, Some("status 504"))]
    #[case(None, Some("tcp connect error: Connection refused (os error 111)"), Some("connection refused"))]
    #[case(
        None,
        Some("connection closed before message completed"),
        Some("connection closed before message completed")
    )]
    #[case(None, Some("operation timed out"), None)]
    #[case(Some(500), None, None)]
    #[case(Some(200), None, None)]
    fn an_answer_of_the_server_is_no_outage(
        #[case] status: Option<u16>,
        #[case] error: Option<&str>,
        #[case] words: Option<&str>,
    ) {
        let exchange = Exchange { status, error: error.map(ToOwned::to_owned), ..Exchange::default() };
        assert_eq!(Outage::of(&exchange).map(|outage| outage.to_string()).as_deref(), words);
    }
}
