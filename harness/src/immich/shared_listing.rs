//! One listing of accounts for all plays that wait for one. A play may use the
//! answer to the request of another if that was sent after the play wanted it:
//! then it shows all that the play did before. [`super::accounts`] sends and
//! reads it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::exchange::Exchange;

/// The listings at one server, one at a time. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct SharedListing(Arc<Listings>);

#[derive(Debug, Default)]
struct Listings {
    /// How many were wanted so far.
    wanted: AtomicU64,
    last: Mutex<Option<Listing>>,
}

/// A listing, for all that wanted one before it was sent.
#[derive(Debug)]
struct Listing {
    /// How many were wanted when it was sent.
    wanted: u64,
    exchange: Exchange,
}

/// Who sent the request that a play has the answer to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SentBy {
    /// This play.
    Itself,
    /// A play beside it.
    Another,
}

impl SharedListing {
    /// Returns the answer to a listing that was sent after this call, and who
    /// sent it. `send` sends one if no play beside this one does.
    ///
    /// # Errors
    /// Those of `send`. Then another play that waits sends its own request.
    pub(super) async fn answer<E>(
        &self,
        send: impl Future<Output = Result<Exchange, E>>,
    ) -> Result<(Exchange, SentBy), E> {
        let wish = self.0.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        let mut last = self.0.last.lock().await;
        if let Some(listing) = last.as_ref().filter(|listing| listing.wanted >= wish) {
            return Ok((listing.exchange.clone(), SentBy::Another));
        }
        let wanted = self.0.wanted.load(Ordering::SeqCst);
        let exchange = send.await?;
        *last = Some(Listing { wanted, exchange: exchange.clone() });
        Ok((exchange, SentBy::Itself))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    async fn ask(listings: SharedListing, status: u16, sent: oneshot::Receiver<()>) -> (Option<u16>, SentBy) {
        let answer = listings.answer(async {
            let _ = sent.await;
            Ok::<_, ()>(Exchange { status: Some(status), ..Exchange::default() })
        });
        let Ok((exchange, sent_by)) = answer.await else { unreachable!("nothing fails") };
        (exchange.status, sent_by)
    }

    /// The second and the third may have changed something since the first was
    /// sent.
    #[tokio::test]
    async fn those_that_wait_share_one_that_is_sent_after_they_began_to() {
        let listings = SharedListing::default();
        let (senders, mut receivers): (Vec<_>, Vec<_>) = (0..3).map(|_| oneshot::channel()).unzip();
        let mut asking = Vec::new();
        for (status, receiver) in (201..).zip(receivers.drain(..)) {
            let mut one = Box::pin(ask(listings.clone(), status, receiver));
            assert!(one.as_mut().now_or_never().is_none());
            asking.push(one);
        }
        for sender in senders {
            let _ = sender.send(());
        }
        let mut answers = Vec::new();
        for one in asking {
            answers.push(one.await);
        }
        assert_eq!(answers, [(Some(201), SentBy::Itself), (Some(202), SentBy::Itself), (Some(202), SentBy::Another)]);
    }

    #[tokio::test]
    async fn one_that_asks_later_gets_a_new_listing() {
        let listings = SharedListing::default();
        for status in [201, 202] {
            let (sender, sent) = oneshot::channel();
            let _ = sender.send(());
            assert_eq!(ask(listings.clone(), status, sent).await, (Some(status), SentBy::Itself));
        }
    }

    #[tokio::test]
    async fn where_one_fails_the_next_one_is_sent() {
        let listings = SharedListing::default();
        assert_eq!(listings.answer(async { Err("refused") }).await, Err("refused"));
        let (sender, sent) = oneshot::channel();
        let _ = sender.send(());
        assert_eq!(ask(listings, 202, sent).await, (Some(202), SentBy::Itself));
    }
}
