//! All lists.

use super::row::List;
use super::{DEVIATIONS, END_TO_END, FIELD_FAILURES, MODULES};

/// All of them.
pub static LISTS: &[List] = &[
    List {
        key: "field",
        title: "Field failures",
        text: "Sign-in failures between Immich or other servers and their providers, as users reported them.",
        rows: FIELD_FAILURES,
    },
    List {
        key: "oidf",
        title: "Modules of the OpenID Foundation's suite",
        text: "The modules of the suite's relying-party plans that apply to a server such as Immich, and the modules \
               of its FAPI plans that fit the code flow.",
        rows: MODULES,
    },
    List {
        key: "e2e",
        title: "Immich's own end-to-end cases",
        text: "Immich's own tests of its OAuth sign-in.",
        rows: END_TO_END,
    },
    List {
        key: "deviation",
        title: "Deviations of Immich",
        text: "How Immich deviates from OpenID Connect, or did in earlier releases. The baselines say which release \
               has which deviation.",
        rows: DEVIATIONS,
    },
];
