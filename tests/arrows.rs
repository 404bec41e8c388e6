//! Between the modules of a crate arrows point one way, and so they do between
//! the files and folders of each module: none knows another that knows it, be
//! it by way of others.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rstest::rstest;

/// A path, of modules or of names in them.
type Names = Vec<String>;

/// What knows what.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The sources below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, others): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let sources = others.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    sources.chain(folders.iter().flat_map(|folder| files(folder))).collect()
}

/// A text without its comments, and without what is there for tests alone: the
/// item after each `#[cfg(test)]`, be it one line or a block.
pub(crate) fn own(text: &str) -> String {
    let mut own = String::new();
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            own = own + line + "\n";
            continue;
        }
        let end = line.replace("#[cfg(test)]", "}");
        let item = lines.by_ref().find(|line| !line.trim_start().starts_with("#[")).unwrap_or_default();
        if item.ends_with('{') {
            lines.by_ref().find(|line| *line == end);
        }
    }
    own
}

/// What a module is made of, and what it hands on: all that may stand in a
/// `mod.rs` or `lib.rs`.
fn is_contents(line: &str) -> bool {
    let line = line.trim_start_matches("pub ").trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
    line.is_empty() || ["mod ", "use ", "#", " ", "}"].iter().any(|start| line.starts_with(start))
}

/// The texts of a crate by module, that of the crate itself by an empty path.
type Sources = BTreeMap<Names, String>;

fn sources(name: &str) -> Sources {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
    let module = |path: &Path| {
        let path = path.strip_prefix(&folder).unwrap().with_extension("");
        let names = path.iter().map(|name| name.to_str().unwrap().to_owned());
        names.filter(|name| !["lib", "mod"].contains(&name.as_str())).collect()
    };
    let texts = files(&folder).into_iter().map(|path| (module(&path), own(&std::fs::read_to_string(&path).unwrap())));
    texts.filter(|(module, _)| *module != ["main"]).collect()
}

/// The paths that a text begins with, lists taken apart, and what follows.
fn paths(text: &str) -> (Vec<Names>, &str) {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        let mut all = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if rest.is_empty() || rest.starts_with('}') {
                return (all, rest.get(1..).unwrap_or_default());
            }
            let (found, after) = paths(rest);
            all.extend(found);
            // What follows is another name for it.
            rest = after.trim_start_matches(|c: char| !",}".contains(c));
        }
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        Some(rest) => {
            let (ends, rest) = paths(rest);
            (ends.into_iter().map(|end| [vec![name.to_owned()], end].concat()).collect(), rest)
        }
        None => (vec![vec![name.to_owned()]], rest),
    }
}

/// All paths of a text to modules of its crate. What a module hands on is not
/// what it knows.
fn named(text: &str) -> Vec<Names> {
    let handed_on = |line: &&str| line.trim_start().starts_with("pub use ");
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !handed_on(&line) {
            kept = kept + line + "\n";
        } else if !line.ends_with(';') {
            lines.by_ref().find(|line| line.ends_with(';'));
        }
    }
    let starts = ["crate::", "super::", "self::"].into_iter().flat_map(|start| kept.match_indices(start));
    let begins = |at: usize| !kept[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || "_:".contains(c));
    starts.filter(|(at, _)| begins(*at)).flat_map(|(at, _)| paths(&kept[at..]).0).collect()
}

/// The module whose file has what `path` names in the module `at`. A name that
/// a module hands on is that of the file it comes from.
fn home(sources: &Sources, at: &[String], path: &[String]) -> Names {
    let mut module = at.to_vec();
    for name in path {
        match name.as_str() {
            "crate" => module.clear(),
            "super" => _ = module.pop(),
            "self" => {}
            _ => {
                module.push(name.clone());
                if !sources.contains_key(&module) {
                    module.pop();
                    let uses = sources[&module].split("pub use ").skip(1).flat_map(|text| paths(text).0);
                    let origin = uses.into_iter().find(|path| path.last() == Some(name));
                    return origin.map_or(module.clone(), |path| home(sources, &module, &path));
                }
            }
        }
    }
    module
}

/// What each file and folder of the module `folder` knows of the others. Its
/// own text goes by the name of its file.
fn arrows(sources: &Sources, folder: &[String]) -> Arrows {
    let part = |module: &Names| {
        let inner = module.strip_prefix(folder)?;
        Some(inner.first().map_or("mod", String::as_str).to_owned())
    };
    let mut arrows = Arrows::new();
    for (module, text) in sources {
        let Some(own) = part(module) else { continue };
        let known = named(text).into_iter().filter_map(|path| part(&home(sources, module, &path)));
        let known: Vec<_> = known.filter(|other| *other != own).collect();
        arrows.entry(own).or_default().extend(known);
    }
    // What all may use.
    if folder.is_empty() {
        arrows.remove("mod");
        for known in arrows.values_mut() {
            known.remove("mod");
        }
    }
    arrows
}

