//! The settings that the server has in force: read, replaced, and waited for
//! where it takes them from a file or has replicas. The first read finds out
//! by which routes. Which sections a run
//! changes is for [`super::settings_document`].

use std::time::{Duration, Instant};

use serde_json::Value;

use super::answer::{answered, json_of, refusal, settings_of};
use super::settings_document::{differences, sections_of};
use super::{ConfigurationFile, Immich, RestartCommand, Sections, SettingsRoutes, TargetError};
use crate::redaction::SecretKind;
use crate::user_agent::Body;

/// How long a server may take to see a change: a folder that is shared with a
/// virtual machine takes a moment.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a server may take to start.
const START: Duration = Duration::from_secs(60);

/// So many failing answers in a row are no accident of a moment's half-written
/// file.
const FAILURES: u32 = 4;

impl Immich {
    /// The routes of its settings: until an answer has shown which it has,
    /// those of the newest Immich.
    pub fn settings_routes(&self) -> SettingsRoutes {
        self.settings_routes.get().copied().unwrap_or(SettingsRoutes::NEW)
    }

    /// The same, once an answer has shown them.
    async fn shown_routes(&self) -> Result<SettingsRoutes, TargetError> {
        if self.settings_routes.get().is_none() {
            self.settings().await?;
        }
        Ok(self.settings_routes())
    }

    /// The whole settings document. It holds secrets.
    pub async fn settings(&self) -> Result<Value, TargetError> {
        let settings = match self.call(self.settings_routes().get, Body::Empty).await {
            Err(error) if self.settings_routes.get().is_none() => self.settings_by_old_routes(error).await,
            answer => answer,
        }?;
        let _ = self.settings_routes.set(self.settings_routes());
        self.secrets().add_settings(&settings);
        settings_of(settings, "settings")
    }

    /// The same by the routes of older servers, if this `error` of the new one
    /// may mean that the server lacks it, or that the key was made for an older
    /// server.
    async fn settings_by_old_routes(&self, error: TargetError) -> Result<Value, TargetError> {
        let is_absent = matches!(error, TargetError::Unexpected { status: 404, .. });
        if is_absent {
            let _ = self.settings_routes.set(SettingsRoutes::OLD);
        } else if !matches!(error, TargetError::Permission(_) | TargetError::NotImmich { .. }) {
            return Err(error);
        }
        match self.call(SettingsRoutes::OLD.get, Body::Empty).await {
            Ok(settings) => {
                let _ = self.settings_routes.set(SettingsRoutes::OLD);
                Ok(settings)
            }
            Err(old) => Err(if is_absent { old } else { error }),
        }
    }

    /// The same over a new connection, which another replica may answer.
    async fn settings_of_a_replica(&self) -> Result<Value, TargetError> {
        if self.replicas == 1 {
            return self.settings().await;
        }
        let route = self.settings_routes().get;
        let mut request = self.request(route)?;
        request.headers.push(("connection".to_owned(), "close".to_owned()));
        let exchange = self.ask(request).await?;
        let status = answered(self.secrets(), &exchange)?;
        if status != 200 {
            return Err(refusal(self.secrets(), &exchange, route.path(), status));
        }
        let settings = json_of(self.secrets(), &exchange)?;
        self.secrets().add_settings(&settings);
        settings_of(settings, "settings")
    }

    /// The settings that a fresh server has.
    pub async fn default_settings(&self) -> Result<Value, TargetError> {
        settings_of(self.call(self.shown_routes().await?.defaults, Body::Empty).await?, "default settings")
    }

    /// Replaces the settings; the answer is what is in force now.
    pub async fn put_settings(&self, document: Value) -> Result<Value, TargetError> {
        if let Some(file) = self.configuration_file() {
            return self.put_settings_by_file(file, &sections_of(&document)).await;
        }
        let put = self.shown_routes().await?.put;
        let settings = match self.call(put, Body::Json(document)).await {
            Err(TargetError::Unexpected { status: 400 | 422, message, .. }) => {
                Err(TargetError::SettingsRefused(message))
            }
            other => settings_of(other?, "settings"),
        }?;
        if self.replicas > 1 { self.settings_in_force(&sections_of(&settings)).await } else { Ok(settings) }
    }

