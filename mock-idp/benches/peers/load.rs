//! So many clients that do one thing over and over, on one thread.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::connection::Connection;
use super::process::Process;

/// What a load came to.
#[derive(Clone, Copy)]
pub struct Throughput {
    /// Times that the thing was done, per second.
    pub per_second: f64,
    /// Seconds of the server's CPU time for each.
    pub cpu: f64,
}

/// How long a load lasts, and how much of its beginning does not count.
#[derive(Clone, Copy)]
pub struct Window {
    pub warm_up: Duration,
    pub counted: Duration,
}

/// Repeats `action` from `clients` connections until the window is over.
pub async fn throughput<A>(process: &Process, clients: usize, window: Window, action: A) -> io::Result<Throughput>
where
    A: AsyncFn(&mut Connection) -> io::Result<()> + Clone + 'static,
{
    let done = Rc::new(Cell::new(0_u32));
    let is_over = Rc::new(Cell::new(false));
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let mut connection = Connection::new(process.address);
        let (action, done, is_over) = (action.clone(), Rc::clone(&done), Rc::clone(&is_over));
        tasks.spawn_local(async move {
            while !is_over.get() {
                action(&mut connection).await?;
                done.set(done.get() + 1);
            }
            Ok(())
        });
    }
    tokio::time::sleep(window.warm_up).await;
    let (begin, before, cpu_before) = (Instant::now(), done.get(), process.cpu_time()?);
    tokio::time::sleep(window.counted).await;
    let (elapsed, times, cpu) = (begin.elapsed(), done.get() - before, process.cpu_time()? - cpu_before);
    is_over.set(true);
    finish(tasks).await?;
    let times = f64::from(times);
    Ok(Throughput { per_second: times / elapsed.as_secs_f64(), cpu: cpu / times })
}

/// Does `action` so many times in all, from `clients` connections.
pub async fn repeat<A>(address: SocketAddr, clients: usize, times: u32, action: A) -> io::Result<()>
where
    A: AsyncFn(&mut Connection) -> io::Result<()> + Clone + 'static,
{
    let left = Rc::new(Cell::new(times));
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let mut connection = Connection::new(address);
        let (action, left) = (action.clone(), Rc::clone(&left));
        tasks.spawn_local(async move {
            while let Some(rest) = left.get().checked_sub(1) {
                left.set(rest);
                action(&mut connection).await?;
            }
            Ok(())
        });
    }
    finish(tasks).await
}

async fn finish(mut tasks: JoinSet<io::Result<()>>) -> io::Result<()> {
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(())
}
