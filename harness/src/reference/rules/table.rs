//! The groups of the table, in the order of a sign-in.

use super::account_claims::{AccountRules, LinkRules, PictureRules};
use super::api::ApiRules;
use super::authorization::{AuthorizationRules, ResponseRules};
use super::declaration::rules;
use super::id_token::IdTokenRules;
use super::logout::{LogoutTokenRules, SignOutRules};
use super::provider::{DiscoveryRules, FetchRules, KeyRules};
use super::settings::{CookieRules, SessionRules, SettingsRules};
use super::token::{TokenRequestRules, TokenResponseRules};
use super::userinfo::UserInfoRules;

rules! {
    /// Everything that the server decides.
    Rules {
        /// What the API has.
        api: ApiRules = ApiRules::honest();
        /// Which settings are taken, and what the sign-in page shows of them.
        settings: SettingsRules = SettingsRules::honest();
        /// How the provider is asked.
        fetch: FetchRules = FetchRules::honest();
        /// What the discovery document must be and say.
        discovery: DiscoveryRules = DiscoveryRules::honest();
        /// Which of the provider's keys are used.
        keys: KeyRules = KeyRules::honest();
        /// What the authorization request says.
        authorization: AuthorizationRules = AuthorizationRules::honest();
        /// What is made of a callback.
        response: ResponseRules = ResponseRules::honest();
        /// What the token request says.
        token_request: TokenRequestRules = TokenRequestRules::honest();
        /// What makes an answer of the token endpoint good.
        token_response: TokenResponseRules = TokenResponseRules::honest();
        /// How an ID token is read and checked.
        id_token: IdTokenRules = IdTokenRules::honest();
        /// What `UserInfo` is asked for and may answer.
        userinfo: UserInfoRules = UserInfoRules::honest();
        /// How claims become an account.
        account: AccountRules = AccountRules::honest();
        /// What becomes of the picture claim.
        picture: PictureRules = PictureRules::honest();
        /// How accounts are linked and unlinked.
        link: LinkRules = LinkRules::honest();
        /// Which sessions there are, by sign-in or password.
        session: SessionRules = SessionRules::honest();
        /// How cookies are set.
        cookies: CookieRules = CookieRules::honest();
        /// How signing out goes.
        sign_out: SignOutRules = SignOutRules::honest();
        /// What a logout token must be, and what it does.
        logout_token: LogoutTokenRules = LogoutTokenRules::honest();
    }
}
