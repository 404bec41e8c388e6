//! The pages of `docs/` that are made from the code stand there as the code
//! makes them. `SNAPSHOTS=overwrite cargo test` writes them anew.

use std::path::Path;

use conformance_tests::scenarios;
use harness::explain::{profiles_page, quirks_page};
use harness::scenario::Catalogue;
use rstest::rstest;
use snapbox::Data;

#[rstest]
#[case("coverage.md", harness::coverage::page)]
#[case("profiles.md", profiles_page)]
#[case("quirks.md", quirks_page)]
fn made_pages_are_up_to_date(#[case] name: &str, #[case] page: fn(&Catalogue) -> String) {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap_or_default();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    snapbox::assert_data_eq!(page(&catalogue), Data::read_from(&path, None).raw());
}
