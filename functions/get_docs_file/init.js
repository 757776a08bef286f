// Shows the API's document. Who logs in on the page is authorised for what follows; the token stays in memory.
"use strict";

const api = location.pathname.replace(/\/docs\/*$/, "");
const session = document.getElementById("session");

// Whatever address the document names: this page may talk to its own origin only, and the stage is part of the path.
const here = [{ url: api.replace(/\/api$/, "") || "/" }];

// Swagger UI sends examples unless somebody empties their fields: a stale If-Match, or the same Idempotency-Key again.
function withoutExampleOfHeader(parameter) {
  const { example, ...others } = parameter;
  return parameter.in === "header" && !parameter.required ? others : parameter;
}

function shown(spec) {
  const operations = Object.values(spec.paths ?? {}).flatMap((path) => Object.values(path));
  operations.forEach((each) => { each.parameters = (each.parameters ?? []).map(withoutExampleOfHeader); });
  return { ...spec, servers: here };
}

const ownView = () => ({
  statePlugins: { spec: { wrapActions: { updateJsonSpec: (update) => (spec) => update(shown(spec)) } } },
});

function bearerSchemes() {
  const schemes = ui.specSelectors.specJson().toJS().components?.securitySchemes ?? {};
  return Object.keys(schemes).filter((name) => schemes[name].type === "http" && schemes[name].scheme === "bearer");
}

function loggedIn({ access_token, user }) {
  bearerSchemes().forEach((name) => ui.preauthorizeApiKey(name, access_token));
  session.textContent = `Logged in as ${user.name} (${user.role}).`;
}

function loggedOut() {
  ui.authActions.logout(bearerSchemes());
  session.textContent = "Logged out.";
}

function follow(response) {
  const path = new URL(response.url, location.href).pathname.slice(api.length);
  if (response.ok && response.body?.access_token) loggedIn(response.body);
  if (response.ok && path === "/auth/logout") loggedOut();
  return response;
}

const ui = SwaggerUIBundle({
  url: `${api}/openapi.json`,
  dom_id: "#swagger-ui",
  plugins: [ownView],
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor: follow,
});
