//! A link between two hosts: what passes arrives later, by half a round trip in
//! each direction, and the link counts the requests that pass.
//!
//! The timer of tokio is up to a millisecond late, which a run would wait for at each
//! of its requests. The link waits in threads, whose sleep ends on time.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// How often each route was asked for, as `GET /path`.
pub type Requests = BTreeMap<String, usize>;

/// The near end of a link.
#[derive(Debug)]
pub struct Link {
    /// Where connections to the far end begin.
    pub address: SocketAddr,
    /// What passed so far.
    pub requests: Arc<Mutex<Requests>>,
}

impl Link {
    /// Opens a link to the server at `far`, so long a round trip away.
    pub async fn open(far: SocketAddr, round_trip: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Requests::new()));
        let counted = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(join(near, far, round_trip, Arc::clone(&counted)));
            }
        });
        Ok(Self { address, requests })
    }
}

/// Joins a connection with one to the far end. A new connection costs a round
/// trip more, for its handshake.
async fn join(near: TcpStream, far: SocketAddr, round_trip: Duration, requests: Arc<Mutex<Requests>>) {
    wait_until(Instant::now() + round_trip).await;
    let Ok(far) = TcpStream::connect(far).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
    tokio::spawn(carry(from_far, to_near, round_trip / 2, |_| {}));
    carry(from_near, to_far, round_trip / 2, move |bytes| note(&requests, bytes)).await;
}

/// Carries what comes, each piece so much later, and then the end.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, late: Duration, note: impl Fn(&[u8])) {
    let (sender, mut pieces) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let arrive = tokio::spawn(async move {
        while let Some((due, piece)) = pieces.recv().await {
            wait_until(due).await;
            if to.write_all(&piece).await.is_err() {
                return;
            }
        }
        wait_until(Instant::now() + late).await;
    });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        note(&buffer[..count]);
        if sender.send((Instant::now() + late, buffer[..count].to_vec())).is_err() {
            break;
        }
    }
    drop(sender);
    let _ = arrive.await;
}

/// Waits without the timer of tokio.
async fn wait_until(due: Instant) {
    let late = due.saturating_duration_since(Instant::now());
    if !late.is_zero() {
        // Ends early only with the process.
        let _ = tokio::task::spawn_blocking(move || std::thread::sleep(late)).await;
    }
}

/// Counts a request, if a piece begins with its request line: no client sends
/// a second request before it has the answer to the first.
fn note(requests: &Mutex<Requests>, bytes: &[u8]) {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    if let (Some(method), Some(target), Some("HTTP/1.1")) = (words.next(), words.next(), words.next()) {
        let route = format!("{method} {}", route(target));
        *requests.lock().unwrap_or_else(PoisonError::into_inner).entry(route).or_default() += 1;
    }
}

/// A path without query and without the id of an account or issuer.
fn route(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "api", "admin", "users", _, rest @ ..] => {
            ["/api/admin/users/{id}"].iter().chain(rest).copied().collect::<Vec<_>>().join("/")
        }
        ["", "api", ..] => path.to_owned(),
        _ => "(other)".to_owned(),
    }
}
