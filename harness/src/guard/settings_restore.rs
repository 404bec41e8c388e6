//! Restores the settings, under guard: the harness does not overwrite changes by
//! others. It reads the settings directly before each write. It cannot see a
//! change in between, because the server has no conditional write.
//! [`super::session`] makes the changes during a run.

use super::originals::{OriginalFile, Originals};
use super::restored::{Restored, RestoredSettings};
use super::retries::Retries;
use crate::immich::{Immich, Sections, TargetError, differences, fitted, lacking, lay_over, sections_of, unshared};

/// Puts the settings back, if they are the run's to change, or by `force`.
/// Returns whether that was necessary, and, by `force`, what the server does
/// not have any more. Where the server was away for a moment, it is looked
/// again what is there, and tried again.
pub(super) async fn put_back(target: &Immich, originals: &Originals, force: bool) -> Result<Restored, TargetError> {
    let (mut retries, mut sent) = (Retries::default(), false);
    loop {
        let tried = match &originals.file {
            Some(file) => put_file_back(target, originals, file, force, &mut sent).await,
            None => put_settings_back(target, originals, force, &mut sent).await,
        };
        match tried {
            Err(error) if retries.may_follow(&error).await => {}
            tried => {
                let settings = if sent { RestoredSettings::PutBack } else { RestoredSettings::Unchanged };
                return Ok(Restored { settings, lacking: tried?, ..Restored::default() });
            }
        }
    }
}

async fn put_settings_back(
    target: &Immich,
    originals: &Originals,
    force: bool,
    sent: &mut bool,
) -> Result<Vec<String>, TargetError> {
    let mut document = target.settings().await?;
    let current = sections_of(&document);
    if differences(&current, &originals.settings).is_empty() {
        return Ok(Vec::new());
    }
    let foreign = originals.changed_by_others(&current);
    if !foreign.is_empty() && !force {
        return Err(changed(foreign, &current, &originals.settings));
    }
    lay_over(&mut document, &originals.settings);
    *sent = true;
    match target.put_settings(document.clone()).await {
        // It may not take what it does not have any more.
        Err(TargetError::SettingsRefused(_)) if !unshared(&current, &originals.settings).is_empty() => {
            if !force {
                return Err(TargetError::OtherSettings(unshared(&originals.settings, &current)));
            }
            lay_over(&mut document, &fitted(&current, &originals.settings));
            target.put_settings(document.clone()).await?;
        }
        put => drop(put?),
    }
    let read = target.settings().await?;
    let now = sections_of(&read);
    let wanted = if force { fitted(&now, &originals.settings) } else { originals.settings.clone() };
    // The whole document: what the run never touched must not have moved, either.
    let mut wrong = differences(&now, &wanted);
    let others = document.as_object().into_iter().flatten().filter(|(name, value)| read.get(*name) != Some(*value));
    wrong.extend(others.map(|(name, _)| name.clone()).filter(|name| !originals.settings.contains_key(name)));
    if wrong.is_empty() {
        return Ok(lacking(&originals.settings, &now));
    }
    let other = is_of_the_server(&wrong, &now, &originals.settings);
    Err(if other { TargetError::OtherSettings(wrong) } else { TargetError::NotPutBack(wrong) })
}

/// What others did to the settings: they changed values, or the server itself
/// came to have other settings.
fn changed(foreign: Vec<String>, current: &Sections, originals: &Sections) -> TargetError {
    if is_of_the_server(&foreign, current, originals) {
        TargetError::OtherSettings(foreign)
    } else {
        TargetError::ChangedByOthers(foreign)
    }
}

/// Whether these are keys that only one of the two has.
fn is_of_the_server(keys: &[String], current: &Sections, originals: &Sections) -> bool {
    let unshared = unshared(originals, current);
    keys.iter().all(|key| unshared.contains(key))
}

/// The same in the file that the settings come from, byte for byte.
async fn put_file_back(
    target: &Immich,
    originals: &Originals,
    original: &OriginalFile,
    force: bool,
    sent: &mut bool,
) -> Result<Vec<String>, TargetError> {
    let (file, before) = (original.now(), original.bytes());
    let now = file.read_if_there()?;
    let is_before = now.as_ref() == Some(&before);
    if is_before && !target.awaits_restart(&originals.settings).await? {
        return Ok(Vec::new());
    }
    let path = || original.path.display().to_string();
    match now {
        None if !force => return Err(TargetError::ConfigurationFileGone(path())),
        None => file.make(&before, original.mode())?,
        Some(_) if is_before => {}
        Some(now) => {
            // Whatever else is in it, the run left as it was.
            let others = file.others(&before)?;
            let is_ours = match file.meaning(&now).and_then(|settings| Ok((settings, file.others(&now)?))) {
                Ok((settings, others_now)) => {
                    originals.changed_by_others(&sections_of(&settings)).is_empty() && others_now == others
                }
                Err(_) => false,
            };
            if !is_ours && !force {
                return Err(TargetError::ChangedByOthers(vec![path()]));
            }
            file.write(&before)?;
        }
    }
    *sent = true;
    if !force {
        target.taken_up(&originals.settings).await?;
        return Ok(Vec::new());
    }
    let current = sections_of(&target.settings().await?);
    target.taken_up(&fitted(&current, &originals.settings)).await?;
    Ok(lacking(&originals.settings, &current))
}
