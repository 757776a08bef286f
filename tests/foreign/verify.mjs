// Lets jose and aws-jwt-verify judge tokens, knowing the issuer only: {issuer, tokens} on stdin, verdicts on stdout.

import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { text } from "node:stream/consumers";

const AUDIENCE = "roster";
const { issuer, tokens } = JSON.parse(await text(process.stdin));
const discovered = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const algorithms = discovered.id_token_signing_alg_values_supported;

const remoteKeys = createRemoteJWKSet(new URL(discovered.jwks_uri));
const ours = { issuer: discovered.issuer, audience: AUDIENCE, typ: "at+jwt", algorithms };

// It fetches by HTTPS only, which the local server does not speak.
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };
const amazons = JwtVerifier.create(
  { issuer: discovered.issuer, audience: AUDIENCE, jwksUri: discovered.jwks_uri },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
);

const verifiers = {
  jose: async (token) => (await jwtVerify(token, remoteKeys, ours)).payload,
  "aws-jwt-verify": (token) => amazons.verify(token),
};

async function verdict(verify, token) {
  try {
    return { sub: (await verify(token)).sub };
  } catch (error) {
    return { refused: error.constructor.name };
  }
}

const verdicts = {};
for (const [library, verify] of Object.entries(verifiers)) {
  verdicts[library] = {};
  for (const [name, token] of Object.entries(tokens)) {
    verdicts[library][name] = await verdict(verify, token);
  }
}
console.log(JSON.stringify(verdicts));
