//! What this computer alone can reach.

use std::net::IpAddr;

/// Whether only this computer can reach the address.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
