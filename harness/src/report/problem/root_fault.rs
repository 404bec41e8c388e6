//! Faults that show as several problems at once, each with a sentence of its own: a server
//! that looks accounts up by email shows a second account here, and the account of another
//! end-user there. A row says which sentences together mean it.

use std::collections::BTreeMap;

use super::shape::{Problem, sentence, severity};
use crate::expect::ForeignOwner;
use crate::report::shape::CaseReport;
use crate::severity::Severity;

/// A fault that several problems together mean.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RootFault {
    /// What the server does.
    pub(super) sentence: &'static str,
    /// Why it matters, and where to look.
    why: &'static str,
    /// The problems that must all be there. The tests of the first show the fault best.
    needed: &'static [&'static str],
    /// How the sentences begin of other problems that follow from it.
    others: &'static [&'static str],
    /// So many of all these problems mean it.
    fewest: usize,
}

/// All of them.
static ROOT_FAULTS: &[RootFault] = &[
    RootFault {
        sentence: "Does not find the account of a returning end-user by `sub`",
        why: "The server must look for the account with this `sub`, and compare emails only if there is none. Otherwise \
              end-users lose their account when their email changes, or get into that of another end-user.",
        needed: &[
            "Does not recognize a returning end-user whose email has changed",
            "Creates a second account for a subject that already has an account",
        ],
        others: &[
            "Creates a second account at the sign-in of a linked identity",
            "Does not sign a returning end-user in to their own account",
            "Overwrites a returning end-user's email with an unverified one",
            "Refuses a returning end-user whose email is missing",
            "Signs a returning end-user in to another account that has their email",
            "Signs another subject in to a linked account because the email matches",
        ],
        fewest: 4,
    },
    RootFault {
        sentence: "Does not read the ID token",
        why: "The server takes the end-user from UserInfo alone. Whatever the ID token says, the sign-in succeeds, even if \
              an attacker signed it.",
        needed: &[
            "Accepts an ID token that it cannot read",
            "Does not verify signatures of ID tokens",
            "Signs end-users in by UserInfo alone when the token response has no ID token",
        ],
        others: &["Accepts an ID token", "Accepts an expired ID token", "Accepts an unsigned ID token"],
        fewest: 8,
    },
    RootFault {
        sentence: "Does not verify signatures of ID tokens",
        why: "Without TLS, only the signature protects the ID token. If the server does not verify it, an attacker on the \
              network can sign in as any end-user.",
        needed: &["Does not verify signatures of ID tokens"],
        others: &[
            "Accepts an ID token signed with a key that the",
            "Accepts an ID token signed with a symmetric key",
            "Accepts an ID token while it cannot get the provider's keys",
            "Accepts an ID token whose key does not fit the algorithm",
            "Accepts an ID token whose key is not in the JWKS",
            "Accepts an ID token with an empty signature",
        ],
        fewest: 4,
    },
    RootFault {
        sentence: "Accepts every logout token without reading it",
        why: "Providers believe that end-users are signed out, and attackers can send any logout token.",
        needed: &[
            "Accepts an invalid logout token",
            "Does not answer 400 to a logout request without a readable logout token",
            "Leaves a session open although it accepts the logout token",
        ],
        others: &[
            "Accepts a logout token",
            "Does not answer 400 to an invalid logout token",
            "Leaves a linked session open when a logout token",
        ],
        fewest: 5,
    },
    RootFault {
        sentence: "Does not compare the `nonce` of the ID token with that of its request",
        why: "An attacker who gets hold of an ID token, or of a code, can use it in a sign-in of their own.",
        needed: &[
            "Accepts an ID token with the `nonce` of another request",
            "Accepts an ID token without the `nonce` of its request",
        ],
        others: &[
            "Accepts a code that belongs to a sign-in in another browser",
            "Accepts an ID token with an empty, null or numeric `nonce` although it sent none",
        ],
        fewest: 2,
    },
    RootFault {
        sentence: "Links accounts by their email without the checks that this needs",
        why: "The server must not link an account by an email that is not verified, or one that is linked already. \
              Otherwise an attacker who enters another person's email gets into the account.",
        needed: &[
            "Links an existing account by email and ignores `email_verified`",
            "Signs another subject in to a linked account because the email matches",
        ],
        others: &[
            "Does not refuse a sign-in with the email of an account linked to another end-user",
            "Links an account by an email that its owner never verified",
            "Signs an end-user in to an attacker's linked account because the email matches",
        ],
        fewest: 3,
    },
    RootFault {
        sentence: "Goes on with OAuth after an administrator turned it off",
        why: "An administrator turns OAuth off to lock end-users of the provider out. The server must look at the setting \
              at each request, also in a sign-in that began before.",
        needed: &["Signs end-users in through OAuth while OAuth is off"],
        others: &[
            "Accepts a logout token while OAuth is off",
            "Does not send end-users to the sign-in page at sign-out after OAuth is turned off",
            "Links accounts while OAuth is off",
            "Starts a sign-in while OAuth is off",
        ],
        fewest: 3,
    },
];

/// Returns what the server does by each of them, and why that matters.
pub fn root_fault_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROOT_FAULTS.iter().map(|fault| (fault.sentence, fault.why))
}