    /// So many answers in a row, each over a connection of its own, must agree
    /// before a change is in force.
    fn agreeing_answers(&self) -> u32 {
        // Replicas that take turns are each asked twice.
        if self.replicas == 1 { 1 } else { self.replicas * 2 }
    }

    /// Notes what is secret in a file of environment variables: a server may say
    /// it anywhere.
    pub(crate) fn learn_secrets_of(&self, file: &ConfigurationFile) -> Result<(), TargetError> {
        for secret in file.secrets(&file.read()?)? {
            self.secrets().add(SecretKind::Setting, &secret);
        }
        Ok(())
    }

    /// Changes settings by the file; the answer is what is in force now. A
    /// server that cannot bear them answers nothing any more, so the harness
    /// restores the previous settings at once.
    async fn put_settings_by_file(&self, file: &ConfigurationFile, sections: &Sections) -> Result<Value, TargetError> {
        let before = file.read()?;
        let new = file.with_sections(&before, sections)?;
        if let Err(error) = file.write(&new) {
            // A full disk leaves a part of it; what was there fits.
            return file.write(&before).and(Err(error));
        }
        let settings = self.taken_up(sections).await;
        // Nor is one that does not read it to find it changed.
        if settings.is_err() {
            file.write(&before)?;
            if self.restart.is_some() {
                self.restart().await?;
                self.await_return().await?;
            }
        }
        settings
    }

    /// Restarts a server that reads its file only when it starts, and waits until
    /// these settings are in force.
    ///
    /// # Errors
    /// The command fails, or the server does not come back, or with other settings.
    pub(crate) async fn taken_up(&self, wanted: &Sections) -> Result<Value, TargetError> {
        self.restart().await?;
        match self.settings_in_force(wanted).await {
            Err(error @ TargetError::Unreachable { .. }) if self.restart.is_some() => {
                Err(TargetError::SettingsRefused(format!("the server does not start with them: {error}")))
            }
            settings => settings,
        }
    }

    /// The same server, which takes up changes of its file by this command.
    #[must_use]
    pub fn with_restart(mut self, restart: Option<RestartCommand>) -> Self {
        self.restart = restart;
        self
    }

    /// Restarts it, if it has a command for that.
    ///
    /// # Errors
    /// The command fails.
    async fn restart(&self) -> Result<(), TargetError> {
        match &self.restart {
            Some(command) => command.run().await,
            None => Ok(()),
        }
    }

    /// Whether the server shows other settings than these, which are in its file: it
    /// has not read the file since the last change.
    ///
    /// # Errors
    /// The settings cannot be read.
    pub(crate) async fn awaits_restart(&self, file: &Sections) -> Result<bool, TargetError> {
        Ok(!differences(&sections_of(&self.settings().await?), file).is_empty())
    }

    /// Waits until the server has these settings in force.
    pub(crate) async fn settings_in_force(&self, wanted: &Sections) -> Result<Value, TargetError> {
        let since = Instant::now();
        let (mut failures, mut agreed, mut pause) = (0, 0, Duration::from_millis(10));
        loop {
            match self.settings_of_a_replica().await {
                Ok(settings) => {
                    let lacking = differences(&sections_of(&settings), wanted);
                    failures = 0;
                    if lacking.is_empty() {
                        agreed += 1;
                        if agreed == self.agreeing_answers() {
                            return Ok(settings);
                        }
                        continue;
                    }
                    agreed = 0;
                    if since.elapsed() > PATIENCE {
                        return Err(TargetError::NotInForce(lacking));
                    }
                }
                Err(TargetError::Unexpected { status: 500, message, .. }) => {
                    agreed = 0;
                    failures += 1;
                    if failures == FAILURES {
                        return Err(TargetError::SettingsRefused(message));
                    }
                }
                // It starts.
                Err(TargetError::Unreachable { .. }) if self.restart.is_some() && since.elapsed() < START => agreed = 0,
                Err(error) => return Err(error),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }
}
