//! How a group of rules is declared: each rule once, with its documentation,
//! name, type and honest body.

/// Makes a struct with one field for each rule, and `honest()`, which returns
/// it with the honest bodies.
macro_rules! rules {
    ($(#[$group_doc:meta])* $group:ident { $($(#[$doc:meta])* $name:ident: $kind:ty = $honest:expr;)* }) => {
        $(#[$group_doc])*
        #[derive(Debug, Clone)]
        pub struct $group {
            $($(#[$doc])* pub $name: $kind,)*
        }

        impl $group {
            /// How a conforming server decides.
            pub fn honest() -> Self {
                Self { $($name: $honest,)* }
            }
        }
    };
}

pub(super) use rules;
