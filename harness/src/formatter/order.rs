//! What stands before what.

/// The head of a file, then its tables; what has no place here stands before
/// the steps, with which every file ends.
const FILE: &[&str] = &[
    "format",
    "title",
    "problem",
    "severity",
    "advice",
    "requirement",
    "level",
    "why",
    "field",
    "oidf",
    "e2e",
    "deviation",
    "proof",
    "patience",
    "tags",
    "omit",
    "requires",
    "server",
    "provider",
    "other-provider",
    "users",
    "cases",
    "control",
    OTHERS,
    "steps",
];

/// Who does what, then what is wrong about it, then what is seen.
const STEP: &[&str] = &["id", OTHERS, "agent", "quirks", "overlay", "expect"];

/// What is honest first.
const PROVIDER: &[&str] = &["profile", "issuer", "tls", "redirect-uris", "client-secret", OTHERS, "quirks", "overlay"];

/// Stands for all that is not named.
const OTHERS: &str = "";

/// The place of a table whose path begins with `key`.
pub(super) fn of_table(key: Option<&str>) -> usize {
    // Keys of the file itself come before any table.
    key.map_or(0, |key| 1 + rank(FILE, key))
}

/// The place of `key` in the table at `path`.
pub(super) fn of_key(path: &[String], key: &str) -> usize {
    match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["cases", _] | ["control"] => rank(FILE, key),
        ["steps"] => rank(STEP, key),
        ["provider"] => rank(PROVIDER, key),
        _ => 0,
    }
}

fn rank(list: &[&str], key: &str) -> usize {
    let place = |key| list.iter().position(|known| *known == key);
    place(key).or_else(|| place(OTHERS)).unwrap_or(list.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_file_has_its_place() {
        let schema = crate::scenario::schema::scenario();
        let keys = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let homeless: Vec<_> = keys.filter(|key| !FILE.contains(key)).collect();
        assert_eq!(homeless, Vec::<&str>::new());
    }
}
