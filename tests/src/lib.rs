//! Black-box tests; see the files beside this folder.
