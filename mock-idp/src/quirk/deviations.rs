//! The quirks and overlays that are in force together.

use serde_json::{Map, Value};

use super::{Argument, Conflict, Overlay, OverlayError, QUIRKS, Quirk, QuirkError, Scene, Touch, quirk};
use crate::message::{Draft, Message};

/// Everything that is wrong with a provider at a time.
#[derive(Debug, Clone, Default)]
pub struct Deviations {
    pub(super) quirks: Vec<(&'static Quirk, Argument)>,
    pub(super) overlays: Vec<Overlay>,
}

impl Deviations {
    /// Reads tables of quirks and overlays, as files write them.
    pub fn parse(quirks: &Map<String, Value>, overlays: &Map<String, Value>) -> Result<Self, QuirkError> {
        let mut deviations = Self::default();
        for (name, value) in quirks {
            let quirk = quirk(name).ok_or_else(|| QuirkError::Unknown(name.clone()))?;
            let argument = quirk
                .parameter
                .parse(value)
                .map_err(|expected| QuirkError::Argument { quirk: quirk.name, expected })?;
            deviations.quirks.push((quirk, argument));
        }
        for (name, value) in overlays {
            deviations.overlays.push(Overlay::parse(name, value)?);
        }
        let conflict = deviations.conflict().or_else(|| deviations.hides(&deviations.overlays));
        conflict.map_or(Ok(deviations), |conflict| Err(conflict.into()))
    }

    /// Reads a table of quirks alone.
    #[cfg(test)]
    pub(super) fn of_quirks(quirks: &Value) -> Result<Self, QuirkError> {
        Self::parse(&quirks.as_object().cloned().unwrap_or_default(), &Map::new())
    }

    /// A quirk that is in no list.
    #[cfg(test)]
    pub(crate) fn of(quirk: &'static Quirk, value: &Value) -> Self {
        let argument = quirk.parameter.parse(value).into_iter();
        Self { quirks: argument.map(|argument| (quirk, argument)).collect(), overlays: Vec::new() }
    }

    /// These and `more`, where `more` wins over a quirk of the same name.
    ///
    /// # Errors
    /// A quirk of the one and a quirk of the other touch the same member, or a
    /// quirk of these hides an overlay of `more`.
    pub fn with(&self, more: &Self) -> Result<Self, Conflict> {
        let mut all = self.clone();
        all.quirks.retain(|(quirk, _)| !more.quirks.iter().any(|(other, _)| other.name == quirk.name));
        all.quirks.extend(more.quirks.iter().cloned());
        all.overlays.extend(more.overlays.iter().cloned());
        all.conflict().or_else(|| all.hides(&more.overlays)).map_or(Ok(all), Err)
    }

    /// Passes each text of an argument or an overlay to `change`, but for names
    /// of quirks, messages and members that are set.
    pub fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        for (_, argument) in &mut self.quirks {
            if let Argument::Text(text) = argument {
                change(text);
            }
        }
        self.overlays.iter_mut().for_each(|overlay| overlay.each_text(change));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.quirks.is_empty() && self.overlays.is_empty()
    }

    /// The names of everything that is in force.
    pub fn names(&self) -> Vec<String> {
        let quirks = self.quirks.iter().map(|(quirk, _)| quirk.name.to_owned());
        quirks.chain(self.overlays.iter().map(Overlay::name)).collect()
    }

    /// Quirks and overlays as they are written, such as [`Self::parse`] reads.
    pub fn tables(&self) -> (Map<String, Value>, Map<String, Value>) {
        let quirks = self.quirks.iter().map(|(quirk, argument)| (quirk.name.to_owned(), argument.to_value()));
        (quirks.collect(), self.overlays.iter().map(Overlay::to_entry).collect())
    }