/// Those that are left when whatever stands on firm ground, or has nothing
/// stand on it, is taken away.
fn circle(mut arrows: Arrows) -> Arrows {
    loop {
        let known: BTreeSet<String> = arrows.values().flatten().cloned().collect();
        let before = arrows.len();
        arrows.retain(|module, knows| known.contains(module) && !knows.is_empty());
        let left: BTreeSet<String> = arrows.keys().cloned().collect();
        for knows in arrows.values_mut() {
            knows.retain(|module| left.contains(module));
        }
        if arrows.len() == before {
            return arrows;
        }
    }
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = "use crate::{\n    a::{b, c as x},\n    d,\n};\n// crate::no\n#[cfg(test)]\nuse crate::no;\nfn f() { super::e::g() }\n\
                #[cfg(test)]\n#[path = \"x\"]\nmod tests {\n    fn g() {\n    }\n    use crate::no;\n}\nuse crate::h;\npub use self::no;\n";
    let found: Vec<_> = named(&own(text)).iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["crate::a::b", "crate::a::c", "crate::d", "crate::h", "super::e::g"]);
}

#[test]
fn circles_are_found_inside_modules() {
    let names = |path: &str| path.split('/').map(ToOwned::to_owned).collect::<Names>();
    let mut sources = Sources::from([
        (Vec::new(), "mod room;".to_owned()),
        (names("room"), "mod a;\nmod inner;\npub use a::{A, Z};\npub use inner::B;\n".to_owned()),
        (names("room/a"), "use super::B;\n".to_owned()),
        (names("room/inner"), "pub use b::B;\n".to_owned()),
        (names("room/inner/b"), "struct B;\n".to_owned()),
    ]);
    assert_eq!(home(&sources, &names("room/a"), &names("super/B")), names("room/inner/b"));
    assert!(arrows(&sources, &names("room"))["a"].contains("inner"));
    assert_eq!(circle(arrows(&sources, &names("room"))), Arrows::new());
    sources.insert(names("room/inner/b"), "use crate::room::A;\n".to_owned());
    assert_eq!(circle(arrows(&sources, &names("room"))).into_keys().collect::<Vec<_>>(), ["a", "inner"]);
}

/// What stood there could know its own files unseen.
#[rstest]
#[case("mock-idp")]
#[case("harness")]
fn the_file_of_a_folder_has_nothing_of_its_own(#[case] name: &str) {
    let sources = sources(name);
    let folders: BTreeSet<&[String]> =
        sources.keys().filter_map(|module| module.split_last()).map(|(_, it)| it).collect();
    let own = |folder: &&[String]| sources[*folder].lines().find(|line| !is_contents(line));
    let found: Vec<_> = folders.iter().filter_map(|folder| Some((folder.join("/"), own(folder)?))).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// What a relying party sees is for the reference server, and for others, to
/// judge: it knows neither of them, nor the provider.
#[test]
fn the_relying_party_knows_no_judge() {
    let sources = sources("harness");
    let known = arrows(&sources, &[]).remove("relying_party").unwrap();
    assert_eq!(known, BTreeSet::from(["constant_time", "http_client"].map(ToOwned::to_owned)));
    let own: Vec<_> =
        sources.iter().filter(|(module, _)| module.first().is_some_and(|it| it == "relying_party")).collect();
    assert!(own.len() > 10 && own.iter().all(|(_, text)| !text.contains("mock_idp")));
}

#[rstest]
#[case("mock-idp", ("endpoint", "issuer"))]
#[case("harness", ("scenario", "step"))]
fn arrows_point_one_way(#[case] name: &str, #[case] (above, below): (&str, &str)) {
    let sources = sources(name);
    let outer = arrows(&sources, &[]);
    assert!(outer.len() > 20 && outer[above].contains(below), "nothing was read: {outer:?}");
    let folders: BTreeSet<&[String]> =
        sources.keys().flat_map(|module| (0..module.len()).map(|n| &module[..n])).collect();
    let circles = folders.into_iter().map(|folder| (folder.join("/"), circle(arrows(&sources, folder))));
    let circles: BTreeMap<_, _> = circles.filter(|(_, circle)| !circle.is_empty()).collect();
    assert!(circles.is_empty(), "{circles:#?}");
    let mut back = outer;
    back.get_mut(below).unwrap().insert(above.to_owned());
    assert!(circle(back).contains_key(below), "nothing would be noticed");
}
