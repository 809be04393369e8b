// What other services are told, as requests.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { documented } from "./documented.js";

const EVENTS = [
  {
    id: "1",
    name: "pageview",
    t: 1000,
    pv: "00000000-0000-4000-a000-000000000001",
    url: "/a/?utm_source=x",
    props: { lang: "en" },
  },
  {
    id: "2",
    name: "reaction",
    t: 2000,
    pv: "00000000-0000-4000-a000-000000000001",
    url: "/a/",
    props: { kind: "like" },
  },
  {
    id: "3",
    name: "engagement",
    t: 3000,
    pv: "00000000-0000-4000-a000-000000000001",
    url: "/a/",
    props: { scroll: 40, active_ms: 900 },
  },
  {
    id: "4",
    name: "engagement",
    t: 4000,
    pv: "00000000-0000-4000-a000-000000000001",
    url: "/a/",
    props: { scroll: 70, active_ms: 1500 },
  },
];
const PAGE = {
  title: "A title",
  origin: "https://example.com",
  host: "example.com",
  language: "en-GB",
  screen: "800x600",
  ref: "https://search.example.org/",
};

/** The requests of an adapter. */
async function requests(kind, options, events = EVENTS, page = PAGE) {
  const adapter = await import(`../../../theme/js/engagement/adapters/${kind}.js`);
  return adapter.requests({ endpoint: `https://stats.example.com/${kind}`, ...options })(page, events);
}

const OPTIONS = {
  plausible: { domain: "example.com" },
  umami: { website: "94db1cb1-74f4-4a40-ad6c-962362670409" },
  goatcounter: { endpoint: "https://my-code.goatcounter.com/count" },
  matomo: { site_id: 3 },
  ga4: { measurement_id: "G-ABC123", api_secret: "s" },
};
const VECTORS = JSON.parse(readFileSync(new URL("../../engagement/vectors/events.json", import.meta.url), "utf8"));
// What the browser's module sends has props, and an address as `location` has it.
const TAKEN = VECTORS.filter(({ error }) => !error).map(({ event: { props = {}, url, ...event } }) => {
  const { heading: _heading, text: _text, ...said } = props;
  return { ...event, props: said, url: new URL(url, "https://example.com").href.slice(19, 2019) };
});

for (const kind of Object.keys(OPTIONS)) {
  test(`${kind} is told of every event that there is as its documentation has it`, async () => {
    assert.ok(TAKEN.length > 20);
    for (const event of TAKEN)
      for (const request of await requests(kind, OPTIONS[kind], [event])) documented[kind](request);
  });

  test(`${kind} is told of the longest events as its documentation has it`, async () => {
    const props = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`a${index}`.padEnd(40, "b"), "文".repeat(300)]),
    );
    const event = { ...TAKEN[0], name: "x_".padEnd(40, "y"), url: "/".padEnd(2000, "z"), props };
    const page = {
      ...PAGE,
      title: "T".repeat(700),
      ref: `https://example.org/${"r".repeat(1900)}`,
      screen: "65535x65535",
    };
    const all = [...EVENTS, ...Array(96).fill(event), { ...event, props: { empty: "", yes: true, half: 0.5 } }];
    for (const request of await requests(kind, OPTIONS[kind], all, page)) documented[kind](request);
  });
}

test("Plausible is told page views, events and reading, in its own names", async () => {
  const told = await requests("plausible", { domain: "example.com" });
  const place = { url: "https://example.com/a/", domain: "example.com" };
  assert.deepEqual(
    told.map(([, body]) => JSON.parse(body)),
    [
      { name: "pageview", url: "https://example.com/a/?utm_source=x", domain: "example.com", referrer: PAGE.ref },
      { name: "reaction", ...place, props: { kind: "like" }, interactive: true },
      { name: "engagement", ...place, e: 900, sd: 40 },
      { name: "engagement", ...place, e: 600, sd: 70 },
    ],
  );
  assert.ok(told.every(([url, , type]) => url === "https://stats.example.com/plausible" && !type));
});

test("Umami is told JSON, a page view without a name", async () => {
  const told = await requests("umami", { website: "id" });
  const place = {
    website: "id",
    hostname: "example.com",
    language: "en-GB",
    screen: "800x600",
    title: "A title",
    referrer: PAGE.ref,
  };
  assert.deepEqual(JSON.parse(told[0][1]), { type: "event", payload: { ...place, url: "/a/?utm_source=x" } });
  assert.deepEqual(JSON.parse(told[1][1]).payload, { ...place, url: "/a/", name: "reaction", data: { kind: "like" } });
  assert.ok(told.every(([, , type]) => type === "application/json"));
});

