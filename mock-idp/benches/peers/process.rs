//! A provider in a process of its own, and what the kernel knows of it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Longer than any of them takes to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The unit of times in `/proc/PID/stat`, in seconds: `USER_HZ` is 100 on
/// every Linux that this is measured on.
const TICK: f64 = 0.01;

/// A running process; ends when it is dropped.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From before it was spawned to the first discovery answer.
    pub start: Duration,
}

impl Process {
    /// Starts it at a free port and waits for its first discovery answer.
    pub fn start(command: impl Fn(u16) -> Command) -> io::Result<Self> {
        let address = free_address()?;
        let mut command = command(address.port());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begin = Instant::now();
        let mut process = Self { child: command.spawn()?, address, start: Duration::ZERO };
        while !discovers(address) {
            if process.child.try_wait()?.is_some() || begin.elapsed() > PATIENCE {
                return Err(io::Error::other(format!("{command:?} did not start")));
            }
            thread::sleep(Duration::from_micros(300));
        }
        process.start = begin.elapsed();
        Ok(process)
    }

    /// Seconds on a processor so far, in user and in kernel mode.
    pub fn cpu_time(&self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in parentheses, may hold anything.
        let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        let ticks = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
        Ok(TICK * ticks.sum::<f64>())
    }

    /// Resident memory, in bytes.
    pub fn resident(&self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kibibytes.map(|kibibytes| kibibytes * 1024).ok_or_else(|| io::Error::other("no VmRSS"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Another process could take it first; then that run fails.
fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

fn discovers(address: SocketAddr) -> bool {
    let ask = || -> io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(super::DISCOVERY)?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(answer.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
