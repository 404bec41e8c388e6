//! A table of quirks or of overlays in a scenario file: as it is written, for
//! pages and complaints, and as the provider takes it. Whether all is well with
//! it is for the scenario's validation to say.

use mock_idp::{Deviations, QuirkError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::placeholder::{Texts, texts};

/// How a table is read.
type Parse = fn(&Map<String, Value>) -> Result<Deviations, QuirkError>;

/// A table of quirks.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(from = "Map<String, Value>")]
pub struct Quirks(DeviationTable);

/// A table of overlays, by message.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(from = "Map<String, Value>")]
pub struct Overlays(DeviationTable);

// Serialized for the schema, which says what stands there by default.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
struct DeviationTable {
    written: Map<String, Value>,
    /// None where something is wrong with the table.
    #[serde(skip)]
    deviations: Deviations,
    #[serde(skip)]
    errors: Vec<QuirkError>,
}

impl DeviationTable {
    fn read(written: Map<String, Value>, parse: Parse) -> Self {
        let (deviations, errors) = match parse(&written) {
            Ok(deviations) => (deviations, Vec::new()),
            Err(error) => {
                // Parses each entry alone to report all mistakes. If each is
                // right, the error is that two do not go together.
                let one = |(key, value): (&String, &Value)| Map::from_iter([(key.clone(), value.clone())]);
                let alone: Vec<_> = written.iter().filter_map(|entry| parse(&one(entry)).err()).collect();
                (Deviations::default(), if alone.is_empty() { vec![error] } else { alone })
            }
        };
        Self { written, deviations, errors }
    }
}

impl Texts for Quirks {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.0.each_text(change);
    }
}

impl Texts for Overlays {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.0.each_text(change);
    }
}

texts!(DeviationTable { written, deviations } but not { errors });

impl From<Map<String, Value>> for Quirks {
    fn from(written: Map<String, Value>) -> Self {
        Self(DeviationTable::read(written, |table| Deviations::parse(table, &Map::new())))
    }
}

impl From<Map<String, Value>> for Overlays {
    fn from(written: Map<String, Value>) -> Self {
        Self(DeviationTable::read(written, |table| Deviations::parse(&Map::new(), table)))
    }
}

impl Quirks {
    /// Returns the table as the file writes it.
    pub fn written(&self) -> &Map<String, Value> {
        &self.0.written
    }

    /// Returns the quirks; none if something is wrong with the table.
    pub fn deviations(&self) -> &Deviations {
        &self.0.deviations
    }

    /// Returns these and overlays.
    ///
    /// # Errors
    /// Something is wrong with one of the tables, or a quirk hides an overlay.
    pub fn with(&self, overlays: &Overlays) -> Result<Deviations, QuirkError> {
        match self.0.errors.iter().chain(&overlays.0.errors).next() {
            Some(error) => Err(error.clone()),
            None => Ok(self.0.deviations.with(&overlays.0.deviations)?),
        }
    }

    /// Returns what is wrong with the table, or with these and overlays
    /// together.
    pub fn errors_with(&self, overlays: &Overlays) -> Vec<QuirkError> {
        let mut errors = [self.0.errors.as_slice(), &overlays.0.errors].concat();
        if errors.is_empty() {
            errors.extend(self.with(overlays).err());
        }
        errors
    }
}

impl Overlays {
    /// Returns the table as the file writes it.
    pub fn written(&self) -> &Map<String, Value> {
        &self.0.written
    }

    /// Returns the overlays; none if something is wrong with the table.
    pub fn deviations(&self) -> &Deviations {
        &self.0.deviations
    }
}
