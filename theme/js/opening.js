// From a session to readable parts: manifest → lockbox → keyring → payload, asking at once wherever the last visit gives a hint.
// Runs in worker.js.

import { Refusal } from "./refusal.js";
import { sameMember, stored } from "./store.js";
import { hex } from "./vault/bytes.js";
import { openKeyring, partId, shardOf as shardOfPart } from "./vault/keyring.js";
import { entitlementId, openLockbox, shardOf as shardOfMember } from "./vault/lockbox.js";
import { readManifest } from "./vault/manifest.js";
import { openAsset, openPart } from "./vault/part.js";

/**
 * @typedef {import("./refusal.js").Holding} Holding
 * @typedef {import("./store.js").Session} Session
 * @typedef {{ site: string, base: string }} Site the site's id, and its absolute URL that ends in /
 * @typedef {{ part: string, entitlements: string[], openers: string[] }} Wanted `openers`: all whose holders may read it, higher
 *   tiers too, as far as the page tells; it only saves trying
 * @typedef {import("./vault/part.js").Body & { place: import("./vault/part.js").Place }} Opened
 * @typedef {{ name: string, holdings: (Holding & { shards: number })[] }} Member
 * @typedef {"default" | "reload"} Cache
 */

const PATIENCE = 30_000;
/** How long one look at the vault serves further pages of the same document, in milliseconds. */
const FRESH = 60_000;

/** @type {Site} */
let site;

/** @param {string} path below vault/ @param {Cache} [cache] @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function fetchFile(path, cache = "default") {
  const url = `${site.base}vault/${path}`;
  const response = await fetch(url, { cache, signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
  const file = response?.ok ? await response.arrayBuffer().catch(() => undefined) : undefined;
  if (file) return new Uint8Array(file);
  throw new Refusal(response?.status === 404 ? "damaged" : "network");
}

/** @typedef {Map<string, Promise<Uint8Array<ArrayBuffer>>>} Asked */

/** One look at the vault: each file is asked for once. @param {Session} session @param {Cache} cache @param {Asked} [asked] */
function look(session, cache, asked = new Map()) {
  /** @param {string} path */
  const file = (path) => {
    const known = asked.get(path) ?? fetchFile(path, cache);
    asked.set(path, known);
    // What failed may be asked for again; and a guess that was wrong is nobody's to catch.
    known.catch(() => asked.delete(path));
    return known;
  };
  /** @type {Promise<Member> | undefined} */
  let read;
  const member = () => {
    read ??= readMember(session, file);
    read.catch(() => {
      read = undefined;
    });
    return read;
  };
  // What is needed in any case is asked for at once, as far as the last visit tells where it is.
  file("manifest.json");
  const shards = session.hints?.lockboxShards;
  if (shards) file(`lockboxes/${shardOfMember(session.locator, shards)}.bin`);
  return { session, cache, file, member, at: Date.now() };
}

/** @typedef {ReturnType<typeof look>} Look */

/** Of each entitlement; another tab may have seen a higher one meanwhile. @param {Session["epochs"][]} seen */
const highest = (...seen) =>
  Object.fromEntries(seen.flatMap((epochs) => Object.entries(epochs)).sort(([, one], [, other]) => one - other));

/** @param {Session} session @param {Look["file"]} file @returns {Promise<Member>} */
async function readMember(session, file) {
  const manifest = readManifest(site.site, await file("manifest.json"));
  const shards = manifest.lockboxShards;
  const shard = shardOfMember(session.locator, shards);
  const place = { site: site.site, shard, shards };
  const slots = await openLockbox(place, session.kek, await file(`lockboxes/${shard}.bin`));
  if (!slots.length) throw new Refusal("unknown");

  /** @type {Member["holdings"]} */
  const holdings = [];
  for (const [id, { name, keyringShards }] of manifest.entitlements) {
    const written = await entitlementId(site.site, id);
    const grants = slots.flatMap(({ grants }) => grants.filter(({ entitlement }) => entitlement === written));
    for (const grant of grants) holdings.push({ ...grant, id, name, shards: keyringShards });
  }
  if (holdings.some(({ id, epoch }) => epoch < (session.epochs[id] ?? 0)))
    throw new Refusal("older-copy", { holdings });

  const active = holdings.filter((holding) => holding.active);
  const found = {
    ...session,
    epochs: { ...session.epochs, ...Object.fromEntries(holdings.map(({ id, epoch }) => [id, epoch])) },
    hints: { lockboxShards: shards, keyringShards: Object.fromEntries(active.map(({ id, shards }) => [id, shards])) },
  };
  if (JSON.stringify([found.epochs, found.hints]) !== JSON.stringify([session.epochs, session.hints])) {
    // Not waited for: reading goes on meanwhile.
    Object.assign(session, found);
    stored(site.site, (old) => {
      if (!old || !sameMember(session, old)) return old;
      return { ...session, epochs: highest(session.epochs, old.epochs) };
    }).catch(() => {});
  }
  return { name: slots[0].name, holdings };
}

