//! One raw RS256 signature with 2048 bits: what no provider can go below.

use std::{fs, io};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;

/// Of the size of an ID token.
const MESSAGE: &[u8] = &[b'a'; 400];

/// A key that signs.
pub struct Signer(KeyPair);

impl Signer {
    pub fn new() -> io::Result<Self> {
        KeyPair::generate(KeySize::Rsa2048).map(Self).map_err(io::Error::other)
    }

    /// Seconds of CPU time for one signature, the mean of `times`.
    pub fn cost(&self, times: u32) -> io::Result<f64> {
        let random = SystemRandom::new();
        let mut signature = vec![0; self.0.public_modulus_len()];
        let before = cpu_time()?;
        for _ in 0..times {
            self.0.sign(&RSA_PKCS1_SHA256, &random, MESSAGE, &mut signature).map_err(io::Error::other)?;
        }
        Ok((cpu_time()? - before) / f64::from(times))
    }
}

/// Seconds that this thread was on a processor.
fn cpu_time() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = stat.split(' ').next().and_then(|field| field.parse::<f64>().ok());
    nanoseconds.map(|nanoseconds| nanoseconds / 1e9).ok_or_else(|| io::Error::other("no schedstat"))
}
