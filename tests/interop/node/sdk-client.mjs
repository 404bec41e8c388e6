// Signs in, links, unlinks and signs out with a version of @immich/sdk, as
// Immich's web pages do or as its app does. The argument is a JSON object: the
// package by the name of its folder, the way, the server with its API key, the
// client at the provider, and what the provider knows the end-user by. Prints
// what the server answered, as JSON; a request that fails ends the script.

import { createHash, randomBytes } from 'node:crypto';

const wish = JSON.parse(process.argv[1]);
const sdk = await import(wish.sdk);
sdk.init({ baseUrl: `${wish.server}/api`, apiKey: wish.api_key });

// A browser keeps cookies; the app sends its token.
const cookies = new Map();
sdk.defaults.fetch = async (url, options) => {
  const headers = new Headers(options.headers);
  if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
  const answer = await fetch(url, { ...options, headers });
  for (const line of answer.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = pair.split(/=(.*)/s);
    const isCleared = attributes.some((attribute) => attribute.startsWith('Expires=Thu, 01 Jan 1970'));
    if (isCleared) cookies.delete(name);
    else cookies.set(name, value);
  }
  return answer;
};

const isApp = wish.way === 'app';
const isOld = !('getAdminConfig' in sdk);

// The administrator switches sign-in on and makes a local account.
const settings = await (isOld ? sdk.getConfig() : sdk.getAdminConfig());
Object.assign(settings.oauth, {
  enabled: true,
  issuerUrl: wish.issuer,
  clientId: wish.client_id,
  clientSecret: wish.client_secret,
});
if ('allowInsecureRequests' in settings.oauth) settings.oauth.allowInsecureRequests = true;
if (isOld) await sdk.updateConfig({ systemConfigDto: settings });
else await sdk.updateAdminConfig({ adminConfigDto: settings });
const local = { email: `local-${wish.way}@example.test`, password: 'a long password', name: 'Local' };
await sdk.createUserAdmin({ userAdminCreateDto: local });
delete sdk.defaults.headers['x-api-key'];

function signedIn(session) {
  if (!isApp) return;
  cookies.clear();
  sdk.defaults.headers.authorization = `Bearer ${session.accessToken}`;
}

function signedOut() {
  delete sdk.defaults.headers.authorization;
  cookies.clear();
}

// From the first request to the URL that leads back, and what goes with it.
async function atProvider(page) {
  const app = {};
  const begin = { redirectUri: isApp ? 'app.immich:///oauth-callback' : `${wish.server}${page}` };
  if (isApp) {
    app.state = randomBytes(16).toString('base64url');
    app.codeVerifier = randomBytes(32).toString('base64url');
    begin.state = app.state;
    begin.codeChallenge = createHash('sha256').update(app.codeVerifier).digest('base64url');
  }
  const { url } = await sdk.startOAuth({ oAuthConfigDto: begin });
  const answer = await fetch(url, { redirect: 'manual', headers: wish.browser_headers });
  return { url: answer.headers.get('location'), ...app };
}

// The server knows the session no more.
async function isOver() {
  const answer = await sdk.getMyUser().catch((error) => error);
  return answer.status === 401;
}

const features = await sdk.getServerFeatures();
const session = await sdk.finishOAuth({ oAuthCallbackDto: await atProvider('/auth/login') });
signedIn(session);
const account = await sdk.getMyUser();
const farewell = await sdk.logout();
const ended = await isOver();
signedOut();

// The identity is free again once its account is unlinked.
signedIn(await sdk.finishOAuth({ oAuthCallbackDto: await atProvider('/auth/login') }));
const unlinked = await sdk.unlinkOAuthAccount();
signedOut();
signedIn(await sdk.login({ loginCredentialDto: { email: local.email, password: local.password } }));
const linked = await sdk.linkOAuthAccount({ oAuthCallbackDto: await atProvider('/user-settings') });
const unlinkedAgain = await sdk.unlinkOAuthAccount();

const report = { features, session, account, farewell, ended, unlinked, linked, unlinkedAgain };
process.stdout.write(JSON.stringify(report));
