//! The checks of the doctor, and the causes that they name.

use super::{Category, Explanation};
use crate::doctor::{CHECKS, cause_remedy, product_remedies};

pub(super) fn entries() -> Vec<Explanation> {
    let entry = |check: &&crate::doctor::DoctorCheck| {
        let causes = check.causes.iter().map(|(cause, meaning)| format!("{cause}: {meaning}"));
        Explanation::new(Category::Check, check.name, check.looks_at)
            .fact("causes", causes.collect::<Vec<_>>().join("\n"))
    };
    CHECKS.iter().map(entry).collect()
}

pub(super) fn causes() -> Vec<Explanation> {
    let of_check = |check: &&'static crate::doctor::DoctorCheck| {
        let name = check.name;
        let entry = move |(cause, meaning): &(&str, &str)| {
            let at_products = product_remedies(cause).map(|(change, source)| format!("{change} ({source})"));
            let remedies = cause_remedy(cause).map(ToOwned::to_owned).into_iter().chain(at_products);
            Explanation::new(Category::Cause, *cause, *meaning)
                .fact("to do", remedies.collect::<Vec<_>>().join("\n"))
                .fact("check", name)
        };
        check.causes.iter().map(entry).collect::<Vec<_>>()
    };
    CHECKS.iter().flat_map(of_check).collect()
}
