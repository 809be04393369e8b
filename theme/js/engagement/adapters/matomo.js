// Matomo: page views as actions, reading as a heartbeat, the rest as events. Source: its "Tracking HTTP API", with "Bulk Tracking".

import { reporting } from "../service.js";

/** @param {{ site_id: number, endpoint: string }} options @returns {import("../service.js").Requests} */
export const requests =
  ({ site_id: site, endpoint }) =>
  ({ title, origin, ref, screen }, events) => {
    const hits = events.map(({ id, name, pv, url, props }) => {
      const hit = new URLSearchParams({
        ...{ idsite: `${site}`, rec: "1", apiv: "1", rand: id, res: screen },
        ...{ url: origin + url, pv_id: pv.replaceAll("-", "").slice(0, 6), ...(ref && { urlref: ref }) },
      });
      if (name === "pageview") hit.set("action_name", title);
      else if (name === "engagement") hit.set("ping", "1");
      else {
        const [first] = Object.values(props);
        hit.set("e_c", "engagement");
        hit.set("e_a", name);
        if (first !== undefined && first !== "") hit.set("e_n", `${first}`);
        hit.set("ca", "1");
      }
      return `?${hit}`;
    });
    return [[endpoint, JSON.stringify({ requests: hits, send_image: 0 })]];
  };

export const service = reporting(requests);
