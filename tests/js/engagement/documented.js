// What the documentation of each service says that a request has to be; not what our adapters make of it.

import assert from "node:assert/strict";

/** @param {string} text */
const bytes = (text) => Buffer.byteLength(text);
/** Whether an object has no other keys. @param {object} object @param {string[]} keys */
const only = (object, ...keys) =>
  assert.deepEqual(
    Object.keys(object).filter((key) => !keys.includes(key)),
    [],
  );

/** Each takes `[url, body, type]`. */
export const documented = {
  // plausible.io/docs/events-api; sizes from lib/plausible/ingestion/request.ex and lib/plausible/props.ex, where reading is told as well.
  plausible([, body]) {
    const said = JSON.parse(body);
    only(said, "name", "url", "domain", "referrer", "props", "interactive", "e", "sd");
    const { name, url, domain, referrer = "", props = {}, interactive = true, e, sd } = said;
    assert.ok(name && name.length <= 120 && domain);
    assert.ok(bytes(url) <= 2000 && new URL(url) && bytes(referrer) <= 2000);
    assert.equal(typeof interactive, "boolean");
    const entries = Object.entries(props);
    assert.ok(entries.length <= 30);
    for (const [key, value] of entries)
      assert.ok(typeof value === "string" && bytes(key) <= 300 && bytes(value) <= 2000, key);
    // Reserved for reading, which says at least one of these, as whole numbers.
    if (name === "engagement") assert.ok(Number.isInteger(e) && e >= 0 && Number.isInteger(sd) && sd >= 0 && sd <= 100);
    else assert.deepEqual([e, sd], [undefined, undefined]);
  },

  // umami.is/docs/api/sending-stats; names up to 50 characters: umami.is/docs/track-events; sizes of columns from its schema.prisma.
  umami([, body, type]) {
    assert.equal(type, "application/json");
    const said = JSON.parse(body);
    only(said, "type", "payload");
    assert.equal(said.type, "event");
    const texts = ["website", "hostname", "language", "screen", "title", "url", "referrer"];
    only(said.payload, ...texts, "name", "data");
    for (const text of texts) assert.equal(typeof said.payload[text], "string", text);
    const { website, screen, url, referrer, name, data = {} } = said.payload;
    assert.match(website, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.match(screen, /^\d+x\d+$/);
    assert.ok(screen.length <= 11);
    assert.ok(new URL(url, "https://example.com") && new URL(referrer, "https://example.com"));
    // A page view has none.
    if (name !== undefined) assert.ok(name && name.length <= 50 && !/^[=+\-@\t\r]/.test(name));
    assert.ok(data.constructor === Object && Object.keys(data).length <= 50);
    for (const value of Object.values(data)) assert.ok(["string", "number", "boolean"].includes(typeof value));
  },

  // goatcounter.com/help/pixel; a POST is what navigator.sendBeacon makes of it: handlers/backend.go.
  goatcounter([url, body]) {
    const { pathname, searchParams } = new URL(url);
    const said = Object.fromEntries(searchParams);
    assert.equal(pathname, "/count");
    assert.equal(body, "");
    only(said, "p", "t", "r", "e", "q", "s", "rnd");
    assert.ok(said.p && said.p.length <= 2048 && said.t.length <= 1024 && (said.r ?? "").length <= 2048);
    assert.match(said.s, /^\d+,\d+,\d+(\.\d+)?$/);
    assert.match(said.e ?? "false", /^(true|false|1|0|on|off)$/);
    // An event's name is no path.
    assert.equal(said.e === "true", !said.p.startsWith("/"));
  },

  // developer.matomo.org/api-reference/tracking-api, also "Bulk Tracking".
  matomo([, body]) {
    const bulk = JSON.parse(body);
    only(bulk, "requests", "send_image");
    assert.ok(bulk.requests.length);
    for (const request of bulk.requests) {
      assert.ok(request.startsWith("?"));
      const said = Object.fromEntries(new URLSearchParams(request));
      only(
        said,
        ...["idsite", "rec", "apiv", "rand", "res", "url", "urlref", "pv_id"],
        ...["action_name", "ping", "e_c", "e_a", "e_n", "ca"],
      );
      assert.match(said.idsite, /^[1-9]\d*$/);
      assert.deepEqual([said.rec, said.apiv], ["1", "1"]);
      assert.match(said.pv_id, /^[\da-zA-Z]{6}$/);
      assert.match(said.res, /^\d+x\d+$/);
      assert.ok(new URL(said.url));
      // It is one of three things, and an event has a category, an action, and a name that is not empty, if any.
      assert.equal([said.action_name, said.ping, said.e_c].filter((one) => one !== undefined).length, 1);
      assert.equal(Boolean(said.e_c), Boolean(said.e_a));
      assert.equal(said.ca, said.e_c && "1");
      assert.notEqual(said.e_n, "");
    }
  },

  // developers.google.com/analytics/devguides/collection/protocol/ga4: "Limitations" of sending-events, "Reserved names" of the
  // reference; longer values of three parameters: support.google.com/analytics/answer/9267744.
  ga4([url, body]) {
    only(Object.fromEntries(new URL(url).searchParams), "measurement_id", "api_secret");
    assert.ok(bytes(body) < 130_000);
    const said = JSON.parse(body);
    only(said, "client_id", "events");
    assert.match(said.client_id, /^\d+\.\d+$/);
    assert.ok(said.events.length >= 1 && said.events.length <= 25);
    const longest = { page_location: 1000, page_referrer: 420, page_title: 300 };
    const reserved =
      /^(app_|ad_|dynamic_link|error$|firebase|first_|ga_|google_|in_app|notification_|os_update|session_start|user_e)/;
    for (const event of said.events) {
      only(event, "name", "params", "timestamp_micros");
      const { name, params, timestamp_micros: at } = event;
      assert.match(name, /^[A-Za-z]\w{0,39}$/);
      assert.doesNotMatch(name, reserved);
      assert.ok(Number.isInteger(at) && at > 0);
      assert.ok(Object.keys(params).length <= 25);
      // Without these two nobody is counted as active.
      assert.ok(params.session_id && Number.isInteger(params.engagement_time_msec));
      for (const [key, value] of Object.entries(params)) {
        assert.match(key, /^(?!_|firebase_|ga_|google_|gtag\.)[A-Za-z]\w{0,39}$/);
        assert.ok(["string", "number"].includes(typeof value), key);
        assert.ok(`${value}`.length <= (longest[key] ?? 100), key);
      }
    }
  },
};
