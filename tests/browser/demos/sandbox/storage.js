({
  database: () => heard(indexedDB.open("secret"), "success"),
  databases: async () => "reached " + (await indexedDB.databases()),
  caches: async () => "reached " + (await caches.keys()),
  files: async () => "reached " + (await navigator.storage.getDirectory()),
  locks: () => new Promise((resolve, reject) => navigator.locks.request("x", () => resolve("reached")).catch(reject)),
  "local storage": () => "reached " + localStorage.secret,
  cookies: async () => "reached " + (await cookieStore.getAll()),
  "service worker": async () => "reached " + (await navigator.serviceWorker.register("data:text/javascript,1")),
  parent: () => "reached " + parent.document,
  "the page's file": async () => "reached " + (await fetch("http://" + host + "/index.html")),
})
