({
  fetch: async () => "reached " + (await fetch("http://" + host + "/fetch")).status,
  opaque: async () => "reached " + (await fetch("http://" + host + "/opaque", { mode: "no-cors" })),
  kept: async () => "reached " + (await fetch("http://" + host + "/kept", { keepalive: true, method: "POST", body: "x" })),
  request: () => {
    const ask = new XMLHttpRequest();
    ask.open("GET", "http://" + host + "/xhr");
    ask.send();
    return heard(ask, "load");
  },
  "request that blocks": () => {
    const ask = new XMLHttpRequest();
    ask.open("GET", "http://" + host + "/sync", false);
    ask.send();
    return "reached";
  },
  socket: () => heard(new WebSocket("ws://" + host), "open"),
  events: () => heard(new EventSource("http://" + host + "/events"), "open"),
  transport: async () => "reached " + (await new WebTransport("https://" + host + "/").ready),
  script: () => "reached " + importScripts("http://" + host + "/script.js"),
  module: async () => "reached " + (await import("http://" + host + "/module.js")),
  worker: () => heard(new Worker("http://" + host + "/worker.js"), "message"),
  "worker that loads": () => heard(new Worker("data:text/javascript,importScripts('http://" + host + "/nested.js')"), "message"),
  font: async () => "reached " + (await new FontFace("x", "url(http://" + host + "/font.woff2)").load()),
})
