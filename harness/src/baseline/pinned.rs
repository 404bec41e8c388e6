//! A failed check that an entry knows, and what was found there.

use std::ops::Range;

use serde_json::Value;

use crate::expect::{Check, Matcher, seen};
use crate::level::Level;

/// The step that stands for the settings that a play begins with.
pub const SETTINGS_STEP: &str = "settings";

/// A failed check that an entry knows.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// The step's id.
    pub step: String,
    /// What was looked at, such as `account.exists`.
    pub path: String,
    /// What was found.
    pub matcher: Matcher,
    /// The bytes of the file that say it.
    pub span: Range<usize>,
}

impl Pinned {
    fn is_of(&self, step: &str, check: &Check) -> bool {
        self.step == step && self.path == check.path
    }

    /// Returns whether this is what was found. A plain value is the value
    /// found; a list that contains it is another.
    fn admits(&self, found: &Value) -> bool {
        match &self.matcher {
            Matcher::Plain(value) => {
                value == found || value.as_f64().is_some_and(|number| found.as_f64() == Some(number))
            }
            matcher @ Matcher::All { .. } => matcher.check(seen(found).as_ref()).is_ok(),
        }
    }
}

/// Returns how the checks of a play differ from what an entry knows, in words;
/// nothing if exactly the known checks fail, with the known values. What a
/// scenario only permits (`may`) is no deviation.
pub(super) fn differences(known: &[Pinned], checks: &[(&str, &Check)]) -> Vec<String> {
    let mut told = Vec::new();
    for (step, check) in checks.iter().filter(|(_, check)| !check.held) {
        let found = check.found.as_ref().map_or_else(|| "an unknown value".to_owned(), words);
        let name = format!("`{}` of `{step}`", check.path);
        match known.iter().find(|known| known.is_of(step, check)) {
            None if check.level > Level::May => told.push(format!("{name} also fails: found {found}")),
            Some(known) if !check.found.as_ref().is_some_and(|found| known.admits(found)) => {
                told.push(format!("{name} is {found}, but the baseline has {}", known.matcher.words()));
            }
            None | Some(_) => {}
        }
    }
    for known in known {
        let name = format!("`{}` of `{}`", known.path, known.step);
        // Several alternatives may look at one path.
        let looked = checks.iter().filter(|(step, check)| known.is_of(step, check));
        match looked.min_by_key(|(_, check)| check.held) {
            Some((_, check)) if check.held => told.push(format!("{name} passes now")),
            None => told.push(format!("the test did not check {name}")),
            Some(_) => {}
        }
    }
    told
}

fn words(matcher: &Value) -> String {
    Matcher::parse(matcher).map_or_else(|_| matcher.to_string(), |matcher| matcher.words())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn pinned(value: Value) -> Pinned {
        let Ok(matcher) = Matcher::parse(&value) else { unreachable!("the matcher is right") };
        Pinned { step: "s".into(), path: "a".into(), matcher, span: 0..0 }
    }

    fn check(path: &str, level: Level, found: Option<Value>) -> Check {
        Check {
            path: path.into(),
            alternative: None,
            level,
            held: found.is_none(),
            expected: None,
            actual: None,
            found,
            problem: None,
        }
    }

    #[rstest]
    #[case(json!("x"), json!("x"), true)]
    #[case(json!("x"), json!(["x"]), false)]
    #[case(json!(1), json!(1.0), true)]
    #[case(json!(1), json!(2), false)]
    #[case(json!({"absent": true}), json!({"absent": true}), true)]
    #[case(json!({"absent": true}), json!("x"), false)]
    #[case(json!({"absent": false}), json!({"absent": false}), true)]
    #[case(json!({"absent": false}), json!("x"), true)]
    #[case(json!({"absent": false}), json!({"absent": true}), false)]
    #[case(json!({"ends-with": ".png"}), json!("a.png"), true)]
    #[case(json!({"one-of": [500, 502]}), json!(503), false)]
    fn a_value_is_the_known_one_or_not(#[case] known: Value, #[case] found: Value, #[case] same: bool) {
        assert_eq!(pinned(known).admits(&found), same);
    }

    #[rstest]
    #[case::exactly(vec![check("a", Level::Must, Some(json!("x")))], &[])]
    #[case::another_value(
        vec![check("a", Level::Must, Some(json!("y")))],
        &["`a` of `s` is \"y\", but the baseline has \"x\""]
    )]
    #[case::one_more(
        vec![check("a", Level::Must, Some(json!("x"))), check("b", Level::Should, Some(json!({"absent": true})))],
        &["`b` of `s` also fails: found absent"]
    )]
    #[case::one_more_that_is_permitted(
        vec![check("a", Level::Must, Some(json!("x"))), check("b", Level::May, Some(json!(1)))],
        &[]
    )]
    #[case::another_instead(
        vec![check("a", Level::Must, None), check("b", Level::Must, Some(json!(1)))],
        &["`b` of `s` also fails: found 1", "`a` of `s` passes now"]
    )]
    #[case::never_reached(vec![], &["the test did not check `a` of `s`"])]
    fn tells_what_differs(#[case] checks: Vec<Check>, #[case] expected: &[&str]) {
        let checks: Vec<(&str, &Check)> = checks.iter().map(|check| ("s", check)).collect();
        assert_eq!(differences(&[pinned(json!("x"))], &checks), expected);
    }
}
