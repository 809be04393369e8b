// Plausible: page views, reading as its own script tells it, and the rest as custom events. Source: its "Events API reference";
// of reading, its tracker and lib/plausible/ingestion/request.ex.

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
          ? { referrer: ref }
          : // Who only saw something may have left at once, and counts as having done so.
            { props: Object.fromEntries(said), interactive: !name.endsWith("_view") };
      return [endpoint, JSON.stringify({ name, url: (origin + url).slice(0, 2000), domain, ...more })];
    });
}

export const service = reporting(requests);
