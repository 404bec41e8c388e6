// A relying party of openid-client 6, driven over standard input and output:
// one JSON object a line in, one a line out. It adds no check of its own to
// those of the library; who has signed in is for the asker to judge.
//
// Two ways to use the library:
// - `checked`: everything that it offers, signatures included;
// - `immich`: as Immich's server does it (no nonce, no signature checks, no
//   comparison of subjects, UserInfo only if the ID token has no email).

import { createInterface } from 'node:readline';
import * as client from 'openid-client';

// A provider that never answers must not hold up the tests. In seconds.
const TIMEOUT = 5;

const sessions = new Map();

const authentications = {
  client_secret_post: (secret) => client.ClientSecretPost(secret),
  client_secret_basic: (secret) => client.ClientSecretBasic(secret),
  none: () => client.None(),
  private_key_jwt: (_, key) => client.PrivateKeyJwt(key),
};

// Where the library said no, and its own words for it.
class Refusal extends Error {
  constructor(step, error) {
    super(reason(error));
    this.step = step;
  }
}

// The words of the layer that checked. Those of the runtime differ between
// versions of Node, so only their kind is kept.
function reason(error) {
  const inner = error.cause;
  if (error.code === 'OAUTH_PARSE_ERROR' || error.code === 'OAUTH_TIMEOUT') return error.message;
  if (inner?.name === 'OperationProcessingError' || inner?.name === 'UnsupportedOperationError') return inner.message;
  if (error instanceof client.ResponseBodyError) return `error response: ${error.error}`;
  if (error instanceof client.AuthorizationResponseError) return `error response: ${error.error}`;
  if (error instanceof client.ClientError && error.code) return error.message;
  return error.constructor.name;
}

async function step(name, work) {
  try {
    return await work();
  } catch (error) {
    throw new Refusal(name, error);
  }
}

async function start(wish) {
  const immich = wish.mode === 'immich';
  const extensions = [client.allowInsecureRequests];
  if (!immich) extensions.push(client.enableNonRepudiationChecks);
  const metadata = {
    client_secret: wish.client_secret ?? undefined,
    response_types: ['code'],
    id_token_signed_response_alg: wish.signing_algorithm,
    userinfo_signed_response_alg: wish.userinfo_signing_algorithm ?? undefined,
  };
  const key = wish.client_key && (await rsaKey(wish.client_key));
  const authentication = authentications[wish.authentication](wish.client_secret, key);
  const options = { execute: extensions, timeout: TIMEOUT };
  const config = await step('discovery', () =>
    client.discovery(new URL(wish.issuer), wish.client_id, metadata, authentication, options),
  );
  const checks = { expectedState: client.randomState() };
  const parameters = { redirect_uri: wish.redirect_uri, scope: wish.scope, state: checks.expectedState };
  if (wish.response_mode) parameters.response_mode = wish.response_mode;
  if (immich ? config.serverMetadata().supportsPKCE() : wish.pkce) {
    checks.pkceCodeVerifier = client.randomPKCECodeVerifier();
    parameters.code_challenge = await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier);
    parameters.code_challenge_method = 'S256';
  }
  if (!immich) {
    checks.idTokenExpected = true;
    checks.expectedNonce = client.randomNonce();
    parameters.nonce = checks.expectedNonce;
  }
  const url = await step('request', () => client.buildAuthorizationUrl(config, parameters));
  const offline = wish.scope.split(' ').includes('offline_access');
  sessions.set(wish.session, { config, checks, immich, offline });
  return { url: url.href };
}

// A key in PEM, for signing by RS256.
async function rsaKey(pem) {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  return crypto.subtle.importKey('pkcs8', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']);
}

// The request by which the browser came back.
function request(wish) {
  if (wish.form === null) return new URL(wish.callback);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return new Request(wish.callback, { method: 'POST', headers, body: wish.form });
}

async function finish(wish) {
  const { config, checks, immich, offline } = sessions.get(wish.session);
  sessions.delete(wish.session);
  const tokens = await step('callback', () =>
    client.authorizationCodeGrant(config, request(wish), checks),
  );
  const claims = tokens.claims();
  const refreshed = offline
    ? (await step('refresh', () => client.refreshTokenGrant(config, tokens.refresh_token))).claims()
    : undefined;
  if (immich && claims && 'email' in claims) return { id_token: claims, refreshed };
  const subject = immich ? client.skipSubjectCheck : claims.sub;
  const userinfo = await step('userinfo', () => client.fetchUserInfo(config, tokens.access_token, subject));
  return { id_token: claims, userinfo, refreshed };
}

const commands = { start, finish };

for await (const line of createInterface({ input: process.stdin })) {
  const wish = JSON.parse(line);
  const answer = await commands[wish.command](wish).catch((error) => {
    if (!(error instanceof Refusal)) throw error;
    return { refused: { step: error.step, reason: error.message } };
  });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
