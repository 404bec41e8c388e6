//! A report as test data: what judging needs and what the server answered,
//! without what differs from run to run. Nothing is judged here.

use url::Url;

use super::{CaseReport, Party, Report};
use crate::exchange::Exchange;

impl Report {
    /// The same without headers, tokens, addresses and times.
    #[must_use]
    pub fn as_test_data(mut self) -> Self {
        self.seed = 0;
        self.sources.clear();
        self.baseline_file = None;
        self.flags.clear();
        self.sign_ins.clear();
        for case in &mut self.results {
            case.as_test_data();
        }
        self
    }
}

impl CaseReport {
    fn as_test_data(&mut self) {
        self.milliseconds = 0;
        // They point into a file that goes on changing.
        self.diagnostics.clear();
        for step in self.steps.held_mut() {
            // What the target asks of the provider is for those who look on.
            step.exchanges.retain(|one| one.from != Party::Target);
            for one in &mut step.exchanges {
                one.exchange = one.exchange.as_test_data();
                (one.tokens, one.deviations, one.milliseconds) = (Vec::new(), Vec::new(), None);
            }
        }
    }
}

impl Exchange {
    fn as_test_data(&self) -> Self {
        let path = Url::parse(&self.url).map_or_else(|_| self.url.clone(), |url| url.path().to_owned());
        Self {
            method: self.method.clone(),
            url: path,
            status: self.status,
            response_body: self.complaint(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(200, r#"{"message": "x", "accessToken": "y"}"#, "")]
    #[case(500, r#"{"message": "x", "correlationId": "y"}"#, r#"{"message":"x"}"#)]
    #[case(502, "<html>", "")]
    fn only_errors_keep_a_word(#[case] status: u16, #[case] body: &str, #[case] kept: &str) {
        let exchange = Exchange {
            method: "GET".into(),
            url: "http://127.0.0.1:1/api/users?secret=x".into(),
            request_headers: vec![("authorization".into(), "Bearer x".into())],
            status: Some(status),
            response_body: body.into(),
            ..Exchange::default()
        };
        let kept_of_it = exchange.as_test_data();
        assert_eq!((kept_of_it.url.as_str(), kept_of_it.response_body.as_str()), ("/api/users", kept));
        assert!(kept_of_it.request_headers.is_empty());
    }
}
