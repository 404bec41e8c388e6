//! Changes of the cookies that a browser has, as an attacker in a neighbor
//! domain makes them. How a browser keeps cookies is for [`crate::user_agent`].

use super::World;
use crate::address;
use crate::immich::ApiRoute;

impl World {
    /// Changes a cookie that the browser would send with a callback. Returns
    /// whether there is one.
    pub(crate) fn change_cookie(&mut self, agent: &str, name: &str, change: impl Fn(&str) -> String) -> bool {
        let Ok(url) = address::join(self.target_origin(), ApiRoute::CALLBACK.path()) else { return false };
        self.browser(agent).user_agent.change_cookie(&url, name, change)
    }
}