test("GoatCounter is told paths and events, and nothing of reading", async () => {
  const told = await requests("goatcounter", {});
  const said = told.map(([url]) => Object.fromEntries(new URL(url).searchParams));
  const same = { t: "A title", s: "800,600,1" };
  assert.deepEqual(said, [
    { ...same, rnd: "1", p: "/a/", q: "?utm_source=x", r: PAGE.ref },
    { ...same, rnd: "2", p: "reaction-like", e: "true", r: "/a/" },
  ]);
});

test("Matomo is told everything at once, reading as a heartbeat", async () => {
  const [[url, body], ...more] = await requests("matomo", { site_id: 3 });
  assert.equal(url, "https://stats.example.com/matomo");
  assert.deepEqual(more, []);
  const hits = JSON.parse(body).requests.map((hit) => Object.fromEntries(new URLSearchParams(hit.slice(1))));
  assert.deepEqual(
    hits.map(({ action_name, e_c, e_a, e_n, ping }) => ({ action_name, e_c, e_a, e_n, ping })),
    [
      { action_name: "A title", e_c: undefined, e_a: undefined, e_n: undefined, ping: undefined },
      { action_name: undefined, e_c: "engagement", e_a: "reaction", e_n: "like", ping: undefined },
      { action_name: undefined, e_c: undefined, e_a: undefined, e_n: undefined, ping: "1" },
      { action_name: undefined, e_c: undefined, e_a: undefined, e_n: undefined, ping: "1" },
    ],
  );
  assert.ok(hits.every(({ idsite, rec, pv_id }) => idsite === "3" && rec === "1" && pv_id === "000000"));
});

test("GA4 is told a few events at once, with the time that came since", async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ ...EVENTS[1], id: `${index}` }));
  const told = await requests("ga4", { measurement_id: "G-1", api_secret: "s" }, [...EVENTS, ...many]);
  assert.deepEqual(
    told.map(([url]) => new URL(url).search),
    Array(7).fill("?measurement_id=G-1&api_secret=s"),
  );
  const bodies = told.map(([, body]) => JSON.parse(body));
  assert.deepEqual(
    bodies.map(({ events }) => events.length),
    [...Array(6).fill(10), 4],
  );
  assert.equal(new Set(bodies.map(({ client_id }) => client_id)).size, 1);
  const [view, reaction, ...reading] = bodies[0].events;
  assert.deepEqual([view.name, view.timestamp_micros], ["page_view", 1_000_000]);
  assert.equal(view.params.page_location, "https://example.com/a/?utm_source=x");
  assert.equal(reaction.params.kind, "like");
  assert.deepEqual(
    reading.slice(0, 2).map(({ name, params }) => [name, params.engagement_time_msec, params.scroll]),
    [
      ["engagement", 900, 40],
      ["engagement", 600, 70],
    ],
  );
});

test("GA4 needs no secret where an address of the site's own adds it", async () => {
  const [[url]] = await requests("ga4", { measurement_id: "G-1", api_secret: "" });
  assert.equal(url, "https://stats.example.com/ga4?measurement_id=G-1");
});

/** All that the services are sent of a letter, as one text. */
async function sent(letter, title) {
  const { fetch, location, innerHeight } = globalThis;
  const asked = [];
  Object.assign(globalThis, {
    fetch: async (url, { body }) => asked.push(decodeURIComponent(`${url} ${body}`)),
    location: new URL("https://example.com/a/"),
    innerHeight: 600,
  });
  try {
    for (const [kind, options] of Object.entries(OPTIONS)) {
      const { service } = await import(`../../../theme/js/engagement/adapters/${kind}.js`);
      service({ endpoint: `https://stats.example.com/${kind}`, ...options })(letter, title);
    }
  } finally {
    Object.assign(globalThis, { fetch, location, innerHeight });
  }
  assert.ok(asked.length > Object.keys(OPTIONS).length);
  return asked.join("\n");
}

test("no token leaves the browser, in no address either", async () => {
  const token = `mbr_${"Ab3".repeat(12)}`;
  const told = await sent({ ref: `https://mail.example.org/${token}/`, width: 800, events: EVENTS }, `About ${token}`);
  assert.match(told, /About /);
  assert.ok(!told.includes(token));
});

test("what readers write, headings, and who a member is are for the author alone", async () => {
  const at = { t: 1000, pv: EVENTS[0].pv, url: "/a/", post: "0bdaa284-1304-5a2c-badb-01656f2326c3" };
  const events = [
    { ...at, id: "5", name: "feedback", props: { helpful: true, text: "Words for the author" } },
    { ...at, id: "6", name: "engagement", props: { scroll: 40, active_ms: 900, heading: "how-it-is-sealed" } },
  ];
  const told = await sent({ width: 800, member: "0123456789abcdef", events }, "A title");
  assert.match(told, /helpful/);
  assert.match(told, /900/);
  assert.doesNotMatch(told, /Words for|how-it-is|0123456789abcdef|0bdaa284/);
});