/// Returns the tests of `failed` that mean such a fault. One in which the server hands
/// out the session of an account from before the run is about that.
pub(super) fn root_faults<'a>(failed: &[&'a CaseReport]) -> Vec<(&'static RootFault, Vec<&'a CaseReport>)> {
    let mut by_sentence: BTreeMap<String, Vec<&CaseReport>> = BTreeMap::new();
    for case in failed.iter().filter(|case| case.foreign_owner() != Some(ForeignOwner::FromBefore)) {
        by_sentence.entry(sentence(case)).or_default().push(case);
    }
    ROOT_FAULTS.iter().filter_map(|fault| Some((fault, fault.take(&mut by_sentence)?))).collect()
}

impl RootFault {
    /// The problem that `tests` show. It is as bad as the worst of them.
    pub(super) fn problem<'a>(&self, tests: Vec<&'a CaseReport>) -> Problem<'a> {
        let severity = tests.iter().map(|case| severity(case)).min().unwrap_or(Severity::Medium);
        let problem = Problem::of(self.sentence.to_owned(), severity, tests, true);
        let problem = Problem { lead: self.needed.first().copied(), why: Some(self.why), ..problem };
        let requirements = problem.example().into_iter().flat_map(|case| &case.requirement).map(String::as_str);
        Problem { requirements: requirements.collect(), ..problem }
    }

    /// Takes the tests of the problems that follow from the fault out of `by_sentence`;
    /// none unless they mean it.
    fn take<'a>(&self, by_sentence: &mut BTreeMap<String, Vec<&'a CaseReport>>) -> Option<Vec<&'a CaseReport>> {
        let follows = |sentence: &str| {
            self.needed.contains(&sentence) || self.others.iter().any(|other| sentence.starts_with(other))
        };
        let all = by_sentence.keys().filter(|sentence| follows(sentence)).count();
        if all < self.fewest || !self.needed.iter().all(|sentence| by_sentence.contains_key(*sentence)) {
            return None;
        }
        let (taken, kept): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(by_sentence).into_iter().partition(|(sentence, _)| follows(sentence));
        *by_sentence = kept;
        Some(taken.into_values().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;

    use super::{Problem, ROOT_FAULTS};
    use crate::expect::ForeignOwner;
    use crate::report::Outcome;
    use crate::report::problem::problems;
    use crate::report::problem::sample::{report, step, told};
    use crate::report::step::StepReport;
    use crate::scenario::{Catalogue, Scenario};

    #[test]
    fn what_means_a_fault_is_the_problem_of_a_scenario() {
        let catalogue = Catalogue::embedded();
        let cases = catalogue.scenarios.iter().flat_map(Scenario::cases);
        let known: BTreeSet<&str> = cases.flat_map(|case| case.play.problems().map(|(sentence, _)| sentence)).collect();
        for fault in ROOT_FAULTS {
            let unknown: Vec<_> = fault.needed.iter().filter(|one| !known.contains(**one)).collect();
            assert!(unknown.is_empty(), "{unknown:?}");
            let idle = |other: &&&str| !known.iter().any(|sentence| sentence.starts_with(**other));
            let unknown: Vec<_> = fault.others.iter().filter(idle).collect();
            assert!(unknown.is_empty(), "{unknown:?}");
        }
    }

    const SECOND: &str = "Creates a second account for a subject that already has an account";
    const SUB: &str = "Does not find the account of a returning end-user by `sub`";

    #[rstest]
    #[case::enough(4, None, &[SUB, "Fails"])]
    #[case::of_others(4, Some(ForeignOwner::OfTheRun), &[SUB, "Fails"])]
    #[case::of_before(4, Some(ForeignOwner::FromBefore), &["Fails", SECOND])]
    #[case::too_few(3, None, &["Fails", SECOND])]
    fn problems_that_mean_one_fault_are_one(
        #[case] count: usize,
        #[case] owner: Option<ForeignOwner>,
        #[case] expected: &[&str],
    ) {
        let sentences = [
            SECOND,
            "Does not recognize a returning end-user whose email has changed",
            "Refuses a returning end-user whose email is missing",
            "Signs a returning end-user in to another account that has their email",
        ];
        let names = ["a/0", "a/1", "a/2", "a/3"];
        let results: Vec<(&str, Outcome)> = names.iter().map(|name| (*name, Outcome::Failed)).collect();
        let mut results = results[..count].to_vec();
        results.push(("b/b", Outcome::Failed));
        let missed = StepReport { foreign_owner: owner, ..step(("\"x\"", "\"y\""), Vec::new()) };
        let of = |name: &str| {
            let at = names.iter().position(|one| *one == name);
            Some(at.map_or("Fails", |at| sentences[at]).to_owned())
        };
        let report = report(&results, &[missed], of);
        let found = told(&report);
        assert!(expected.iter().all(|one| found.iter().any(|(sentence, _)| sentence == one)), "{found:?}");
        if expected.contains(&SUB) {
            assert_eq!(found.len(), 2);
            let problems = problems(&report);
            let fault = problems.iter().find(|one| one.sentence == SUB);
            assert_eq!(fault.and_then(Problem::example).map(|case| case.scenario.as_str()), Some("a/1"));
        }
    }
}
