// Telling another service what the collector is told: an adapter for each writes the requests that it understands.

/**
 * @typedef {import("./outbox.js").Event} Event
 * @typedef {{ title: string, origin: string, host: string, language: string, screen: string, ref?: string }} Page `screen` as
 *   `1920x1080`: here it is the window
 * @typedef {[url: string, body: string, type?: string]} Request the body's type, where the service reads no other
 * @typedef {(page: Page, events: Event[]) => Request[]} Requests
 * @typedef {(letter: import("./outbox.js").Letter, title: string) => void} Report
 */

import { withoutTokens } from "./address.js";

/** Sent once, as the service's own script would: what came later would be counted at a wrong time. @param {Request} request */
const send = ([url, body, type]) =>
  fetch(withoutTokens(url), {
    method: "POST",
    body: withoutTokens(body),
    mode: type ? "cors" : "no-cors",
    headers: type ? { "Content-Type": type } : {},
    keepalive: true,
    credentials: "omit",
    referrerPolicy: "origin",
  }).catch(() => {});

/**
 * What engagement.js asks an adapter for.
 *
 * @param {(options: any) => Requests} adapter
 * @returns {(options: any) => Report}
 */
export function reporting(adapter) {
  return (options) => {
    const requests = adapter(options);
    return ({ ref, width, events }, title) => {
      const { origin, hostname: host } = location;
      const page = { title, origin, host, language: navigator.language, screen: `${width}x${innerHeight}`, ref };
      // For the author alone: what readers write, and headings, which may be of a part for members.
      const told = events.map(({ props: { text: _, heading: _heading, ...props }, ...event }) => ({ ...event, props }));
      for (const request of requests(page, told)) send(request);
    };
  };
}
