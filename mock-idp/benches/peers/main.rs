//! How fast `mock-idp` is beside other mock providers: one generator, one
//! machine, all in one run, their turns interleaved.
//!
//! ```text
//! mock-idp/benches/peers/install          # once: npm and PyPI packages, into target/peers
//! cargo bench -p mock-idp --bench peers   # about five minutes; prints docs/speed.md
//! ```
//!
//! `-- --rounds 1` is a quick look. `-- --only mock-idp` leaves the others out.

mod connection;
mod figures;
mod flow;
mod load;
mod page;
mod peer;
mod process;
mod signature;

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use clap::Parser;
use tokio::task::LocalSet;

use connection::Connection;
use figures::{Figures, Measure, OURS};
use flow::Flow;
use load::{Window, repeat, throughput};
use page::page;
use peer::{PEERS, Peer, SignIn, installed};
use process::Process;
use signature::Signer;

const DISCOVERY: &[u8] = b"GET /.well-known/openid-configuration HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";

/// Measures mock-idp beside its peers.
#[derive(Debug, Parser)]
struct Arguments {
    /// How often every measure is taken.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Keep-alive connections at a time.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// How long each load is counted, in seconds.
    #[arg(long, default_value_t = 1.6)]
    seconds: f64,
    /// Code flows before memory is measured again.
    #[arg(long, default_value_t = 100_000)]
    flows: u32,
    /// Only these peers; may be given several times.
    #[arg(long)]
    only: Vec<String>,
    /// Measures nothing, but sends so many requests of each kind to a mock-idp
    /// that runs already, under a profiler for example.
    #[arg(long, value_name = "ADDR", conflicts_with_all = ["rounds", "only"])]
    attach: Option<SocketAddr>,
    /// Discovery requests with `--attach`.
    #[arg(long, default_value_t = 0, requires = "attach")]
    discoveries: u32,
    /// What cargo says to benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let measured = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .and_then(|runtime| LocalSet::new().block_on(&runtime, run(&arguments)))
        .and_then(|page| io::stdout().write_all(page.as_bytes()));
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("peers: {problem}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> io::Result<String> {
    match arguments.attach {
        Some(address) => drive(arguments, address).await,
        None => measure(arguments).await,
    }
}

/// Sends requests and measures nothing.
async fn drive(arguments: &Arguments, address: SocketAddr) -> io::Result<String> {
    repeat(address, arguments.clients, arguments.discoveries, discover).await?;
    let flow = Rc::new(Flow::prepare(address, SignIn::AtOnce, 1).await?);
    repeat(address, arguments.clients, arguments.flows, sign_in(&flow)).await?;
    Ok(format!("{} discovery requests and {} code flows\n", arguments.discoveries, arguments.flows))
}

fn sign_in(flow: &Rc<Flow>) -> impl AsyncFn(&mut Connection) -> io::Result<()> + Clone + 'static {
    let flow = Rc::clone(flow);
    async move |connection: &mut Connection| flow.run(connection).await
}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A peer that runs.
struct Running {
    peer: &'static Peer,
    process: Process,
    flow: Rc<Flow>,
}

impl Running {
    async fn start(peer: &'static Peer) -> io::Result<Self> {
        let process = Process::start(peer.command)?;
        let flow = Flow::prepare(process.address, peer.sign_in, peer.signatures).await?;
        Ok(Self { peer, process, flow: Rc::new(flow) })
    }
}

async fn measure(arguments: &Arguments) -> io::Result<String> {
    let peers = chosen(arguments)?;
    let mut figures = Figures::default();
    let signer = Signer::new()?;
    let counted = Duration::from_secs_f64(arguments.seconds);
    let window = Window { warm_up: counted / 4, counted };
    let mut running = Vec::new();
    for peer in &peers {
        running.push(Running::start(peer).await?);
    }
    tokio::time::sleep(SETTLING).await;
    for one in &running {
        figures.note(Measure::Idle, one.peer.name, mebibytes(&one.process)?);
    }
    for round in 1..=arguments.rounds {
        say(&format!("round {round} of {}", arguments.rounds));
        for one in &running {
            let name = one.peer.name;
            let start = Process::start(one.peer.command)?.start;
            figures.note(Measure::Start, name, start.as_secs_f64() * 1e3);
            let discovery = throughput(&one.process, arguments.clients, window, discover).await?;
            figures.note(Measure::Discovery, name, discovery.per_second);
            figures.note(Measure::DiscoveryCpu, name, discovery.cpu * 1e6);
            figures.note(Measure::Signature, OURS, signer.cost(400)? * 1e3);
            let flows = throughput(&one.process, arguments.clients, window, sign_in(&one.flow)).await?;
            figures.note(Measure::Flows, name, flows.per_second);
            figures.note(Measure::FlowCpu, name, flows.cpu * 1e3);
        }
    }
    for one in &running {
        if one.peer.name == OURS {
            say(&format!("{} code flows", arguments.flows));
            repeat(one.process.address, arguments.clients, arguments.flows, sign_in(&one.flow)).await?;
        }
        figures.note(Measure::Loaded, one.peer.name, mebibytes(&one.process)?);
    }
    Ok(page(arguments, &figures, &peers.iter().map(|peer| peer.name).collect::<Vec<_>>()))
}

/// Until what a peer does in the background after its start is done.
const SETTLING: Duration = Duration::from_secs(1);

async fn discover(connection: &mut Connection) -> io::Result<()> {
    let answer = connection.exchange(DISCOVERY).await?;
    let is_right = answer.status == 200 && answer.body.trim_ascii_end().ends_with(b"}");
    if is_right { Ok(()) } else { Err(io::Error::other("no discovery document came")) }
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
fn mebibytes(process: &Process) -> io::Result<f64> {
    Ok(process.resident()? as f64 / f64::from(1 << 20))
}

/// Those that are wanted and there.
fn chosen(arguments: &Arguments) -> io::Result<Vec<&'static Peer>> {
    let is_wanted = |peer: &&Peer| arguments.only.is_empty() || arguments.only.iter().any(|name| name == peer.name);
    let (there, missing): (Vec<_>, Vec<_>) = PEERS.iter().filter(is_wanted).partition(|peer| peer.is_installed());
    for peer in &missing {
        say(&format!("{} is left out: mock-idp/benches/peers/install brings it", peer.name));
    }
    let script = installed("npm/oidc-provider.mjs");
    if script.parent().is_some_and(std::path::Path::exists) {
        fs::write(script, include_str!("oidc-provider.mjs"))?;
    }
    Ok(there)
}
