// npm `oidc-provider` as a peer: one client, one end-user, without a question to the end-user.
// The first sign-in makes a session by redirects; with its cookies, every
// later one takes two requests, which is what is measured.
import { createServer } from "node:http";

import Provider, { interactionPolicy } from "oidc-provider";

const [port, clientId, clientSecret, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["of the benchmark"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.test`, email_verified: true, name: id }),
  }),
  interactions: { policy: interactionPolicy.base(), url: (_context, interaction) => `/sign-in/${interaction.uid}` },
  // Everything that is asked for is granted.
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc;
    const known = session.grantIdFor(client.clientId);
    if (known) return provider.Grant.find(known);
    const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/sign-in/")) return answer(request, response);
  return provider.interactionFinished(request, response, { login: { accountId: "alice" } });
}).listen(Number(port), "127.0.0.1");
