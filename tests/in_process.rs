//! What the libraries say of themselves and of the catalogue: lists, pages,
//! reports, the matrix of defects. One binary, so that it is linked once.

mod arrows;
mod chosen_defects;
mod defects;
mod diagnostics;
mod dialects;
mod doctor;
mod events;
mod improvements;
mod later_refusal;
mod messages;
mod observed;
mod one_room;
mod pages;
mod profiles;
mod read_in_a_minute;
mod recorded;
mod reports;
mod schemas;
mod side_by_side;
mod skipped;
mod strictness;
mod type_names;
mod versions;
