//! All lists.

use super::row::List;
use super::{DEVIATIONS, END_TO_END, FIELD_FAILURES, MODULES};

/// All of them.
pub static LISTS: &[List] = &[
    List {
        key: "field",
        title: "Field failures",
        text: "How sign-in really broke between Immich, other servers and their providers, as people reported it.",
        rows: FIELD_FAILURES,
    },
    List {
        key: "oidf",
        title: "Modules of the OpenID Foundation's suite",
        text: "Those of its relying-party plans that apply to a server such as Immich, and of its FAPI plans those \
               that fit the code flow.",
        rows: MODULES,
    },
    List {
        key: "e2e",
        title: "Immich's own end-to-end cases",
        text: "What Immich tests of its OAuth sign-in itself.",
        rows: END_TO_END,
    },
    List {
        key: "deviation",
        title: "Deviations of Immich",
        text: "Where Immich deviates from what OpenID Connect asks, or was found to; what its releases do of it \
               stands in their baselines.",
        rows: DEVIATIONS,
    },
];
