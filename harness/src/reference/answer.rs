//! Reading answers of the provider, and no more of them than is reasonable.

use reqwest::Response;

/// The whole body; nothing if it is larger than `limit` bytes or breaks off.
pub(super) async fn body(mut response: Response, limit: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > limit {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}
