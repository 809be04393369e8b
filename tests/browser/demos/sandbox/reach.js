const host = "HOST";
a.click();
navigator.sendBeacon(host + "/beacon", "x");
new Image().src = host + "/image";
const attempts = [
  () => fetch(host),
  () => import(host + "/import.js"),
  () => new WebSocket(host.replace("http", "ws")),
  () => new EventSource(host),
  () => new Worker(host + "/worker.js"),
  () => new WebTransport(host.replace("http", "https")),
  () => navigator.serviceWorker.register(host + "/sw.js"),
  () => window.open(host + "/open"),
  () => (top.location = host + "/top"),
  () => (parent.location = host + "/parent"),
  () => (parent.parent.location = host + "/page"),
  () => new Audio(host + "/sound").play(),
  () => document.body.insertAdjacentHTML("beforeend", `<img src="${host}/written">`),
];
for (const attempt of attempts)
  try {
    attempt()?.catch?.(() => {});
  } catch {}
console.log("done");
