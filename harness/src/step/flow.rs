//! The way of a user agent through the authorization code flow.
//!
//! Start and finish are separate, so that scenarios can act in between. Sign-in
//! and linking differ only in where they finish.

use serde_json::Value;
use url::Url;

use super::Tamper;
use super::form_post::SelfPostingForm;
use crate::address;
use crate::exchange::Exchange;
use crate::immich::{
    ApiRoute, AppSecrets, authorization_url, authorize_body, callback_body, session_tokens, way_to_app,
    with_all_slashes,
};
use crate::stage::{Client, Kind, Memory, Observation, StepError, World};
use crate::user_agent::{Body, Request};

/// How to start.
#[derive(Debug, Clone, Default)]
pub(super) struct Start<'a> {
    pub(super) end_user: Option<&'a str>,
    pub(super) client: Client,
    pub(super) redirect_uri: String,
    /// The state that the app makes, if not a random one.
    pub(super) state: Option<&'a str>,
    pub(super) deny: Option<&'a str>,
}

/// Where to finish.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finish {
    SignIn,
    Link,
}

/// Asks the target where to go, and goes there. The memory holds the callback
/// URL if the provider sent the user agent back.
pub(super) async fn start(
    world: &mut World,
    agent: &str,
    start: &Start<'_>,
) -> Result<(Memory, Observation), StepError> {
    let mut memory = Memory { client: start.client, ..Memory::default() };
    if start.client == Client::Mobile {
        let state = start.state.map_or_else(|| world.random_text(32), ToOwned::to_owned);
        memory.app = Some(AppSecrets { state, verifier: world.random_text(56) });
    }
    let body = authorize_body(&start.redirect_uri, memory.app.as_ref());
    if let Some(end_user) = start.end_user {
        world.introduce(end_user)?;
    }
    let cookies = start.client == Client::Web;
    let answer = world.ask_target(agent, ApiRoute::AUTHORIZE, Body::Json(body), cookies).await?;
    let accepted = answer.status.filter(|status| (200..400).contains(status));
    memory.authorization_url = authorization_url(&answer);
    let mut observation = Observation {
        end_user: start.end_user.map(ToOwned::to_owned),
        redirect: memory.authorization_url.clone(),
        answer: Some(answer),
        ..Observation::default()
    };
    let visited = match (&memory.authorization_url, accepted, start.end_user) {
        (None, Some(status), _) => Err(format!("answered {status} without a `url` to sign in at")),
        (Some(url), _, Some(end_user)) => {
            let page = world.visit_provider(agent, url, end_user, start.deny).await?;
            page.map(Some).ok_or_else(|| format!("sent the browser to {}, not to the provider", shown(url)))
        }
        _ => Ok(None),
    };
    match visited {
        Err(why) => {
            memory.dead_end = Some(why.clone());
            observation.dead_end = Some(why);
        }
        Ok(None) => {}
        Ok(Some(page)) => match page.header("location") {
            Some(location) => {
                let location = follow_mobile_redirect(world, agent, location).await?;
                memory.callback_url = Some(with_all_slashes(&start.redirect_uri, location));
            }
            None => match post_form(world, agent, &page).await? {
                Some(answer) => observation.answer = Some(answer),
                None => note_stop(&mut observation, &page),
            },
        },
    }
    Ok((memory, observation))
}

/// An address as an outcome names it: without its query, and not at length.
pub(super) fn shown(url: &str) -> String {
    let place = url.split(['?', '#']).next().unwrap_or_default();
    place.chars().take(100).collect()
}

/// Posts the form of a page that posts itself, if it leads to the target. No
/// browser sends Lax cookies along with a form of another site.
async fn post_form(world: &mut World, agent: &str, page: &Exchange) -> Result<Option<Exchange>, StepError> {
    let Some(form) = SelfPostingForm::read(&page.response_body) else { return Ok(None) };
    if !address::is_at(world.target_origin(), &form.action) {
        return Ok(None);
    }
    world.send(agent, Request::new("POST", form.action, Body::Form(form.fields), false)).await.map(Some)
}

/// The override sends the user agent through the target once more.
async fn follow_mobile_redirect(world: &mut World, agent: &str, location: &str) -> Result<String, StepError> {
    let own = address::join(world.target_origin(), ApiRoute::MOBILE_REDIRECT.path())?;
    let is_own = |url: &Url| url.origin() == own.origin() && url.path() == own.path();
    let Some(url) = Url::parse(location).ok().filter(is_own) else { return Ok(location.to_owned()) };
    let answer =
        world.send(agent, Request::new(ApiRoute::MOBILE_REDIRECT.method(), url.into(), Body::Empty, false)).await?;
    Ok(way_to_app(&answer).unwrap_or_else(|| location.to_owned()))
}

/// Notes that the provider did not send the user agent back: it refused, in a
/// line, unless it gave no answer, which is no refusal.
pub(super) fn note_stop(observation: &mut Observation, answer: &Exchange) {
    if let Some(status) = answer.status {
        let said = answer.response_body.lines().next().unwrap_or_default();
        observation.stopped_at_provider = Some(format!("the provider answered {status}: {said}"));
    } else {
        let why = answer.error.as_deref().unwrap_or("without a reason");
        observation.dead_end = Some(format!("the provider did not answer: {why}"));
    }
}

/// Hands the callback URL to the target.
pub(super) async fn finish(
    world: &mut World,
    agent: &str,
    memory: &Memory,
    at: Finish,
    tamper: &Tamper,
    cookies: bool,
) -> Result<Observation, StepError> {
    let callback = memory.callback()?;
    if let Some(name) = tamper.missing(callback) {
        return Err(memory.lacks(&name, callback));
    }
    let mut body = callback_body(&tamper.url(callback), memory.app.as_ref());
    if let Some(name) = tamper.missing_beside(&body) {
        return Err(StepError::Scenario(format!("the request body has no `{name}` to remove")));
    }
    tamper.body(&mut body);
    for name in tamper.changed_cookies() {
        if !world.change_cookie(agent, name, |value| tamper.cookie(name, value)) {
            return Err(StepError::NotExercised(format!("the server set no cookie `{name}`")));
        }
    }
    let cookies = cookies && memory.client == Client::Web;
    let observation = match at {
        Finish::SignIn => {
            let request = world.request_at(ApiRoute::CALLBACK, Body::Json(Value::Object(body)))?;
            let answer = world.send(agent, Request { cookies, ..request }).await?;
            world.remember_session(agent, session_tokens(&answer).first().cloned());
            Observation { kind: Kind::SignIn, answer: Some(answer), ..Observation::default() }
        }
        Finish::Link => {
            let answer = world.ask_as_session(agent, ApiRoute::LINK, Body::Json(Value::Object(body))).await?;
            Observation { kind: Kind::Link, answer: Some(answer), ..Observation::default() }
        }
    };
    Ok(observation)
}
