// GoatCounter: paths and events are counted, without properties. What needs no key of its site is the address that its own script
// calls. Source: its help, "Tracking pixel".

import { reporting } from "../service.js";

/** What of an event tells it apart from others of its name. @param {Record<string, unknown>} props */
const kind = ({ kind, to, helpful, event }) => [kind, to, helpful, event].find((value) => value !== undefined);

/** @param {{ endpoint: string }} options @returns {import("../service.js").Requests} */
export const requests =
  ({ endpoint }) =>
  ({ title, ref, screen }, events) =>
    events
      // There is no place for how far somebody has read.
      .filter(({ name }) => name !== "engagement")
      .map(({ id, name, url, props }) => {
        const { pathname, search } = new URL(url, endpoint);
        const [width, height] = screen.split("x");
        const said = new URLSearchParams({ s: `${width},${height},1`, rnd: id });
        const detail = kind(props);
        if (name === "pageview") {
          said.set("p", pathname);
          said.set("t", title);
          if (search) said.set("q", search);
          if (ref) said.set("r", ref);
        } else {
          said.set("p", detail === undefined ? name : `${name}-${detail}`);
          said.set("t", title);
          said.set("e", "true");
          said.set("r", pathname);
        }
        return [`${endpoint}?${said}`, ""];
      });

export const service = reporting(requests);
