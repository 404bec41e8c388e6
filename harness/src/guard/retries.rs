//! Retries a request, since a server may be away only for a moment.

use std::time::Duration;

use crate::immich::TargetError;

/// How long is waited before each further attempt.
const PAUSES: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(150), Duration::from_millis(450)];

/// How many further attempts there were.
#[derive(Debug, Default)]
pub(super) struct Retries(usize);

impl Retries {
    /// Whether another attempt may follow one that failed so; waits before it.
    /// A server that gives no answer in time is not asked again: each time it
    /// would take as long.
    pub(super) async fn may_follow(&mut self, error: &TargetError) -> bool {
        let passing = match error {
            TargetError::Unreachable { .. } | TargetError::NotImmich { .. } | TargetError::NotPutBack(_) => true,
            TargetError::Unexpected { status, .. } => *status >= 500,
            _ => false,
        };
        let Some(pause) = PAUSES.get(self.0).filter(|_| passing) else { return false };
        self.0 += 1;
        tokio::time::sleep(*pause).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_may_pass_is_tried_a_few_times_and_nothing_else() {
        let mut retries = Retries::default();
        for more in [true, true, true, false] {
            assert_eq!(retries.may_follow(&TargetError::NotPutBack(Vec::new())).await, more);
        }
        for error in [TargetError::KeyRefused, TargetError::TimedOut(String::new())] {
            assert!(!Retries::default().may_follow(&error).await);
        }
    }
}
