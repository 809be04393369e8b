// What the modules need of a browser, for tests in Node: real events and requests, and a storage that can be taken away.

/** As localStorage is: properties are kept as text. */
export class Storage {
  removeItem(key) {
    delete this[key];
  }
}

/** The globals of a page of the site "my-blog", which is online. */
export function makeWorld() {
  const target = new EventTarget();
  const state = { onLine: true };
  globalThis.siteBuilder = { site: "my-blog", base: "https://example.com/" };
  globalThis.addEventListener = target.addEventListener.bind(target);
  Object.defineProperty(globalThis, "navigator", { value: state, configurable: true });
  Object.defineProperty(globalThis, "localStorage", { value: new Storage(), configurable: true, writable: true });
  return {
    /** @param {boolean} now */
    online(now) {
      state.onLine = now;
      if (now) target.dispatchEvent(new Event("online"));
    },
  };
}
