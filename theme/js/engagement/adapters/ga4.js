// Google Analytics 4, by its Measurement Protocol: no script of Google's, no cookie, and so a new client with each page that is
// loaded. Source: "Send Measurement Protocol events to Google Analytics", with its "Limitations", and "Event collection limits".

import { reporting } from "../service.js";
import { steps } from "./steps.js";

/** How many events go at once: it takes 25, and a page that is being left sends at most 64 KB. */
const MOST = 10;
/** Characters of a value. */
const LONGEST = 100;

/** @param {{ measurement_id: string, api_secret: string, endpoint: string }} options @returns {import("../service.js").Requests} */
export function requests({ measurement_id: id, api_secret: secret, endpoint }) {
  const step = steps();
  const [client, session] = crypto.getRandomValues(new Uint32Array(2));
  const address = new URL(endpoint);
  address.searchParams.set("measurement_id", id);
  if (secret) address.searchParams.set("api_secret", secret);
  return ({ title, origin, language, ref }, events) => {
    const told = events.map((event) => {
      const { name, url, props, t } = event;
      const reading = name === "engagement";
      const { active_ms: _, ...rest } = props;
      const said = Object.entries(rest).map(([key, value]) => [
        key,
        typeof value === "number" ? value : `${value}`.slice(0, LONGEST),
      ]);
      return {
        // Its own `user_engagement` is reserved.
        name: name === "pageview" ? "page_view" : name,
        timestamp_micros: t * 1000,
        params: {
          ...Object.fromEntries(said),
          session_id: `${session}`,
          // Without any, it counts nobody as active.
          engagement_time_msec: reading ? step(event) : 1,
          page_location: (origin + url).slice(0, 1000),
          page_title: title.slice(0, 300),
          language,
          ...(ref && { page_referrer: ref.slice(0, 420) }),
        },
      };
    });
    /** @type {import("../service.js").Request[]} */
    const bodies = [];
    for (let at = 0; at < told.length; at += MOST)
      bodies.push([
        address.href,
        JSON.stringify({ client_id: `${client}.${session}`, events: told.slice(at, at + MOST) }),
      ]);
    return bodies;
  };
}

export const service = reporting(requests);