/** Which keyrings to try: one that opens the part, else all that the member has, in case the page does not tell.
 * @param {string[]} held @param {Wanted} wanted */
function keyringsFor(held, { entitlements, openers }) {
  const named = held.find((id) => entitlements.includes(id)) ?? held.find((id) => openers.includes(id));
  return named ? [named] : held;
}

/** The content key and payload of a part. @param {Look} visit @param {Wanted} wanted */
async function findEntry(visit, wanted) {
  const id = await partId(site.site, wanted.part);
  const lastTime = visit.session.hints?.keyringShards ?? {};
  for (const entitlement of keyringsFor(Object.keys(lastTime), wanted)) {
    visit.file(`keyrings/${entitlement}/${shardOfPart(id, lastTime[entitlement])}.bin`);
  }
  const { holdings } = await visit.member();
  const active = holdings.filter((holding) => holding.active);
  const tried = keyringsFor(
    active.map((holding) => holding.id),
    wanted,
  );
  const outcomes = await Promise.allSettled(
    active
      .filter((holding) => tried.includes(holding.id))
      .map(async ({ id: entitlement, epoch, key, shards }) => {
        const shard = shardOfPart(id, shards);
        const file = await visit.file(`keyrings/${entitlement}/${shard}.bin`);
        return (await openKeyring({ site: site.site, entitlement, epoch, shard, shards }, key, file)).get(hex(id));
      }),
  );
  for (const outcome of outcomes) if (outcome.status === "fulfilled" && outcome.value) return outcome.value;
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  const named = holdings.filter((holding) => [...wanted.entitlements, ...wanted.openers].includes(holding.id));
  if (named.some((holding) => holding.active)) throw new Refusal("damaged");
  const ended = named[0];
  throw new Refusal(ended ? "expired" : "tier-too-low", { holdings, ended });
}

/** @param {Look} visit @param {Wanted} wanted @returns {Promise<Opened>} */
async function openOne(visit, wanted) {
  const { key, name } = await findEntry(visit, wanted);
  const place = { site: site.site, part: wanted.part, entitlements: wanted.entitlements };
  return { ...(await openPart(place, key, await fetchFile(`payloads/${name}.bin`, visit.cache))), place };
}

/** @type {Look | undefined} */
let latest;

/** The session with what all tabs have learnt since the page read it. @param {Session} session */
async function newest(session) {
  if (latest) return session;
  const known = await stored(site.site).catch(() => undefined);
  return known && sameMember(session, known) ? known : session;
}

/**
 * Does something with a look at the vault, and once more with all caches passed over where that was refused: a deploy may have
 * come between two files, or a cache may hold yesterday's.
 *
 * @template T
 * @param {Session} session
 * @param {(visit: Look) => Promise<T | Refusal>} act
 * @returns {Promise<T | Refusal>}
 */
async function twice(session, act) {
  const reusable = latest && sameMember(latest.session, session) && Date.now() - latest.at < FRESH;
  const first = latest && reusable ? latest : look(session, "default");
  latest = first;
  const outcome = await act(first);
  if (!(outcome instanceof Refusal) || outcome.code === "network" || first.cache === "reload") return outcome;
  if (!latest || latest === first) latest = look(session, "reload");
  return act(latest);
}

/** @param {unknown} error @returns {Refusal} */
function asRefusal(error) {
  if (error instanceof Refusal) return error;
  console.error(error);
  return new Refusal("damaged");
}

/**
 * Opens the parts of a page; each is opened or refused on its own.
 *
 * @param {Session} session
 * @param {Wanted[]} wanted
 * @returns {Promise<(Opened | Refusal)[]>} in the same order
 */
export async function openParts(session, wanted) {
  const known = await newest(session);
  return Promise.all(wanted.map((part) => twice(known, (visit) => openOne(visit, part).catch(asRefusal))));
}

/** Who the session's member is and what they have. @param {Session} session @returns {Promise<Member | Refusal>} */
export const whoIs = async (session) => twice(await newest(session), (visit) => visit.member().catch(asRefusal));

/** An image or attachment of an opened part. @param {Opened} opened @param {string} label @returns {Promise<Blob | Refusal>} */
export const openFile = ({ place, assets }, label) =>
  fetchFile(`payloads/${assets[label].name}.bin`)
    .then((file) => openAsset(place, label, assets[label], file))
    .catch(asRefusal);

/** The next look begins anew; keys that the last one held are gone. */
export function forget() {
  latest = undefined;
}

/** Says whose vault it is, and looks there for the member whom this browser knows, before anybody asks. @param {Site} given */
export async function begin(given) {
  site = given;
  const manifest = fetchFile("manifest.json");
  manifest.catch(() => {});
  const session = await stored(site.site).catch(() => undefined);
  if (!session || latest) return;
  latest = look(session, "default", new Map([["manifest.json", manifest]]));
  latest.member().catch(() => {});
}