    /// The members that the one of that name changes, each with its message.
    pub fn members_of(&self, name: &str) -> Vec<Touch<'_>> {
        let quirks = self.quirks.iter().filter(|(quirk, _)| quirk.name == name);
        let mut members: Vec<Touch<'_>> =
            quirks.flat_map(|(quirk, argument)| quirk.touches_with(argument)).copied().collect();
        let overlays = self.overlays.iter().filter(|overlay| overlay.name() == name);
        members.extend(overlays.flat_map(|overlay| overlay.members().map(|member| (overlay.message, member))));
        members
    }

    /// Whether `message` may be changed at all.
    pub fn touch(&self, message: Message) -> bool {
        self.overlays.iter().any(|overlay| overlay.message == message)
            || self.quirks.iter().any(|(quirk, _)| quirk.concerns(message))
    }

    /// Changes a draft. Returns the names of what really changed it.
    pub fn apply(&self, draft: &mut Draft, scene: &Scene<'_>) -> Result<Vec<String>, OverlayError> {
        let message = draft.message;
        let mut altered = Vec::new();
        for overlay in self.overlays.iter().filter(|overlay| overlay.message == message) {
            let before = draft.clone();
            overlay.apply(draft)?;
            if before != *draft {
                altered.push(overlay.name());
            }
        }
        for (quirk, argument) in self.quirks.iter().filter(|(quirk, _)| quirk.concerns(message)) {
            let before = draft.clone();
            quirk.apply(draft, argument, scene);
            if before != *draft {
                altered.push(quirk.name.to_owned());
            }
        }
        Ok(altered)
    }

    /// The names of all quirks, for “did you mean”.
    pub fn known() -> impl Iterator<Item = &'static str> {
        QUIRKS.iter().map(|quirk| quirk.name)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::arbitrary;
    use crate::clock::FAR_AWAY;
    use crate::jose::Jose;
    use crate::message::{Decision, End, Member, Objection, Objections, Topic, Verdict};
    use crate::protocol::Algorithm;
    use crate::quirk::Keys;

    /// Quirks come after overlays, so that nothing would be seen of one.
    #[test]
    fn an_overlay_that_a_quirk_hides_is_refused() {
        let overlay = |member: &str| {
            let overlay = json!({"id-token": {"set": {member: "x"}}});
            Deviations::parse(&Map::new(), overlay.as_object().unwrap()).unwrap()
        };
        let quirk = Deviations::of_quirks(&json!({"wrong-issuer": true})).unwrap();
        let error = quirk.with(&overlay("iss")).unwrap_err();
        assert!(error.to_string().contains("`iss` of the id-token message"), "{error}");
        assert!(quirk.with(&overlay("aud")).is_ok());
        assert!(overlay("iss").with(&quirk).is_ok(), "what lies above is seen");
        let (quirks, overlays) = (quirk.tables().0, overlay("iss").tables().1);
        assert!(Deviations::parse(&quirks, &overlays).is_err());
    }

    #[test]
    fn one_quirk_over_another_conflicts_as_two_beside_each_other_do() {
        let resting = Deviations::of_quirks(&json!({"wrong-issuer": true})).unwrap();
        assert!(resting.with(&Deviations::of_quirks(&json!({"missing-issuer": true})).unwrap()).is_err());
        let again =
            resting.with(&Deviations::of_quirks(&json!({"wrong-issuer": "https://b", "expired": 5})).unwrap()).unwrap();
        assert_eq!(json!(again.tables().0), json!({"wrong-issuer": "https://b", "expired": 5}));
    }

    #[test]
    fn a_quirk_that_names_a_member_changes_that_one() {
        let quirks = Deviations::of_quirks(&json!({"discovery-missing-member": "scopes_supported"})).unwrap();
        let expected = [(Message::Discovery, Member::Named("scopes_supported"))];
        assert_eq!(quirks.members_of("discovery-missing-member"), expected);
    }

    #[test]
    fn tables_come_out_as_they_went_in() {
        let quirks = json!({"expired": 5, "wrong-audience": "x", "unsigned": true});
        let overlay =
            json!({"id-token-header": {"set": {"typ": 1}}, "discovery": {"remove": ["issuer"], "append": {"a": "b"}}});
        let deviations = Deviations::parse(quirks.as_object().unwrap(), overlay.as_object().unwrap()).unwrap();
        let (quirks_again, overlay_again) = deviations.tables();
        assert_eq!((json!(quirks_again), json!(overlay_again)), (quirks, overlay));
    }

    #[test]
    fn unknown_names_and_arguments_are_reported() {
        assert_eq!(Deviations::of_quirks(&json!({"nope": true})).unwrap_err(), QuirkError::Unknown("nope".into()));
        assert!(Deviations::of_quirks(&json!({"expired": "soon"})).unwrap_err().to_string().contains("a whole number"));
    }

    fn decision(message: Message) -> Decision {
        let mut objections = Objections::default();
        objections.put(Objection::new(Topic::Client, "invalid_client", "the client is not known"));
        match message {
            Message::Verdict => Decision::Authorization(Verdict { code: "code".into(), end: End::Accept }),
            Message::TokenVerdict => Decision::Token(objections),
            _ => Decision::None,
        }
    }

    /// Tables of known and unknown quirks.
    fn quirks() -> impl Strategy<Value = Map<String, Value>> {
        let name = prop_oneof![
            9 => prop::sample::select(QUIRKS).prop_map(|quirk| quirk.name.to_owned()),
            1 => "[a-z-]{0,12}",
        ];
        let argument = prop_oneof![Just(json!(true)), arbitrary::scalar(), arbitrary::json()];
        prop::collection::vec((name, argument), 0..4).prop_map(|pairs| pairs.into_iter().collect())
    }

    /// Tables of valid and invalid overlays.
    fn overlays() -> impl Strategy<Value = Map<String, Value>> {
        let name = prop_oneof![9 => prop::sample::select(Overlay::messages()), 1 => "[a-z-]{0,12}"];
        let change = (arbitrary::object(), prop::collection::vec("iss|aud|[a-z]{0,4}", 0..3), arbitrary::object())
            .prop_map(|(set, remove, append)| json!({"set": set, "remove": remove, "append": append}));
        prop::collection::vec((name, prop_oneof![change, arbitrary::json()]), 0..3)
            .prop_map(|pairs| pairs.into_iter().collect())
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn any_tables_can_be_read_and_applied(
            quirks in quirks(),
            overlays in overlays(),
            members in arbitrary::object(),
            now in -FAR_AWAY..=FAR_AWAY,
        ) {
            let parameters = [("redirect_uri".to_owned(), "app.immich:/".to_owned())];
            let scene = Scene { issuer: "https://op", plain: "http://op", client_id: "c", now, parameters: &parameters, headers: &[], turn: 0, keys: Keys::published() };
            match Deviations::parse(&quirks, &overlays) {
                Err(error) => prop_assert!(!error.to_string().is_empty()),
                Ok(deviations) => {
                    for message in Message::ALL {
                        let jose = Jose::honest(Algorithm::Rs256, Some("k"));
                        let mut draft = Draft::signed(*message, members.clone(), jose);
                        draft.decision = decision(*message);
                        let honest = draft.clone();
                        let altered = deviations.apply(&mut draft, &scene);
                        // Exactly the declared members differ.
                        if let Ok(names) = altered {
                            prop_assert_eq!(names.is_empty(), draft == honest, "{:?}", names);
                        }
                    }
                }
            }
        }
    }
}
