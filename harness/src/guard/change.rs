//! Changes of settings, under guard: what somebody else wrote is not
//! overwritten. The settings are read directly before each write; what another
//! writes in between cannot be seen, since the server has no way to ask for it.

use super::originals::{OriginalFile, Originals};
use super::retries::Retries;
use super::{Journal, StepFault};
use crate::target::{ConfigurationFile, Immich, Sections, TargetError, differences, lay_over, rest, sections_of};

/// Changes the settings to `desired`, unless somebody else did since. What is
/// about to be sent is in the journal before.
pub(super) async fn change(target: &Immich, journal: &mut Journal, desired: &Sections) -> Result<(), StepFault> {
    journal.intend(desired)?;
    let mut document = target.settings().await?;
    let current = sections_of(&document);
    let foreign = journal.originals().map(|originals| originals.changed_by_others(&current)).unwrap_or_default();
    if !foreign.is_empty() {
        return Err(TargetError::ChangedByOthers(foreign).into());
    }
    lay_over(&mut document, desired);
    let shown = target.put_settings(document).await?;
    Ok(journal.note(sections_of(&shown))?)
}

/// Puts the settings back, if they are the run's to change, or by `force`.
/// Returns whether that was necessary. Where the server was away for a moment,
/// it is looked again what is there, and tried again.
pub(super) async fn put_back(target: &Immich, originals: &Originals, force: bool) -> Result<bool, TargetError> {
    let (mut retries, mut sent) = (Retries::default(), false);
    loop {
        let tried = match &originals.file {
            Some(file) => put_file_back(target, originals, file, force).await,
            None => put_settings_back(target, originals, force, &mut sent).await,
        };
        match tried {
            Err(error) if retries.may_follow(&error).await => {}
            tried => return Ok(tried? || sent),
        }
    }
}

async fn put_settings_back(
    target: &Immich,
    originals: &Originals,
    force: bool,
    sent: &mut bool,
) -> Result<bool, TargetError> {
    let mut document = target.settings().await?;
    let current = sections_of(&document);
    if differences(&current, &originals.settings).is_empty() {
        return Ok(false);
    }
    let foreign = originals.changed_by_others(&current);
    if !foreign.is_empty() && !force {
        return Err(TargetError::ChangedByOthers(foreign));
    }
    lay_over(&mut document, &originals.settings);
    *sent = true;
    target.put_settings(document.clone()).await?;
    let read = target.settings().await?;
    // The whole document: what the run never touched must not have moved, either.
    let mut wrong = differences(&sections_of(&read), &originals.settings);
    let others = document.as_object().into_iter().flatten().filter(|(name, value)| read.get(*name) != Some(*value));
    wrong.extend(others.map(|(name, _)| name.clone()).filter(|name| !originals.settings.contains_key(name)));
    if wrong.is_empty() { Ok(true) } else { Err(TargetError::NotPutBack(wrong)) }
}

/// The same in the file that the settings come from, byte for byte.
async fn put_file_back(
    target: &Immich,
    originals: &Originals,
    original: &OriginalFile,
    force: bool,
) -> Result<bool, TargetError> {
    let (file, before) = (ConfigurationFile::new(&original.path), original.bytes());
    let now = file.read_if_there()?;
    if now.as_ref() == Some(&before) {
        return Ok(false);
    }
    let path = || original.path.display().to_string();
    match now {
        None if !force => return Err(TargetError::ConfigurationFileGone(path())),
        None => file.make(&before, original.mode())?,
        Some(now) => {
            // Whatever else is in it, the run left as it was.
            let is_ours = match file.meaning(&now) {
                Ok(now) => {
                    originals.changed_by_others(&sections_of(&now)).is_empty()
                        && rest(now) == rest(file.meaning(&before)?)
                }
                Err(_) => false,
            };
            if !is_ours && !force {
                return Err(TargetError::ChangedByOthers(vec![path()]));
            }
            file.write(&before)?;
        }
    }
    target.settings_in_force(&originals.settings).await?;
    Ok(true)
}
