// Plausible: page views, reading as its own script tells it, and the rest as custom events. Source: its "Events API reference".

import { reporting } from "../service.js";
import { steps } from "./steps.js";

/** @param {{ domain: string, endpoint: string }} options @returns {import("../service.js").Requests} */
export function requests({ domain, endpoint }) {
  const step = steps();
  return ({ origin, ref }, events) =>
    events.map((event) => {
      const { name, url, props } = event;
      const reading = name === "engagement";
      const said = Object.entries(props).map(([key, value]) => [key, `${value}`]);
      const more = reading
        ? { e: step(event), sd: props.scroll }
        : name === "pageview"
          ? { r: ref }
          : { p: Object.fromEntries(said) };
      return [endpoint, JSON.stringify({ n: name, u: origin + url, d: domain, ...more })];
    });
}

export const service = reporting(requests);
