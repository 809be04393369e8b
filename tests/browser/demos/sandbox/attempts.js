// Tries each of ATTEMPTS in a worker of its own, which has everything that the harness puts something else in the place of.

const tried = `
  const host = HOST;
  const over = new Promise((resolve) => setTimeout(() => resolve("nothing came"), PATIENCE));
  const heard = (target, good) => new Promise((resolve, reject) => {
    target["on" + good] = () => resolve("reached");
    target.onerror = () => reject(Error("an error event"));
  });
  const attempts = ATTEMPTS;
  (async () => {
    for (const [name, attempt] of Object.entries(attempts)) {
      const work = (async () => String(await attempt()))().catch((error) => "refused: " + error.name);
      postMessage(name + ": " + (await Promise.race([work, over])));
    }
    postMessage("");
  })();
`;
const worker = new Worker("data:text/javascript," + encodeURIComponent(tried));
await new Promise((resolve) => {
  worker.onmessage = ({ data }) => (data ? console.log(data) : resolve());
  // Firefox passes on what its own workers fail with.
  worker.onerror = (event) => event.preventDefault();
});
