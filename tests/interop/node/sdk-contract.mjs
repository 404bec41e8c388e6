// Prints what a version of @immich/sdk names, as JSON: the routes with the
// types of their bodies, the members of the types, and the permissions. The
// package of that version is the argument, by the name of its folder.

import { readFileSync } from 'node:fs';

const name = process.argv[1];
const sdk = await import(name);
const declarations = readFileSync(`node_modules/${name}/build/fetch-client.d.ts`, 'utf8');

const types = {};
for (const [, type, body] of declarations.matchAll(/^export type (\w+) = \{\n([\s\S]*?)\n\};/gm)) {
  const members = body.matchAll(/^ {4}"?(\w+)"?(\?)?: ([^;]+);/gm);
  types[type] = Object.fromEntries([...members].map(([, member, , kind]) => [member, kind]));
}

// Each function sends one request: its text says which.
const routes = {};
for (const [, called, parameters, response] of declarations.matchAll(
  /^export declare function (\w+)\(([\s\S]*?)\): Promise<([\s\S]*?)>;/gm,
)) {
  const text = sdk[called].toString();
  const path = text.match(/fetch\w+\(["`]([^"`]*)/)?.[1].split('${QS')[0];
  if (path === undefined) continue;
  const method = text.match(/method: "(\w+)"/)?.[1] ?? 'GET';
  const body = text.match(/body: (\w+)/)?.[1];
  routes[`${method} /api${path.replaceAll(/\$\{[^}]*\}/g, '{id}')}`] = {
    request: body && parameters.match(new RegExp(`\\b${body}\\??: (\\w+);`))?.[1],
    response,
  };
}

process.stdout.write(JSON.stringify({ routes, types, permissions: Object.values(sdk.Permission) }));
