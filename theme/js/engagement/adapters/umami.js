// Umami: a page view is an event without a name. Source: its "Sending stats".

import { reporting } from "../service.js";

/** @param {{ website: string, endpoint: string }} options @returns {import("../service.js").Requests} */
export const requests =
  ({ website, endpoint }) =>
  ({ title, host, language, ref, screen }, events) =>
    events.map(({ name, url, props }) => {
      const place = { website, hostname: host, language, screen, title, url, referrer: ref ?? "" };
      const payload = name === "pageview" ? place : { ...place, name: name.slice(0, 50), data: props };
      return [endpoint, JSON.stringify({ type: "event", payload }), "application/json"];
    });

export const service = reporting(requests);
