// First in the head of every page, before any other script: says where the site is, and takes a token out of the address.

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { base = ".", site, unlock = "", pricing = "", account = "" } = script.dataset;
  const root = new URL(base.replace(/\/*$/, "/"), document.baseURI).href;
  const absolute = (/** @type {string} */ path) => new URL(path, root).href;
  const world = /** @type {any} */ (globalThis);

  world.siteBuilder = Object.freeze({
    site,
    base: root,
    unlock: absolute(unlock),
    pricing: absolute(pricing),
    account: absolute(account),
  });

  // A link or a mail client may have written the underscore as %5F, and other things after the token.
  function takeToken() {
    const [, token] = /^#(mbr(?:_|%5F).*)/i.exec(location.hash) ?? [];
    if (token === undefined) return;
    const here = location.href.slice(0, -location.hash.length);
    history.replaceState(null, "", here);
    // Nothing else of this document runs: it leaves as soon as the key is kept, and with it goes what still knows the token.
    window.stop();
    import(new URL("session.js", script.src).href)
      .then(({ keep }) => keep(token.replace(/^mbr%5F/i, "mbr_")))
      .then(
        () => here,
        ({ code = "network" }) => {
          const refused = new URL(absolute(unlock));
          const there = here.split("?")[0] === refused.href;
          const next = there ? new URLSearchParams(location.search).get("next") : location.pathname + location.search;
          refused.searchParams.set("refused", code);
          if (next) refused.searchParams.set("next", next);
          return refused.href;
        },
      )
      .then((url) => location.replace(url));
  }
  takeToken();
  addEventListener("hashchange", takeToken);

  // Material would fetch Mermaid from a CDN as soon as a page has a diagram; this stands in and loads the site's own copy.
  /** @type {Promise<unknown> | undefined} */
  let loading;
  let settings = {};
  const load = () =>
    new Promise((resolve, reject) => {
      const loader = document.createElement("script");
      loader.src = absolute("assets/vendor/mermaid.min.js");
      loader.onerror = reject;
      loader.onload = () => resolve(world.mermaid.initialize(settings));
      document.head.append(loader);
    });
  world.mermaid ??= {
    initialize: (/** @type {object} */ given) => {
      settings = given;
    },
    render: (/** @type {unknown[]} */ ...diagram) => {
      loading ??= load();
      return loading.then(() => world.mermaid.render(...diagram));
    },
  };
})();
